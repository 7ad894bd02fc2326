"""Small rules of privacy: how somebody is identified, and how a deletion is confirmed (pure)."""

from datetime import timedelta

from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import fold

MANAGE = "privacy.manage"
CHECKS = ("known", "document", "channel", "callback")
"""Known in person; an identity document was shown; wrote from a verified number or address; was called back
on the number in the file. Art. 12(6) GDPR asks for no more than is needed to be sure."""
FROM_BACKUP = "backup"
EXPORT_KEPT = timedelta(days=7)


def require_check(check: str) -> str:
    """The check itself. Raises Invalid ``identity_unchecked`` when staff has not said how they were sure."""
    if check not in CHECKS:
        raise Invalid("identity_unchecked", field="checked_by")
    return check


def require_typed(typed: str, name: str) -> None:
    """Raise Invalid ``erasure_not_confirmed`` unless what was typed is the name, whatever case and spaces."""
    if not typed.strip() or _plain(typed) != _plain(name):
        raise Invalid("erasure_not_confirmed", field="typed")


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
