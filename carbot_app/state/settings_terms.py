"""Buffers, waiting customers and tyre seasons."""

from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.planning import LOANER
from carbot_app.domains.booking.resource_rules import MAX_SEASONS
from carbot_app.domains.booking.resource_schemas import PlanningTerms, Season
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, parse_id, staff_step

_SEASONS = (("10-01", "12-10"), ("03-15", "05-10"))
"""From October to Easter: what a first and a second season start with."""
_SIDES = ("first", "last")


@dataclass(frozen=True, slots=True)
class SeasonLine:
    """A season as it is edited; days and months as the selects hold them."""

    first_day: str
    first_month: str
    last_day: str
    last_month: str
    bay: str
    resources: list[str]


class TermsState(rx.State):
    """One form; seasons keep what is chosen here until they are saved."""

    status: str = "loading"
    """loading, ready or failed."""
    buffer: str = "0"
    waiting: str = "90"
    seasons: list[SeasonLine] = []
    choices: list[list[str]] = []
    """Technicians and bays (id, name) a season may reserve."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    version: int = 0
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch how the workshop plans."""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("settings.manage")
            found = await step.call(get_services().resources.list_resources, actor)
            self.choices = [[str(one.id), one.name] for one in found if one.active and one.kind != LOANER]
            self._show(await step.call(get_services().hours.get_terms, actor))
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def add_season(self):
        """One more season."""
        async with staff_step(self) as step:
            await step.actor()
            if len(self.seasons) < MAX_SEASONS:
                first, last = _SEASONS[len(self.seasons) % len(_SEASONS)]
                self.seasons = [*self.seasons, _line(Season(first, last, "tyre", ()))]
                self.version += 1
        return step.outcome

    @rx.event
    async def remove_season(self, place: int):
        """Take a season away."""
        async with staff_step(self) as step:
            await step.actor()
            self.seasons = [season for number, season in enumerate(self.seasons) if number != place]
            self.version += 1
        return step.outcome

    @rx.event
    async def set_season(self, place: int, field: str, value: str):
        """A day, month or the type of bay was chosen."""
        async with staff_step(self) as step:
            await step.actor()
            if 0 <= place < len(self.seasons) and field in {"bay", *_DATE_FIELDS}:
                self._put(place, replace(self.seasons[place], **{field: value[:12]}))
        return step.outcome

    @rx.event
    async def toggle_reserved(self, place: int, resource_id: str):
        """Who or what the season reserves."""
        async with staff_step(self) as step:
            await step.actor()
            if 0 <= place < len(self.seasons):
                season = self.seasons[place]
                wished = set(season.resources) ^ {resource_id}
                known = [id_ for id_, _ in self.choices if id_ in wished]
                self._put(place, replace(season, resources=known))
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store; what is booked stays as it is."""
        self.busy = True
        yield
        self.problems = {}
        async with staff_step(self) as step:
            actor = await step.actor()
            wish = PlanningTerms(
                buffer_minutes=_minutes(form, "buffer_minutes"),
                waiting_limit_minutes=_minutes(form, "waiting_limit_minutes"),
                seasons=tuple(map(_season, self.seasons)),
            )
            self._show(await step.call(get_services().hours.set_terms, actor, wish))
            step.outcome = toast("ok", step.text("settings.saved"))
        yield self._after(step)

    def _show(self, terms: PlanningTerms) -> None:
        self.buffer, self.waiting = str(terms.buffer_minutes), str(terms.waiting_limit_minutes)
        self.seasons = [_line(season) for season in terms.seasons]
        self.version += 1

    def _put(self, place: int, season: SeasonLine) -> None:
        self.seasons = [season if number == place else old for number, old in enumerate(self.seasons)]

    def _after(self, step: Step) -> Any:
        self.busy = False
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return None
        return step.outcome


_DATE_FIELDS = frozenset(f"{side}_{part}" for side in _SIDES for part in ("day", "month"))


def _line(season: Season) -> SeasonLine:
    (first_month, first_day), (last_month, last_day) = season.first.split("-"), season.last.split("-")
    return SeasonLine(
        first_day, first_month, last_day, last_month, season.bay, [str(id_) for id_ in season.resources]
    )


def _season(line: SeasonLine) -> Season:
    return Season(
        first=f"{line.first_month}-{line.first_day}",
        last=f"{line.last_month}-{line.last_day}",
        bay=line.bay,
        resources=tuple(map(parse_id, line.resources)),
    )


def _minutes(form: dict[str, Any], field: str) -> int:
    text = str(form.get(field, ""))
    return int(text) if text.isdecimal() else -1
