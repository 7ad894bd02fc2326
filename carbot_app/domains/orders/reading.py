"""Reading work orders: one, a list, and what is known of a car before there is one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import CustomerView, VehicleView
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.orders.models import OrderJob, WorkOrder
from carbot_app.domains.orders.rows import get_order
from carbot_app.domains.orders.schemas import OrderSummary, OrderView
from carbot_app.domains.orders.states import OPEN, READY, STATES
from carbot_app.domains.orders.views import names_of, order_view, summary
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid

MOST_ROWS = 200
MINE, ONLY_OPEN, ONLY_READY, ALL = "mine", "open", "ready", "all"
FILTERS = (ONLY_OPEN, MINE, ONLY_READY, ALL)
_TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class KnownCar:
    """What the workshop knows behind a plate."""

    plate: str
    """In normal form."""
    vehicle: VehicleView | None = None
    customer: CustomerView | None = None


class OrderReading:
    """Reads need ``orders.read``."""

    def __init__(
        self, *, db: Database, clock: Clock, customers: CustomerService, catalog: CatalogService
    ) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers
        self._catalog = catalog

    def get(self, actor: Actor, order_id: UUID) -> OrderView:
        """One order; NotFound("order_unknown") otherwise."""
        actor.require("orders.read")
        with self._db.reading(actor.workshop_id) as session:
            return self._view(session, get_order(session, order_id))

    def list_orders(
        self,
        actor: Actor,
        *,
        show: str = ONLY_OPEN,
        search: str = "",
        state: str = "",
        before: UUID | None = None,
        limit: int = MOST_ROWS,
    ) -> list[OrderSummary]:
        """Orders, the newest first, at most 200.

        ``show``: one of FILTERS; what is mine is what I am to do. ``search`` is part of a plate, an order
        number, a title or the customer's name; ``before``: older than that one.

        Raises:
            Invalid: ``order_filter_unknown``.
        """
        actor.require("orders.read")
        if show not in FILTERS or (state and state not in STATES):
            raise Invalid("order_filter_unknown", field="filter")
        query = select(WorkOrder, Customer, Vehicle)
        query = query.outerjoin(Customer, col(Customer.id) == col(WorkOrder.customer_id))
        query = query.outerjoin(Vehicle, col(Vehicle.id) == col(WorkOrder.vehicle_id))
        query = _shown(query, show, actor)
        if state:
            query = query.where(WorkOrder.state == state)
        if before:
            query = query.where(WorkOrder.id < before)
        for word in [search] if _is_plate(search) else search.split()[:5]:
            query = query.where(_matches(word))
        query = query.order_by(col(WorkOrder.id).desc()).limit(max(1, min(limit, MOST_ROWS)))
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query).all()
            names = names_of(session, {row.technician_id for row, _, _ in found})
            return [summary(row, owner, car, names, self._customers) for row, owner, car in found]

    def list_of(
        self, actor: Actor, *, appointment_id: UUID | None = None, conversation_id: UUID | None = None
    ) -> list[OrderSummary]:
        """Orders of a visit or conversation, the newest first."""
        actor.require("orders.read")
        mine = (
            WorkOrder.appointment_id == appointment_id
            if appointment_id
            else WorkOrder.conversation_id == conversation_id
        )
        query = select(WorkOrder).where(mine).order_by(col(WorkOrder.id).desc()).limit(20)
        with self._db.reading(actor.workshop_id) as session:
            return [summary(row, None, None, {}, self._customers) for row in session.exec(query)]

    def count_open(self, actor: Actor) -> int:
        """How many orders still ask for something."""
        actor.require("orders.read")
        query = select(func.count()).select_from(WorkOrder).where(col(WorkOrder.state).in_(OPEN))
        with self._db.reading(actor.workshop_id) as session:
            return session.exec(query).one()

    def list_technicians(self, actor: Actor) -> list[tuple[UUID, str]]:
        """Who can be given work: id and name."""
        actor.require("orders.read")
        query = select(Resource).where(Resource.kind == _TECHNICIAN, col(Resource.active))
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query.order_by(col(Resource.name), col(Resource.id))).all()
        return [(row.id, row.name) for row in rows]

    def find_car(self, actor: Actor, plate: str, country: str = "") -> KnownCar:
        """What is known of a plate; Invalid plate_invalid or plate_ambiguous."""
        actor.require("orders.manage")
        with self._db.reading(actor.workshop_id) as session:
            home = session.get_one(Workshop, actor.workshop_id).country
            normal = self._customers.parse_plate(plate, country or home)
            query = select(Vehicle).where(Vehicle.plate == normal, Vehicle.plate_country == (country or home))
            vehicle = session.exec(query.order_by(col(Vehicle.id)).limit(1)).first()
            if vehicle is None:
                return KnownCar(normal)
            owner = session.get(Customer, vehicle.customer_id) if vehicle.customer_id else None
            return KnownCar(
                normal,
                self._customers.describe_vehicle(vehicle),
                self._customers.describe_customer(owner, country=home) if owner else None,
            )

    def _view(self, session: Session, row: WorkOrder) -> OrderView:
        session.flush()
        return order_view(session, row, self._customers, self._clock)


def _shown(query: Any, show: str, actor: Actor) -> Any:
    if show == ONLY_READY:
        return query.where(WorkOrder.state == READY)
    if show == ONLY_OPEN:
        return query.where(col(WorkOrder.state).in_(OPEN))
    if show == MINE:
        me = select(Resource.id).where(
            Resource.workshop_id == actor.workshop_id,
            Resource.kind == _TECHNICIAN,
            Resource.person_id == actor.subject_id,
        )
        mine = select(OrderJob.order_id).where(
            OrderJob.workshop_id == actor.workshop_id, col(OrderJob.technician_id).in_(me)
        )
        return query.where(
            col(WorkOrder.state).in_(OPEN),
            or_(col(WorkOrder.technician_id).in_(me), col(WorkOrder.id).in_(mine)),
        )
    return query


def _is_plate(search: str) -> bool:
    return any(sign.isdigit() for sign in search)


def _matches(word: str) -> Any:
    bare = "".join(sign for sign in word if sign.isalnum())
    named = or_(
        col(Customer.name).icontains(word.strip(), autoescape=True),
        col(WorkOrder.title).icontains(word.strip(), autoescape=True),
    )
    if not bare:
        return named
    plate = func.replace(func.replace(Vehicle.plate, "-", ""), " ", "")
    number = func.replace(WorkOrder.number, "-", "")
    return or_(plate.icontains(bare, autoescape=True), number.icontains(bare, autoescape=True), named)
