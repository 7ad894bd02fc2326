"""The page of invoices: head, filters, rows, sums and the document that is open."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.invoice_schemas import CreditLine
from carbot_app.domains.billing.listing_schemas import (
    BUYERS,
    FILTERS,
    PERIODS,
    SORTS,
    InvoicePage,
    InvoiceQuery,
)
from carbot_app.domains.payments.schemas import PaymentInput
from carbot_app.kit.errors import Invalid
from carbot_app.state.address import set_address
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.invoice_rows import (
    InvoiceFoot,
    InvoiceHead,
    InvoiceLine,
    InvoiceSheet,
    describe_file,
    describe_foot,
    describe_head,
    describe_line,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_decimal, read_hundredths
from carbot_app.state.wording import Reader

PAGE = 50
LONGEST_LIST = 200
"""Rows a live refetch asks for at most."""
DEFAULT_PERIOD = "90"
LIVE_TOPICS = {"invoices"}
_USUAL = {"view": "all", "sort": "newest", "buyer": ""}
_ORDERS: dict[str, tuple[str, ...]] = {"view": FILTERS, "sort": SORTS, "buyer": BUYERS}


class InvoicesState(rx.State):
    """The list; the address (?view=&q=&zeitraum=&sort=&buyer=) is the truth."""

    status: str = "loading"
    """loading, ready or failed; rows stay while failed."""
    rows: list[InvoiceLine] = []
    counts: dict[str, int] = dict.fromkeys(FILTERS, 0)
    head: InvoiceHead = InvoiceHead()
    foot: InvoiceFoot = InvoiceFoot()
    view: str = "all"
    search: str = ""
    period: str = DEFAULT_PERIOD
    sort: str = "newest"
    buyer: str = ""
    has_more: bool = False

    _next: str | None = None

    @rx.event
    async def load(self):
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        self.view = asked.get("view", "") if asked.get("view") in FILTERS else "all"
        self.sort = asked.get("sort", "") if asked.get("sort") in SORTS else "newest"
        self.buyer = asked.get("buyer", "") if asked.get("buyer") in BUYERS else ""
        self.period = asked.get("zeitraum", "") if asked.get("zeitraum") in PERIODS else DEFAULT_PERIOD
        self.search = asked.get("q", "")[:80]
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step)

    @rx.event
    async def pick(self, name: str, value: str):
        """Another view, order or kind of buyer; an unknown value means any."""
        if name not in _ORDERS:
            return None
        setattr(
            self, name, value if value in _ORDERS[name] else {"view": "all", "sort": "newest"}.get(name, "")
        )
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step) or set_address(**{name: getattr(self, name)})

    @rx.event
    async def pick_period(self, period: str):
        """Another period."""
        self.period = period if period in PERIODS else DEFAULT_PERIOD
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step) or set_address(zeitraum=self.period)

    @rx.event
    async def find(self, text: str):
        """Search in number, name and plate."""
        self.search = text.strip()[:80]
        async with staff_step(self) as step:
            await self._fetch(step)
        return self._after(step) or set_address(q=self.search)

    @rx.event
    async def load_more(self):
        """The next rows below."""
        if self._next is None:
            return None
        async with staff_step(self) as step:
            page = await self._page(step, self._next, PAGE)
            self._show(page, await reader_for(self), append=True)
        return self._after(step)

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status == "loading":
            return None
        async with staff_step(self) as step:
            await self._fetch(step, limit=min(max(PAGE, len(self.rows)), LONGEST_LIST))
        return self._after(step)

    @rx.var
    def export_query(self) -> str:
        """What a file of this filter is asked for with."""
        asked = {"view": self.view, "q": self.search, "zeitraum": self.period, "buyer": self.buyer}
        return "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items() if value)

    async def _fetch(self, step: Step, *, limit: int = PAGE) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        page = await self._page(step, None, limit)
        figures = await step.call(get_services().invoice_list.figures, actor)
        self._show(page, reader)
        self.head = describe_head(figures, reader)

    async def _page(self, step: Step, after: str | None, limit: int) -> InvoicePage:
        actor, reader = await step.actor(), await reader_for(self)
        days = PERIODS[self.period]
        query = InvoiceQuery(
            view=self.view,
            search=self.search,
            since=reader.today() - timedelta(days=days - 1) if days else None,
            buyer=self.buyer,
            sort=self.sort,
        )
        listing = get_services().invoice_list
        return await step.call(listing.list_invoices, actor, query, after=after, limit=limit)

    def _show(self, page: InvoicePage, reader: Reader, *, append: bool = False) -> None:
        lines = [describe_line(row, page.currency, reader) for row in page.rows]
        if append:
            self.rows.extend(lines)
        else:
            self.rows = lines
        self.counts = dict(page.counts)
        self.foot = describe_foot(page, reader)
        self._next, self.has_more = page.next_after, page.next_after is not None

    def _after(self, step: Step) -> Any:
        self.status = "failed" if step.error else "ready"
        return step.outcome


class InvoiceFileState(rx.State):
    """The document beside the list; the address (?rechnung=) names it."""

    status: str = "closed"
    """closed, loading, ready or failed."""
    sheet: InvoiceSheet = InvoiceSheet()
    asked: str = ""
    """pay, send, credit or cancel while its form is open."""
    today: str = ""
    """Of the workshop, as a date field takes it."""
    problem: str = ""
    """Why an action was refused."""

    @rx.event
    async def load(self):
        """Open what the address names."""
        wanted = self.router.url.query_parameters.get("rechnung", "")
        if not wanted:
            self.status = "closed"
            return None
        return await self._open(wanted)

    @rx.event
    async def open(self, invoice_id: str):
        """Open a row."""
        outcome = await self._open(invoice_id)
        return outcome or set_address(rechnung=invoice_id)

    @rx.event
    async def close(self):
        """Back to the list."""
        self.status = "closed"
        return set_address(rechnung="")

    @rx.event
    async def ask(self, question: str):
        """Show the form of an action: pay, send, credit or cancel; empty puts it away."""
        self.asked, self.problem = question, ""

    @rx.event
    async def send(self, form: dict):
        """Mail the document."""
        async with staff_step(self) as step:
            actor, address = await step.actor(), str(form.get("email", ""))[:254]
            await step.call(get_services().invoices.send, actor, parse_id(self.sheet.id), address)
            step.outcome = toast("ok", step.text("invoices.toast.sent", number=self.sheet.number))
        return await self._acted(step)

    @rx.event
    async def cancel(self, form: dict):
        """Take the document back by another one."""
        async with staff_step(self) as step:
            actor, reason = await step.actor(), str(form.get("reason", ""))[:200]
            service = get_services().invoices
            made = await step.call(service.cancel, actor, parse_id(self.sheet.id), reason)
            step.outcome = toast("ok", step.text("invoices.toast.cancelled", number=made.number))
        return await self._acted(step)

    @rx.event
    async def credit(self, form: dict):
        """Take some of the positions back, as much of each as was typed."""
        async with staff_step(self) as step:
            actor, lines = await step.actor(), _credited(form, self.sheet)
            service = get_services().invoices
            made = await step.call(service.credit, actor, parse_id(self.sheet.id), lines)
            step.outcome = toast("ok", step.text("invoices.toast.credited", number=made.number))
        return await self._acted(step)

    @rx.event
    async def copy_link(self):
        """Put the address where it is paid on the clipboard."""
        async with staff_step(self) as step:
            actor, payments = await step.actor(), get_services().payments
            asked = await step.call(payments.requests.ask_for_invoice, actor, parse_id(self.sheet.id))
            step.outcome = [rx.set_clipboard(asked.url), toast("ok", step.text("invoices.toast.link"))]
        return step.outcome

    @rx.event
    async def pay(self, form: dict):
        """Note money that came without a provider."""
        async with staff_step(self) as step:
            actor = await step.actor()
            payment = PaymentInput(
                parse_id(self.sheet.id),
                str(form.get("method", ""))[:16],
                read_hundredths(
                    str(form.get("amount", ""))[:20], field="amount", code="payment_amount_invalid"
                ),
                _day(str(form.get("received_on", ""))),
                str(form.get("reference", ""))[:140],
            )
            await step.call(get_services().payments.recording.record, actor, payment)
            step.outcome = toast("ok", step.text("invoices.toast.paid", number=self.sheet.number))
        return await self._acted(step)

    async def _acted(self, step: Step) -> Any:
        if step.error is not None and isinstance(step.error, Invalid):
            self.problem = step.text(step.error.message_key, **step.error.params)
            return None
        self.asked, self.problem = "", ""
        outcome = step.outcome
        if step.error is None:
            await self._open(self.sheet.id)
        return outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch the open document again after a hint."""
        if self.status != "ready" or not is_about(topic, subject, LIVE_TOPICS, self.sheet.id):
            return None
        return await self._open(self.sheet.id)

    async def _open(self, invoice_id: str) -> Any:
        if invoice_id != self.sheet.id:
            self.asked, self.problem = "", ""
        async with staff_step(self) as step:
            actor = await step.actor()
            file = await step.call(get_services().invoice_list.open_file, actor, parse_id(invoice_id))
            reader = await reader_for(self)
            self.sheet, self.today = (
                describe_file(file, reader),
                reader.now.astimezone(reader.zone).date().isoformat(),
            )
        self.status = "closed" if step.error else "ready"
        return step.outcome


def _credited(form: dict, sheet: InvoiceSheet) -> list[CreditLine]:
    """What is to be taken back. Raises Invalid where a figure is none, or nothing was chosen."""
    lines = []
    for line in sheet.lines:
        typed = str(form.get(f"quantity-{line.position}", ""))[:20]
        try:
            quantity = read_decimal(typed)
        except ValueError:
            raise Invalid("billing_quantity_invalid", field="quantity") from None
        if quantity:
            lines.append(CreditLine(line.position, quantity))
    if not lines:
        raise Invalid("invoice_credit_nothing", field="quantity")
    return lines


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("payment_day_invalid", field="received_on") from None
