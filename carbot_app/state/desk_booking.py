"""The dialog "Neuer Termin" of the calendar: opened from the head, by a key or in the grid, and saved."""

from datetime import date, datetime
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.schemas import BookingRequest
from carbot_app.kit.errors import AppError, Conflict, Invalid
from carbot_app.kit.ids import new_secret
from carbot_app.state.board import BoardState
from carbot_app.state.desk_times import LOANER, LOST, UNPLANNED, WAITS, DeskTimesState
from carbot_app.state.desk_visit import DeskVisitState
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_FIELDS = ("name", "phone", "email", "note")
_FIELD_LIMIT = 2_500
_WHOLE_DAY = 10
"""Length of ``2026-10-13``: the grid of a week points at days."""


class DeskBookingState(rx.State):
    """What was typed stays in the browser until the visit is saved or the dialog is closed."""

    open: bool = False
    turn: int = 0
    """Grows with every opening; the fields are made anew then."""
    errors: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    _request_key: str = ""

    @rx.event
    async def begin(self, lane: str, starts: str):
        """Open the dialog; ``starts`` and ``lane`` say where the grid was pressed, empty: nowhere."""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("bookings.manage")
            board, times = await self.get_state(BoardState), await self.get_state(DeskTimesState)
            visit = await self.get_state(DeskVisitState)
            fill, drawn = visit.fill + 1, visit.drawn + 1
            visit.reset()
            visit.fill, visit.drawn = fill, drawn
            pinned = await self._instant(starts) if len(starts) > _WHOLE_DAY else None
            named = {one["id"]: one["name"] for one in board.sheet.lanes}
            chosen = pinned is not None and board.kind == "technician" and lane in named
            await times._begin(
                step, pinned, parse_id(lane) if chosen else None, named[lane] if chosen else ""
            )
            if len(starts) == _WHOLE_DAY:
                times.after = date.fromisoformat(starts).isoformat()
            self.open, self.turn, self.errors, self.busy = True, self.turn + 1, {}, False
            self._request_key = new_secret()
        return step.outcome

    @rx.event
    async def close(self):
        """Leave without saving."""
        self.open = False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Book; pressing twice books once."""
        if not self.open:
            return
        self.busy, self.errors = True, {}
        yield
        typed = {name: str(form.get(name, "")).strip()[:_FIELD_LIMIT] for name in _FIELDS}
        async with staff_step(self) as step:
            await (await self.get_state(DeskVisitState))._read(step, str(form.get("plate", "")), left=True)
            if await self._complete(step, typed):
                request = await self._request(step, typed)
                booked = await step.call(get_services().booking.book, await step.actor(), request)
                word = "calendar.toast.booked" if request.slot_id else "calendar.toast.noted"
                step.outcome = toast("ok", step.text(word, name=typed["name"], when=booked.when))
                self.open = False
        self.busy = False
        if step.error is None or not await self._explain(step.error):
            yield step.outcome

    async def _complete(self, step: Step, typed: dict[str, str]) -> bool:
        """Whether everything needed is there; what is missing is said at its field."""
        visit, times = await self.get_state(DeskVisitState), await self.get_state(DeskTimesState)
        wrong = {}
        if visit.car.status in ("invalid", "ambiguous"):
            wrong["plate"] = step.text(f"errors.plate_{visit.car.status}")
        if not visit._codes:
            wrong["services"] = step.text("errors.service_missing")
        elif not times.chosen:
            wrong["time"] = step.text("calendar.new.time_missing")
        if not typed["name"]:
            wrong["name"] = step.text("errors.missing")
        if not (typed["phone"] or typed["email"]):
            wrong["phone"] = step.text("errors.contact_missing")
        self.errors = wrong
        return not wrong

    async def _request(self, step: Step, typed: dict[str, str]) -> BookingRequest:
        services, actor = get_services(), await step.actor()
        visit, times = await self.get_state(DeskVisitState), await self.get_state(DeskTimesState)
        workshop = await step.call(services.team.get_workshop, actor)
        slot_id, technician_id = times._wanted()
        return BookingRequest(
            slot_id=slot_id,
            service_codes=visit._codes,
            contact=services.customers.parse_contact(
                typed["name"], typed["phone"], typed["email"], workshop.country
            ),
            vehicle=visit._vehicle,
            source="staff",
            language=visit._language or workshop.language,
            request_key=self._request_key,
            note=typed["note"],
            waiting=times.wish == WAITS,
            loaner=times.wish == LOANER,
            technician_id=technician_id,
        )

    async def _explain(self, error: AppError) -> bool:
        """Show what to do about it where it is to be done; False when there is no such place."""
        times = await self.get_state(DeskTimesState)
        async with staff_step(self) as step:
            if error.code in LOST and isinstance(error, Conflict | Invalid) and times.chosen != UNPLANNED:
                await step.actor()
                await times._lose(step, error)
                return True
            if error.field in (*_FIELDS, "plate", "services"):
                await step.actor()
                self.errors = {str(error.field): step.text(error.message_key, **error.params)}
                return True
        return False

    async def _instant(self, starts: str) -> datetime:
        try:
            return datetime.fromisoformat(starts).replace(tzinfo=(await reader_for(self)).zone)
        except ValueError:
            raise Invalid("slot_past") from None
