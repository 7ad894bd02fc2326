"""Invoices of suppliers: the list and the pane of one."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.rounding import net_in
from carbot_app.domains.expenses.schemas import STATES, ExpenseAmount, ExpenseDetail, ReceiptInput
from carbot_app.kit.errors import Invalid
from carbot_app.state.accounting import AccountingState
from carbot_app.state.expense_rows import (
    ExpenseLine,
    ExpensePane,
    ExpenseSheet,
    FindingText,
    describe_findings,
    describe_pane,
    describe_row,
    describe_sheet,
)
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_day, read_hundredths

PAGE = 50
_RATES = (1900, 700, 2000, 1000, 1300, 810, 260, 380, 0)


class ExpensesState(rx.State):
    """The tab, and a pane over it with one expense."""

    status: str = "loading"
    """loading, ready or failed."""
    lines: list[ExpenseLine] = []
    waiting: int = 0
    """Still to be looked at or booked."""
    shown: str = ""
    """Only those in this state; empty: all."""
    has_more: bool = False
    chosen: ExpensePane = ExpensePane()
    sheet: ExpenseSheet = ExpenseSheet()
    findings: list[FindingText] = []
    task: str = ""
    """What the pane asks: nothing, reject or pay."""
    problem: str = ""
    upload_problem: str = ""
    today: str = ""
    busy: bool = False

    _count: int = PAGE

    @rx.event
    async def load(self):
        """Show the newest ones."""
        self.chosen, self.shown, self._count = ExpensePane(), "", PAGE
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Something came by mail."""
        if is_about(topic, subject, {"expense"}) and self.status == "ready":
            async with staff_step(self) as step:
                await self._fetch(step)

    @rx.event
    async def filter(self, state: str):
        """Only those in a state; empty: all."""
        async with staff_step(self) as step:
            self.shown, self._count = state if state in STATES else "", PAGE
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def more(self):
        """Further ones below."""
        async with staff_step(self) as step:
            self._count += PAGE
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def taken(self, expense_id: str):
        """A file was taken in: show it."""
        self.upload_problem = ""
        async with staff_step(self) as step:
            await self._open(step, expense_id)
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def refuse(self, text: str):
        """Show why the browser or the server did not take the file."""
        async with staff_step(self) as step:
            await step.actor()
            self.upload_problem = text[:300]
        return step.outcome

    @rx.event
    async def open(self, expense_id: str):
        """Show one."""
        async with staff_step(self) as step:
            await self._open(step, expense_id)
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane."""
        self.chosen, self.task, self.problem, self.busy = ExpensePane(), "", "", False

    @rx.event
    async def ask(self, task: str):
        """Ask for a reason, or for how it was paid."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.problem = task if task in {"reject", "pay"} else "", ""
        return step.outcome

    @rx.event
    async def act(self, form: dict[str, Any]):
        """Book, reject, pay, reopen or keep what was typed in; the form says which by ``do``."""
        self.busy, self.problem = True, ""
        yield
        async with staff_step(self) as step:
            view, word = await self._act(step, form)
            await self._show(step, view)
            await self._fetch(step)
            said = step.text(f"accounting.expense.{word}", number=view.row.entry_number)
            step.outcome = [toast("ok", said), AccountingState.refresh]
        self.busy = False
        if step.error and step.error.message_key.startswith("errors."):
            self.problem = step.text(step.error.message_key, **step.error.params)
            step.outcome = step.outcome if step.error.status in {401, 404} else None
        yield step.outcome

    async def _act(self, step: Step, form: dict[str, Any]) -> tuple[ExpenseDetail, str]:
        expenses, actor = get_services().expenses, await step.actor()
        expense_id, what = parse_id(self.chosen.id), str(form.get("do", ""))
        if what == "type":
            receipt = _receipt(form)
            return await step.call(expenses.save_receipt, actor, expense_id, receipt), "kept"
        if what == "reject":
            reason = str(form.get("reason", ""))
            return await step.call(expenses.reject, actor, expense_id, reason), "rejected"
        if what == "pay":
            day, way = read_day(str(form.get("paid_on", "")), field="paid_on"), str(form.get("paid_by", ""))
            return await step.call(expenses.mark_paid, actor, expense_id, day, way), "paid"
        if what == "reopen":
            return await step.call(expenses.reopen, actor, expense_id), "taken"
        category = str(form.get("category", ""))
        return await step.call(expenses.book, actor, expense_id, category), "booked"

    async def _open(self, step: Step, expense_id: str) -> None:
        actor = await step.actor()
        view = await step.call(get_services().expenses.get_expense, actor, parse_id(expense_id))
        await self._show(step, view)

    async def _show(self, step: Step, view: ExpenseDetail) -> None:
        language = (await step.actor()).language
        self.chosen, self.sheet = describe_pane(view, language), describe_sheet(view, language)
        self.findings = describe_findings(view, language)
        self.today = str((await reader_for(self)).today())
        self.task, self.problem = "", ""

    async def _fetch(self, step: Step) -> None:
        actor = await step.actor()
        expenses = get_services().expenses
        found = await step.call(expenses.list_expenses, actor, state=self.shown, count=self._count)
        self.lines = [describe_row(row, actor.language) for row in found.rows]
        self.waiting = found.counts.get("received", 0) + found.counts.get("checked", 0)
        self.has_more = found.has_more


def _receipt(form: dict[str, Any]) -> ReceiptInput:
    """A receipt with one rate; its tax is worked out from the gross sum."""
    gross = read_hundredths(str(form.get("gross", "")), field="gross", code="expense_amounts")
    rate = _rate(str(form.get("rate", "")))
    vat = gross - net_in(gross, rate)
    category = "S" if rate else "E"
    return ReceiptInput(
        supplier=str(form.get("supplier", "")),
        number=str(form.get("number", "")),
        issued_on=read_day(str(form.get("issued_on", "")), field="issued_on"),
        amounts=(ExpenseAmount(category, rate, gross - vat, vat),),
        supplier_vat_id=str(form.get("vat_id", "")),
    )


def _rate(text: str) -> int:
    if not text.isdecimal() or int(text) not in _RATES:
        raise Invalid("expense_amounts", field="rate")
    return int(text)
