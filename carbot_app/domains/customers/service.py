"""Customers and their cars: recognised by phone, e-mail and plate, never across workshops."""

import re
from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.customers import contact as contacts
from carbot_app.domains.customers.contact_points import find_verified
from carbot_app.domains.customers.models import ContactPoint, Customer, Vehicle
from carbot_app.domains.customers.plates import AmbiguousPlateError, PlateError, normalise_plate
from carbot_app.domains.customers.schemas import Contact, CustomerView, VehicleFacts, VehicleView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import single_line

_PLATE_COUNTRIES = frozenset({"DE", "AT", "CH"})
_YEARS = range(1886, 2101)
_MAX_KM = 5_000_000


class CustomerService:
    """Methods that take a session run inside the transaction of another service's use case."""

    def __init__(self, *, db: Database) -> None:
        self._db = db

    def parse_contact(self, name: str, phone: str, email: str, country: str = "DE") -> Contact:
        """See contact.parse_contact; raises Invalid phone_invalid, email_invalid or contact_missing."""
        return contacts.parse_contact(name, phone, email, country)

    def parse_vehicle(self, facts: VehicleFacts) -> VehicleFacts:
        """The facts with plate and names in normal form.

        Raises Invalid with code plate_invalid, plate_ambiguous (``params["candidates"]``: the possible
        plates), year_invalid or km_invalid. Plates of countries we have no rules for are only tidied.
        """
        if facts.year is not None and facts.year not in _YEARS:
            raise Invalid("year_invalid", field="year")
        if facts.km is not None and not 0 <= facts.km <= _MAX_KM:
            raise Invalid("km_invalid", field="km")
        country = facts.plate_country.upper()
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise Invalid("plate_invalid", field="plate_country")
        return replace(
            facts,
            plate=self.parse_plate(facts.plate, country) if facts.plate.strip() else "",
            plate_country=country,
            make=single_line(facts.make, field="make", limit=40),
            model=single_line(facts.model, field="model", limit=60),
            fuel=single_line(facts.fuel, field="fuel", limit=12),
            vehicle_class=single_line(facts.vehicle_class, field="vehicle_class", limit=20),
        )

    def parse_plate(self, text: str, country: str = "DE") -> str:
        """A typed plate in normal form, e.g. ``DO-AB 123``; Invalid plate_invalid or plate_ambiguous."""
        if country not in _PLATE_COUNTRIES:
            return single_line(text, field="plate", limit=16).upper()
        try:
            return normalise_plate(text, country).text
        except AmbiguousPlateError as ambiguous:
            raise Invalid("plate_ambiguous", field="plate", candidates=list(ambiguous.candidates)) from None
        except PlateError:
            raise Invalid("plate_invalid", field="plate") from None

    def known_plate(self, actor: Actor, plate: str, country: str = "DE") -> VehicleFacts | None:
        """Make, model and class of a car the workshop knows, to greet it; never anything about its owner.

        None when unknown. Raises Invalid like parse_plate; needs a public or booking permission.
        """
        actor.require_any("public.book", "public.chat", "bookings.manage")
        normal = self.parse_plate(plate, country)
        with self._db.reading(actor.workshop_id) as session:
            vehicle = _find_by_plate(session, actor.workshop_id, normal, country)
        if vehicle is None:
            return None
        return VehicleFacts(
            plate=normal,
            plate_country=country,
            make=vehicle.make,
            model=vehicle.model,
            vehicle_class=vehicle.vehicle_class,
        )

    def find_or_create(
        self,
        session: Session,
        workshop_id: UUID,
        contact: Contact,
        language: str,
        *,
        proven: UUID | None = None,
        by_staff: bool = False,
    ) -> Customer:
        """The workshop's customer with this phone, else this e-mail, else a new one.

        Whoever types a contact that is verified as somebody's is not taken for them, unless ``by_staff``;
        ``proven`` is the customer whom a verified contact shows to act. Empty fields of a known customer are
        filled; what is on record is never overwritten by a visitor.
        """
        known = session.get(Customer, proven) if proven else None
        if known is None:
            # Not for somebody known: their thread may be locked already, and intake takes these two the
            # other way round
            wait_for_turn(session, f"customer:{workshop_id}:{contact.phone or contact.email}")
        known = (
            known
            or _find_by(session, workshop_id, phone=contact.phone, by_staff=by_staff)
            or _find_by(session, workshop_id, email=contact.email, by_staff=by_staff)
        )
        if known is None:
            known = Customer(workshop_id=workshop_id, language=language)
            session.add(known)
        known.name = known.name or contact.name
        known.phone = known.phone or contact.phone
        known.email = known.email or contact.email
        session.flush()
        return known

    def upsert_vehicle(
        self, session: Session, workshop_id: UUID, customer_id: UUID | None, facts: VehicleFacts
    ) -> Vehicle | None:
        """The car with this plate, else the customer's car of this make and model, else a new one.

        Blanks are filled, kilometres only grow, and a car keeps the owner on record. None: nothing is known.
        ``facts`` must have passed parse_vehicle.
        """
        if not (facts.plate or facts.make or facts.model):
            return None
        vehicle = (
            _find_by_plate(session, workshop_id, facts.plate, facts.plate_country)
            if facts.plate
            else _find_by_model(session, workshop_id, customer_id, facts)
        )
        if vehicle is None:
            vehicle = Vehicle(workshop_id=workshop_id, plate=facts.plate, plate_country=facts.plate_country)
            session.add(vehicle)
        vehicle.customer_id = vehicle.customer_id or customer_id
        for name in ("make", "model", "year", "fuel", "vehicle_class"):
            setattr(vehicle, name, getattr(vehicle, name) or getattr(facts, name))
        vehicle.km = max((km for km in (vehicle.km, facts.km) if km is not None), default=None)
        session.flush()
        return vehicle

    def describe_customer(self, row: Customer, *, country: str = "DE") -> CustomerView:
        """View of a row; ``country`` is the workshop's and decides how the phone number reads."""
        return CustomerView(
            id=row.id,
            name=row.name,
            phone=row.phone,
            phone_text=contacts.phone_text(row.phone, country),
            email=row.email,
            language=row.language,
        )

    def describe_vehicle(self, row: Vehicle) -> VehicleView:
        """View of a row."""
        return VehicleView(
            id=row.id,
            plate=row.plate,
            plate_country=row.plate_country,
            make=row.make,
            model=row.model,
            year=row.year,
            fuel=row.fuel,
            vehicle_class=row.vehicle_class,
            km=row.km,
            kind=row.kind,
            registered_on=row.registered_on,
            inspected_on=row.inspected_on,
            inspection_due=row.inspection_due,
        )


