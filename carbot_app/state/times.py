"""Choosing a time; what booking and moving an appointment share."""

from dataclasses import dataclass
from datetime import date, timedelta

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.offered_times import SHOWN_DAYS, DayColumn, Offering, Wish, offer_times
from carbot_app.state.steps import Step


@dataclass(frozen=True, slots=True)
class Shown:
    """The days that were sent last: ``number`` makes their fields anew, ``day`` is open on phones."""

    number: int = 0
    day: str = ""


class TimesMixin(rx.State, mixin=True):
    """Days side by side, one page at a time. A subclass says for which services."""

    days: list[DayColumn] = []
    shown: Shown = Shown()
    month: str = ""
    best: str = ""
    best_label: str = ""
    slot: str = ""
    slot_label: str = ""
    has_earlier: bool = False
    nothing_free: bool = False
    lost_label: str = ""
    """A time that was wanted and cannot be had any more, with the reason in ``lost_reason``."""
    lost_reason: str = ""

    _starts: list[str] = []
    _labels: dict[str, str] = {}
    _codes: list[str] = []
    _lost: str = ""

    @rx.event
    async def choose(self, slot: str):
        """The customer wants this time."""
        if self._choose(slot):
            await self._picked()

    @rx.event
    async def later(self):
        """Show the days after these."""
        if self._starts:
            after = date.fromisoformat(self._starts[-1]) + timedelta(days=SHOWN_DAYS)
            async with await self._step_here() as step:
                await self._load(step, self._codes, after=after)
            return step.outcome
        return None

    @rx.event
    async def earlier(self):
        """Back to the days before."""
        if len(self._starts) > 1:
            del self._starts[-2:]
            after = date.fromisoformat(self._starts[-1]) + timedelta(days=1) if self._starts else None
            async with await self._step_here() as step:
                await self._load(step, self._codes, after=after)
            return step.outcome
        return None

    async def _step_here(self) -> Step:
        raise NotImplementedError

    async def _wish(self) -> Wish:
        return Wish()

    async def _picked(self) -> None:
        """The customer has picked a time."""

    def _choose(self, slot: str) -> bool:
        """False for a time that was not offered."""
        if slot not in self._labels:
            return False
        self.slot, self.slot_label = slot, self._labels[slot]
        for day in self.days:
            if any(entry["value"] == slot for entry in (*day["morning"], *day["afternoon"])):
                self.shown = Shown(self.shown.number, day["value"])
        return True

    async def _open(self, step: Step, codes: list[str]) -> None:
        """Offer times from the first free one on; a time chosen before for the same services stays."""
        if codes != self._codes:
            self._forget()
        kept = self.slot
        self._starts = []
        await self._load(step, codes)
        if not self._choose(kept) and not self._choose(self.best):
            self.slot = self.slot_label = ""

    async def _reopen_without(self, step: Step, reason: str) -> None:
        """The chosen time is gone: say so, and choose the next best one."""
        self._lost, self.lost_label, self.lost_reason = self.slot, self.slot_label, reason
        self.slot = self.slot_label = ""
        await self._open(step, self._codes)

    async def _reopen_with_wish(self, step: Step, *, tell: bool) -> None:
        """Other wishes, other times: the chosen one stays if it can, else the next best is chosen.

        ``tell``: the customer has picked it and should hear why it has gone.
        """
        wanted, label = self.slot, self.slot_label
        start = date.fromisoformat(self._starts.pop()) if self._starts else None
        self._forget()
        await self._load(step, self._codes, after=start)
        if self._choose(wanted) or not wanted:
            return
        if tell:
            self.slot, self.slot_label = wanted, label
            await self._reopen_without(step, "wish")
        elif not self._choose(self.best):
            self.slot = self.slot_label = ""

    async def _relabel(self, step: Step) -> None:
        """Say the same days in the language that is being read now."""
        if self._starts:
            start = date.fromisoformat(self._starts.pop())
            await self._load(step, self._codes, after=start)
            self._choose(self.slot)

    async def _load(self, step: Step, codes: list[str], *, after: date | None = None) -> None:
        offering: Offering = await step.call(
            offer_times,
            get_services(),
            await step.actor(),
            codes,
            language=step.language,
            after=after,
            lost_id=self._lost,
            wish=await self._wish(),
        )
        self._codes = list(codes)
        self.days, self.month = list(offering.days), offering.month
        self.shown = Shown(self.shown.number + 1, offering.start_on)
        self.best, self.best_label = offering.best, offering.best_label
        self.nothing_free = not offering.start_on
        self._labels |= dict(offering.labels)
        if offering.start_on:
            self._starts = [*self._starts, offering.start_on]
        self.has_earlier = len(self._starts) > 1

    def _forget(self) -> None:
        self._lost = self.lost_label = self.lost_reason = ""
        self._labels = {}
