"""What a booking will be, and the row it becomes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.occupation import Wanted
from carbot_app.domains.booking.orders import Order
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.domains.booking.slots import CELL_MINUTES
from carbot_app.domains.booking.states import CONFIRMED, REQUESTED, UNPLANNED
from carbot_app.domains.catalog.schemas import Quote
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.kit.actor import Actor
from carbot_app.kit.ids import new_secret


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """What a booking will be, found out before the write lock is taken."""

    wanted: Wanted | None
    """None: staff will plan it later."""
    demand: Demand
    quote: Quote
    title: str
    order: Order | None = None
    """The contract it concludes; None: a free request."""


def visit_row(
    actor: Actor,
    request: BookingRequest,
    plan: VisitPlan,
    customer: Customer,
    vehicle: Vehicle | None,
    *,
    now: datetime,
) -> Appointment:
    """The visit before it has a time; one that stays without keeps the moment it was agreed."""
    return Appointment(
        workshop_id=actor.workshop_id,
        customer_id=customer.id,
        vehicle_id=vehicle.id if vehicle else None,
        conversation_id=request.conversation_id,
        service_codes=list(request.service_codes),
        title=plan.title,
        starts_at=now,
        ends_at=now + timedelta(minutes=plan.demand.cells * CELL_MINUTES),
        waiting=request.waiting,
        wants_loaner=request.loaner,
        state=_first_state(actor, plan),
        price_min_cents=plan.quote.low_cents,
        price_max_cents=plan.quote.high_cents,
        currency=plan.quote.currency,
        source=request.source,
        language=request.language,
        note=request.note,
        manage_token=new_secret(),
        request_key=request.request_key,
    )


def _first_state(actor: Actor, plan: VisitPlan) -> str:
    """A contract is concluded by the confirmation, so what was ordered is not asked for any more."""
    if plan.wanted is None:
        return UNPLANNED
    return REQUESTED if actor.kind == "customer" and plan.order is None else CONFIRMED
