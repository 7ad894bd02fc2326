"""The Auswertung page: fifteen figures, the story of one of them, and what narrows them."""

import asyncio
from typing import Any
from urllib.parse import parse_qsl

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.schemas import Kpi, TimeSeries
from carbot_app.kit.actor import Actor
from carbot_app.state.address import set_address
from carbot_app.state.dashboard_choice import FILTERS, Choice, read_choice
from carbot_app.state.dashboard_figures import KpiTile, describe_tiles
from carbot_app.state.dashboard_panels import FilterChip, describe_filters
from carbot_app.state.dashboard_shares import SharesState
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.story import Story, tell_story
from carbot_app.state.wording import Reader

RANGE = "dash-range"
"""Id of the dialog of the range."""
LIVE_TOPICS = {"analytics", "conversation", "lead", "appointment", "invoices", "orders"}


class DashboardState(rx.State):
    """Figures of what the address asks (?zeitraum=&von=&bis=&vergleich=&kennzahl= and the filters)."""

    status: str = "loading"
    """loading, ready or failed; figures stay while failed."""
    tiles: list[KpiTile] = []
    story: Story = Story()
    days_open: bool = False
    """The story's table is shown."""
    chips: list[FilterChip] = []
    period: str = "30"
    compare: str = "davor"
    kpi: str = "revenue"
    first: str = ""
    """The range, as date fields take it."""
    last: str = ""
    today: str = ""
    span: str = ""
    """The range in words."""
    compared: str = ""
    """The span compared with, in words; empty where nothing is."""
    query: str = ""
    """The address of what is shown, without its question mark."""
    has_history: bool = True
    """False for a workshop where nothing has happened yet."""

    _asked: dict[str, str] = {}
    _names: dict[str, str] = {}
    """Of services, channels and technicians by their key."""
    _currency: str = "EUR"
    _closed: frozenset[int] = frozenset()

    @rx.event
    async def load(self):
        """Show what the address asks for; where it asks for nothing, the person's own first view."""
        asked = self.router.url.query_parameters
        self._asked = {name: asked[name] for name in Choice().address() if asked.get(name)}
        async with staff_step(self) as step:
            actor = await step.actor()
            await self._learn(step, actor)
        async for outcome in self._answer():
            yield outcome

    @rx.event
    async def pick_period(self, period: str):
        """The last 7 or 30 days, quarter or year."""
        async for outcome in self._answer({"zeitraum": period, "von": "", "bis": ""}):
            yield outcome

    @rx.event
    async def pick_days(self, first: str, last: str):
        """From one day to another, both counted."""
        async for outcome in self._answer({"zeitraum": "", "von": first, "bis": last}):
            yield outcome

    @rx.event
    async def apply_days(self, form: dict):
        """As typed into the dialog."""
        yield rx.call_script(f"document.getElementById('{RANGE}').close()")
        async for outcome in self._answer(
            {"zeitraum": "", "von": str(form.get("von", "")), "bis": str(form.get("bis", ""))}
        ):
            yield outcome

    @rx.event
    async def pick_compare(self, compare: str):
        """With the span before, the same days of last year, or nothing."""
        async for outcome in self._answer({"vergleich": compare}):
            yield outcome

    @rx.event
    async def pick_kpi(self, code: str):
        """Another figure tells its story."""
        async with staff_step(self) as step:
            await self._choose(step, code)
        return self._after(step) or set_address(kennzahl=self.kpi)

    @rx.event
    async def pick(self, name: str, key: str):
        """Narrow to a channel, service or technician; what is chosen already is let go."""
        if name in FILTERS:
            async for outcome in self._answer(self._choice().toggled(**{name: key}).address()):
                yield outcome

    @rx.event
    async def pick_hour(self, day: int, hour: int):
        """Narrow to an hour of a weekday, Monday is 0; the chosen one is let go."""
        choice = self._choice().toggled(tag=str(day + 1), stunde=str(hour))
        async for outcome in self._answer(choice.address()):
            yield outcome

    @rx.event
    async def clear(self, name: str):
        """Let go of one filter, or of all where it has no name."""
        async for outcome in self._answer(dict.fromkeys([name] if name in FILTERS else FILTERS, "")):
            yield outcome

    @rx.event
    async def show_view(self, address: dict):
        """Everything as a saved view has it."""
        async for outcome in self._answer({name: str(address.get(name, "")) for name in Choice().address()}):
            yield outcome

    @rx.event
    async def reach_shares(self):
        """What lies below is about to be seen: from now on it is read with the rest."""
        shares = await self.get_state(SharesState)
        if shares.is_near:
            return None
        shares.is_near = True
        return await self._answer_below(self._choice())

    @rx.event
    def toggle_days(self):
        """The story as a table, or as a picture again."""
        self.days_open = not self.days_open

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint: the figures move by themselves."""
        if is_about(topic, subject, LIVE_TOPICS) and self.status != "loading":
            async for outcome in self._answer():
                yield outcome

    def _choice(self) -> Choice:
        return read_choice(self._asked)

    async def _learn(self, step: Step, actor: Actor) -> None:
        """What is needed to word figures, and the first view where the address asks for nothing."""
        services = get_services()
        workshop, views = await asyncio.gather(
            step.call(services.team.get_workshop, actor), step.call(services.saved_views.list_views, actor)
        )
        self._currency = workshop.currency
        self._closed = frozenset(day for day in range(1, 8) if not workshop.opening_hours.get(str(day)))
        first = next((view for view in views if view.opens_first), None)
        if first and not self._asked:
            self._asked = dict(parse_qsl(first.address))

    async def _answer(self, changes: dict[str, str] | None = None):
        """Tiles and story first, what lies below after them. Without changes the question stays the same."""
        choice = self._choice().with_address(changes or {})
        self._asked = choice.address()
        async with staff_step(self) as step:
            await self._fetch(step, choice, fresh=changes is not None)
        outcome = self._after(step)
        yield outcome or (set_address(**choice.address()) if changes is not None else None)
        # Filters take their names from what lies below
        if not step.error and ((await self.get_state(SharesState)).is_near or self.chips):
            yield await self._answer_below(choice)

    async def _answer_below(self, choice: Choice) -> Any:
        shares = await self.get_state(SharesState)
        async with staff_step(self) as step:
            self._names |= await shares._fetch(step, choice, self._currency)
            self.chips = describe_filters(choice.filters, self._names, await reader_for(self))
        return self._after(step)

    async def _fetch(self, step: Step, choice: Choice, *, fresh: bool) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        today = reader.today()
        question = choice.question(today)
        self.period, self.compare = choice.period, choice.compare
        self.first, self.last = question.span.first.isoformat(), question.span.last.isoformat()
        self.today, self.span = today.isoformat(), reader.date_range(question.span.first, question.span.last)
        before = question.compare
        self.compared = reader.date_range(before.first, before.last) if before else ""
        self.chips = describe_filters(choice.filters, self._names, reader)
        overview = get_services().analytics.overview
        kpis, series = await step.call(overview, actor, question, choice.kpi)
        self._tell(series, reader)
        self.query = choice.query()
        self.tiles = describe_tiles(kpis, reader, self._currency, self.query, [] if fresh else self.tiles)
        self.has_history = bool(self.chips) or any(map(_happened, kpis))

    async def _choose(self, step: Step, code: str) -> None:
        choice = self._choice().with_address({"kennzahl": code})
        self._asked = choice.address()
        actor, reader = await step.actor(), await reader_for(self)
        question = choice.question(reader.today())
        self._tell(await step.call(get_services().analytics.series, actor, question, choice.kpi), reader)

    def _tell(self, series: TimeSeries, reader: Reader) -> None:
        self.story = tell_story(series, self._closed, reader, self._currency)
        self.kpi = series.code

    def _after(self, step: Step) -> Any:
        self.status = "failed" if step.error else "ready"
        return step.outcome


def _happened(kpi: Kpi) -> bool:
    """A figure that says more than nothing; a use of 0 % of the time is none."""
    return any(kpi.series) or bool(kpi.previous)
