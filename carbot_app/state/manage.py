"""/t/<token>: moving and cancelling an appointment with its secret link."""

import re
from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.kit.errors import Conflict, Gone, Invalid
from carbot_app.kit.ids import new_secret
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.state.offered_times import Wish
from carbot_app.state.steps import Step, public_step
from carbot_app.state.times import TimesMixin

_TOKEN = re.compile(r"/t/([^/]+)")
_LOST = {"slot_taken", "slot_past", "slot_unknown"}


@dataclass(frozen=True, slots=True)
class DepositLine:
    """The deposit as it is now; not ``looked``: the page's HTML is right."""

    looked: bool = False
    state: str = ""
    """See messaging.schemas.DepositView; empty: none."""
    amount: str = ""
    until: str = ""
    path: str = ""


def token_of(state: rx.State) -> str:
    """The secret of the link that is open; empty elsewhere."""
    found = _TOKEN.match(state.router.url.path)
    return found[1] if found else ""


class OneLinkMixin(rx.State, mixin=True):
    """What was changed behind one link; behind another link of the same tab nothing of it is true."""

    _opened: str = ""

    @rx.event
    async def begin(self):
        """The page has been loaded."""
        token = token_of(self)
        if token != self._opened:
            self._forget()
            self._opened = token

    def _forget(self) -> None:
        self.reset()


class ManageState(OneLinkMixin, rx.State):
    """What changed since the page was served; empty as long as its HTML is right."""

    view: str = ""
    """moving, moved, cancelled or over; empty: the appointment itself."""
    when: str = ""
    services: str = ""
    price: str = ""
    stay: str = ""
    state: str = ""
    can_change: bool = True
    comes: str = ""
    """yes once the customer has said so here."""
    deposit: DepositLine = DepositLine()
    busy: bool = False
    problem: str = ""
    attempt: int = 0

    _language: str = DEFAULT_LANGUAGE
    _slug: str = ""
    _request_key: str = ""
    _wish: Wish = Wish()

    @rx.event
    async def read_language(self, language: str, served: str):
        """The page is being read in ``language`` while its HTML came in ``served``."""
        known = language if language in LANGUAGES else DEFAULT_LANGUAGE
        changed = known != (self._language if self.when else served)
        self._language = known
        if not changed:
            return None
        async with self._step() as step:
            await self._fetch(step)
            await (await self.get_state(ManageTimes))._relabel(self._step())
        return step.outcome

    @rx.event
    async def start_moving(self):
        """Offer other times for the same services."""
        async with self._step() as step:
            booked = await self._fetch(step)
            if not booked.can_change:
                raise Gone("appointment_over")
            self._request_key = new_secret()
            await (await self.get_state(ManageTimes))._open(self._step(), list(booked.service_codes))
            self.view, self.problem = "moving", ""
        return self._outcome(step)

    @rx.event
    async def confirm(self):
        """The customer will come."""
        async with self._step() as step:
            await step.call(get_services().answers.answer_by_link, self._token(), "yes")
            self.comes = "yes"
        return self._outcome(step)

    @rx.event
    async def stop_moving(self):
        """Leave the appointment where it is."""
        self.view = ""

    @rx.event
    async def move(self, form: dict[str, Any]):
        """Move it; a time taken meanwhile offers the next one."""
        times = await self.get_state(ManageTimes)
        if not times._choose(form.get("slot") or times.slot):
            self.problem, self.attempt = "slot_missing", self.attempt + 1
            return None
        async with self._step() as step:
            booked = await step.call(
                get_services().booking.move_by_link,
                self._token(),
                times.slot,
                self._request_key,
                language=self._language,
            )
            self._show(booked)
            self.view, self.comes = "moved", "no"
            await self._look_at_deposit(step)
        if step.error is not None and step.error.code in _LOST and isinstance(step.error, Conflict | Invalid):
            async with self._step() as again:
                await times._reopen_without(again, step.error.code)
            return again.outcome
        return self._outcome(step)

    @rx.event
    async def cancel(self):
        """Cancel it; doing it twice is fine."""
        self.busy = True
        yield
        async with self._step() as step:
            booked = await step.call(
                get_services().booking.cancel_by_link, self._token(), language=self._language
            )
            self._show(booked)
            self.view = "cancelled"
            await self._look_at_deposit(step)
        self.busy = False
        yield self._outcome(step)

    async def _fetch(self, step: Step) -> BookingConfirmation:
        booked = await step.call(get_services().booking.get_by_link, self._token(), language=self._language)
        self._show(booked)
        await self._look_at_deposit(step)
        return booked

    async def _look_at_deposit(self, step: Step) -> None:
        answers = get_services().answers
        seen = (await step.call(answers.get_by_link, self._token(), language=self._language)).deposit
        told = (seen.state, seen.amount, seen.until, seen.path) if seen else ()
        self.deposit = DepositLine(True, *told)

    def _outcome(self, step: Step) -> Any:
        if isinstance(step.error, Gone):
            self.view, self.can_change = "over", False
            return None
        return step.outcome

    def _show(self, booked: BookingConfirmation) -> None:
        self._slug = booked.workshop_slug
        self.when, self.services, self.price = booked.when, booked.title, booked.price
        self.state, self.can_change, self.stay = booked.state, booked.can_change, booked.stay
        self._wish = Wish(waiting=booked.waiting, loaner=booked.loaner)

    def _step(self) -> Step:
        return public_step(self._slug, self._language)

    def _token(self) -> str:
        return token_of(self)

    def _forget(self) -> None:
        language = self._language  # the person reads it behind every link
        self.reset()
        self._language = language


class ManageTimes(TimesMixin, rx.State):
    """Times for the services of the appointment."""

    async def _step_here(self) -> Step:
        return (await self.get_state(ManageState))._step()

    async def _wish(self) -> Wish:
        return (await self.get_state(ManageState))._wish
