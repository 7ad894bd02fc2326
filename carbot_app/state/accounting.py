"""The books: which tab is open, and the month with its figures, DATEV file and VAT return."""

from datetime import date, timedelta

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.accounting.schemas import MonthView
from carbot_app.domains.accounting.service import last_month
from carbot_app.kit.actor import Actor
from carbot_app.state.accounting_rows import (
    ExportLine,
    MonthFacts,
    VatFacts,
    VatLine,
    describe_export,
    describe_month,
    describe_vat,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step

MONTH, EXPENSES, REVENUE, AUDIT = "month", "expenses", "revenue", "audit"
TABS = (MONTH, EXPENSES, REVENUE, AUDIT)


class AccountingState(rx.State):
    """Tabs of the page, and the first of them."""

    status: str = "loading"
    """loading, ready or failed."""
    tab: str = MONTH
    month: MonthFacts = MonthFacts()
    exports: list[ExportLine] = []
    vat: VatFacts = VatFacts()
    vat_lines: list[VatLine] = []
    can_manage: bool = False
    is_latest: bool = True
    """No later month can be chosen."""
    busy: bool = False

    _first: date = date(2000, 1, 1)

    @rx.event
    async def load(self):
        """Open the page; the month before is what the tax adviser waits for until the tenth."""
        asked = self.router.url.query_parameters.get("tab", "")
        self.tab = asked if asked in TABS else MONTH
        async with staff_step(self) as step:
            today = (await reader_for(self)).today()
            self._first = last_month(today) if today.day <= 10 else today.replace(day=1)
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def choose_tab(self, tab: str):
        """Another part of the books."""
        async with staff_step(self) as step:
            await step.actor()
            self.tab = tab if tab in TABS else MONTH
        return step.outcome

    @rx.event
    async def earlier(self):
        """The month before."""
        async with staff_step(self) as step:
            self._first = last_month(self._first)
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def later(self):
        """The month after, as far as it has begun."""
        async with staff_step(self) as step:
            await step.actor()
            if not self.is_latest:
                self._first = (self._first + timedelta(days=32)).replace(day=1)
                await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def refresh(self):
        """The same month anew, after something of it was changed beside."""
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def export(self):
        """Hand out the DATEV file of the month."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            file = await step.call(services.accounting.export_datev, actor, self._first)
            kept = await step.call(services.files.put, actor.workshop_id, file.name, file.content)
            await self._fetch(step)
            step.outcome = rx.download(url=f"/api/catalog/files/{kept}", filename=file.name)
        self.busy = False
        yield step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        self.can_manage = actor.can("accounting.manage")
        view = await step.call(get_services().accounting.get_month, actor, self._first)
        last = (self._first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        self.month = describe_month(view, last, actor.language)
        self.exports = [describe_export(export, reader) for export in view.exports]
        self.is_latest = last >= reader.today()
        await self._fetch_vat(step, actor, view, last)

    async def _fetch_vat(self, step: Step, actor: Actor, view: MonthView, last: date) -> None:
        found = await step.call(get_services().accounting.get_vat_return, actor, self._first, last)
        self.vat, self.vat_lines = describe_vat(found, view.currency, actor.language)
