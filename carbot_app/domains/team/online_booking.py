"""What the booking page may end with, and what a workshop has to say about itself for that; pure."""

from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.schemas import WorkshopSettings
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import translate

REQUEST = "request"
BINDING = "binding"
MODES = (REQUEST, BINDING)

WITHDRAWAL_COUNTRIES = frozenset({"DE", "AT"})
"""Where consumers may withdraw from distance contracts (Art. 9 and 11a Directive 2011/83/EU; §§ 312g and
356a BGB, § 11 FAGG). Swiss law knows that right for doorstep and telephone sales only (Art. 40b OR), not for
orders on a website, so a Swiss workshop shows no withdrawal button and asks for no early start."""

IMPRINT = ("legal_form", "represented_by", "street", "postal_code", "city", "phone", "email")
"""What Art. 246a § 1 EGBGB and § 5 DDG ask of everybody; register and VAT id only of those who have them."""


def missing_imprint(facts: Workshop | WorkshopSettings) -> tuple[str, ...]:
    """Fields somebody who may owe payment has to be told and is not."""
    return tuple(name for name in IMPRINT if not str(getattr(facts, name)).strip())


def require_imprint(facts: Workshop | WorkshopSettings, language: str) -> None:
    """Refuse binding bookings of a workshop customers could not reach or sue.

    Raises:
        Invalid: ``imprint_incomplete`` naming what is ``missing``, in ``language``.
    """
    if missing := missing_imprint(facts):
        names = ", ".join(translate(language, f"settings.workshop.{name}") for name in missing)
        raise Invalid("imprint_incomplete", field="online_booking", missing=names)
