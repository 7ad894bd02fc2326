"""How customers may be written to; functions for the session of another use case."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.channels import WHATSAPP, Reachable
from carbot_app.domains.messaging.models import ContactPreference


def reachable(session: Session, customer: Customer) -> Reachable:
    """What of the customer's contact may be used."""
    wish = _find(session, customer.id)
    return Reachable(
        phone=customer.phone,
        email=customer.email,
        wants_whatsapp=wish is not None and wish.whatsapp_since is not None,
        stopped=frozenset(wish.stopped) if wish else frozenset(),
    )


def set_stopped(session: Session, customer: Customer, channel: str, *, stopped: bool, now: datetime) -> None:
    """Honour STOP or START on one channel; START on WhatsApp is the consent to be written to there."""
    wish = _find(session, customer.id) or ContactPreference(
        workshop_id=customer.workshop_id, customer_id=customer.id
    )
    wish.stopped = sorted({*wish.stopped, channel} if stopped else {*wish.stopped} - {channel})
    if channel == WHATSAPP:
        wish.whatsapp_since = None if stopped else now
    session.add(wish)


def _find(session: Session, customer_id: UUID) -> ContactPreference | None:
    return session.exec(select(ContactPreference).where(ContactPreference.customer_id == customer_id)).first()
