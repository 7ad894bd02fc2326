"""Use cases around appointments: offering, booking, moving and cancelling."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.domains.booking import offering
from carbot_app.domains.booking.availability import Calendar, get_workshop, opening_rules
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.desk import emit_change
from carbot_app.domains.booking.labels import day_label
from carbot_app.domains.booking.models import Appointment, Claim, Resource
from carbot_app.domains.booking.occupation import Wanted, choose, occupy, take
from carbot_app.domains.booking.orders import OrderDesk, write_contract
from carbot_app.domains.booking.planning import LOANER
from carbot_app.domains.booking.resources import default_resources
from carbot_app.domains.booking.schemas import (
    BookingConfirmation,
    BookingRequest,
    Hold,
    Slot,
    SlotDay,
    WishesPossible,
)
from carbot_app.domains.booking.slots import CELL_MINUTES, HORIZON_DAYS, decode_slot, instant_of
from carbot_app.domains.booking.views import slot_view
from carbot_app.domains.booking.visit_plan import VisitPlan, visit_row
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Forbidden
from carbot_app.kit.ids import fingerprint, new_secret
from carbot_app.kit.languages import LANGUAGES, stand_in
from carbot_app.kit.text import several_lines

HOLD = timedelta(minutes=5)
"""How long a slot stays reserved for somebody who fills in the form."""
_NOTE_LIMIT = 2000
_MAX_SUGGESTIONS = 12


class BookingService(OrderDesk):
    """Customers need ``public.book``; staff and API keys ``bookings.read`` or ``bookings.manage``.

    What staff does with booked appointments is in PlanningBoard and AppointmentDesk, what
    customers do with their link in AppointmentLinks.
    """

    def suggest_slots(
        self,
        actor: Actor,
        codes: Sequence[str],
        *,
        after: datetime | None = None,
        until: datetime | None = None,
        part_of_day: str | None = None,
        limit: int = 3,
        waiting: bool = False,
        loaner: bool = False,
        hold: str = "",
        language: str,
    ) -> list[Slot]:
        """Up to ``limit`` (at most 12) free times for services done in one visit, the recommended one first.

        ``after`` and ``until`` are aware; ``part_of_day`` is morning, afternoon or evening. When nothing is
        free within the wish the nearest other times come: compare them with it. ``waiting``: the customer
        stays; ``loaner``: a car for the meantime; ``hold``: token of the asker's own hold, which is free
        for them. Empty: nothing in 60 days. Raises Invalid service_missing, service_unknown,
        too_many_services, waiting_too_long or loaner_unknown.
        """
        actor.require_any("public.book", "public.chat", "bookings.read")
        services = self._services(actor, codes, language)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            demand = calendar.demand_of(services, waiting=waiting, loaner=loaner)
            times = offering.suggest_times(
                session,
                calendar,
                demand,
                now=self._clock(),
                after=after,
                until=until,
                part_of_day=part_of_day,
                limit=max(1, min(limit, _MAX_SUGGESTIONS)),
                besides=self._held_id(session, actor.workshop_id, hold),
            )
        zone = calendar.rules.zone
        return [
            slot_view(time, demand.cells, zone, language, recommended=number == 0)
            for number, time in enumerate(times)
        ]

    def list_days(
        self,
        actor: Actor,
        codes: Sequence[str],
        *,
        start_on: date,
        days: int = 14,
        waiting: bool = False,
        loaner: bool = False,
        hold: str = "",
        language: str,
    ) -> list[SlotDay]:
        """``days`` days (at most 62) from ``start_on`` with their free times; raises like suggest_slots."""
        actor.require_any("public.book", "public.chat", "bookings.read")
        services = self._services(actor, codes, language)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            demand = calendar.demand_of(services, waiting=waiting, loaner=loaner)
            listed = offering.list_times(
                session,
                calendar,
                demand,
                now=self._clock(),
                start_on=start_on,
                days=max(1, min(days, HORIZON_DAYS + 2)),
                besides=self._held_id(session, actor.workshop_id, hold),
            )
        zone = calendar.rules.zone
        return [
            SlotDay(
                on=day,
                label=day_label(day, language),
                slots=tuple(slot_view(time, demand.cells, zone, language) for time in times),
                closed=closed,
            )
            for day, times, closed in listed
        ]

    def next_best(
        self,
        actor: Actor,
        codes: Sequence[str],
        slot_id: str,
        *,
        waiting: bool = False,
        loaner: bool = False,
        language: str,
    ) -> list[Slot]:
        """Three free times from a lost slot on, else the first ones; raises like suggest_slots."""
        decoded = decode_slot(slot_id)
        after = instant_of(decoded[0]) if decoded else None
        for since in dict.fromkeys((after, None)):
            found = self.suggest_slots(
                actor, codes, after=since, waiting=waiting, loaner=loaner, language=language
            )
            if found:
                return found
        return []

    def wishes_possible(self, actor: Actor, codes: Sequence[str]) -> WishesPossible:
        """What may be wished for with these services; raises Invalid like suggest_slots."""
        actor.require_any("public.book", "public.chat", "bookings.read")
        services = self._services(actor, codes, actor.language)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
        limit = calendar.terms.waiting_limit_minutes
        return WishesPossible(
            waiting=calendar.demand_of(services).cells * CELL_MINUTES <= limit,
            waiting_limit_minutes=limit,
            loaner=any(resource.kind == LOANER for resource in calendar.resources),
        )

    def is_closed(self, actor: Actor, on: date) -> bool:
        """Whether the workshop is closed all that day: no opening hours, a closure or a public holiday."""
        actor.require_any("public.book", "public.chat", "bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            return opening_rules(session, get_workshop(session, actor.workshop_id)).is_closed(on)

    def book(self, actor: Actor, request: BookingRequest) -> BookingConfirmation:
        """Book a slot; the same ``request_key`` from the same contact gets the same confirmation again.

        Without a slot staff puts the visit into the list of unplanned ones.

        Raises Conflict slot_taken or slot_past, Invalid slot_unknown, service_unknown, service_missing,
        too_many_services, contact_missing, phone_invalid, email_invalid, plate_invalid, plate_ambiguous,
        year_invalid, km_invalid or too_long, and Forbidden for another's conversation. A request sent as an
        ``order`` concludes a contract, and raises like _checked_order.
        """
        actor.require_any("public.book", "bookings.manage")
        request = self._checked(actor, request)
        appointment_id = self._done(actor, request)
        if appointment_id is None:
            try:
                appointment_id = self._write(actor, request, self._plan(actor, request))
            except (Conflict, IntegrityError):
                # The same request may have run in parallel and been first; then it is no conflict.
                appointment_id = self._done(actor, request)
                if appointment_id is None:
                    raise
        return self._confirmation(actor.workshop_id, appointment_id)

    def find_booked(self, actor: Actor, request: BookingRequest) -> BookingConfirmation | None:
        """What the same request has booked before, also one that runs beside this; raises like ``book``."""
        actor.require_any("public.book", "bookings.manage")
        appointment_id = self._done(actor, self._checked(actor, request))
        return self._confirmation(actor.workshop_id, appointment_id) if appointment_id else None

    def _done(self, actor: Actor, request: BookingRequest) -> UUID | None:
        with self._db.reading(actor.workshop_id) as session:
            return session.exec(
                select(Appointment.id).where(
                    Appointment.workshop_id == actor.workshop_id,
                    Appointment.request_key == request.request_key,
                )
            ).first()

    def _checked(self, actor: Actor, request: BookingRequest) -> BookingRequest:
        conversation_id = request.conversation_id
        if actor.kind == "customer":
            if conversation_id not in (None, actor.subject_id):
                raise Forbidden("conversation_of_another")
            conversation_id = actor.subject_id
        contact = self._customers.parse_contact(
            request.contact.name, request.contact.phone, request.contact.email
        )
        language = request.language if request.language in LANGUAGES else stand_in(request.language)
        # Bound to the contact, so that a guessed key never shows somebody else's booking.
        key = fingerprint("\n".join((request.request_key, contact.phone, contact.email)))
        return replace(
            request,
            contact=contact,
            vehicle=self._known_vehicle(actor, self._customers.parse_vehicle(request.vehicle)),
            language=language,
            note=several_lines(request.note, field="note", limit=_NOTE_LIMIT),
            service_codes=tuple(dict.fromkeys(request.service_codes)),
            request_key=key,
            conversation_id=conversation_id,
            technician_id=None if actor.kind == "customer" else request.technician_id,
        )

    def _plan(self, actor: Actor, request: BookingRequest) -> VisitPlan:
        """Everything that needs no write lock; whoever is too late learns it here already."""
        codes, language = request.service_codes, request.language
        services = self._services(actor, codes, language, offered_only=True)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            demand = calendar.demand_of(services, waiting=request.waiting, loaner=request.loaner)
            day, wanted = calendar.rules.local_date(self._clock()), None
            if request.slot_id or actor.kind == "customer":
                wanted = self._wanted(actor, calendar, demand, request.slot_id)
                wanted = replace(wanted, technician_id=request.technician_id)
                claim = self._held(session, actor.workshop_id, request.hold)
                choose(session, calendar, wanted, now=self._clock(), claim=claim)
                day = calendar.rules.local_date(wanted.time.starts_at)
        quote = self._catalog.total(actor, codes, vehicle=request.vehicle, language=language, on=day)
        names = self._names(actor, calendar.workshop.language)
        title = " + ".join(names[code] for code in codes)[:200]
        return VisitPlan(wanted, demand, quote, title, self._checked_order(actor, request))

    def _wanted(self, actor: Actor, calendar: Calendar, demand: Demand, slot_id: str) -> Wanted:
        public = actor.kind == "customer"
        time = offering.wanted_time(calendar, demand, slot_id, now=self._clock(), public=public)
        return Wanted(demand, time)

    def hold(
        self,
        actor: Actor,
        codes: Sequence[str],
        slot_id: str,
        *,
        waiting: bool = False,
        loaner: bool = False,
        token: str = "",
    ) -> Hold:
        """Keep a slot free for five minutes; with the ``token`` of an earlier hold that one moves.

        Raises Conflict slot_taken or slot_past, and Invalid like suggest_slots and slot_unknown.
        """
        actor.require_any("public.book", "bookings.manage")
        services = self._services(actor, codes, actor.language, offered_only=True)
        with self._db.writing(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            demand = calendar.demand_of(services, waiting=waiting, loaner=loaner)
            wanted = self._wanted(actor, calendar, demand, slot_id)
            claim = self._held(session, actor.workshop_id, token)
            if claim is None:
                token = new_secret()
                claim = Claim(workshop_id=actor.workshop_id, token_fingerprint=fingerprint(token))
            claim.expires_at = self._clock() + HOLD
            take(session, calendar, wanted, claim, now=self._clock())
            return Hold(token=token, slot_id=slot_id, expires_at=claim.expires_at)

    def release_hold(self, actor: Actor, token: str) -> None:
        """Give a held slot free; one that is over or unknown is free already."""
        actor.require_any("public.book", "bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            if claim := self._held(session, actor.workshop_id, token):
                session.delete(claim)

    def _held(self, session: Session, workshop_id: UUID, token: str) -> Claim | None:
        if not token:
            return None
        query = select(Claim).where(
            Claim.workshop_id == workshop_id,
            Claim.token_fingerprint == fingerprint(token),
            col(Claim.expires_at) > self._clock(),
        )
        return session.exec(query).first()

    def _held_id(self, session: Session, workshop_id: UUID, token: str) -> UUID | None:
        claim = self._held(session, workshop_id, token)
        return claim.id if claim else None

    def _write(self, actor: Actor, request: BookingRequest, plan: VisitPlan) -> UUID:
        workshop_id = actor.workshop_id
        with self._db.writing(workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, workshop_id))
            now, claim = self._clock(), self._held(session, workshop_id, request.hold)
            if plan.wanted is not None:
                choose(session, calendar, plan.wanted, now=now, claim=claim)
            customer = self._customers.find_or_create(
                session,
                workshop_id,
                request.contact,
                request.language,
                proven=actor.customer_id,
                by_staff=actor.kind == "person",
            )
            vehicle = self._customers.upsert_vehicle(session, workshop_id, customer.id, request.vehicle)
            appointment = visit_row(actor, request, plan, customer, vehicle, now=now)
            session.add(appointment)
            session.flush()
            if plan.wanted is not None:
                if claim is not None:
                    claim.appointment_id, claim.expires_at, claim.token_fingerprint = appointment.id, None, ""
                    session.flush()
                occupy(session, calendar, appointment, plan.wanted, now=now)
            if plan.order is not None:
                write_contract(session, appointment, plan.order, now=now)
            if request.conversation_id is None and request.source != "staff":
                appointment.conversation_id = self._recorder.record_booking(
                    session,
                    workshop_id=workshop_id,
                    customer=customer,
                    vehicle=vehicle,
                    appointment=appointment,
                    note=request.note,
                    language=request.language,
                )
            emit_change(session, "booked" if plan.wanted else "changed", appointment)
            return appointment.id

    def load_default_resources(self, session: Session, workshop_id: UUID) -> int:
        """Give a workshop without any technicians and bays to start with; returns how many were added."""
        if session.exec(select(Resource.id).where(Resource.workshop_id == workshop_id)).first():
            return 0
        resources = default_resources(workshop_id)
        session.add_all(resources)
        return len(resources)
