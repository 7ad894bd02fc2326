"""The bank's transactions: what is sure in one go, the rest one by one."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.banking.schemas import OPEN, STATES
from carbot_app.domains.banking.service import PAGE
from carbot_app.state.bank_rows import BankFacts, EntryRow, entry_row
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step


class BankState(rx.State):
    """The list of one state with its figures."""

    status: str = "loading"
    """loading, ready or failed."""
    view: str = OPEN
    search: str = ""
    rows: list[EntryRow] = []
    facts: BankFacts = BankFacts()
    has_more: bool = False
    may_change: bool = False
    busy: bool = False
    problem: str = ""
    """Why a file was not taken."""

    _limit: int = PAGE

    @rx.event
    async def load(self):
        """Show what is open."""
        self.view, self.search, self.problem, self._limit = OPEN, "", "", PAGE
        return await self._again()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again when somebody else has decided."""
        if not is_about(topic, subject, {"bank"}):
            return None
        return await self._again()

    @rx.event
    async def choose_view(self, view: str):
        """Open, booked or ignored."""
        self.view, self._limit = view if view in STATES else OPEN, PAGE
        return await self._again()

    @rx.event
    async def find(self, text: str):
        """Search by name and text."""
        self.search, self._limit = text[:80], PAGE
        return await self._again()

    @rx.event
    async def more(self):
        """Show further ones."""
        self._limit += PAGE
        return await self._again()

    @rx.event
    async def uploaded(self, new: int, booked: int, suggested: int):
        """Show what a file brought."""
        async with staff_step(self) as step:
            self.view, self.problem = OPEN, ""
            await self._fetch(step)
            key = "banking.toast.nothing_new" if not new else "banking.toast.imported"
            counts = {"new": int(new), "booked": int(booked), "suggested": int(suggested)}
            step.outcome = toast("ok", step.text(key, **counts))
        return step.outcome

    @rx.event
    async def refuse(self, text: str):
        """Show why a file was not taken."""
        async with staff_step(self) as step:
            await step.actor()
            self.problem = text[:300]
        return step.outcome

    @rx.event
    async def confirm(self, entry_id: str):
        """Book a transaction as suggested."""
        async with staff_step(self) as step:
            view = await step.call(get_services().bank.confirm, await step.actor(), parse_id(entry_id))
            await self._fetch(step)
            numbers = ", ".join(part.number for part in view.parts)
            step.outcome = toast("ok", step.text("banking.toast.booked", numbers=numbers))
        return step.outcome

    @rx.event
    async def book_safe(self):
        """Book everything that is certain."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            count = await step.call(get_services().bank.book_safe, await step.actor())
            await self._fetch(step)
            step.outcome = toast("ok", step.text("banking.toast.booked_safe", count=count))
        self.busy = False
        yield step.outcome

    @rx.event
    async def ignore(self, entry_id: str):
        """It has nothing to do with invoices."""
        async with staff_step(self) as step:
            await step.call(get_services().bank.ignore, await step.actor(), parse_id(entry_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("banking.toast.ignored"))
        return step.outcome

    @rx.event
    async def undo(self, entry_id: str):
        """Open a transaction again; its bookings are taken back."""
        async with staff_step(self) as step:
            await step.call(get_services().bank.undo, await step.actor(), parse_id(entry_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("banking.toast.undone"))
        return step.outcome

    async def _again(self):
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        page = await step.call(
            get_services().bank.list_entries, actor, state=self.view, search=self.search, limit=self._limit
        )
        self.rows = [entry_row(view, reader) for view in page.entries]
        last = reader.short_date(page.last_on) if page.last_on else ""
        self.facts = BankFacts(page.open, page.booked, page.ignored, page.safe, last)
        self.has_more = page.has_more
        self.may_change = actor.can("payments.manage") or actor.can("accounting.manage")
        self.status = "ready"
