"""New estimates: from a plate, a customer, an appointment or a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.domains.billing.draft_schemas import LineInput
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.billing.numbers import ORDER, take_number
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import BEGUN
from carbot_app.domains.catalog.vehicle_classes import class_of
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.orders.billed_lines import billed_line
from carbot_app.domains.orders.checks import (
    check_count,
    check_instant,
    check_job,
    check_km,
    without_places,
)
from carbot_app.domains.orders.from_catalogue import lines_of
from carbot_app.domains.orders.models import OrderJob, OrderLine, WorkOrder
from carbot_app.domains.orders.reading import OrderReading
from carbot_app.domains.orders.reckoning import Setting, totals_of
from carbot_app.domains.orders.rows import changed, enter_state, setting_of
from carbot_app.domains.orders.schemas import EstimateInput, JobInput, OrderLineInput, OrderView
from carbot_app.domains.orders.states import ACCEPTED, CANCELLED, ENQUIRY, ESTIMATE
from carbot_app.domains.orders.views import facts_of
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Invalid, NotFound
from carbot_app.kit.text import several_lines, single_line

MOST_SERVICES = 20
_MOST_KEY = 64


@dataclass(frozen=True, slots=True)
class _Source:
    """What is known before anything is written."""

    setting: Setting
    currency: str
    country: str
    customer_id: UUID | None = None
    vehicle_id: UUID | None = None
    facts: VehicleFacts = field(default_factory=VehicleFacts)
    codes: tuple[str, ...] = ()
    language: str = ""
    technician_id: UUID | None = None
    promised_at: datetime | None = None
    arrived: bool = False
    wish: str = ""


class OrderOpening(OrderReading):
    """Writing needs ``orders.manage``."""

    def create_estimate(self, actor: Actor, wanted: EstimateInput) -> OrderView:
        """A new order with the catalogue's prices for this car; again with the same key: the one there is.

        A visit has one order at a time: a second press finds it.

        Raises:
            Invalid: ``order_key_missing``, ``order_car_missing`` without car and customer,
                ``service_unknown``, ``too_many_services``, what ``parse_vehicle``, ``parse_contact`` and
                checks.py refuse.
            NotFound: ``order_customer_gone``, ``order_vehicle_gone``, ``appointment_unknown`` or
                ``conversation_not_found``.
        """
        actor.require("orders.manage")
        wanted = self._checked(wanted)
        if known := self._known(actor, wanted):
            return known
        source = self._source(actor, wanted)
        jobs = self._jobs(actor, wanted, source)
        try:
            with self._db.writing(actor.workshop_id) as session:
                row = self._write(session, actor, wanted, source, jobs)
                return self._view(session, row)
        except IntegrityError:
            if known := self._known(actor, wanted):
                return known
            raise

    def preview_sum(self, actor: Actor, codes: Sequence[str], vehicle: VehicleFacts) -> int:
        """Gross sum an estimate of these services would have; Invalid ``service_unknown``."""
        actor.require("orders.manage")
        with self._db.reading(actor.workshop_id) as session:
            setting = setting_of(session, actor.workshop_id, self._clock())
        jobs = [self._priced(actor, code, vehicle, actor.language, setting.on) for code in codes]
        return totals_of((line for job in jobs for line in job.lines), setting).gross_cents

    def lines_of_service(
        self, actor: Actor, code: str, vehicle: VehicleFacts, *, language: str = "de"
    ) -> tuple[LineInput, ...]:
        """Positions of a service at the price for this car, for an invoice without an order.

        Raises:
            Invalid: ``service_unknown``.
        """
        actor.require("invoices.manage")
        with self._db.reading(actor.workshop_id) as session:
            on = setting_of(session, actor.workshop_id, self._clock()).on
        job = self._priced(actor, code, vehicle, language, on)
        return tuple(billed_line(line, service_code=code) for line in job.lines)

    def price_job(
        self, actor: Actor, job: JobInput, vehicle: VehicleFacts, language: str
    ) -> tuple[JobInput, int]:
        """A job with its positions for this car, and its gross sum; Invalid ``service_unknown``."""
        actor.require("orders.manage")
        with self._db.reading(actor.workshop_id) as session:
            setting = setting_of(session, actor.workshop_id, self._clock())
        job = self._complete(actor, job, vehicle, language, setting.on)
        return job, totals_of(job.lines, setting).gross_cents

    def _checked(self, wanted: EstimateInput) -> EstimateInput:
        key = wanted.request_key.strip()
        if not key or len(key) > _MOST_KEY:
            raise Invalid("order_key_missing", field="request_key")
        if len(wanted.service_codes) > MOST_SERVICES:
            raise Invalid("too_many_services", field="services", limit=MOST_SERVICES)
        return replace(
            wanted,
            request_key=key,
            title=single_line(wanted.title, field="title", limit=200),
            complaint=several_lines(wanted.complaint, field="complaint", limit=1000),
            km=check_km(wanted.km),
            promised_at=check_instant(wanted.promised_at),
        )

    def _known(self, actor: Actor, wanted: EstimateInput) -> OrderView | None:
        query = select(WorkOrder).where(WorkOrder.request_key == wanted.request_key)
        of_visit = select(WorkOrder).where(
            WorkOrder.appointment_id == wanted.appointment_id, WorkOrder.state != CANCELLED
        )
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(query).first()
            if row is None and wanted.appointment_id:
                row = session.exec(of_visit).first()
            return self._view(session, row) if row else None

    def _source(self, actor: Actor, wanted: EstimateInput) -> _Source:
        with self._db.reading(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            source = _Source(
                setting_of(session, actor.workshop_id, self._clock()), workshop.currency, workshop.country
            )
            source = _of_appointment(session, wanted, source)
            source = _of_conversation(session, wanted, source)
            return self._of_people(session, wanted, source)

    def _of_people(self, session: Session, wanted: EstimateInput, source: _Source) -> _Source:
        """Customer and car, as said or as found by what was said."""
        customer_id = wanted.customer_id or source.customer_id
        vehicle = _car(session, wanted.vehicle_id or (None if wanted.vehicle.plate else source.vehicle_id))
        facts = wanted.vehicle
        if vehicle is None:
            facts = self._customers.parse_vehicle(facts)
            vehicle = _by_plate(session, facts) if facts.plate else None
        if vehicle is not None:
            facts = facts_of(vehicle, facts)
            customer_id = customer_id or vehicle.customer_id
        query = select(Customer).where(Customer.id == customer_id)
        customer = session.exec(query).first() if customer_id else None
        if customer_id and customer is None:
            raise NotFound("order_customer_gone")
        if customer is None and vehicle is None and not (facts.plate or wanted.phone or wanted.email):
            raise Invalid("order_car_missing", field="plate")
        return replace(
            source,
            customer_id=customer_id,
            vehicle_id=vehicle.id if vehicle else None,
            facts=replace(facts, vehicle_class=facts.vehicle_class or class_of(facts.make, facts.model)),
            language=wanted.language or source.language or (customer.language if customer else ""),
        )

    def _jobs(self, actor: Actor, wanted: EstimateInput, source: _Source) -> list[JobInput]:
        codes = dict.fromkeys(wanted.service_codes or (() if wanted.jobs else source.codes))
        language = source.language or actor.language
        on = source.setting.on
        jobs = [self._priced(actor, code, source.facts, language, on) for code in codes]
        jobs += [self._complete(actor, job, source.facts, language, on) for job in wanted.jobs]
        check_count(len(jobs), sum(len(job.lines) for job in jobs))
        return [check_job(job, source.setting) for job in jobs]

    def _complete(
        self, actor: Actor, job: JobInput, vehicle: VehicleFacts, language: str, on: date
    ) -> JobInput:
        """A job with what the catalogue knows of its service."""
        if not job.service_code or (job.title.strip() and job.lines):
            return job
        priced = self._priced(actor, job.service_code, vehicle, language, on)
        return replace(job, title=job.title or priced.title, lines=job.lines or priced.lines)

    def _priced(self, actor: Actor, code: str, vehicle: VehicleFacts, language: str, on: date) -> JobInput:
        try:
            quote = self._catalog.quote(actor, code, vehicle=vehicle, language=language, on=on)
        except NotFound as unknown:
            raise Invalid("service_unknown", field="services", **unknown.params) from None
        service = self._catalog.read(actor).get(code)
        return JobInput(
            title=quote.service_name[:200], service_code=code, lines=lines_of(quote, service, language)
        )

    def _write(
        self, session: Session, actor: Actor, wanted: EstimateInput, source: _Source, jobs: list[JobInput]
    ) -> WorkOrder:
        customer_id, vehicle_id = self._write_people(session, actor, wanted, source)
        terms = session.exec(select(BillingTerms)).first()
        row = WorkOrder(
            workshop_id=actor.workshop_id,
            number=take_number(
                session, actor.workshop_id, ORDER, source.setting.on, terms.number_formats if terms else None
            ),
            state="",
            customer_id=customer_id,
            vehicle_id=vehicle_id,
            appointment_id=wanted.appointment_id,
            conversation_id=wanted.conversation_id,
            technician_id=source.technician_id,
            title=wanted.title or self._title(actor, jobs),
            complaint=wanted.complaint or source.wish,
            language=source.language or actor.language,
            currency=source.currency,
            km=wanted.km,
            promised_at=wanted.promised_at or source.promised_at,
            request_key=wanted.request_key,
        )
        session.add(row)
        session.flush()
        for position, job in enumerate(jobs):
            add_job_rows(session, row, job, position)
        totals = changed(session, row, source.setting)
        row.estimate_cents, row.version = totals.gross_cents, 0
        state = ACCEPTED if source.arrived else ESTIMATE if jobs else ENQUIRY
        enter_state(session, row, state, at=self._clock(), by=actor.name, number=row.number)
        return row

    def _title(self, actor: Actor, jobs: Sequence[JobInput]) -> str:
        """For the team, in its language; jobs and lines are the customer's."""
        names = self._catalog.names(actor, actor.language)
        return ", ".join(names.get(job.service_code, job.title) for job in jobs)[:200]

    def _write_people(
        self, session: Session, actor: Actor, wanted: EstimateInput, source: _Source
    ) -> tuple[UUID | None, UUID | None]:
        customer_id, vehicle_id = source.customer_id, source.vehicle_id
        if customer_id is None and (wanted.phone.strip() or wanted.email.strip()):
            contact = self._customers.parse_contact(wanted.name, wanted.phone, wanted.email, source.country)
            customer_id = self._customers.find_or_create(
                session, actor.workshop_id, contact, source.language or actor.language, by_staff=True
            ).id
        if vehicle_id is None:
            car = self._customers.upsert_vehicle(session, actor.workshop_id, customer_id, source.facts)
            vehicle_id = car.id if car else None
        else:
            car = session.get_one(Vehicle, vehicle_id)
            car.customer_id = car.customer_id or customer_id
            car.km = max((km for km in (car.km, wanted.km) if km is not None), default=None)
        return customer_id, vehicle_id


