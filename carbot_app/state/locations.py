"""The card that puts the figures of a person's workshops side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.kpis import DEFINITIONS
from carbot_app.domains.analytics.side_by_side import CODES, LocationFigures
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_choice import Choice
from carbot_app.state.dashboard_figures import write_whole
from carbot_app.state.hints import is_about
from carbot_app.state.session import location_line, reader_for
from carbot_app.state.steps import staff_step
from carbot_app.state.wording import Reader

_RANGE = ("zeitraum", "von", "bis", "vergleich", "kennzahl")
"""What another location's dashboard understands too; technicians and services are each workshop's own."""


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A location; ``figures`` in the order of CODES. Without an ``id``: all of them together."""

    id: str = ""
    name: str = ""
    current: bool = False
    figures: tuple[str, ...] = ("",) * len(CODES)


class LocationFiguresState(rx.State):
    """Figures of the dashboard's days in every workshop whose figures the person may read, unfiltered."""

    status: str = "loading"
    """loading, ready or failed; what was shown stays while failed."""
    rows: list[LocationRow] = []
    total: LocationRow = LocationRow()
    is_mixed: bool = False
    """Several currencies meet, so money has no sum."""
    target: str = "/auswertung/"
    """The dashboard of another location with the same days."""

    @rx.event
    async def reach(self):
        """Read the figures, which are about to be seen, for the days the page shows now."""
        return await self._read()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Read again after a hint; the present workshop's figures have moved."""
        if self.status != "loading" and is_about(topic, subject, {"analytics"}):
            return await self._read()
        return None

    async def _read(self):
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            choice = (await self.get_state(DashboardState))._choice()
            compare = get_services().location_comparison.compare
            found = await step.call(compare, actor, choice.span(reader.today()))
            self.rows, self.total = describe_locations(found, reader)
            self.is_mixed = found[-1].currency == ""
            self.target = _target(choice)
        self.status = "failed" if step.error else "ready"
        return step.outcome


def describe_locations(
    found: Sequence[LocationFigures], reader: Reader
) -> tuple[list[LocationRow], LocationRow]:
    """The lines in words, and the one of all together."""
    *lines, total = (_row(one, reader) for one in found)
    return lines, total


def _row(one: LocationFigures, reader: Reader) -> LocationRow:
    figures = tuple(
        write_whole(one.values[code], DEFINITIONS[code].unit, reader, one.currency) for code in CODES
    )
    if one.location is None:
        return LocationRow(figures=figures)
    line = location_line(one.location)
    return LocationRow(line.id, line.name, line.current, figures)


def _target(choice: Choice) -> str:
    asked = choice.address()
    return "/auswertung/?" + urlencode({name: asked[name] for name in _RANGE if asked[name]})
