"""The Auswertung page: four figures against the period before, and their days as a chart and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.schemas import Kpi
from carbot_app.kit.i18n import translate
from carbot_app.kit.sparkline import sparkline
from carbot_app.state.address import set_address
from carbot_app.state.day_chart import NARROW, day_chart
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.wording import Reader

PERIODS = (7, 30, 90)
LIVE_TOPICS = {"conversation", "lead", "appointment", "resync"}
SPARK_POINTS = 15


@dataclass(frozen=True, slots=True)
class KpiTile:
    """A figure as its tile shows it; ``code`` names it in the locale files."""

    code: str
    figure: str
    unit: str
    delta: str
    direction: str
    verdict: str
    spark: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day of the table."""

    day: str
    figures: tuple[str, ...]


class DashboardState(rx.State):
    """Figures of the period in the address (?days=30)."""

    status: str = "loading"
    """loading, ready or failed."""
    days: int = 30
    period: str = ""
    tiles: list[KpiTile] = []
    chart: str = ""
    """SVG of leads and bookings per day."""
    narrow_chart: str = ""
    lines: list[DayLine] = []
    has_history: bool = True
    """False for a workshop where nothing has happened yet."""

    @rx.event
    async def load(self):
        """Show the period of the address."""
        asked = self.router.url.query_parameters.get("days", "")
        self.days = int(asked) if asked in {str(period) for period in PERIODS} else 30
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def pick_period(self, days: str):
        """Another period."""
        self.days = int(days) if days in {str(period) for period in PERIODS} else 30
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step) or set_address(days=str(self.days))

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint: the figures move by themselves."""
        if topic not in LIVE_TOPICS or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        kpis = await step.call(get_services().analytics.kpis, actor, days=self.days)
        first = reader.today() - timedelta(days=self.days - 1)
        dates = [first + timedelta(days=place) for place in range(self.days)]
        by_code = {kpi.code: kpi for kpi in kpis}
        self.period = reader.date_range(dates[0], dates[-1])
        self.tiles = [_tile(kpi, reader) for kpi in kpis]
        self.lines = _table(kpis, dates, reader)
        series = by_code["new_leads"].series, by_code["bookings"].series
        self.chart = day_chart(*series, dates, reader)
        self.narrow_chart = day_chart(*series, dates, reader, width=NARROW)
        self.has_history = any(any(kpi.series) or kpi.previous for kpi in kpis)

    def _after(self, step: Step):
        self.status = "failed" if step.error else "ready"
        return step.outcome


def _tile(kpi: Kpi, reader: Reader) -> KpiTile:
    figure, unit = _figure(kpi.value, kpi.unit, reader)
    delta, direction = _delta(kpi, reader)
    good = direction == kpi.good_when
    return KpiTile(
        code=kpi.code,
        figure=figure,
        unit=unit,
        delta=delta,
        direction=direction,
        verdict="neutral" if direction == "flat" else "good" if good else "bad",
        spark=sparkline(_thinned(kpi.series)),
    )


def _figure(value: float | None, unit: str, reader: Reader) -> tuple[str, str]:
    """Number and lighter unit; a dash where there is nothing to measure."""
    if value is None:
        return "–", ""
    if unit == "percent":
        return reader.number(round(value)), "%"
    if unit == "seconds":
        return reader.wait(value)
    return reader.number(round(value)), ""


def _delta(kpi: Kpi, reader: Reader) -> tuple[str, str]:
    """Change against the period before: percent of counts, points of percentages, time of times."""
    if kpi.value is None or kpi.previous is None:
        return "", "flat"
    change = kpi.value - kpi.previous
    if kpi.unit == "count":
        if not kpi.previous:
            return "", "flat"
        shown = f"{reader.number(abs(round(100 * change / kpi.previous)))} %"
        moved = round(100 * change / kpi.previous)
    elif kpi.unit == "percent":
        shown = translate(reader.language, "analytics.unit.points", value=reader.number(abs(round(change))))
        moved = round(change)
    else:
        shown = " ".join(reader.wait(abs(change)))
        moved = round(change, 1)
    if not moved:
        return translate(reader.language, "analytics.unchanged"), "flat"
    return shown, "up" if moved > 0 else "down"


def _table(kpis: Sequence[Kpi], dates: Sequence[date], reader: Reader) -> list[DayLine]:
    """Newest day first."""
    return [
        DayLine(
            reader.short_date(day),
            tuple(" ".join(filter(None, _figure(kpi.series[place], kpi.unit, reader))) for kpi in kpis),
        )
        for place, day in reversed(list(enumerate(dates)))
    ]


def _thinned(series: Sequence[float]) -> list[float]:
    """At most SPARK_POINTS values: means of equal stretches, the newest stretch whole."""
    stretch = -(-len(series) // SPARK_POINTS)
    chunks = [series[max(end - stretch, 0) : end] for end in range(len(series), 0, -stretch)]
    return [sum(chunk) / len(chunk) for chunk in reversed(chunks)]
