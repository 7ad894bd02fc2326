"""The calendar's first version: appointments of a day or week, their state, and moving them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.schemas import AppointmentView, SlotDay
from carbot_app.domains.booking.states import CHANGEABLE, FREE_STATES, TRANSITIONS
from carbot_app.kit.errors import NotFound
from carbot_app.state.address import set_address
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.thread_side import APPOINTMENT_SIGNS
from carbot_app.state.visit_contract import contract_facts
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

SPANS = {"day": 1, "week": 7}
OFFERED_DAYS = 14
NOON = 12
LIVE_TOPICS = {"appointment"}
_NEXT_STEP = {"requested": "confirmed", "confirmed": "arrived", "arrived": "in_work", "in_work": "done"}


@dataclass(frozen=True, slots=True)
class VisitLine:
    """An appointment as a row."""

    id: str = ""
    starts: str = ""
    ends: str = ""
    duration: str = ""
    name: str = ""
    plate: PlateText = NO_PLATE
    vehicle: str = ""
    work: str = ""
    people: str = ""
    price: str = ""
    badge: str = ""
    state: str = ""
    next_state: str = ""
    """What usually comes next, empty at the end."""
    over: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day with its appointments."""

    on: str
    title: str
    summary: str
    today: bool
    visits: list[VisitLine]


@dataclass(frozen=True, slots=True)
class VisitDetail:
    """The chosen appointment."""

    line: VisitLine = VisitLine()
    day: str = ""
    phone: str = ""
    phone_href: str = ""
    note: str = ""
    conversation_id: str = ""
    vehicle_id: str = ""
    customer_id: str = ""
    can_move: bool = False
    may_change: bool = False
    steps: tuple[str, ...] = ()
    """States it may change to besides the usual next one."""
    risk: str = ""
    """That nobody comes, of 100; empty: it is not to come any more."""
    risk_reasons: tuple[str, ...] = ()
    must_confirm: bool = False
    contract: tuple[str, ...] = ()
    """What was agreed in a contract; empty: it is a free request."""
    withdrawn: str = ""
    """When the customer withdrew from it, in words."""


@dataclass(frozen=True, slots=True)
class Times:
    """Free times of the day chosen in the move dialog."""

    morning: tuple[dict[str, str | bool], ...] = ()
    afternoon: tuple[dict[str, str | bool], ...] = ()


