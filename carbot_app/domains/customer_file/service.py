"""Use cases of the customers' page: finding somebody, and everything known of them."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import ARRIVED, CONFIRMED, DONE, IN_WORK, REQUESTED, UNPLANNED
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.customer_file.due import is_service, next_due
from carbot_app.domains.customer_file.listing import SORTS, cars_of, find_page, last_contact_of
from carbot_app.domains.customer_file.schemas import (
    CarView,
    CustomerFile,
    CustomerPage,
    CustomerRow,
    NextVisit,
    OpenItem,
    TimelinePage,
    Worth,
)
from carbot_app.domains.customer_file.timeline import KINDS, read_timeline
from carbot_app.domains.customer_file.worth import worth_of
from carbot_app.domains.customers.consents import describe_consent
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.messaging.models import ContactPreference
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound

_MAX_PAGE = 100


class CustomerFiles:
    """Reads only, for those with ``inbox.read``; changes are made by customers.editing."""

    def __init__(self, *, db: Database, clock: Clock, customers: CustomerService) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers

    def list_customers(
        self, actor: Actor, *, search: str = "", sort: str = "recent", offset: int = 0, limit: int = 50
    ) -> CustomerPage:
        """Customers whose name, phone, mail or a plate holds ``search``; ``sort`` is one of listing.SORTS.

        Raises:
            Invalid: ``sort_unknown``.
        """
        actor.require("inbox.read")
        if sort not in SORTS:
            raise Invalid("sort_unknown", field="sort")
        with self._db.reading(actor.workshop_id) as session:
            country = session.get_one(Workshop, actor.workshop_id).country
            found, total = find_page(
                session, search=search, sort=sort, offset=max(offset, 0), limit=min(max(limit, 1), _MAX_PAGE)
            )
            ids = [customer.id for customer in found]
            cars, worth = cars_of(session, ids), worth_of(session, ids)
            last = last_contact_of(session, found)
        rows = []
        for customer in found:
            brought = worth.get(customer.id, Worth())
            rows.append(
                CustomerRow(
                    customer=self._customers.describe_customer(customer, country=country),
                    vehicles=tuple(
                        self._customers.describe_vehicle(car) for car in cars.get(customer.id, [])
                    ),
                    last_contact_at=last[customer.id],
                    visits=brought.visits,
                    worth_cents=brought.done_cents + brought.booked_cents,
                )
            )
        return CustomerPage(tuple(rows), total)

    def get_file(self, actor: Actor, customer_id: UUID) -> CustomerFile:
        """One customer. NotFound: unknown, or another workshop's."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            row, now = _customer(session, customer_id), self._clock()
            workshop = session.get_one(Workshop, actor.workshop_id)
            visits = _visits(session, row)
            holding = select(Consent).where(
                Consent.customer_id == row.id, col(Consent.withdrawn_at).is_(None)
            )
            preference = session.exec(
                select(ContactPreference).where(ContactPreference.customer_id == row.id)
            ).first()
            return CustomerFile(
                customer=self._customers.describe_customer(row, country=workshop.country),
                since=row.created_at,
                consents=tuple(describe_consent(one) for one in session.exec(holding)),
                stopped=tuple(preference.stopped) if preference else (),
                cars=self._cars(session, row, visits, ZoneInfo(workshop.timezone)),
                worth=worth_of(session, [row.id]).get(row.id, Worth()),
                open_work=_open_work(session, row, visits),
                next_visits=_next_visits(session, visits, now),
            )

    def list_timeline(
        self,
        actor: Actor,
        customer_id: UUID,
        *,
        kinds: Collection[str] = (),
        before: str = "",
        limit: int = 30,
    ) -> TimelinePage:
        """What happened, newest first; ``before`` is the cursor of the previous page.

        Raises:
            Invalid: ``timeline_kind_unknown`` or ``cursor_invalid``. NotFound: unknown customer.
        """
        actor.require("inbox.read")
        if not set(kinds) <= set(KINDS):
            raise Invalid("timeline_kind_unknown", field="kinds")
        with self._db.reading(actor.workshop_id) as session:
            return read_timeline(
                session,
                _customer(session, customer_id),
                kinds=kinds,
                before=before,
                limit=min(max(limit, 1), _MAX_PAGE),
                now=self._clock(),
            )

    def _cars(
        self, session: Session, customer: Customer, visits: list[Appointment], zone: ZoneInfo
    ) -> tuple[CarView, ...]:
        cars = cars_of(session, [customer.id]).get(customer.id, [])
        stored: dict[UUID | None, list[tuple[str, str]]] = {}
        lying = select(WheelSet).where(
            col(WheelSet.vehicle_id).in_([car.id for car in cars]), col(WheelSet.taken_on).is_(None)
        )
        for wheels in session.exec(lying):
            stored.setdefault(wheels.vehicle_id, []).append((wheels.season, wheels.location))
        return tuple(
            CarView(
                self._customers.describe_vehicle(car),
                car.vin,
                next_due(
                    inspection=car.inspection_due,
                    last_service=_last_service(car, visits, zone),
                    stored=stored.get(car.id, []),
                ),
            )
            for car in cars
        )


def _customer(session: Session, customer_id: UUID) -> Customer:
    """The customer, or whose part they became: old links and addresses lead there."""
    row = session.exec(select(Customer).where(Customer.id == customer_id)).first()
    if row is None:
        raise NotFound
    return _customer(session, row.merged_into_id) if row.merged_into_id else row


def _visits(session: Session, customer: Customer) -> list[Appointment]:
    query = select(Appointment).where(Appointment.customer_id == customer.id)
    return list(session.exec(query.order_by(col(Appointment.starts_at))))


def _last_service(car: Vehicle, visits: list[Appointment], zone: ZoneInfo) -> date | None:
    done = [
        visit.starts_at.astimezone(zone).date()
        for visit in visits
        if visit.vehicle_id == car.id and visit.state == DONE and is_service(visit.service_codes)
    ]
    return max(done, default=None)


def _open_work(session: Session, customer: Customer, visits: list[Appointment]) -> tuple[OpenItem, ...]:
    begun = {UNPLANNED, REQUESTED, ARRIVED, IN_WORK}
    found = [
        OpenItem("visit", visit.id, visit.starts_at, visit.title, visit.state)
        for visit in visits
        if visit.state in begun
    ]
    calls = select(Callback).where(Callback.customer_id == customer.id, Callback.state == "open")
    found += [OpenItem("callback", row.id, row.starts_at, row.note, "") for row in session.exec(calls)]
    leads = select(Lead).where(Lead.customer_id == customer.id, Lead.state == "open")
    found += [
        OpenItem("lead", row.id, row.created_at, row.wish, row.temperature, row.conversation_id)
        for row in session.exec(leads.order_by(col(Lead.created_at).desc()).limit(5))
    ]
    return tuple(found)


def _next_visits(session: Session, visits: list[Appointment], now: datetime) -> tuple[NextVisit, ...]:
    coming = [visit for visit in visits if visit.state == CONFIRMED and visit.ends_at > now]
    ids = [visit.vehicle_id for visit in coming]
    cars = select(Vehicle.id, Vehicle.plate).where(col(Vehicle.id).in_(ids))
    plates: dict[UUID | None, str] = dict(session.exec(cars).all())
    return tuple(
        NextVisit(visit.id, visit.starts_at, visit.title, visit.state, plates.get(visit.vehicle_id, ""))
        for visit in coming
    )
