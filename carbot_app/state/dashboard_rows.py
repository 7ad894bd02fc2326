"""The rows behind a figure, beside the page."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.schemas import DrillRow
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents
from carbot_app.state.address import set_address
from carbot_app.state.dashboard import LIVE_TOPICS, DashboardState
from carbot_app.state.dashboard_choice import ASKED, KNOWN, STEPS
from carbot_app.state.dashboard_figures import write_whole
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

PAGE = 30
LONGEST_LIST = 200
"""Rows a live refetch asks for at most."""
_IN_MONEY = {"revenue", "average_order", "open_items", "declined_value"}
_UNITS = {"first_response": "seconds", "hours_sold": "minutes", "utilisation": "minutes", "rating": "stars"}
"""What the quantity of a row is, where it is more than one of something."""


@dataclass(frozen=True, slots=True)
class DrillLine:
    """A record; ``href`` is empty where no page shows it."""

    when: str
    title: str
    detail: str
    plate: PlateText
    has_plate: bool
    figure: str
    href: str


class DashboardRowsState(rx.State):
    """The pane; the address (?zeilen=) names its figure."""

    code: str = ""
    """Of the figure; empty while closed."""
    status: str = "loading"
    """loading, ready or failed; rows stay while failed."""
    lines: list[DrillLine] = []
    total: int = 0
    has_more: bool = False

    _after_row: str = ""

    @rx.event
    async def load(self):
        """Open what the address names."""
        asked = self.router.url.query_parameters.get("zeilen", "")
        self.code = asked if asked in KNOWN else ""
        return await self._begin() if self.code else None

    @rx.event
    async def open(self, code: str):
        """The rows behind a tile; its figure tells its story meanwhile."""
        if code in KNOWN:
            async for outcome in self._open(code):
                yield outcome

    @rx.event
    async def open_step(self, name: str):
        """The enquiries that got as far as a step of the funnel."""
        board = await self.get_state(DashboardState)
        of_service = name == "lead" and board._choice().filters.service_code
        if code := ASKED if of_service else STEPS.get(name):
            async for outcome in self._open(code):
                yield outcome

    @rx.event
    async def close(self):
        """Back to the figures."""
        self.code = ""
        return set_address(zeilen="")

    @rx.event
    async def retry(self):
        """Read once more after it failed."""
        return await self._begin()

    @rx.event
    async def load_more(self):
        """The next rows below."""
        if not self._after_row:
            return None
        async with staff_step(self) as step:
            await self._fetch(step, self._after_row, PAGE)
        return self._after(step)

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Read again after a hint, while open."""
        if self.code and is_about(topic, subject, LIVE_TOPICS):
            return await self._begin(min(max(PAGE, len(self.lines)), LONGEST_LIST))
        return None

    async def _open(self, code: str):
        self.code, self.lines, self.status = code, [], "loading"
        yield set_address(zeilen=code, kennzahl=code)
        yield await self._begin()
        board = await self.get_state(DashboardState)
        async with staff_step(self) as step:
            await board._choose(step, code)
        yield step.outcome

    async def _begin(self, limit: int = PAGE) -> Any:
        async with staff_step(self) as step:
            await self._fetch(step, "", limit)
        return self._after(step)

    async def _fetch(self, step: Step, after: str, limit: int) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        board = await self.get_state(DashboardState)
        question = board._choice().question(reader.today())
        page = await step.call(
            get_services().analytics.rows, actor, question, self.code, limit=limit, after=after
        )
        lines = [_line(row, self.code, reader, board._currency) for row in page.rows]
        self.lines = [*self.lines, *lines] if after else lines
        self.total, self._after_row, self.has_more = page.total, page.after, bool(page.after)

    def _after(self, step: Step) -> Any:
        self.status = "failed" if step.error else "ready"
        return step.outcome


def _line(row: DrillRow, code: str, reader: Reader, currency: str) -> DrillLine:
    return DrillLine(
        when=reader.day_and_clock(row.at),
        title=row.title or translate(reader.language, "dashboard.rows.nobody"),
        detail=row.detail,
        plate=plate_text(row.plate, "DE") if row.plate else NO_PLATE,
        has_plate=bool(row.plate),
        figure=_figure(row, code, reader, currency),
        href=row.href,
    )


def _figure(row: DrillRow, code: str, reader: Reader, currency: str) -> str:
    if code in _IN_MONEY:
        return format_cents(row.amount_cents, currency, reader.language)
    unit = _UNITS.get(code)
    return write_whole(row.quantity, unit, reader, currency) if unit else ""
