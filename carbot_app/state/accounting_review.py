"""Revenue by service and technician, and what an audit asks for."""

from datetime import date, timedelta
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.accounting.schemas import SERVICES, TECHNICIANS
from carbot_app.domains.accounting.service import last_month
from carbot_app.state.accounting_rows import EarningLine, describe_revenue
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.typed import read_day

RANGES = ("this_month", "last_month", "quarter", "year")


class RevenueState(rx.State):
    """The tab with revenue."""

    status: str = "loading"
    span: str = "this_month"
    by: str = SERVICES
    lines: list[EarningLine] = []
    first: str = ""
    last: str = ""

    @rx.event
    async def load(self):
        """Revenue of this month."""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def choose_span(self, span: str):
        """Another period."""
        async with staff_step(self) as step:
            self.span = span if span in RANGES else "this_month"
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def choose_by(self, by: str):
        """By service or by technician."""
        async with staff_step(self) as step:
            self.by = TECHNICIANS if by == TECHNICIANS else SERVICES
            await self._fetch(step)
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, services = await step.actor(), await reader_for(self), get_services()
        first, last = span_of(self.span, reader.today())
        found = await step.call(services.accounting.list_revenue, actor, self.by, first, last)
        workshop = await step.call(services.team.get_workshop, actor)
        of = "technician" if self.by == TECHNICIANS else "service"
        self.lines = describe_revenue(found, workshop.currency, actor.language, of=of)
        self.first, self.last = str(first), str(last)


class AuditState(rx.State):
    """The tab for the audit."""

    checked: bool = False
    whole: bool = True
    entries: str = ""
    at: str = ""
    broken_id: str = ""
    mark: str = ""
    """The last checksum."""
    busy: bool = False
    exporting: bool = False
    first: str = ""
    last: str = ""

    @rx.event
    async def load(self):
        """Offer the year before, which is what an audit asks for."""
        async with staff_step(self) as step:
            await step.actor()
            year = (await reader_for(self)).today().year
            self.first, self.last = f"{year}-01-01", f"{year}-12-31"
            self.checked = False
        return step.outcome

    @rx.event
    async def verify(self):
        """Check every link of the log."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            found = await step.call(get_services().accounting.verify_audit, actor)
            self.whole, self.broken_id = not found.broken_id, found.broken_id
            self.entries = step.text("accounting.audit.entries", count=found.entries)
            self.at = step.text("accounting.audit.checked", at=reader.day_and_clock(found.checked_at))
            self.mark, self.checked = found.last_hash, True
        self.busy = False
        yield step.outcome

    @rx.event
    async def export(self, form: dict[str, Any]):
        """Hand out the archive of the chosen days."""
        self.exporting = True
        yield
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            first = read_day(str(form.get("first", "")), field="first")
            last = read_day(str(form.get("last", "")), field="last")
            file = await step.call(services.accounting.export_gobd, actor, first, last)
            kept = await step.call(services.files.put, actor.workshop_id, file.name, file.content)
            step.outcome = rx.download(url=f"/api/catalog/files/{kept}", filename=file.name)
        self.exporting = False
        yield step.outcome


def span_of(span: str, today: date) -> tuple[date, date]:
    """First and last day of a period that is named."""
    month = today.replace(day=1)
    if span == "last_month":
        return last_month(today), month - timedelta(days=1)
    if span == "quarter":
        return date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today
    if span == "year":
        return date(today.year, 1, 1), today
    return month, today
