"""What staff does with appointments, and the parts customers' links share with it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.occupation import Wanted, occupy, release
from carbot_app.domains.booking.offering import wanted_time
from carbot_app.domains.booking.ports import BookingRecorder
from carbot_app.domains.booking.schemas import AppointmentView
from carbot_app.domains.booking.slots import CELL_MINUTES, MAX_SPAN, decode_slot, instant_of
from carbot_app.domains.booking.states import CANCELLED, CHANGEABLE, FREE_STATES, TRANSITIONS
from carbot_app.domains.booking.views import appointment_view, can_change
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Gone, Invalid, NotFound

MAX_SERVICES = 10
MAX_RANGE = timedelta(days=100)


class AppointmentDesk:
    """Reading needs ``bookings.read``, changing ``bookings.manage``.

    ``public_url`` is the base of the customer's link, ``<public_url>/t/<token>``.
    """

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        customers: CustomerService,
        catalog: CatalogService,
        recorder: BookingRecorder,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers
        self._catalog = catalog
        self._recorder = recorder
        self._public_url = public_url

    def list_appointments(self, actor: Actor, *, from_: datetime, to: datetime) -> list[AppointmentView]:
        """Appointments that touch [from_, to), in order of start; the range is at most 100 days.

        Cancelled ones are included, the state says so. Raises Invalid("range_invalid").
        """
        actor.require("bookings.read")
        if not timedelta(0) < to - from_ <= MAX_RANGE:
            raise Invalid("range_invalid", field="to", days=MAX_RANGE.days)
        names = self._names(actor, actor.language)
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(
                select(Appointment)
                .where(*touching(actor.workshop_id, from_, to))
                .order_by(col(Appointment.starts_at), col(Appointment.id))
            ).all()
            return self._views(session, actor, rows, names)

    def get_appointment(self, actor: Actor, appointment_id: UUID) -> AppointmentView:
        """One appointment; NotFound("appointment_unknown") otherwise."""
        actor.require("bookings.read")
        names = self._names(actor, actor.language)
        with self._db.reading(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id)
            return self._views(session, actor, [row], names)[0]

    def change_state(self, actor: Actor, appointment_id: UUID, state: str) -> AppointmentView:
        """Bring the appointment to ``state``; staying there is fine.

        A cancelled or missed one gives its time free. Raises NotFound appointment_unknown and
        Conflict state_not_allowed (see states.TRANSITIONS).
        """
        actor.require("bookings.manage")
        if state == CANCELLED:
            return self.cancel(actor, appointment_id)
        with self._db.writing(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id, lock=True)
            if state != row.state:
                if state not in TRANSITIONS[row.state]:
                    raise Conflict("state_not_allowed", field="state")
                row.state = state
                if state in FREE_STATES:
                    release(session, row)
                emit_change(session, "changed", row)
        return self.get_appointment(actor, appointment_id)

    def cancel(self, actor: Actor, appointment_id: UUID) -> AppointmentView:
        """Cancel; doing it twice is fine. Raises NotFound appointment_unknown, Conflict state_not_allowed."""
        actor.require("bookings.manage")
        self._cancel(actor.workshop_id, appointment_id, public=False)
        return self.get_appointment(actor, appointment_id)

    def move(self, actor: Actor, appointment_id: UUID, slot_id: str) -> AppointmentView:
        """Move to another slot for the same services; moving to where it already is changes nothing.

        Raises NotFound appointment_unknown, Gone appointment_over, Conflict slot_taken or slot_past,
        Invalid slot_unknown.
        """
        actor.require("bookings.manage")
        self._move(actor, appointment_id, slot_id, public=False)
        return self.get_appointment(actor, appointment_id)

    def _move(
        self, actor: Actor, appointment_id: UUID, slot_id: str, *, public: bool, request_key: str = ""
    ) -> None:
        with self._db.reading(actor.workshop_id) as session:
            codes = get_appointment_row(session, actor.workshop_id, appointment_id).service_codes
        services = self._services(actor, codes, actor.language)
        with self._db.writing(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id, lock=True)
            now = self._clock()
            if not (can_change(row, now) if public else row.state in CHANGEABLE):
                raise Gone("appointment_over")
            decoded = decode_slot(slot_id)
            if decoded and instant_of(decoded[0]) == row.starts_at:
                return
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            demand = demand_of_visit(calendar, row, services)
            time = wanted_time(calendar, demand, slot_id, now=now, public=public)
            occupy(session, calendar, row, Wanted(demand, time), now=now)
            row.moved_count += 1
            emit_change(session, "moved", row, request_key=request_key)

    def _cancel(self, workshop_id: UUID, appointment_id: UUID, *, public: bool) -> None:
        with self._db.writing(workshop_id) as session:
            row = get_appointment_row(session, workshop_id, appointment_id, lock=True)
            if row.state == CANCELLED:
                return
            now = self._clock()
            if public and not can_change(row, now):
                raise Gone("appointment_over")
            if CANCELLED not in TRANSITIONS[row.state]:
                raise Conflict("state_not_allowed", field="state")
            call_off(session, row, now=now, by="customer" if public else "workshop")

    def _services(
        self, actor: Actor, codes: Sequence[str], language: str, *, offered_only: bool = False
    ) -> list[ServiceView]:
        wanted = list(dict.fromkeys(codes))
        if not wanted:
            raise Invalid("service_missing", field="services")
        if len(wanted) > MAX_SERVICES:
            raise Invalid("too_many_services", field="services", limit=MAX_SERVICES)
        try:
            return self._catalog.list_work(actor, wanted, language=language, offered_only=offered_only)
        except NotFound as unknown:
            raise Invalid("service_unknown", field="services", **unknown.params) from None

    def _names(self, actor: Actor, language: str) -> dict[str, str]:
        return self._catalog.names(visitor_of(actor.workshop_id), language)

    def _views(
        self, session: Session, actor: Actor, rows: Sequence[Appointment], names: Mapping[str, str]
    ) -> list[AppointmentView]:
        workshop = get_workshop(session, actor.workshop_id)
        customers = _by_id(session, Customer, {row.customer_id for row in rows})
        vehicles = _by_id(session, Vehicle, {row.vehicle_id for row in rows if row.vehicle_id})
        used = {id_ for row in rows for id_ in (row.technician_id, row.bay_id, row.loaner_id) if id_}
        resources = {id_: resource.name for id_, resource in _by_id(session, Resource, used).items()}
        return [
            appointment_view(
                row,
                workshop,
                language=actor.language,
                names=names,
                resources=resources,
                customer=self._customers.describe_customer(
                    customers[row.customer_id], country=workshop.country
                ),
                vehicle=self._customers.describe_vehicle(vehicles[row.vehicle_id])
                if row.vehicle_id
                else None,
            )
            for row in rows
        ]


def visitor_of(workshop_id: UUID) -> Actor:
    """Whoever holds a secret link of the workshop."""
    return Actor(kind="customer", workshop_id=workshop_id, permissions=frozenset({"public.book"}))


def get_appointment_row(
    session: Session, workshop_id: UUID, appointment_id: UUID, *, lock: bool = False
) -> Appointment:
    """The row; NotFound("appointment_unknown") otherwise. ``lock``: nobody else changes it meanwhile."""
    query = select(Appointment).where(
        Appointment.workshop_id == workshop_id, Appointment.id == appointment_id
    )
    row = session.exec(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound("appointment_unknown")
    return row


def touching(workshop_id: UUID, start: datetime, end: datetime) -> tuple[Any, ...]:
    """Conditions for appointments that touch [start, end)."""
    return (
        Appointment.workshop_id == workshop_id,
        Appointment.starts_at < end,
        # The lower bound lets the index do its part
        Appointment.starts_at > start - timedelta(minutes=MAX_SPAN * CELL_MINUTES),
        Appointment.ends_at > start,
    )


def demand_of_visit(
    calendar: Calendar, row: Appointment, services: Sequence[ServiceView], *, minutes: int = 0
) -> Demand:
    """What a booked visit needs, as it was agreed; ``minutes`` of work instead of those planned."""
    loaner = row.wants_loaner or row.loaner_id is not None
    demand = calendar.demand_of(services, minutes=minutes or row.minutes, loaner=loaner)
    return replace(demand, waiting=row.waiting)


def call_off(session: Session, row: Appointment, *, now: datetime, by: str = "customer") -> None:
    """Cancel a visit and give its time free, in the caller's transaction."""
    row.state, row.cancelled_at = CANCELLED, now
    release(session, row)
    emit_change(session, "cancelled", row, by=by)


def emit_change(session: Session, what: str, row: Appointment, **more: Any) -> None:
    """Write the event ``appointment.<what>``."""
    emit(
        session,
        row.workshop_id,
        f"appointment.{what}",
        appointment_id=row.id,
        conversation_id=row.conversation_id,
        **more,
    )


def _by_id(session: Session, table: type[Any], ids: set[UUID]) -> Mapping[UUID, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session.exec(select(table).where(col(table.id).in_(ids)))}
