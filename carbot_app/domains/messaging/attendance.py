"""Will the customer come? The facts behind booking.no_show, and the answers of customers."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.no_show import LATE_HOURS, NoShowRisk, VisitFacts, assess
from carbot_app.domains.booking.states import CANCELLED, DONE, NO_SHOW
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.channels import MAIL, SMS, WHATSAPP, choose_channel
from carbot_app.domains.messaging.models import AppointmentAnswer, OutgoingMessage
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import NotFound

_LEFT = (states.SENT, states.DELIVERED)
_LOOKED_AT = 50
"""Past visits; what was before says little about today."""


class AttendanceService:
    """What staff sees of the risk that a visit stays empty."""

    def __init__(self, *, db: Database) -> None:
        self._db = db

    def risk(self, actor: Actor, appointment_id: UUID) -> NoShowRisk:
        """Risk of a coming visit; raises NotFound appointment_unknown."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(Appointment).where(Appointment.id == appointment_id)).first()
            if row is None:
                raise NotFound("appointment_unknown")
            return risk_of(session, row)


def risk_of(session: Session, appointment: Appointment) -> NoShowRisk:
    """The same inside another use case."""
    past = session.exec(
        select(Appointment)
        .where(Appointment.customer_id == appointment.customer_id, Appointment.id != appointment.id)
        .order_by(col(Appointment.starts_at).desc())
        .limit(_LOOKED_AT)
    ).all()
    customer = session.get_one(Customer, appointment.customer_id)
    answer = answer_to(session, appointment)
    contact = reachable(session, customer)
    return assess(
        VisitFacts(
            kept_visits=sum(row.state == DONE for row in past),
            no_shows=sum(row.state == NO_SHOW for row in past),
            late_cancellations=sum(_cancelled_late(row) for row in past),
            lead_days=max(0, (appointment.starts_at - appointment.created_at).days),
            reminded=_was_reminded(session, appointment),
            answer=answer,
            reachable=choose_channel(contact, (MAIL, SMS, WHATSAPP)) is not None,
            price_cents=appointment.price_max_cents,
        )
    )


def answer_to(session: Session, appointment: Appointment) -> str:
    """yes, no or empty: the customer's answer for the time the appointment has now."""
    query = select(AppointmentAnswer.answer).where(
        AppointmentAnswer.appointment_id == appointment.id,
        AppointmentAnswer.moved_count == appointment.moved_count,
    )
    return session.exec(query).first() or ""


def note_answer(
    session: Session, appointment: Appointment, answer: str, *, channel: str, at: datetime
) -> None:
    """Note yes or no for the time the appointment has now; the same answer again changes nothing."""
    query = select(AppointmentAnswer).where(
        AppointmentAnswer.appointment_id == appointment.id,
        AppointmentAnswer.moved_count == appointment.moved_count,
    )
    row = session.exec(query).first() or AppointmentAnswer(
        workshop_id=appointment.workshop_id,
        appointment_id=appointment.id,
        moved_count=appointment.moved_count,
        answer="",
        channel=channel,
        answered_at=at,
    )
    if row.answer == answer:
        return
    row.answer, row.channel, row.answered_at = answer, channel, at
    session.add(row)
    emit(
        session,
        appointment.workshop_id,
        "appointment.answered",
        appointment_id=appointment.id,
        conversation_id=appointment.conversation_id,
        answer=answer,
    )


def _cancelled_late(row: Appointment) -> bool:
    if row.state != CANCELLED or row.cancelled_at is None:
        return False
    return row.starts_at - row.cancelled_at < timedelta(hours=LATE_HOURS)


def _was_reminded(session: Session, appointment: Appointment) -> bool:
    sent = select(OutgoingMessage.id).where(
        OutgoingMessage.appointment_id == appointment.id,
        col(OutgoingMessage.dedupe_key).startswith(f"{appointment.id}:reminder:{appointment.moved_count}:"),
        col(OutgoingMessage.state).in_(_LEFT),
    )
    return session.exec(sent.limit(1)).first() is not None
