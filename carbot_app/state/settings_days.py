"""Days with other hours, and the public holidays of the region."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.resource_schemas import SpecialDaysDraft, SpecialDaysSaved
from carbot_app.kit.errors import AppError
from carbot_app.state.affected_visits import AffectedMixin
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_day


@dataclass(frozen=True, slots=True)
class DaysLine:
    """Days with other hours as a row."""

    id: str
    when: str
    hours: str
    """Empty: closed."""
    reason: str


@dataclass(frozen=True, slots=True)
class HolidayLine:
    """A public holiday as a row."""

    name: str
    when: str
    open: bool
    past: bool


class DaysState(AffectedMixin, rx.State):
    """The lists and the pane for new days. ``task``: add or affected."""

    status: str = "loading"
    """loading, ready or failed."""
    lines: list[DaysLine] = []
    holidays: list[HolidayLine] = []
    year: int = 0
    open: bool = False
    """The new days have hours instead of being closed."""
    version: int = 0
    today: str = ""

    @rx.event
    async def load(self):
        """Fetch special days and this year's holidays."""
        async with staff_step(self) as step:
            self.today = (await reader_for(self)).today().isoformat()
            self.year = int(self.today[:4])
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def turn(self, years: int):
        """Show the holidays of another year."""
        async with staff_step(self) as step:
            await self._fetch_holidays(step, self.year + (1 if years > 0 else -1))
        return step.outcome

    @rx.event
    async def ask_add(self):
        """Open the form."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.open, self.problems, self.affected = "add", False, {}, []
            self.version += 1
        return step.outcome

    @rx.event
    async def set_open(self, choice: str):
        """Closed, or open at other hours."""
        async with staff_step(self) as step:
            await step.actor()
            self.open = choice == "open"
        return step.outcome

    @rx.event
    async def remove(self, days_id: str):
        """The usual hours count again."""
        async with staff_step(self) as step:
            actor = await step.actor()
            await step.call(get_services().hours.remove_special_days, actor, parse_id(days_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("places.days.removed"))
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store, and ask about the visits outside the new hours."""
        self.busy = True
        yield
        self.problems = {}
        async with staff_step(self) as step:
            actor = await step.actor()
            draft = self._draft({name: str(value) for name, value in form.items()})
            saved = await step.call(get_services().hours.add_special_days, actor, draft)
            self._ask(saved.affected)
            await self._fetch(step)
            step.outcome = _told(step, saved)
        self.busy = False
        yield self._after(step, step.error)

    async def _fetch(self, step: Step) -> None:
        actor = await step.actor()
        found = await step.call(get_services().hours.list_special_days, actor)
        self.lines = [
            DaysLine(
                str(one.id),
                one.when,
                ", ".join(f"{opens} – {closes}" for opens, closes in one.hours),
                one.reason,
            )
            for one in found
        ]
        await self._fetch_holidays(step, self.year)

    async def _fetch_holidays(self, step: Step, year: int) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().hours.list_holidays, actor, year)
        self.year = year
        self.holidays = [HolidayLine(one.name, one.when, one.open, one.on < reader.today()) for one in found]

    def _draft(self, form: dict[str, str]) -> SpecialDaysDraft:
        starts_on = read_day(form.get("starts_on", ""), field="starts_on")
        last = form.get("ends_on", "")
        spans = [(form.get(f"opens-{number}", ""), form.get(f"closes-{number}", "")) for number in (0, 1)]
        hours = tuple(span for number, span in enumerate(spans) if any(span) or number == 0)
        return SpecialDaysDraft(
            starts_on=starts_on,
            ends_on=read_day(last, field="ends_on") if last else starts_on,
            hours=hours if self.open else (),
            reason=form.get("reason", ""),
        )

    def _after(self, step: Step, error: AppError | None) -> Any:
        if error and error.field:
            self.problems = {error.field: step.text(error.message_key, **error.params)}
            return None
        return step.outcome


def _told(step: Step, saved: SpecialDaysSaved) -> Any:
    if saved.overlapping:
        others = ", ".join(one.when for one in saved.overlapping)
        detail = step.text("places.days.overlaps", others=others)
        return toast("info", step.text("places.days.saved"), detail=detail)
    return toast("ok", step.text("places.days.saved"), detail=saved.days.when)
