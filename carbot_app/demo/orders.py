"""Work orders of the demo in every state a day sees, made as staff makes them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from carbot_app.bootstrap import Services
from carbot_app.demo.arrivals import check_in, remember_declined
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.states import ARRIVED, CONFIRMED, IN_WORK
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.orders.schemas import EstimateInput, HeadInput, JobInput, OrderLineInput, OrderView
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class _Plan:
    """One order: what is done, how far it got, and what was found on the way."""

    codes: tuple[str, ...]
    way: tuple[str, ...] = ()
    complaint: str = ""
    finding: JobInput | None = None
    promised: tuple[int, int] = (0, 0)
    """Working day from now and hour; no hour: not said."""


_LATE, _SUNDAY = 12, 7
_DISCS = JobInput(
    "Bremsscheiben vorn ersetzen",
    finding="Scheiben 20,8 mm, Mindestmaß 22 mm",
    urgency="urgent",
    lines=(
        OrderLineInput(
            "Bremsscheiben vorn", Decimal("68.50"), "part", Decimal(2), part_number="0 986 479 B30"
        ),
        OrderLineInput(
            "Mehrarbeit Bremsscheiben", Decimal(112), "labour", Decimal("0.5"), "HUR", gross=False
        ),
    ),
)
_WIPERS = JobInput(
    "Wischerblätter ersetzen",
    finding="Schlieren im Sichtfeld",
    urgency="soon",
    lines=(OrderLineInput("Wischerblätter, Satz vorn", Decimal("34.90"), "part", unit="SET"),),
)
_PLANS = (
    _Plan(("SAF-BRK-002",), complaint="Bremsen quietschen beim Anhalten."),
    _Plan(("ENG-INS-002", "SAF-HUA-001"), complaint="Inspektion und TÜV bitte zusammen."),
    _Plan(("TYR-CHG-001",), ("scheduled",), promised=(2, 16)),
    _Plan(("ENG-OIL-001",), ("accepted",), promised=(0, 15)),
    _Plan(("ENG-DIA-001",), ("accepted", "diagnosis"), "Motorkontrollleuchte leuchtet.", None, (0, 17)),
    _Plan(("SAF-BRK-002",), ("accepted", "approval_open"), "Pedal ist weich.", _DISCS, (0, 17)),
    _Plan(("ELE-BAT-002",), ("accepted", "parts_ordered"), "Springt morgens schlecht an.", None, (1, 12)),
    _Plan(("ENG-INS-002",), ("accepted", "in_work"), "", _WIPERS, (0, 16)),
    _Plan(("CLI-SRV-001",), ("accepted", "in_work", "final_check"), promised=(0, 14)),
    _Plan(("TYR-CHG-001",), ("accepted", "in_work", "ready"), promised=(0, 12)),
    _Plan(("ENG-OIL-001",), ("accepted", "in_work", "ready", "picked_up")),
)


def write_orders(services: Services, workshop: Workshop) -> None:
    """Orders for cars of the demo that have no visit right now, and one for a visit of today."""
    actor = services.team.system_actor(workshop.id)
    cars, technicians = _cars(services, actor)
    for at, plan in enumerate(_PLANS):
        made = services.orders.create_estimate(
            actor,
            EstimateInput(
                request_key=f"demo {at}",
                vehicle_id=cars[at],
                service_codes=plan.codes,
                complaint=plan.complaint,
                promised_at=_promised(services, workshop, plan),
            ),
        )
        head = HeadInput(technician_id=technicians[at % len(technicians)]) if plan.way else HeadInput()
        services.orders.change_head(actor, made.id, head)
        _walk(services, actor, made, plan)
    _estimate_of_a_visit(services, actor)
    remember_declined(services, actor, cars[: len(_PLANS)])


def _walk(services: Services, actor: Actor, order: OrderView, plan: _Plan) -> None:
    for step, state in enumerate(plan.way):
        if state == "ready" or step == 1:
            _do_jobs(services, actor, order, found=plan.finding if step == 1 else None, done=state == "ready")
        if state == "approval_open":
            services.approvals.ask(actor, order.id)
        elif state == "accepted":
            check_in(services, actor, order)
        else:
            order = services.orders.move(actor, order.id, state)


def _do_jobs(
    services: Services, actor: Actor, order: OrderView, *, found: JobInput | None, done: bool
) -> None:
    if found is not None:
        services.orders.add_job(actor, order.id, found)
    if done:
        for job in order.jobs:
            services.orders.mark_done(actor, order.id, job.id)


def _promised(services: Services, workshop: Workshop, plan: _Plan) -> datetime | None:
    days, hour = plan.promised
    if not hour:
        return None
    local = services.clock().astimezone(ZoneInfo(workshop.timezone))
    # In the evening the day that counts is tomorrow; nobody promises a car for a Sunday.
    ahead = timedelta(days=days + (local.hour >= _LATE))
    at = (local + ahead).replace(hour=hour, minute=0, second=0, microsecond=0)
    return at + timedelta(days=1) if at.isoweekday() == _SUNDAY else at


def _cars(services: Services, actor: Actor):
    """Cars with an owner whom no visit takes along, and the technicians."""
    busy = select(Appointment.vehicle_id).where(col(Appointment.state).in_((CONFIRMED, ARRIVED, IN_WORK)))
    with services.db.reading(actor.workshop_id) as session:
        taken = set(session.exec(busy).all())
        owned = select(Vehicle).where(col(Vehicle.customer_id).is_not(None)).order_by(col(Vehicle.id).desc())
        cars = [car.id for car in session.exec(owned.limit(200)) if car.id not in taken]
        query = select(Resource).where(Resource.kind == "technician").order_by(col(Resource.id))
        people = [one.id for one in session.exec(query) if "mechanic" in one.abilities]
    return cars, people


def _estimate_of_a_visit(services: Services, actor: Actor) -> None:
    query = select(Appointment.id).where(Appointment.state == CONFIRMED).order_by(col(Appointment.starts_at))
    with services.db.reading(actor.workshop_id) as session:
        visit = session.exec(query).first()
    if visit is not None:
        wanted = EstimateInput(request_key="demo visit", appointment_id=visit)
        services.orders.create_estimate(actor, wanted)
