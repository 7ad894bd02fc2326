"""The staff calendar's grid: a day or week of lanes, what fits where, moving with undo, unplanned work."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.board_schemas import BoardPause, Placement
from carbot_app.domains.booking.schemas import AppointmentView
from carbot_app.kit.errors import Invalid
from carbot_app.state.address import set_address
from carbot_app.state.board_rows import Sheet, draw, ends_of, places_of, work_minutes
from carbot_app.state.calendar import LIVE_TOPICS, SPANS, CalendarState
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

SPAN_OF_VIEW = {"day": "day", "week": "week", "list": "day"}
KINDS = {"technician", "bay"}
SAME_LANE = "-"
_NOWHERE = "unplanned"
_NO_PLACES: dict[str, Any] = {"visit": "", "cells": {}}


class BoardState(rx.State):
    """The view of the address (?ansicht=list&nach=bay); its day or week is the CalendarState's."""

    status: str = "loading"
    """loading, ready or failed."""
    view: str = "day"
    """day, week or list."""
    kind: str = "technician"
    on: str = ""
    sheet: Sheet = Sheet()
    places: dict[str, Any] = _NO_PLACES
    """What fits where for the visit that was picked up."""
    revision: int = 0
    """Raised when what was dropped goes back."""

    _pauses: tuple[BoardPause, ...] = ()

    @rx.event
    async def load(self):
        """Show what the address asks for, after the CalendarState."""
        asked = self.router.url.query_parameters
        span = asked.get("span", "")
        view = asked.get("ansicht", "week" if span == "week" else "day")
        self.view = view if view in SPAN_OF_VIEW else "day"
        self.kind = asked.get("nach", "") if asked.get("nach") in KINDS else "technician"
        return await self._show()

    @rx.event
    async def show_view(self, view: str):
        """Day, week or list; the list keeps its span."""
        calendar = await self.get_state(CalendarState)
        self.view = view if view in SPAN_OF_VIEW else "day"
        span = calendar.span if self.view == "list" else SPAN_OF_VIEW[self.view]
        return [
            CalendarState.show(span, calendar.on),
            set_address(ansicht=self.view if self.view == "list" else ""),
            BoardState.refresh,
        ]

    @rx.event
    async def show_kind(self, kind: str):
        """A lane for each technician or for each bay."""
        self.kind = kind if kind in KINDS else "technician"
        failed = await self._show()
        return failed or set_address(nach=self.kind if self.kind == "bay" else "")

    @rx.event
    async def browse(self, steps: int):
        """Forward or back by whole days or weeks; 0 is today."""
        calendar = await self.get_state(CalendarState)
        move = CalendarState.browse(steps) if steps else CalendarState.show(calendar.span, "")
        return [move, BoardState.refresh]

    @rx.event
    async def refresh(self):
        """Draw the day or week the CalendarState shows."""
        return await self._show()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Draw again after a hint about an appointment."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status == "loading":
            return None
        return await self._show()

    @rx.event
    async def grab(self, visit_id: str):
        """Find out where the visit that was picked up fits."""
        self.places = _NO_PLACES
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            first, days = await self._days(reader)
            options = await step.call(
                get_services().booking.list_places,
                actor,
                parse_id(visit_id),
                first_on=first,
                days=days,
                kind=self.kind,
            )
            self.places = {"visit": visit_id, "cells": places_of(options, reader)}
        return step.outcome

    @rx.event
    async def stretch(self, visit_id: str):
        """Find out until when the visit whose end was picked up may last."""
        self.places = _NO_PLACES
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            options = await step.call(get_services().booking.list_ends, actor, parse_id(visit_id))
            self.places = {"visit": visit_id, "ends": ends_of(options, reader)}
        return step.outcome

    @rx.event
    async def drop(self, visit_id: str, lane: str, starts: str, ends: str):
        """Place a visit, or with ``ends`` make it longer or shorter; the message takes it back."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            booking = get_services().booking
            before = await step.call(booking.get_appointment, actor, parse_id(visit_id))
            placement = self._placement(
                before, lane, _instant(starts, reader), ends and _instant(ends, reader)
            )
            after = await step.call(booking.place, actor, before.id, placement)
            text = step.text("calendar.toast.placed", when=after.when, who=after.technician or after.bay)
            step.outcome = toast(
                "ok", text, action=(step.text("ui.actions.undo"), self._ticket(before, ends))
            )
        if step.error:
            self.revision += 1
        failed = await self._show()
        return step.outcome or failed

    @rx.event
    async def undo(self, ticket: str):
        """Put a visit back where it was."""
        async with staff_step(self) as step:
            actor, booking = await step.actor(), get_services().booking
            visit_id, placement = _read_ticket(ticket)
            if placement is None:
                await step.call(booking.unplan, actor, visit_id)
            else:
                await step.call(booking.place, actor, visit_id, placement)
            step.outcome = toast("ok", step.text("calendar.toast.undone"))
        failed = await self._show()
        return step.outcome or failed

    @rx.event
    async def unplan(self, visit_id: str):
        """Take a visit out of the grid into the list beside it."""
        async with staff_step(self) as step:
            actor, booking = await step.actor(), get_services().booking
            before = await step.call(booking.get_appointment, actor, parse_id(visit_id))
            await step.call(booking.unplan, actor, before.id)
            text = step.text("calendar.toast.unplanned", name=before.customer.name)
            step.outcome = toast("ok", text, action=(step.text("ui.actions.undo"), self._ticket(before)))
        failed = await self._show()
        return [step.outcome or failed, *([] if step.error else [CalendarState.close_visit])]

    async def _show(self) -> Any:
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        first, days = await self._days(reader)
        board = await step.call(
            get_services().booking.get_board, actor, first_on=first, days=days, kind=self.kind
        )
        self.on, self.sheet = first.isoformat(), draw(board, reader, self.kind)
        self._pauses = tuple(pause for lane in board.lanes for pause in lane.pauses)

    async def _days(self, reader: Reader) -> tuple[date, int]:
        calendar = await self.get_state(CalendarState)
        first = date.fromisoformat(calendar.on) if calendar.on else reader.today()
        days = SPANS[SPAN_OF_VIEW[self.view]]
        return (first - timedelta(days=first.weekday()) if days > 1 else first), days

    def _placement(
        self, visit: AppointmentView, lane: str, starts_at: datetime, ends_at: datetime | str
    ) -> Placement:
        if isinstance(ends_at, datetime):
            minutes = work_minutes(visit, self._pauses, ends_at)
            return Placement(visit.starts_at, visit.technician_id, visit.bay_id, minutes)
        chosen = parse_id(lane) if lane and lane != SAME_LANE else None
        return Placement(starts_at, None, chosen) if self.kind == "bay" else Placement(starts_at, chosen)

    def _ticket(self, before: AppointmentView, resized: str = "") -> str:
        """Where a visit was, as the message's button hands it back."""
        if before.state == _NOWHERE:
            return f"{before.id} {_NOWHERE}"
        minutes = before.minutes or work_minutes(before, self._pauses, before.ends_at) if resized else 0
        return " ".join(
            map(str, (before.id, before.starts_at.isoformat(), before.technician_id, before.bay_id, minutes))
        )


def _instant(text: str, reader: Reader) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=reader.zone)
    except ValueError:
        raise Invalid("slot_past") from None


def _read_ticket(ticket: str) -> tuple[UUID, Placement | None]:
    visit_id, *place = ticket.split(" ")
    if place == [_NOWHERE]:
        return parse_id(visit_id), None
    try:
        starts_at, technician, bay, minutes = place
        return parse_id(visit_id), Placement(
            datetime.fromisoformat(starts_at),
            None if technician == "None" else parse_id(technician),
            None if bay == "None" else parse_id(bay),
            int(minutes),
        )
    except ValueError:
        raise Invalid("slot_past") from None
