"""The message that brings a question to the customer on their channel, and what is told of the answer."""

from datetime import datetime

from sqlmodel import Session

from carbot_app.db.outbox import emit
from carbot_app.domains.billing.audit import record
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.vehicles import car_words
from carbot_app.domains.messaging.channels import MAIL, SMS, choose_channel
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.domains.messaging.schemas import NewMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.sms_text import gsm_text
from carbot_app.domains.orders.models import OrderApproval, WorkOrder
from carbot_app.domains.orders.rows import SUBJECT
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Conflict
from carbot_app.kit.i18n import translate

KIND = "order_approval"


def send_question(
    session: Session, messaging: MessagingService, row: OrderApproval, order: WorkOrder, link: str, wish: str
) -> str:
    """Queue it inside the caller's transaction; returns the channel, empty when nobody can be reached.

    ``wish``: the channel staff chose; empty: the one that suits the customer.

    Raises:
        Conflict: ``approval_channel`` when the customer cannot be reached on the channel that was chosen.
    """
    customer = session.get(Customer, order.customer_id) if order.customer_id else None
    channel = channel_for(session, messaging, customer, wish)
    if customer is None or not channel:
        return ""
    workshop = session.get_one(Workshop, row.workshop_id)
    vehicle = session.get(Vehicle, order.vehicle_id) if order.vehicle_id else None
    said = {
        "name": customer.name,
        "car": car_words(vehicle) or order.number,
        "workshop": workshop.name,
        "phone": workshop.phone,
        "link": link,
    }
    form = "text" if channel == MAIL else "short"
    text = translate(order.language, f"approval.message.{form}", **said)
    messaging.queue(
        session,
        row.workshop_id,
        NewMessage(
            kind=KIND,
            channel=channel,
            to_address=customer.email if channel == MAIL else customer.phone,
            subject=translate(order.language, "approval.message.subject", **said),
            text=gsm_text(text) if channel == SMS else text,
            dedupe_key=f"approval:{row.id}",
            language=order.language,
            parameters=(workshop.name, said["car"], link),
            appointment_id=order.appointment_id,
        ),
    )
    return channel


def channel_for(session: Session, messaging: MessagingService, customer: Customer | None, wish: str) -> str:
    """The channel staff chose, else the one that suits the customer; empty when nobody can be reached.

    Raises:
        Conflict: ``approval_channel`` when the customer cannot be reached on the channel that was chosen.
    """
    if customer is None:
        return ""
    contact = reachable(session, customer)
    if not wish:
        return choose_channel(contact, messaging.channels) or ""
    address = contact.email if wish == MAIL else contact.phone
    if not address or wish in contact.stopped or choose_channel(contact, {wish}) != wish:
        raise Conflict("approval_channel", field="channel")
    return wish


def announce(session: Session, row: OrderApproval, order: WorkOrder, by: str, now: datetime) -> None:
    """Tell everybody who cares that a question was answered."""
    approved = sum(bool(job["approved"]) for job in row.asked)
    told = {
        "approved": approved,
        "declined": len(row.asked) - approved,
        "approved_cents": row.approved_cents,
        "channel": row.channel,
    }
    emit(
        session,
        row.workshop_id,
        "order.decided",
        order_id=order.id,
        approval_id=row.id,
        customer_id=order.customer_id,
        conversation_id=order.conversation_id,
        number=order.number,
        currency=order.currency,
        **told,
    )
    record(
        session,
        row.workshop_id,
        now,
        "order.decided",
        SUBJECT,
        order.id,
        by=by,
        approval_id=str(row.id),
        signed=bool(row.signature_file),
        jobs=[{name: job[name] for name in ("id", "approved", "gross_cents")} for job in row.asked],
        **told,
    )
