"""How leads end: by what becomes of their visits, or because staff says so."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import CANCELLED, DONE, NO_SHOW
from carbot_app.domains.leads.models import Lead
from carbot_app.kit.clock import Clock

SAID_REASONS = ("price", "no_answer", "elsewhere", "no_time", "not_needed", "other")
"""What staff may choose from."""
LOST_REASONS = (*SAID_REASONS, CANCELLED, NO_SHOW)
OPEN, BOOKED, WON, LOST = "open", "booked", "won", "lost"


class LeadOutcomes:
    """Outbox consumer that keeps leads in step with the visits they led to."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def on_event(self, delivery: Delivery) -> None:
        """A visit was booked, done, called off or missed; the same event again changes nothing."""
        conversation = delivery.payload.get("conversation_id")
        if not delivery.kind.startswith("appointment.") or not conversation:
            return
        with self._db.writing(delivery.workshop_id) as session:
            query = select(Lead).where(Lead.conversation_id == UUID(conversation)).with_for_update()
            if lead := session.exec(query).first():
                visits = select(Appointment.state).where(Appointment.conversation_id == lead.conversation_id)
                end = end_of(lead.state, session.exec(visits).all())
                close(session, lead, *end, clock=self._clock)


def end_of(state: str, visits: Collection[str]) -> tuple[str, str]:
    """State of a lead and why it was lost, from the states of its visits (pure). What was won stays won."""
    if state == WON or DONE in visits:
        return WON, ""
    if any(visit not in {CANCELLED, NO_SHOW} for visit in visits):
        return BOOKED, ""
    if visits and state == BOOKED:
        return LOST, NO_SHOW if NO_SHOW in visits else CANCELLED
    return state, ""


def close(session: Session, lead: Lead, state: str, reason: str, *, clock: Clock) -> None:
    """Put a lead into a state inside the caller's transaction, and tell who listens."""
    if lead.state == state and (state != LOST or not reason or lead.lost_reason == reason):
        return
    now = clock()
    lead.state, lead.lost_reason = state, reason if state == LOST else ""
    lead.closed_at = now if state in {WON, LOST} else None
    if state == BOOKED:
        lead.booked_at = lead.booked_at or now
    session.add(lead)
    shared = {
        "lead_id": lead.id,
        "conversation_id": lead.conversation_id,
        "temperature": lead.temperature,
        "urgency": lead.urgency,
    }
    emit(session, lead.workshop_id, "lead.changed", **shared, became_hot=False)
    if state == LOST:
        emit(session, lead.workshop_id, "lead.lost", **shared, reason=lead.lost_reason)


def outcomes_of(session: Session, *, stale_before: datetime, limit: int) -> list[Lead]:
    """The newest leads whose end is known and of which was written down what was known before it.

    Nobody closes every lead that went quiet: an open one from before ``stale_before`` counts as lost.
    """
    ended = col(Lead.state).in_((BOOKED, WON, LOST))
    quiet = (col(Lead.state) == OPEN) & (col(Lead.created_at) < stale_before)
    query = select(Lead).where(ended | quiet).order_by(col(Lead.created_at).desc()).limit(limit)
    return [lead for lead in session.exec(query) if lead.signals]
