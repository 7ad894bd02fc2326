"""The password of a mailbox, sealed for that mailbox only."""

from uuid import UUID

from carbot_app.domains.mailbox.models import Mailbox
from carbot_app.domains.mailbox.ports import MailboxRefused, Vault


def secret_purpose(mailbox_id: UUID) -> str:
    """What the password is sealed for."""
    return f"mailbox:{mailbox_id}"


def open_secret(vault: Vault, mailbox: Mailbox) -> str:
    """The password. Raises MailboxRefused when it was sealed with another key."""
    try:
        return vault.unseal(mailbox.secret, purpose=secret_purpose(mailbox.id))
    except ValueError as error:
        raise MailboxRefused("password cannot be read with this key") from error
