"""What the workshop records of a vehicle itself: kind, registration, VIN and main inspection."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.customers.inspection import VEHICLE_KINDS, due_on, month_end
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import InspectionFacts, KnownCar, VehicleView
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.customers.vin import is_vin, normalise_vin
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound

FUELS = ("", "petrol", "diesel", "electric", "hybrid", "gas")
"""As prices know them (catalog.rules.FUELS); empty when unknown."""
_FIRST_CAR = date(1886, 1, 1)
_MAX_AHEAD_YEARS = 4


class VehicleService:
    """Reads need ``bookings.read``, writes ``bookings.manage``."""

    def __init__(self, *, db: Database, clock: Clock, customers: CustomerService) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers

    def get_vehicle(self, actor: Actor, vehicle_id: UUID) -> VehicleView:
        """A car with its inspection dates.

        Raises:
            NotFound: unknown, or another workshop's.
        """
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            return self._customers.describe_vehicle(_vehicle(session, vehicle_id))

    def find_known(self, actor: Actor, plate: str, country: str = "DE") -> KnownCar | None:
        """The car with this plate and its owner; None when the workshop does not know it.

        Raises:
            Invalid: ``plate_invalid`` or ``plate_ambiguous``, see CustomerService.parse_vehicle.
        """
        actor.require("bookings.read")
        normal = self._customers.parse_plate(plate, country)
        query = (
            select(Vehicle, Customer, Workshop.country)
            .join(Workshop, col(Workshop.id) == col(Vehicle.workshop_id))
            .join(Customer, col(Customer.id) == col(Vehicle.customer_id), isouter=True)
            .where(
                Vehicle.workshop_id == actor.workshop_id,
                Vehicle.plate == normal,
                Vehicle.plate_country == country,
            )
            .order_by(col(Vehicle.id))
        )
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query).first()
            if found is None:
                return None
            vehicle, owner, home = found
            return KnownCar(
                vehicle=self._customers.describe_vehicle(vehicle),
                owner=self._customers.describe_customer(owner, country=home) if owner else None,
            )

    def set_inspection(self, actor: Actor, vehicle_id: UUID, facts: InspectionFacts) -> VehicleView:
        """Record kind, fuel, registration and inspection; the due month is worked out unless it is given.

        Raises:
            Invalid: ``vehicle_kind_unknown``, ``fuel_unknown``, ``date_future``, ``date_early``,
                ``inspection_before_registration`` or ``inspection_due_far``.
            NotFound: unknown vehicle.
        """
        actor.require("bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            vehicle = _vehicle(session, vehicle_id)
            zone = session.get_one(Workshop, actor.workshop_id).timezone
            _check(facts, self._clock().astimezone(ZoneInfo(zone)))
            vehicle.kind, vehicle.fuel = facts.kind, facts.fuel
            vehicle.registered_on, vehicle.inspected_on = facts.registered_on, facts.inspected_on
            vehicle.inspection_due = (
                month_end(facts.due)
                if facts.due
                else due_on(facts.kind, registered_on=facts.registered_on, inspected_on=facts.inspected_on)
            )
            emit(session, actor.workshop_id, "vehicle.changed", vehicle_id=vehicle.id)
        return self._customers.describe_vehicle(vehicle)

    def set_vin(self, actor: Actor, vehicle_id: UUID, vin: str) -> VehicleView:
        """Record the VIN; empty forgets it.

        Raises:
            Invalid: ``vin_invalid``. NotFound: unknown vehicle.
        """
        actor.require("bookings.manage")
        normal = normalise_vin(vin)
        if normal and not is_vin(normal):
            raise Invalid("vin_invalid", field="vin")
        with self._db.writing(actor.workshop_id) as session:
            vehicle = _vehicle(session, vehicle_id)
            vehicle.vin = normal
        return self._customers.describe_vehicle(vehicle)


def car_words(vehicle: Vehicle | None) -> str:
    """``VW Golf DO-AB 123``; empty when nothing is known."""
    return " ".join(filter(None, (vehicle.make, vehicle.model, vehicle.plate))) if vehicle else ""


def _vehicle(session: Session, vehicle_id: UUID) -> Vehicle:
    vehicle = session.exec(select(Vehicle).where(Vehicle.id == vehicle_id)).first()
    if vehicle is None:
        raise NotFound
    return vehicle


def _check(facts: InspectionFacts, now: datetime) -> None:
    today = now.date()
    if facts.kind not in VEHICLE_KINDS:
        raise Invalid("vehicle_kind_unknown", field="kind")
    if facts.fuel not in FUELS:
        raise Invalid("fuel_unknown", field="fuel")
    for field in ("registered_on", "inspected_on"):
        day: date | None = getattr(facts, field)
        if day is not None and day > today:
            raise Invalid("date_future", field=field)
        if day is not None and day < _FIRST_CAR:
            raise Invalid("date_early", field=field)
    if facts.registered_on and facts.inspected_on and facts.inspected_on < facts.registered_on:
        raise Invalid("inspection_before_registration", field="inspected_on")
    if facts.due is not None and not _FIRST_CAR.year < facts.due.year <= today.year + _MAX_AHEAD_YEARS:
        raise Invalid("inspection_due_far", field="due")