class CalendarState(rx.State):
    """Day or week of the address (?on=2026-10-13&span=week), one appointment opened (&termin=<id>)."""

    status: str = "loading"
    """loading, ready or failed."""
    span: str = "day"
    on: str = ""
    title: str = ""
    days: list[CalendarDay] = []
    chosen: VisitDetail = VisitDetail()
    task: str = ""
    """What the pane asks: empty (details), move or cancel."""
    free_days: list[dict[str, str | int]] = []
    free_day: str = ""
    times: Times = Times()
    slot: str = ""
    busy: bool = False

    _offers: dict[str, SlotDay] = {}

    @rx.event
    async def load(self):
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        self.span = asked.get("span", "day") if asked.get("span") in SPANS else "day"
        self._close()
        async with staff_step(self) as step:
            reader = await self._fetch(step, asked.get("on", ""))
            if asked.get("termin"):
                await self._choose(step, asked["termin"], reader)
        return self._after(step)

    @rx.event
    async def show(self, span: str, on: str):
        """Another day or week; an empty day is today."""
        self.span = span if span in SPANS else "day"
        async with staff_step(self) as step:
            await self._fetch(step, on)
        return self._after(step) or set_address(span=self.span if self.span != "day" else "", on=on)

    @rx.event
    async def browse(self, steps: int):
        """Forward or back by whole days or weeks."""
        first = _day(self.on) or date.min
        async with staff_step(self) as step:
            await self._fetch(step, (first + timedelta(days=steps * SPANS[self.span])).isoformat())
        return self._after(step) or set_address(on=self.on)

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint about an appointment."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step, self.on)
        return self._after(step)

    @rx.event
    async def open_visit(self, appointment_id: str):
        """Show an appointment's details."""
        async with staff_step(self) as step:
            await self._choose(step, appointment_id, await reader_for(self))
        return step.outcome

    @rx.event
    async def close_visit(self):
        """Close the details."""
        async with staff_step(self) as step:
            await step.actor()
            self._close()
        return step.outcome

    @rx.event
    async def change_state(self, appointment_id: str, state: str):
        """Arrived, in work, done, not come, cancelled."""
        async with staff_step(self) as step:
            booking = get_services().booking
            await step.call(booking.change_state, await step.actor(), _id(appointment_id), state)
            reader = await self._fetch(step, self.on)
            if self.chosen.line.id == appointment_id:
                await self._choose(step, appointment_id, reader)
            sign = APPOINTMENT_SIGNS[state]
            step.outcome = toast(
                "ok", step.text("calendar.toast.state", state=step.text(f"staff.state.{sign}"))
            )
        return step.outcome

    @rx.event
    async def ask_cancel(self):
        """Ask before cancelling."""
        async with staff_step(self) as step:
            await step.actor()
            self.task = "cancel"
        return step.outcome

    @rx.event
    async def find_times(self):
        """Free times for moving the chosen appointment."""
        async with staff_step(self) as step:
            reader = await reader_for(self)
            actor, booking = await step.actor(), get_services().booking
            appointment = await step.call(booking.get_appointment, actor, _id(self.chosen.line.id))
            offers = await step.call(
                booking.list_days,
                actor,
                appointment.service_codes,
                start_on=max(reader.today(), appointment.starts_at.astimezone(reader.zone).date()),
                days=OFFERED_DAYS,
                language=actor.language,
            )
            self._offers = {offer.on.isoformat(): offer for offer in offers}
            self.free_days = [_free_day(offer, reader) for offer in offers]
            first = next((offer.on.isoformat() for offer in offers if offer.slots), "")
            self.task, self.slot = "move", ""
            self._show_times(first, reader)
        return step.outcome

    @rx.event
    async def pick_day(self, on: str):
        """Times of another day in the move dialog."""
        async with staff_step(self) as step:
            await step.actor()
            self.slot = ""
            self._show_times(on, await reader_for(self))
        return step.outcome

    @rx.event
    async def pick_slot(self, slot_id: str):
        """Choose a time in the move dialog."""
        async with staff_step(self) as step:
            await step.actor()
            self.slot = slot_id
        return step.outcome

    @rx.event
    async def move(self):
        """Move the chosen appointment to the chosen time; the customer gets a mail."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            appointment_id = self.chosen.line.id
            booking = get_services().booking
            moved = await step.call(booking.move, await step.actor(), _id(appointment_id), self.slot)
            reader = await self._fetch(step, self.on)
            await self._choose(step, appointment_id, reader)
            step.outcome = toast("ok", step.text("calendar.toast.moved", when=moved.when))
        self.busy = False
        yield step.outcome

    async def _fetch(self, step: Step, on: str) -> Reader:
        actor, reader = await step.actor(), await reader_for(self)
        first = _day(on) or reader.today()
        if self.span == "week":
            first -= timedelta(days=first.weekday())
        last = first + timedelta(days=SPANS[self.span])
        start, end = (datetime.combine(day, time.min, reader.zone) for day in (first, last))
        booking = get_services().booking
        found = await step.call(booking.list_appointments, actor, from_=start, to=end)
        self.on, self.title = first.isoformat(), _title(first, self.span, reader)
        self.days = [
            _calendar_day(first + timedelta(days=place), found, reader) for place in range(SPANS[self.span])
        ]
        return reader

    async def _choose(self, step: Step, appointment_id: str, reader: Reader) -> None:
        actor = await step.actor()
        found = await step.call(get_services().booking.get_appointment, actor, _id(appointment_id))
        withdrawn, contract = await contract_facts(step, actor, found.id)
        detail = replace(
            _detail(found, reader, actor.can("bookings.manage")), contract=contract, withdrawn=withdrawn
        )
        if found.state in CHANGEABLE and found.starts_at > reader.now:
            risk = await step.call(get_services().attendance.risk, actor, found.id)
            detail = replace(
                detail,
                risk=str(risk.score),
                risk_reasons=tuple(
                    step.text(f"calendar.risk.reason.{reason.code}", number=reason.count)
                    for reason in risk.reasons
                ),
                must_confirm=risk.must_confirm,
            )
        self.chosen, self.task = detail, ""

    def _show_times(self, on: str, reader: Reader) -> None:
        self.free_day, offer = on, self._offers.get(on)
        slots = offer.slots if offer else ()
        shown = [
            (
                slot.starts_at.astimezone(reader.zone).hour < NOON,
                {"value": slot.id, "label": slot.time, "taken": False},
            )
            for slot in slots
        ]
        self.times = Times(
            morning=tuple(entry for early, entry in shown if early),
            afternoon=tuple(entry for early, entry in shown if not early),
        )

    def _close(self) -> None:
        self.chosen, self.task, self.slot = VisitDetail(), "", ""
        self.free_days, self.times, self._offers = [], Times(), {}

    def _after(self, step: Step):
        self.status = "failed" if step.error else "ready"
        return step.outcome


def describe_visit(found: AppointmentView, reader: Reader) -> VisitLine:
    """An appointment as a row."""
    vehicle = found.vehicle
    return VisitLine(
        id=str(found.id),
        starts=reader.clock(found.starts_at),
        ends=reader.clock(found.ends_at),
        duration=reader.duration(found.ends_at - found.starts_at),
        name=found.customer.name,
        plate=plate_text(vehicle.plate, vehicle.plate_country) if vehicle else NO_PLATE,
        vehicle=vehicle.label if vehicle else "",
        work=found.title,
        people=" · ".join(filter(None, (found.bay, found.technician))),
        price=found.price,
        badge=APPOINTMENT_SIGNS[found.state],
        state=found.state,
        next_state=_NEXT_STEP.get(found.state, ""),
        over=found.state in {*FREE_STATES, "done"},
    )


def _calendar_day(day: date, found: list[AppointmentView], reader: Reader) -> CalendarDay:
    visits = [v for v in found if v.starts_at.astimezone(reader.zone).date() == day]
    busy = [v for v in visits if v.state not in FREE_STATES]
    length = sum((v.ends_at - v.starts_at for v in busy), timedelta())
    return CalendarDay(
        on=day.isoformat(),
        title=reader.full_date(day),
        summary=reader.duration(length),
        today=day == reader.today(),
        visits=[describe_visit(visit, reader) for visit in visits],
    )


def _detail(found: AppointmentView, reader: Reader, may_change: bool) -> VisitDetail:
    line = describe_visit(found, reader)
    others = TRANSITIONS[found.state] - {line.next_state} if may_change else frozenset()
    return VisitDetail(
        line=line,
        day=reader.full_date(found.starts_at.astimezone(reader.zone).date()),
        phone=found.customer.phone_text,
        phone_href=f"tel:{found.customer.phone}" if found.customer.phone else "",
        note=found.note,
        conversation_id=str(found.conversation_id or ""),
        vehicle_id=str(found.vehicle.id) if found.vehicle else "",
        customer_id=str(found.customer.id),
        may_change=may_change,
        can_move=may_change and found.state in {"requested", "confirmed"},
        steps=tuple(state for state in TRANSITIONS if state in others),
    )


def _free_day(offer: SlotDay, reader: Reader) -> dict[str, str | int]:
    weekday, number = reader.weekday_and_number(offer.on)
    return {
        "value": offer.on.isoformat(),
        "weekday": weekday,
        "day": number,
        "name": reader.full_date(offer.on),
        "free": len(offer.slots),
    }


def _title(first: date, span: str, reader: Reader) -> str:
    if span == "day":
        return reader.full_date(first)
    return reader.date_range(first, first + timedelta(days=6))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("appointment_unknown") from None
