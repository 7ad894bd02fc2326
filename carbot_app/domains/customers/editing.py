"""What staff changes of customers and cars by hand."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.customers.contact_points import find_verified
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import CustomerView, VehicleFacts, VehicleView
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.customers.vin import is_vin, normalise_vin
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class CustomerUpdate:
    """A customer as typed; at least phone or mail is needed."""

    name: str
    phone: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class VehicleUpdate:
    """A car as typed; plate, or make and model, is needed."""

    plate: str = ""
    plate_country: str = "DE"
    make: str = ""
    model: str = ""
    year: int | None = None
    km: int | None = None
    vin: str = ""


class CustomerEditing:
    """Everything needs ``bookings.manage``. What staff types replaces what was known."""

    def __init__(self, *, db: Database, customers: CustomerService) -> None:
        self._db = db
        self._customers = customers

    def update_customer(self, actor: Actor, customer_id: UUID, wanted: CustomerUpdate) -> CustomerView:
        """Correct name, phone, mail and language.

        Raises:
            Invalid: ``contact_missing``, ``phone_invalid``, ``email_invalid``, ``language_unknown``, or what
                single_line refuses. Conflict: ``customer_contact_taken`` by another customer.
            NotFound: unknown customer.
        """
        actor.require("bookings.manage")
        if wanted.language not in LANGUAGES:
            raise Invalid("language_unknown", field="language")
        with self._db.writing(actor.workshop_id) as session:
            row = _customer(session, customer_id)
            country = session.get_one(Workshop, actor.workshop_id).country
            contact = self._customers.parse_contact(wanted.name, wanted.phone, wanted.email, country)
            for field in ("phone", "email"):
                value = getattr(contact, field)
                # The same turn as CustomerService.find_or_create takes, so that nobody is made meanwhile
                wait_for_turn(session, f"customer:{actor.workshop_id}:{value}")
                if value and value != getattr(row, field):
                    self._refuse_taken(session, row, field, value)
            row.name, row.phone, row.email = contact.name, contact.phone, contact.email
            row.language = wanted.language
            return self._customers.describe_customer(row, country=country)

    def add_vehicle(self, actor: Actor, customer_id: UUID, wanted: VehicleUpdate) -> VehicleView:
        """Give the customer another car; one that belongs to nobody yet becomes theirs.

        Raises:
            Invalid: what ``update_vehicle`` refuses. Conflict: ``vehicle_plate_taken``.
            NotFound: unknown customer.
        """
        actor.require("bookings.manage")
        facts, vin = self._parse(wanted)
        with self._db.writing(actor.workshop_id) as session:
            _customer(session, customer_id)
            wait_for_turn(session, f"plate:{actor.workshop_id}:{facts.plate}")
            known = _by_plate(session, facts)
            if known is not None and known.customer_id is not None:
                raise Conflict("vehicle_plate_taken", field="plate", plate=facts.plate)
            car = known or Vehicle(workshop_id=actor.workshop_id)
            car.customer_id = customer_id
            _write(car, facts, vin)
            session.add(car)
            session.flush()
            return self._customers.describe_vehicle(car)

    def update_vehicle(self, actor: Actor, vehicle_id: UUID, wanted: VehicleUpdate) -> VehicleView:
        """Correct a car.

        Raises:
            Invalid: ``vehicle_missing`` when neither plate nor make and model are given, ``vin_invalid``, or
                what CustomerService.parse_vehicle refuses. Conflict: ``vehicle_plate_taken`` by another car.
            NotFound: unknown car.
        """
        actor.require("bookings.manage")
        facts, vin = self._parse(wanted)
        with self._db.writing(actor.workshop_id) as session:
            car = session.exec(select(Vehicle).where(Vehicle.id == vehicle_id)).first()
            if car is None:
                raise NotFound
            wait_for_turn(session, f"plate:{actor.workshop_id}:{facts.plate}")
            known = _by_plate(session, facts, besides=car.id)
            if known is not None:
                raise Conflict("vehicle_plate_taken", field="plate", plate=facts.plate)
            _write(car, facts, vin)
            session.flush()
            return self._customers.describe_vehicle(car)

    def _parse(self, wanted: VehicleUpdate) -> tuple[VehicleFacts, str]:
        facts = self._customers.parse_vehicle(
            VehicleFacts(
                plate=wanted.plate,
                plate_country=wanted.plate_country,
                make=wanted.make,
                model=wanted.model,
                year=wanted.year,
                km=wanted.km,
            )
        )
        if not (facts.plate or (facts.make and facts.model)):
            raise Invalid("vehicle_missing", field="plate")
        vin = normalise_vin(wanted.vin)
        if vin and not is_vin(vin):
            raise Invalid("vin_invalid", field="vin")
        return facts, vin

    @staticmethod
    def _refuse_taken(session: Session, row: Customer, field: str, value: str) -> None:
        column = {"phone": Customer.phone, "email": Customer.email}[field]
        typed = select(Customer).where(
            column == value, col(Customer.id) != row.id, col(Customer.merged_into_id).is_(None)
        )
        proven = find_verified(session, row.workshop_id, value)
        other = proven if proven and proven.id != row.id else session.exec(typed.limit(1)).first()
        if other is not None:
            raise Conflict("customer_contact_taken", field=field, name=other.name or value)


def _customer(session: Session, customer_id: UUID) -> Customer:
    row = session.exec(select(Customer).where(Customer.id == customer_id)).first()
    if row is None:
        raise NotFound
    return row


def _by_plate(session: Session, facts: VehicleFacts, *, besides: UUID | None = None) -> Vehicle | None:
    if not facts.plate:
        return None
    query = select(Vehicle).where(Vehicle.plate == facts.plate, Vehicle.plate_country == facts.plate_country)
    if besides is not None:
        query = query.where(col(Vehicle.id) != besides)
    return session.exec(query.order_by(col(Vehicle.id)).limit(1)).first()


def _write(car: Vehicle, facts: VehicleFacts, vin: str) -> None:
    if (car.make, car.model) != (facts.make, facts.model):
        # The class was that of another car; the catalogue finds the new one by make and model
        car.vehicle_class = ""
    car.plate, car.plate_country = facts.plate, facts.plate_country
    car.make, car.model = facts.make, facts.model
    car.year, car.km, car.vin = facts.year, facts.km, vin
