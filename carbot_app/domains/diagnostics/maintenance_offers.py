"""What was proposed to the owner of a car, and what became of it; inside another's transaction."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Exists
from sqlmodel import Session, col, exists, func, select

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.customers.consents import MAINTENANCE
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.diagnostics.models import MaintenanceOffer
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.models import OutgoingMessage

KIND = "maintenance_suggestion"
APART = timedelta(days=60)
"""Between two suggestions about one car, whatever else is due."""
ANSWER_DAYS, ANSWER_BY = 2, time(20)
"""So long a time is kept: a mail is read in the evening of the next day as well."""
AHEAD_DAYS = (3, 21)
"""First and last day that is proposed; the first lies after the deadline of the answer."""
KEPT_AT_ONCE = 10
"""Times one workshop keeps this way; who is told meanwhile chooses one on the booking page."""

NO_CONSENT, NO_ADDRESS, COMING, READY = "no_consent", "no_address", "coming", "ready"
SENDING, UNDELIVERED, TOLD, KEPT, BOOKED = "sending", "undelivered", "told", "kept", "booked"
SUGGESTION_STATES = (NO_CONSENT, NO_ADDRESS, COMING, READY, SENDING, UNDELIVERED, TOLD, KEPT, BOOKED)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whether the owner of a car is told by itself what is due, or what became of telling it."""

    state: str
    """One of SUGGESTION_STATES."""
    at: datetime | None = None
    """When it was told; of a time that is kept or booked: that time."""
    until: datetime | None = None
    """Until when the time is kept."""


def read_suggestion(session: Session, car: Vehicle, now: datetime) -> Suggestion:
    """The last mail about this car while it counts, else whether there may be one."""
    sent = select(OutgoingMessage).where(
        OutgoingMessage.kind == KIND,
        col(OutgoingMessage.dedupe_key).startswith(f"{key_of(car.id)}:"),
        OutgoingMessage.created_at > now - APART,
    )
    mail = session.exec(sent.order_by(col(OutgoingMessage.id).desc())).first()
    if mail is not None:
        return _told(session, car, mail, now)
    customer = session.get(Customer, car.customer_id) if car.customer_id else None
    agreed = select(Consent.id).where(
        Consent.customer_id == car.customer_id,
        Consent.kind == MAINTENANCE,
        Consent.channel == "email",
        col(Consent.withdrawn_at).is_(None),
    )
    if customer is None or session.exec(agreed).first() is None:
        return Suggestion(NO_CONSENT)
    if not customer.email:
        return Suggestion(NO_ADDRESS)
    coming = session.exec(select(Vehicle.id).where(Vehicle.id == car.id, comes(now))).first()
    return Suggestion(COMING if coming else READY)


def comes(now: datetime) -> Exists:
    """Condition on Vehicle: a visit of it is coming anyway."""
    return exists().where(
        col(Appointment.vehicle_id) == Vehicle.id,
        col(Appointment.starts_at) > now,
        col(Appointment.state).not_in(FREE_STATES),
    )


def count_kept(session: Session, now: datetime) -> int:
    """Times the workshop of this session keeps for answers that may still come."""
    kept = select(func.count()).select_from(MaintenanceOffer)
    return session.exec(
        kept.where(MaintenanceOffer.held_until > now, col(MaintenanceOffer.appointment_id).is_(None))
    ).one()


def proposal_window(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to before when times are proposed today."""
    today = now.astimezone(zone).date()
    first, last = (today + timedelta(days=days) for days in (AHEAD_DAYS[0], AHEAD_DAYS[1] + 1))
    return datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)


def answer_by(now: datetime, zone: ZoneInfo) -> datetime:
    """Until when a time proposed now is kept."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=ANSWER_DAYS), ANSWER_BY, zone)


def key_of(vehicle_id: UUID) -> str:
    """How the keys of all suggestions about a car begin."""
    return f"maintenance:{vehicle_id}"


def _told(session: Session, car: Vehicle, mail: OutgoingMessage, now: datetime) -> Suggestion:
    query = select(MaintenanceOffer).where(
        MaintenanceOffer.vehicle_id == car.id, MaintenanceOffer.created_at > now - APART
    )
    offer = session.exec(query.order_by(col(MaintenanceOffer.id).desc())).first()
    visit = session.get(Appointment, offer.appointment_id) if offer and offer.appointment_id else None
    if visit is not None and visit.state not in FREE_STATES:
        return Suggestion(BOOKED, visit.starts_at)
    if mail.state in (states.FAILED, states.UNSURE, states.DROPPED):
        return Suggestion(UNDELIVERED, mail.created_at)
    if mail.state in (*states.OPEN, states.SENDING):
        return Suggestion(SENDING, mail.created_at)
    if offer is not None and visit is None and offer.held_until > now:
        return Suggestion(KEPT, offer.starts_at, offer.held_until)
    return Suggestion(TOLD, mail.created_at)
