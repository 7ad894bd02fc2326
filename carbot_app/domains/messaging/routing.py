"""Which workshop a message to a shared number is meant for."""

from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

import phonenumbers
from sqlmodel import Session, col, select

from carbot_app.domains.conversations.models import Message
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.team.models import Workshop


def workshop_of(
    session: Session, *, channel: str, sender: str, to_address: str, fallback: str
) -> UUID | None:
    """The only workshop, else the one whose own number was used, else the one that wrote to the sender last,
    else the one they wrote to last, else one that knows the number, else ``fallback`` (a slug).

    None: nothing says whose customer it is.
    """
    workshops = session.exec(select(Workshop.id, Workshop.phone, Workshop.country, Workshop.slug)).all()
    if len(workshops) == 1:
        return workshops[0][0]
    wanted = _e164(to_address, None)
    owners = (owner for owner, phone, country, _ in workshops if wanted and _e164(phone, country) == wanted)
    finders: tuple[Callable[[], UUID | None], ...] = (
        lambda: next(owners, None),
        lambda: _wrote_to(session, channel, sender),
        lambda: _heard_from(session, sender),
        lambda: session.exec(
            select(Customer.workshop_id).where(Customer.phone == sender).order_by(col(Customer.id).desc())
        ).first(),
        lambda: next((one for one, _, _, slug in workshops if slug == fallback), None),
    )
    return next((found for find in finders if (found := find()) is not None), None)


def _wrote_to(session: Session, channel: str, sender: str) -> UUID | None:
    query = select(OutgoingMessage.workshop_id).where(
        OutgoingMessage.to_address == sender,
        OutgoingMessage.channel == channel,
        col(OutgoingMessage.sent_at).is_not(None),
    )
    return session.exec(query.order_by(col(OutgoingMessage.sent_at).desc()).limit(1)).first()


def _heard_from(session: Session, sender: str) -> UUID | None:
    query = select(Message.workshop_id).where(Message.address == sender, Message.author == "customer")
    return session.exec(query.order_by(col(Message.id).desc()).limit(1)).first()


@lru_cache(maxsize=4096)
def _e164(phone: str, country: str | None) -> str:
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
