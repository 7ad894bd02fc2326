"""Use cases of the tyre hotel: a set comes in, is measured, is found again, goes out."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.condition import POSITIONS
from carbot_app.domains.tyres.intake import parse_set, parse_tread
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.domains.tyres.places import free_places
from carbot_app.domains.tyres.ports import LabelPrinter
from carbot_app.domains.tyres.schemas import Treads, WheelSetCreate, WheelSetView
from carbot_app.domains.tyres.views import describe_label, describe_set
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound

_MAX_ROWS = 200
_IN, _OUT = "in", "out"


class TyreService:
    """Reads need ``tyres.read``, treads ``tyres.measure``, everything else ``tyres.manage``."""

    def __init__(
        self, *, db: Database, clock: Clock, customers: CustomerService, labels: LabelPrinter, public_url: str
    ) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers
        self._labels = labels
        self._public_url = public_url

    def store(self, actor: Actor, wanted: WheelSetCreate) -> WheelSetView:
        """Take a set in under the workshop's next number.

        Raises:
            Invalid: what ``parse_set``, ``parse_vehicle`` or ``parse_contact`` refuse;
                ``tyres_owner_missing`` when nobody is known to own the car and no contact is given.
            Conflict: ``tyres_place_taken``.
        """
        actor.require("tyres.manage")
        try:
            with self._db.writing(actor.workshop_id) as session:
                wait_for_turn(session, f"tyres {actor.workshop_id}")
                today = self._today(session, actor.workshop_id)
                row = parse_set(wanted, actor.workshop_id, today)
                if _lies_at(session, row.location):
                    raise Conflict("tyres_place_taken", field="location", place=row.location)
                vehicle = self._owned_vehicle(session, actor, wanted)
                row.vehicle_id, row.customer_id = vehicle.id, vehicle.customer_id
                row.code = f"R{_highest(session) + 1:05d}"
                session.add(row)
                session.flush()
                return self._describe(session, row, today)
        except IntegrityError:
            raise Conflict("tyres_place_taken", field="location", place=wanted.location) from None

    def take_out(self, actor: Actor, set_id: UUID) -> WheelSetView:
        """The set leaves today and its place is free; again, nothing changes. NotFound: unknown."""
        actor.require("tyres.manage")
        with self._db.writing(actor.workshop_id) as session:
            row, today = _wheel_set(session, set_id), self._today(session, actor.workshop_id)
            row.taken_on = row.taken_on or today
            return self._describe(session, row, today)

    def measure(self, actor: Actor, set_id: UUID, treads: Treads) -> WheelSetView:
        """Record treads by position; None forgets one.

        Raises:
            Invalid: ``tyres_position_unknown`` or ``tyres_tread``. NotFound: unknown set.
        """
        actor.require("tyres.measure")
        for position, tread in treads.items():
            if position not in POSITIONS:
                raise Invalid("tyres_position_unknown", field="position")
            parse_tread(tread, position)
        with self._db.writing(actor.workshop_id) as session:
            row = _wheel_set(session, set_id)
            known = {tyre["position"]: tyre for tyre in row.tyres}
            for position, tread in treads.items():
                blank = {"position": position, "brand": "", "dot": ""}
                known[position] = {**known.get(position, blank), "tread": tread}
            row.tyres = [known[position] for position in POSITIONS if position in known]
            return self._describe(session, row, self._today(session, actor.workshop_id))

    def get_set(self, actor: Actor, set_id: UUID) -> WheelSetView:
        """One set. NotFound: unknown, or another workshop's."""
        actor.require("tyres.read")
        with self._db.reading(actor.workshop_id) as session:
            row = _wheel_set(session, set_id)
            return self._describe(session, row, self._today(session, actor.workshop_id))

    def list_sets(
        self, actor: Actor, *, search: str = "", season: str = "", state: str = _IN
    ) -> list[WheelSetView]:
        """Sets by place (``state`` in) or the latest first (out), at most 200.

        ``search`` is part of a plate, of the customer's name, of a place, or of the number on the label.
        """
        actor.require("tyres.read")
        query = select(WheelSet, Vehicle, Customer)
        query = query.outerjoin(Vehicle, col(Vehicle.id) == WheelSet.vehicle_id)
        query = query.outerjoin(Customer, col(Customer.id) == WheelSet.customer_id)
        if season:
            query = query.where(WheelSet.season == season)
        if state == _OUT:
            query = query.where(col(WheelSet.taken_on).is_not(None)).order_by(col(WheelSet.taken_on).desc())
        else:
            query = query.where(col(WheelSet.taken_on).is_(None)).order_by(col(WheelSet.location))
        for word in search.split()[:5] if not _is_plate(search) else [search]:
            query = query.where(_matches(word))
        with self._db.reading(actor.workshop_id) as session:
            today, country = self._today(session, actor.workshop_id), _country(session, actor.workshop_id)
            found = session.exec(query.limit(_MAX_ROWS)).all()
            return [
                describe_set(row, vehicle, customer, self._customers, today, country)
                for row, vehicle, customer in found
            ]

    def count_stored(self, actor: Actor) -> int:
        """How many sets lie here."""
        actor.require("tyres.read")
        query = select(func.count()).select_from(WheelSet).where(col(WheelSet.taken_on).is_(None))
        with self._db.reading(actor.workshop_id) as session:
            return session.exec(query).one()

    def list_free_places(self, actor: Actor) -> list[str]:
        """Free places on the racks in use; see places.free_places."""
        actor.require("tyres.read")
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(select(WheelSet)).all()
        return free_places(
            (row.location for row in rows), (row.location for row in rows if row.taken_on is None)
        )

    def print_label(self, actor: Actor, set_id: UUID) -> tuple[str, bytes]:
        """File name and PDF of a set's label, in the actor's language. NotFound: unknown."""
        actor.require("tyres.read")
        found = self.get_set(actor, set_id)
        with self._db.reading(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id).name
        link = f"{self._public_url}/reifenhotel/?satz={found.code}"
        label = describe_label(found, actor.language, workshop, link)
        return f"{found.code}.pdf", self._labels.print_label(label)

    def _owned_vehicle(self, session: Session, actor: Actor, wanted: WheelSetCreate) -> Vehicle:
        facts = self._customers.parse_vehicle(
            VehicleFacts(plate=wanted.plate, plate_country=wanted.plate_country)
        )
        if not facts.plate:
            raise Invalid("missing", field="plate")
        vehicle = self._customers.upsert_vehicle(session, actor.workshop_id, None, facts)
        assert vehicle is not None, "a plate is enough to make a car"
        if vehicle.customer_id is not None:
            return vehicle
        if not (wanted.phone.strip() or wanted.email.strip()):
            raise Invalid("tyres_owner_missing", field="phone")
        country = _country(session, actor.workshop_id)
        contact = self._customers.parse_contact(wanted.name, wanted.phone, wanted.email, country)
        owner = self._customers.find_or_create(
            session, actor.workshop_id, contact, actor.language, by_staff=True
        )
        vehicle.customer_id = owner.id
        return vehicle

    def _describe(self, session: Session, row: WheelSet, today: date) -> WheelSetView:
        vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
        customer = session.get(Customer, row.customer_id) if row.customer_id else None
        country = _country(session, row.workshop_id)
        return describe_set(row, vehicle, customer, self._customers, today, country)

    def _today(self, session: Session, workshop_id: UUID) -> date:
        zone = session.get_one(Workshop, workshop_id).timezone
        return self._clock().astimezone(ZoneInfo(zone)).date()


def _wheel_set(session: Session, set_id: UUID) -> WheelSet:
    row = session.exec(select(WheelSet).where(WheelSet.id == set_id)).first()
    if row is None:
        raise NotFound
    return row


def _lies_at(session: Session, location: str) -> bool:
    query = select(WheelSet.id).where(WheelSet.location == location, col(WheelSet.taken_on).is_(None))
    return session.exec(query).first() is not None


def _highest(session: Session) -> int:
    last = session.exec(select(func.max(WheelSet.code))).one()
    return int(last[1:]) if last else 0


def _country(session: Session, workshop_id: UUID) -> str:
    return session.get_one(Workshop, workshop_id).country


def _is_plate(search: str) -> bool:
    return any(sign.isdigit() for sign in search)


def _matches(word: str):
    bare = "".join(sign for sign in word if sign.isalnum())
    name = col(Customer.name).icontains(word.strip(), autoescape=True)
    if not bare:
        return name
    plate = func.replace(func.replace(Vehicle.plate, "-", ""), " ", "")
    place = func.replace(WheelSet.location, "-", "")
    return or_(
        plate.icontains(bare, autoescape=True),
        place.icontains(bare, autoescape=True),
        col(WheelSet.code).icontains(bare, autoescape=True),
        name,
    )
