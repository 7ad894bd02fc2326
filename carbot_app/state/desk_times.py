"""When a visit entered at the desk shall be: the best times, a time pointed at in the grid, or none yet."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TypedDict
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.schemas import Slot
from carbot_app.domains.booking.slots import cell_before, decode_slot, encode_slot
from carbot_app.kit.errors import AppError, Invalid
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step

UNPLANNED = "unplanned"
"""The choice of no time."""
LEAVES, WAITS, LOANER = "leaves", "waits", "loaner"
LOST = {"slot_taken", "slot_past", "slot_unknown", "resource_absent"}
"""The time cannot be had any more; there are others."""
_OFFERED = 5


class TimeChoice(TypedDict):
    """A time to choose."""

    value: str
    label: str
    best: bool


class DeskTimesState(rx.State):
    """Wish and times of the dialog "Neuer Termin"."""

    wish: str = LEAVES
    can_loan: bool = False
    after: str = ""
    """ISO day before which nobody can come; empty: as soon as possible."""
    times: list[TimeChoice] = []
    chosen: str = ""
    asked: bool = False
    """There are services to find times for."""
    problem: str = ""

    _codes: tuple[str, ...] = ()
    _pinned: datetime | None = None
    _technician: UUID | None = None
    _lane: str = ""

    @rx.event
    async def choose_wish(self, wish: str):
        """What customer and car do meanwhile."""
        if wish not in (LEAVES, WAITS, LOANER):
            return None
        self.wish, self.chosen = wish, self.chosen if self.chosen == UNPLANNED else ""
        async with staff_step(self) as step:
            await self._offer(step)
        return step.outcome

    @rx.event
    async def choose_after(self, day: str):
        """The customer cannot come before a day; empty: any day."""
        self.after, self.chosen = day, self.chosen if self.chosen == UNPLANNED else ""
        async with staff_step(self) as step:
            await self._offer(step)
        return step.outcome

    @rx.event
    async def pick(self, value: str):
        """Choose a time, or none."""
        self.chosen, self.problem = value, ""

    async def _begin(self, step: Step, pinned: datetime | None, technician: UUID | None, lane: str) -> None:
        self.reset()
        self._pinned, self._technician, self._lane = pinned, technician, lane
        actor = await step.actor()
        resources = await step.call(get_services().resources.list_resources, actor)
        self.can_loan = any(one.kind == LOANER and one.active for one in resources)

    async def _offer(self, step: Step, codes: Sequence[str] | None = None) -> None:
        """Find the best times; a choice that is still among them stays, else the best is chosen."""
        self._codes = self._codes if codes is None else tuple(codes)
        self.asked, self.problem = bool(self._codes), ""
        found: list[Slot] = []
        if self._codes:
            try:
                found = await self._suggest(step)
            except Invalid as wrong:
                self.problem = step.text(wrong.message_key, **wrong.params)
        await self._show(found)

    async def _suggest(self, step: Step) -> list[Slot]:
        actor, reader = await step.actor(), await reader_for(self)
        days = [datetime.combine(date.fromisoformat(self.after), time(), reader.zone)] if self.after else []
        return await step.call(
            get_services().booking.suggest_slots,
            actor,
            self._codes,
            after=max([*days, *([self._pinned] if self._pinned else [])], default=None),
            limit=_OFFERED,
            waiting=self.wish == WAITS,
            loaner=self.wish == LOANER,
            language=actor.language,
        )

    async def _show(self, found: Sequence[Slot]) -> None:
        reader = await reader_for(self)
        times = [TimeChoice(value=slot.id, label=slot.label, best=slot.recommended) for slot in found]
        decoded = decode_slot(found[0].id) if found else None
        if self._pinned and decoded:
            value = encode_slot(cell_before(self._pinned), decoded[1])
            label = slot_label(self._pinned, reader.zone, reader.language)
            label = f"{label} · {self._lane}" if self._lane else label
            times = [
                TimeChoice(value=value, label=label, best=False),
                *(one for one in times if one["value"] != value),
            ]
        self.times = times
        if self.chosen != UNPLANNED and self.chosen not in {one["value"] for one in times}:
            self.chosen = times[0]["value"] if times else ""

    async def _lose(self, step: Step, error: AppError) -> None:
        """The chosen time has gone: show the next ones and let the person choose again."""
        actor = await step.actor()
        lost, self._pinned = self.chosen, None
        found = await step.call(
            get_services().booking.next_best,
            actor,
            self._codes,
            lost,
            waiting=self.wish == WAITS,
            loaner=self.wish == LOANER,
            language=actor.language,
        )
        await self._show([slot for slot in found if slot.id != lost])
        self.chosen = ""
        self.problem = step.text("calendar.new.lost", reason=step.text(error.message_key, **error.params))

    def _wanted(self) -> tuple[str, UUID | None]:
        """Slot and technician to book; without a slot the visit stays unplanned."""
        if self.chosen == UNPLANNED:
            return "", None
        decoded = decode_slot(self.chosen)
        pinned = self._pinned is not None and decoded is not None and decoded[0] == cell_before(self._pinned)
        return self.chosen, self._technician if pinned else None
