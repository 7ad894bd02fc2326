"""The chosen time is kept free while the customer fills in the form, and for which wishes."""

from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.labels import duration_label, said_time
from carbot_app.kit.errors import Conflict, Invalid
from carbot_app.state.booking_visit import VisitState
from carbot_app.state.offered_times import Wish
from carbot_app.state.steps import Step, public_workshop
from carbot_app.state.times import TimesMixin

LOST = {"slot_taken", "slot_past", "slot_unknown"}
"""The time cannot be had any more; there are others."""
MAX_RENEWALS = 2


class BookingTimes(TimesMixin, rx.State):
    """Times for the chosen services and wishes."""

    async def _step_here(self) -> Step:
        return (await self.get_state(VisitState))._step()

    async def _wish(self) -> Wish:
        return (await self.get_state(HoldState))._wanted()

    async def _picked(self) -> None:
        async with await self._step_here() as step:
            await (await self.get_state(HoldState))._take(step)


class HoldState(rx.State):
    """Wishes and the reservation."""

    waits: bool = False
    loaner: bool = False
    can_wait: bool = False
    can_loan: bool = False
    waiting_limit: str = ""
    forced: dict[str, int] = {}
    """Wish → how often the server changed it; its switch is made anew then."""

    until: str = ""
    """``14:32 Uhr``; empty: nothing is reserved."""
    seconds: int = 0
    """Left when ``turn`` last grew; browsers count from there, whatever their own clock says."""
    turn: int = 0
    over: bool = False

    _token: str = ""
    _renewals: int = 0
    _expires_at: datetime | None = None

    @rx.event
    async def wish(self, name: str, wanted: bool):
        """Wait for it, or take a courtesy car; nobody needs both."""
        if name not in ("waits", "loaner"):
            return None
        setattr(self, name, wanted)
        other = "loaner" if name == "waits" else "waits"
        if wanted and getattr(self, other):
            setattr(self, other, False)
            self.forced = {**self.forced, other: self.forced.get(other, 0) + 1}
        async with (await self.get_state(VisitState))._step() as step:
            times = await self.get_state(BookingTimes)
            await times._reopen_with_wish(step, tell=bool(self._token))
            if self._token and times.slot:
                await self._take(step)
        return step.outcome

    @rx.event
    async def renew(self):
        """The customer is still typing."""
        if not self._token or self._renewals >= MAX_RENEWALS or self._is_over():
            return None
        self._renewals += 1
        async with (await self.get_state(VisitState))._step() as step:
            await self._take(step)
        return step.outcome

    @rx.event
    async def end(self):
        """The browser has counted to the end."""
        if self._token and self._is_over():
            self._let_go()
            self.over = True
        elif self._expires_at is not None:
            # Its clock runs fast, or the last renewal crossed this event on the way
            self._show(self._expires_at)

    @rx.event
    async def leave(self):
        """The page is being closed."""
        async with (await self.get_state(VisitState))._step() as step:
            await self._release(step)

    async def _prepare(self, step: Step, codes: list[str]) -> None:
        """Tell which wishes these services allow, and drop those they do not."""
        possible = await step.call(get_services().booking.wishes_possible, await step.actor(), codes)
        self.can_wait, self.can_loan = possible.waiting, possible.loaner
        self.waiting_limit = duration_label(possible.waiting_limit_minutes, step.language)
        for name, allowed in (("waits", self.can_wait), ("loaner", self.can_loan)):
            if getattr(self, name) and not allowed:
                setattr(self, name, False)
                self.forced = {**self.forced, name: self.forced.get(name, 0) + 1}

    async def _take(self, step: Step) -> bool:
        """Hold the chosen time; when it has gone meanwhile, choose the next best one and return False."""
        visit, times = await self.get_state(VisitState), await self.get_state(BookingTimes)
        try:
            held = await step.call(
                get_services().booking.hold,
                await step.actor(),
                visit.codes,
                times.slot,
                waiting=self.waits,
                loaner=self.loaner,
                token=self._token,
            )
        except (Conflict, Invalid) as error:
            if error.code not in LOST:
                raise
            await self._release(step)
            await times._reopen_without(step, error.code)
            return False
        self._token, self._expires_at, self.over = held.token, held.expires_at, False
        await self._say_until(step)
        self._show(held.expires_at)
        return True

    async def _relabel(self, step: Step) -> None:
        """Say the same in the language that is being read now."""
        visit = await self.get_state(VisitState)
        if self.waiting_limit and visit.codes:
            await self._prepare(step, visit.codes)
        await self._say_until(step)

    async def _say_until(self, step: Step) -> None:
        if self._expires_at is not None:
            slug = (await self.get_state(VisitState))._workshop_slug()
            zone = ZoneInfo((await public_workshop(slug)).timezone)
            self.until = said_time(self._expires_at, zone, step.language)

    async def _release(self, step: Step) -> None:
        token = self._token
        self._let_go()
        self.over, self._renewals = False, 0
        if token:
            await step.call(get_services().booking.release_hold, await step.actor(), token)

    def _show(self, expires_at: datetime) -> None:
        self.seconds = max(1, round((expires_at - get_services().clock()).total_seconds()))
        self.turn += 1

    def _let_go(self) -> None:
        self._token, self._expires_at, self.until, self.seconds = "", None, "", 0

    def _is_over(self) -> bool:
        return self._expires_at is None or get_services().clock() >= self._expires_at

    def _wanted(self) -> Wish:
        return Wish(waiting=self.waits, loaner=self.loaner, hold=self._token)
