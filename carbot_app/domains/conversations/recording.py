"""Writes what a turn revealed about customer, vehicle and lead, in the answer's transaction."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.dialogue import DialogueState
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.scoring import LeadSignals
from carbot_app.domains.leads.service import LeadFacts, LeadService
from carbot_app.kit.errors import Invalid

_INTENT_ORDER = (
    "emergency_breakdown",
    "complaint",
    "book_appointment",
    "accident_insurance",
    "price_request",
    "price_negotiation",
    "parts_tyre_availability",
    "technical_question",
)


class TurnRecorder:
    """Keeps customer, vehicle and lead of a conversation in step with its dialogue."""

    def __init__(self, *, customers: CustomerService, leads: LeadService) -> None:
        self._customers = customers
        self._leads = leads

    def record(
        self, session: Session, conversation: Conversation, state: DialogueState, *, country: str
    ) -> None:
        """Update everything the state knows; nothing is written for talk without business."""
        lead = session.exec(select(Lead).where(Lead.conversation_id == conversation.id)).first()
        if lead is None and not (state.is_lead or state.visits):
            return
        customer = self._customer(session, conversation, state, country)
        vehicle = self._vehicle(session, conversation, state, customer, lead)
        returning = customer is not None and self._visited_before(session, customer, conversation)
        self._leads.update_facts(
            session,
            workshop_id=conversation.workshop_id,
            conversation_id=conversation.id,
            channel=conversation.channel,
            facts=_facts(state, customer, vehicle, returning=returning),
        )

    def _customer(
        self, session: Session, conversation: Conversation, state: DialogueState, country: str
    ) -> Customer | None:
        proven = conversation.customer_id if conversation.contact_verified else None
        if state.phone or state.email:
            try:
                contact = self._customers.parse_contact(state.name, state.phone, state.email, country)
            except Invalid:
                contact = None
            if contact is not None:
                customer = self._customers.find_or_create(
                    session, conversation.workshop_id, contact, state.language, proven=proven
                )
                conversation.customer_id = customer.id
                return customer
        return session.get(Customer, conversation.customer_id) if conversation.customer_id else None

    def _vehicle(
        self,
        session: Session,
        conversation: Conversation,
        state: DialogueState,
        customer: Customer | None,
        lead: Lead | None,
    ) -> Vehicle | None:
        """The car of the lead. A car without plate and owner is a note of this lead alone and is replaced."""
        facts = valid_vehicle(self._customers, state.vehicle)
        noted = session.get(Vehicle, lead.vehicle_id) if lead and lead.vehicle_id else None
        loose = noted if noted and not noted.plate and noted.customer_id is None else None
        if loose is not None and not facts.plate and customer is None:
            loose.make, loose.model = facts.make or loose.make, facts.model or loose.model
            loose.year, loose.fuel = facts.year or loose.year, facts.fuel or loose.fuel
            loose.vehicle_class, loose.km = facts.vehicle_class or loose.vehicle_class, facts.km or loose.km
            return loose
        vehicle = self._customers.upsert_vehicle(
            session, conversation.workshop_id, customer.id if customer else None, facts
        )
        if loose is not None and lead is not None and vehicle is not None:
            lead.vehicle_id = vehicle.id
            session.flush()
            session.delete(loose)
        return vehicle or noted

    @staticmethod
    def _visited_before(session: Session, customer: Customer, conversation: Conversation) -> bool:
        visits = select(func.count(col(Appointment.id))).where(
            Appointment.customer_id == customer.id,
            col(Appointment.conversation_id).is_distinct_from(conversation.id),
        )
        return session.exec(visits).one() > 0


def valid_vehicle(customers: CustomerService, facts: VehicleFacts) -> VehicleFacts:
    """The facts in normal form, without what cannot be right (an ambiguous plate, a year in the future)."""
    try:
        return customers.parse_vehicle(facts)
    except Invalid:
        named = VehicleFacts(make=facts.make[:40], model=facts.model[:60], vehicle_class=facts.vehicle_class)
        return customers.parse_vehicle(named)


def _facts(
    state: DialogueState, customer: Customer | None, vehicle: Vehicle | None, *, returning: bool
) -> LeadFacts:
    booked = state.booked
    signals = LeadSignals(
        intents=tuple(state.intents),
        urgency=state.urgency,
        lead_class=state.lead_class,
        service_codes=tuple(state.service_codes),
        value_cents=state.value_max_cents,
        has_plate=bool(state.vehicle.plate),
        has_vehicle=bool(state.vehicle_label),
        has_contact=customer is not None,
        has_desired_date=bool(state.wish.from_at or state.chosen),
        returning_customer=returning,
        booked=state.visits > 0,
    )
    return LeadFacts(
        signals=signals,
        intent=next((intent for intent in _INTENT_ORDER if intent in state.intents), state.intents[0]),
        wish=state.request,
        value_min_cents=state.value_min_cents,
        value_max_cents=state.value_max_cents,
        desired_from=datetime.fromisoformat(booked.starts_at) if booked else state.wish.after,
        desired_to=datetime.fromisoformat(booked.ends_at) if booked else state.wish.until,
        customer_id=customer.id if customer else None,
        vehicle_id=vehicle.id if vehicle else None,
    )