def add_job_rows(session: Session, row: WorkOrder, job: JobInput, position: int) -> OrderJob:
    """A checked job with its lines."""
    made = OrderJob(
        workshop_id=row.workshop_id,
        order_id=row.id,
        position=position,
        title=job.title,
        finding=job.finding,
        urgency=job.urgency,
        service_code=job.service_code,
        technician_id=job.technician_id,
    )
    session.add(made)
    session.flush()
    for at, line in enumerate(job.lines):
        session.add(line_row(made, line, at))
    return made


def line_row(job: OrderJob, line: OrderLineInput, position: int) -> OrderLine:
    """A checked line as a row."""
    made = OrderLine(
        workshop_id=job.workshop_id,
        job_id=job.id,
        position=position,
        kind=line.kind,
        text=line.text,
        unit_price=line.unit_price,
    )
    write_line(made, line)
    return made


def write_line(made: OrderLine, line: OrderLineInput) -> None:
    """Write a checked line into its row."""
    for name in ("kind", "text", "part_number", "unit", "gross", "exchange", "cost_cents", "minutes"):
        setattr(made, name, getattr(line, name))
    for name in ("quantity", "unit_price", "discount_percent"):
        setattr(made, name, without_places(getattr(line, name)))
    made.list_price = None if line.list_price is None else without_places(line.list_price)