def _find_by(
    session: Session, workshop_id: UUID, *, by_staff: bool, phone: str = "", email: str = ""
) -> Customer | None:
    if not (phone or email):
        return None
    if by_staff and (known := find_verified(session, workshop_id, phone or email)) is not None:
        return known
    wanted = Customer.phone == phone if phone else Customer.email == email
    verified = select(ContactPoint.customer_id).where(
        ContactPoint.workshop_id == workshop_id,
        ContactPoint.value == (phone or email),
        col(ContactPoint.verified_at).is_not(None),
    )
    return session.exec(
        select(Customer)
        .where(Customer.workshop_id == workshop_id, wanted, col(Customer.id).not_in(verified))
        .order_by(col(Customer.id))
        .limit(1)
    ).first()


def _find_by_plate(session: Session, workshop_id: UUID, plate: str, country: str) -> Vehicle | None:
    return session.exec(
        select(Vehicle)
        .where(Vehicle.workshop_id == workshop_id, Vehicle.plate == plate, Vehicle.plate_country == country)
        .order_by(col(Vehicle.id))
        .limit(1)
    ).first()


def _find_by_model(
    session: Session, workshop_id: UUID, customer_id: UUID | None, facts: VehicleFacts
) -> Vehicle | None:
    if customer_id is None:
        return None
    return session.exec(
        select(Vehicle)
        .where(
            Vehicle.workshop_id == workshop_id,
            Vehicle.customer_id == customer_id,
            Vehicle.make == facts.make,
            Vehicle.model == facts.model,
        )
        .order_by(col(Vehicle.id))
        .limit(1)
    ).first()
