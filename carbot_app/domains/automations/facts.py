"""What is known about an occasion: the rows around it, and the flat facts conditions ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.automations.occasions import Occasion
from carbot_app.domains.booking.availability import opening_rules
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.slots import CELL_MINUTES
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.domains.team.models import Workshop


@dataclass(frozen=True, slots=True)
class Scene:
    """The rows an occasion is about, for reading; ``at`` is when it is looked at."""

    at: datetime
    workshop: Workshop
    rules: OpeningRules
    conversation: Conversation | None
    lead: Lead | None
    visit: Appointment | None
    customer: Customer | None
    vehicle: Vehicle | None
    declined: DeclinedJob | None
    """Work the customer did not want, whose day has come."""
    consents: frozenset[str]
    """Kinds of advertising by mail the customer agreed to."""

    @property
    def language(self) -> str:
        """What the customer reads."""
        if self.customer is not None:
            return self.customer.language
        return self.conversation.language if self.conversation else self.workshop.language


def read_scene(session: Session, occasion: Occasion, workshop: Workshop, at: datetime) -> Scene:
    """Everything around an occasion, in the caller's transaction."""
    visit = session.get(Appointment, occasion.appointment_id) if occasion.appointment_id else None
    thread_id = occasion.conversation_id or (visit.conversation_id if visit else None)
    conversation = session.get(Conversation, thread_id) if thread_id else None
    lead = session.exec(select(Lead).where(Lead.conversation_id == thread_id)).first() if thread_id else None
    declined = session.get(DeclinedJob, occasion.declined_id) if occasion.declined_id else None
    customer_id = (
        (declined and declined.customer_id)
        or (visit and visit.customer_id)
        or (conversation and conversation.customer_id)
    )
    vehicle_id = (
        (declined and declined.vehicle_id) or (visit and visit.vehicle_id) or (lead and lead.vehicle_id)
    )
    return Scene(
        at=at,
        workshop=workshop,
        rules=opening_rules(session, workshop),
        conversation=conversation,
        lead=lead,
        visit=visit,
        customer=session.get(Customer, customer_id) if customer_id else None,
        vehicle=session.get(Vehicle, vehicle_id) if vehicle_id else None,
        declined=declined,
        consents=_consents(session, customer_id),
    )


def facts_of(scene: Scene) -> dict[str, Any]:
    """The facts of vocabulary.FIELDS; what is not known is None."""
    lead, conversation = scene.lead, scene.conversation
    local = scene.at.astimezone(ZoneInfo(scene.workshop.timezone))
    return {
        "temperature": lead.temperature if lead else None,
        "score": lead.score if lead else None,
        "value": _value(scene),
        "intent": lead.intent if lead else None,
        "urgency": lead.urgency if lead else None,
        "stage": lead.state if lead else None,
        "channel": conversation.channel if conversation else None,
        "language": scene.language,
        "customer": "known" if scene.customer and _reachable(scene.customer) else "new",
        "consent": scene.consents,
        "assigned": "yes" if conversation and conversation.assigned_to else "no",
        "opening": "open" if is_open(scene.rules, scene.at) else "closed",
        "weekday": str(local.isoweekday()),
        "time": f"{local:%H:%M}",
    }


def _value(scene: Scene) -> float | None:
    cents = scene.visit.price_max_cents if scene.visit else None
    if scene.lead:
        cents = scene.lead.value_max_cents
    if scene.declined:
        cents = scene.declined.gross_cents
    return None if cents is None else cents / 100


def is_open(rules: OpeningRules, at: datetime) -> bool:
    """Whether the workshop is open, closures and holidays looked at; whole quarters of an hour."""
    cell = int(at.timestamp()) // (CELL_MINUTES * 60)
    return any(start <= cell < end for start, end in rules.windows_on(rules.local_date(at)))


def _reachable(customer: Customer) -> bool:
    return bool(customer.phone or customer.email)


def _consents(session: Session, customer_id: Any) -> frozenset[str]:
    if not customer_id:
        return frozenset()
    query = select(Consent.kind).where(
        Consent.customer_id == customer_id, Consent.channel == "email", col(Consent.withdrawn_at).is_(None)
    )
    return frozenset(session.exec(query))
