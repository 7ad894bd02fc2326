"""The protocol of a car that came in, mailed to whoever brought it, in their language."""

from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.models import CheckIn, WorkOrder
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import translate

ATTACHED = "check_in"
"""Name of this source of attachments."""
KIND = "check_in"


def queue_protocol(session: Session, messaging: MessagingService, row: CheckIn, order: WorkOrder) -> None:
    """Queue the mail inside the caller's transaction; without an address there is none."""
    customer = session.get(Customer, order.customer_id) if order.customer_id else None
    if customer is None or not customer.email:
        return
    workshop = session.get_one(Workshop, row.workshop_id)
    vehicle = session.get(Vehicle, order.vehicle_id) if order.vehicle_id else None
    said = {
        "name": customer.name or row.signed_name,
        "car": car_words(vehicle) or order.number,
        "workshop": workshop.name,
        "phone": workshop.phone,
    }
    messaging.queue_mail(
        session,
        workshop_id=row.workshop_id,
        kind=KIND,
        to_address=customer.email,
        subject=translate(order.language, "checkin.mail.subject", **said),
        text=translate(order.language, "checkin.mail.text", **said),
        attachments=[{"source": ATTACHED, "check_in_id": str(row.id)}],
        dedupe_key=_key(row.id),
        language=order.language,
    )


def is_mailed(session: Session, row: CheckIn) -> bool:
    """Whether the protocol was queued for its customer."""
    return MessagingService.is_queued(session, row.workshop_id, _key(row.id))


def _key(check_in_id: UUID) -> str:
    return f"check_in:{check_in_id}"
