"""What came in, what is owed by age, who and what brought it: fetched only when somebody opens it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.accounting.schemas import RevenueLine
from carbot_app.domains.accounting.sheets import revenue_name
from carbot_app.domains.billing.listing_schemas import InvoiceFigures
from carbot_app.kit.actor import Actor
from carbot_app.kit.money import format_cents
from carbot_app.state.hints import is_about
from carbot_app.state.invoice_rows import ChartRow, age_chart, month_chart
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.wording import Reader

MOST_BARS = 8
_YEAR = timedelta(days=364)
_LIVE_TOPICS = {"invoices"}
_REVENUE = {"services": "service", "technicians": "technician"}
"""Name of the list in accounting → what its nameless lines are called after."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart and the table it is drawn from."""

    key: str
    """Of its title: months, ages, services or technicians."""
    rows: tuple[ChartRow, ...]


class InvoiceChartsState(rx.State):
    """Closed at first: nothing is read and nothing drawn before it is opened."""

    open: bool = False
    status: str = "loading"
    """loading, ready or failed."""
    charts: list[Chart] = []

    @rx.event
    async def load(self):
        """A page load begins closed."""
        self.open, self.charts = False, []

    @rx.event
    async def toggle(self):
        """Open or close; opening reads anew."""
        self.open = not self.open
        if not self.open:
            return
        self.status = "ready" if self.charts else "loading"
        yield
        yield await self._read()

    @rx.event
    async def retry(self):
        """Read once more after it failed."""
        return await self._read()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Read again after a hint, while open."""
        if self.open and is_about(topic, subject, _LIVE_TOPICS):
            return await self._read()
        return None

    async def _read(self) -> Any:
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            figures = await step.call(get_services().invoice_list.figures, actor)
            charts = [
                Chart("months", tuple(month_chart(figures, reader))),
                Chart("ages", tuple(age_chart(figures, reader))),
            ]
            if actor.can("accounting.read"):
                charts += [await _revenue(step, actor, by, figures, reader) for by in _REVENUE]
            self.charts = [chart for chart in charts if any(row.cents for row in chart.rows)]
        self.status = "failed" if step.error else "ready"
        return step.outcome


async def _revenue(step: Step, actor: Actor, by: str, figures: InvoiceFigures, reader: Reader) -> Chart:
    first = figures.today - _YEAR
    found = await step.call(get_services().accounting.list_revenue, actor, by, first, figures.today)
    largest = sorted(found, key=lambda line: line.net_cents, reverse=True)[:MOST_BARS]
    most = max([line.net_cents for line in largest] + [1])
    return Chart(by, tuple(_bar(line, _REVENUE[by], figures.currency, most, reader) for line in largest))


def _bar(line: RevenueLine, of: str, currency: str, most: int, reader: Reader) -> ChartRow:
    return ChartRow(
        revenue_name(line, reader.language, of=of),
        format_cents(line.net_cents, currency, reader.language),
        max(line.net_cents, 0) * 100 // most,
        line.net_cents,
    )
