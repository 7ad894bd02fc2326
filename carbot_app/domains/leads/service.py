"""Leads: kept up to date by conversations and bookings, read and closed by staff."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.learned import apply_score, newest_model, store_signals
from carbot_app.domains.leads.listing import list_page
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.outcomes import LOST, SAID_REASONS, close
from carbot_app.domains.leads.schemas import LeadView, Reason
from carbot_app.domains.leads.scoring import LeadSignals
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound

STATES = ("open", "booked", "won", "lost")


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What a conversation has revealed so far, all turns together."""

    signals: LeadSignals
    intent: str
    wish: str
    value_min_cents: int = 0
    value_max_cents: int = 0
    desired_from: datetime | None = None
    desired_to: datetime | None = None
    customer_id: UUID | None = None
    vehicle_id: UUID | None = None


class LeadService:
    """Use cases of leads."""

    def __init__(self, *, db: Database, clock: Clock, customers: CustomerService) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers

    def update_facts(
        self, session: Session, *, workshop_id: UUID, conversation_id: UUID, channel: str, facts: LeadFacts
    ) -> Lead:
        """Create or refresh the lead of a conversation inside the caller's transaction."""
        lead = session.exec(select(Lead).where(Lead.conversation_id == conversation_id)).first()
        created = lead is None
        if lead is None:
            lead = Lead(
                workshop_id=workshop_id,
                conversation_id=conversation_id,
                channel=channel,
                created_at=self._clock(),
            )
        was_hot = lead.temperature == "hot"
        lead.urgency, lead.intent = facts.signals.urgency, facts.intent
        lead.wish = facts.wish[:400]
        lead.service_codes = list(facts.signals.service_codes)
        lead.value_min_cents, lead.value_max_cents = facts.value_min_cents, facts.value_max_cents
        lead.desired_from, lead.desired_to = facts.desired_from, facts.desired_to
        lead.customer_id = facts.customer_id or lead.customer_id
        lead.vehicle_id = facts.vehicle_id or lead.vehicle_id
        if facts.signals.booked and lead.state == "open":
            lead.state, lead.booked_at = "booked", self._clock()
        signals = self._in_context(session, lead, facts.signals)
        if not signals.booked:
            lead.signals = store_signals(signals)
        apply_score(session, lead, signals, newest_model(session, workshop_id))
        self._announce(session, lead, created=created, became_hot=lead.temperature == "hot" and not was_hot)
        return lead

    def record_booking(
        self,
        session: Session,
        *,
        workshop_id: UUID,
        conversation_id: UUID,
        customer: Customer,
        vehicle: Vehicle | None,
        appointment: Appointment,
    ) -> Lead:
        """The lead of a booking made without chat."""
        signals = LeadSignals(
            intents=("book_appointment",),
            lead_class="hot",
            service_codes=tuple(appointment.service_codes),
            value_cents=appointment.price_max_cents,
            has_plate=bool(vehicle and vehicle.plate),
            has_contact=True,
            has_desired_date=True,
            booked=True,
            returning_customer=self._visits(session, customer.id, besides=appointment.id) > 0,
        )
        facts = LeadFacts(
            signals=signals,
            intent="book_appointment",
            wish=appointment.title,
            value_min_cents=appointment.price_min_cents,
            value_max_cents=appointment.price_max_cents,
            desired_from=appointment.starts_at,
            desired_to=appointment.ends_at,
            customer_id=customer.id,
            vehicle_id=vehicle.id if vehicle else None,
        )
        return self.update_facts(
            session, workshop_id=workshop_id, conversation_id=conversation_id, channel="booking", facts=facts
        )

    def list_leads(
        self,
        actor: Actor,
        *,
        before: UUID | None = None,
        limit: int = 50,
        temperature: str = "",
        state: str = "",
    ) -> list[LeadView]:
        """Newest first; ``before`` is the id of the last lead of the previous page."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return list_page(
                session,
                actor.workshop_id,
                before=before,
                limit=min(limit, 200),
                temperature=temperature,
                state=state,
            )

    def get_lead(self, actor: Actor, lead_id: UUID) -> LeadView:
        """One lead; NotFound when it is not this workshop's."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return self._view(session, self._row(session, lead_id))

    def set_state(self, actor: Actor, lead_id: UUID, state: str, *, reason: str = "") -> LeadView:
        """Staff says how it ended: won, lost (perhaps with one of outcomes.SAID_REASONS), or open again.

        Raises:
            Invalid: ``lead_state_unknown`` or ``lead_reason_unknown``. NotFound: unknown lead.
        """
        actor.require("leads.manage")
        if state not in STATES:
            raise Invalid("lead_state_unknown", field="state")
        if reason and (state != LOST or reason not in SAID_REASONS):
            raise Invalid("lead_reason_unknown", field="reason")
        with self._db.writing(actor.workshop_id) as session:
            lead = self._row(session, lead_id)
            close(session, lead, state, reason, clock=self._clock)
            return self._view(session, lead)

    def describe(self, lead: Lead, vehicle: Vehicle | None) -> LeadView:
        """The view of a lead."""
        return LeadView(
            id=lead.id,
            conversation_id=lead.conversation_id,
            channel=lead.channel,
            state=lead.state,
            intent=lead.intent,
            score=lead.score,
            temperature=lead.temperature,
            urgency=lead.urgency,
            reasons=tuple(Reason(r["code"], r["points"], r.get("params", {})) for r in lead.reasons),
            wish=lead.wish,
            service_codes=tuple(lead.service_codes),
            value_min_cents=lead.value_min_cents,
            value_max_cents=lead.value_max_cents,
            desired_from=lead.desired_from,
            desired_to=lead.desired_to,
            vehicle=self._customers.describe_vehicle(vehicle) if vehicle else None,
            created_at=lead.created_at,
            model_version=lead.model_version,
            lost_reason=lead.lost_reason,
        )

    @staticmethod
    def _in_context(session: Session, lead: Lead, signals: LeadSignals) -> LeadSignals:
        """What a conversation does not say by itself: channel, the workshop's time of day, age of the car."""
        began = lead.created_at.astimezone(ZoneInfo(session.get_one(Workshop, lead.workshop_id).timezone))
        vehicle = session.get(Vehicle, lead.vehicle_id) if lead.vehicle_id else None
        return replace(
            signals,
            channel=lead.channel,
            hour=began.hour,
            weekday=began.isoweekday(),
            vehicle_age=began.year - vehicle.year if vehicle and vehicle.year else None,
        )

    @staticmethod
    def _visits(session: Session, customer_id: UUID, *, besides: UUID) -> int:
        query = select(func.count(col(Appointment.id))).where(
            Appointment.customer_id == customer_id, Appointment.id != besides
        )
        return session.exec(query).one()

    @staticmethod
    def _row(session: Session, lead_id: UUID) -> Lead:
        lead = session.exec(select(Lead).where(Lead.id == lead_id)).first()
        if lead is None:
            raise NotFound("lead_not_found")
        return lead

    def _view(self, session: Session, lead: Lead) -> LeadView:
        return self.describe(lead, session.get(Vehicle, lead.vehicle_id) if lead.vehicle_id else None)

    @staticmethod
    def _announce(session: Session, lead: Lead, *, created: bool, became_hot: bool) -> None:
        emit(
            session,
            lead.workshop_id,
            "lead.created" if created else "lead.changed",
            lead_id=lead.id,
            conversation_id=lead.conversation_id,
            temperature=lead.temperature,
            urgency=lead.urgency,
            became_hot=became_hot,
        )
