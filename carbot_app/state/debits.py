"""The page of direct debits: what may be collected, files for the bank, mandates."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.banking.debit_schemas import MandateInput
from carbot_app.domains.banking.debits import CORE
from carbot_app.kit.money import format_cents
from carbot_app.state.debit_rows import (
    CollectRow,
    MandateRow,
    PayerRow,
    RunRow,
    collect_row,
    mandate_row,
    run_row,
)
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_day

_LIVE_TOPICS = {"bank", "invoices", "payment"}


class DebitsState(rx.State):
    """Open invoices with check boxes, and the files that were made."""

    status: str = "loading"
    """loading, ready or failed."""
    rows: list[CollectRow] = []
    chosen: list[str] = []
    total: str = ""
    """Of what is chosen."""
    day: str = ""
    earliest: str = ""
    runs: list[RunRow] = []
    missing: str = ""
    """Code of what the settings lack for a file."""
    problem: str = ""
    may_change: bool = False
    busy: bool = False

    @rx.event
    async def load(self):
        """Show what may be collected; everything is chosen."""
        self.problem = self.day = ""
        async with staff_step(self) as step:
            await self._fetch(step)
            self.chosen = [row.id for row in self.rows]
            await self._sum()
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again when money came or went."""
        if not is_about(topic, subject, _LIVE_TOPICS) or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def choose(self, invoice_id: str, on: bool):
        """Take an invoice or leave it for later."""
        known = {row.id for row in self.rows}
        rest = [one for one in self.chosen if one != invoice_id]
        self.chosen = [*rest, invoice_id] if on and invoice_id in known else rest
        self.problem = ""
        await self._sum()

    @rx.event
    async def choose_all(self, on: bool):
        """All or none."""
        self.chosen, self.problem = [row.id for row in self.rows] if on else [], ""
        await self._sum()

    @rx.event
    async def set_day(self, day: str):
        """When it is collected."""
        self.day, self.problem = day[:10], ""

    @rx.event
    async def create(self):
        """Make the file, and tell the customers."""
        self.busy, self.problem = True, ""
        yield
        async with staff_step(self) as step:
            actor, day = await step.actor(), read_day(self.day, field="collect_on")
            wanted = [parse_id(one) for one in self.chosen]
            runs = await step.call(get_services().debits.create_runs, actor, wanted, day)
            await self._fetch(step)
            count = sum(run.count for run in runs)
            step.outcome = toast("ok", step.text("paydesk.toast.collected", count=count))
        if step.error is not None and step.error.status == 422:
            self.problem, step.outcome = step.text(step.error.message_key, **step.error.params), None
        self.busy = False
        yield step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, services = await step.actor(), await reader_for(self), get_services()
        found = await step.call(services.debits.list_collectable, actor)
        self.rows = [collect_row(view, reader) for view in found]
        known = {row.id for row in self.rows}
        self.chosen = [one for one in self.chosen if one in known]
        runs = await step.call(services.debit_book.list_runs, actor)
        self.runs = [run_row(sheet, reader) for sheet in runs]
        self.missing = await step.call(services.debit_book.find_problem, actor)
        earliest = await step.call(services.debit_book.next_collection_day, actor)
        self.earliest = earliest.isoformat()
        self.day = self.day or self.earliest
        self.may_change = actor.can("payments.manage") or actor.can("accounting.manage")
        await self._sum()

    async def _sum(self) -> None:
        reader = await reader_for(self)
        cents = sum(row.cents for row in self.rows if row.id in self.chosen)
        self.total = format_cents(cents, "EUR", reader.language)


class MandatesState(rx.State):
    """Permissions of customers, and the form of a new one."""

    rows: list[MandateRow] = []
    search: str = ""
    open: bool = False
    payers: list[PayerRow] = []
    payer: PayerRow = PayerRow()
    today: str = ""
    problem: str = ""
    field: str = ""
    """The field the problem is about."""
    revoking: MandateRow = MandateRow()

    @rx.event
    async def load(self):
        """Show all of them."""
        self.search, self.open = "", False
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def find(self, text: str):
        """Search by customer, holder or reference."""
        self.search = text[:80]
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def start(self):
        """Open the form."""
        async with staff_step(self) as step:
            reader = await reader_for(self)
            self.payer, self.problem, self.field = PayerRow(), "", ""
            self.today = reader.today().isoformat()
            await self._offer(step, "")
            self.open = True
        return step.outcome

    @rx.event
    async def close(self):
        """Put the form away."""
        self.open, self.problem, self.payers = False, "", []

    @rx.event
    async def find_payer(self, text: str):
        """Search customers by name."""
        async with staff_step(self) as step:
            await self._offer(step, text)
        return step.outcome

    @rx.event
    async def pick_payer(self, payer_id: str):
        """Choose whose account is debited; an empty id goes back to the search."""
        self.payer = next((row for row in self.payers if row.id == payer_id), PayerRow())
        self.problem, self.field = "", ""

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Keep the permission as it was signed."""
        async with staff_step(self) as step:
            actor = await step.actor()
            mandate = MandateInput(
                customer_id=parse_id(self.payer.id),
                holder=str(form.get("holder", ""))[:70],
                iban=str(form.get("iban", ""))[:42],
                signed_on=read_day(str(form.get("signed_on", "")), field="signed_on"),
                reference=str(form.get("reference", ""))[:60],
                scheme=str(form.get("scheme", CORE))[:4],
                recurring=form.get("use", "recurring") == "recurring",
            )
            made = await step.call(get_services().debits.add_mandate, actor, mandate)
            self.open = False
            await self._fetch(step)
            await (await self.get_state(DebitsState))._fetch(step)
            step.outcome = toast("ok", step.text("paydesk.toast.mandate", reference=made.reference))
        if step.error is not None and step.error.status != 401:
            # A toast would lie behind the pane
            self.problem = step.text(step.error.message_key, **step.error.params)
            self.field, step.outcome = step.error.field or "", None
        return step.outcome

    @rx.event
    async def ask_revoke(self, mandate_id: str):
        """Ask before nothing may be collected any more."""
        self.revoking = next((row for row in self.rows if row.id == mandate_id), MandateRow())

    @rx.event
    async def keep(self):
        """It stays."""
        self.revoking = MandateRow()

    @rx.event
    async def revoke(self):
        """Nothing is collected by it any more."""
        async with staff_step(self) as step:
            actor, mandate_id = await step.actor(), parse_id(self.revoking.id)
            self.revoking = MandateRow()
            await step.call(get_services().debits.revoke_mandate, actor, mandate_id)
            await self._fetch(step)
            await (await self.get_state(DebitsState))._fetch(step)
            step.outcome = toast("ok", step.text("paydesk.toast.revoked"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().debit_book.find_mandates, actor, self.search)
        self.rows = [mandate_row(named, reader) for named in found]

    async def _offer(self, step: Step, text: str) -> None:
        actor = await step.actor()
        found = await step.call(get_services().debit_book.find_payers, actor, text)
        self.payers = [PayerRow(str(payer.id), payer.name, payer.contact) for payer in found]