def _of_appointment(session: Session, wanted: EstimateInput, source: _Source) -> _Source:
    if wanted.appointment_id is None:
        return source
    query = select(Appointment).where(Appointment.id == wanted.appointment_id)
    visit = session.exec(query).first()
    if visit is None:
        raise NotFound("appointment_unknown")
    return replace(
        source,
        customer_id=visit.customer_id,
        vehicle_id=visit.vehicle_id,
        codes=tuple(visit.service_codes),
        language=visit.language,
        technician_id=visit.technician_id,
        promised_at=visit.ends_at,
        arrived=visit.state in BEGUN,
    )


def _of_conversation(session: Session, wanted: EstimateInput, source: _Source) -> _Source:
    if wanted.conversation_id is None:
        return source
    thread = session.exec(select(Conversation).where(Conversation.id == wanted.conversation_id)).first()
    if thread is None:
        raise NotFound("conversation_not_found")
    lead = session.exec(select(Lead).where(Lead.conversation_id == thread.id)).first()
    return replace(
        source,
        customer_id=source.customer_id or thread.customer_id or (lead.customer_id if lead else None),
        vehicle_id=source.vehicle_id or (lead.vehicle_id if lead else None),
        codes=source.codes or (tuple(lead.service_codes) if lead else ()),
        language=source.language or thread.language,
        wish=source.wish or (lead.wish if lead else ""),
    )


def _car(session: Session, vehicle_id: UUID | None) -> Vehicle | None:
    if vehicle_id is None:
        return None
    vehicle = session.exec(select(Vehicle).where(Vehicle.id == vehicle_id)).first()
    if vehicle is None:
        raise NotFound("order_vehicle_gone")
    return vehicle


def _by_plate(session: Session, facts: VehicleFacts) -> Vehicle | None:
    query = select(Vehicle).where(Vehicle.plate == facts.plate, Vehicle.plate_country == facts.plate_country)
    return session.exec(query.order_by(col(Vehicle.id)).limit(1)).first()
