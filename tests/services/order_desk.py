"""A workshop with a known car, and its orders, for tests of the order domain."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from carbot_app.db.session import Database
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.orders.schemas import EstimateInput, JobInput, OrderLineInput, OrderView
from carbot_app.domains.orders.service import OrderService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from tests.factories import make_customer, make_vehicle, staff_of
from tests.factories.front_desk import FrontDesk, open_front_desk

PADS, OIL = "SAF-BRK-001", "ENG-OIL-001"


@dataclass(frozen=True)
class OrderDesk:
    """Ayşe's Golf, a workshop and its orders."""

    front: FrontDesk
    orders: OrderService
    owner: Actor
    customer: Customer
    vehicle: Vehicle

    @property
    def workshop(self) -> Workshop:
        """The workshop."""
        return self.front.workshop

    def estimate(self, **fields: object) -> OrderView:
        """An estimate for the Golf by its plate; keyword arguments replace fields."""
        wanted = {
            "request_key": uuid4().hex,
            "vehicle": VehicleFacts(plate="do ab 123"),
            "service_codes": (PADS,),
        }
        return self.orders.create_estimate(self.owner, EstimateInput(**{**wanted, **fields}))  # type: ignore[arg-type]

    def priced(self, euros: str = "500") -> OrderView:
        """An estimate of one lump sum, gross."""
        line = OrderLineInput("Pauschale", Decimal(euros))
        return self.estimate(service_codes=(), jobs=(JobInput("Bremsen", lines=(line,)),))


def open_order_desk(database: Database, clock: ManualClock, slug: str = "mueller-dortmund") -> OrderDesk:
    """One workshop with its orders."""
    front = open_front_desk(database, clock, slug)
    customer = make_customer(database, front.workshop)
    return OrderDesk(
        front,
        OrderService(db=database, clock=clock, customers=front.customers, catalog=front.catalog),
        staff_of(front.workshop),
        customer,
        make_vehicle(database, front.workshop, customer),
    )
