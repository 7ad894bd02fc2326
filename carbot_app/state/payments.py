"""The page of payments: what came by which way, and the payment that is open."""

from datetime import timedelta
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.payments.list_schemas import ALL, PERIODS, VIEWS, PaymentPage, PaymentQuery
from carbot_app.kit.errors import Invalid
from carbot_app.state.address import set_address
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.payment_rows import (
    PaymentFile,
    PaymentRow,
    WayTile,
    payment_file,
    payment_row,
    way_tiles,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_hundredths

PAGE = 50
DEFAULT_PERIOD = "90"
LIVE_TOPICS = {"payment", "invoices", "bank"}


class PaymentsState(rx.State):
    """The list; the address (?art=&zeitraum=) is the truth."""

    status: str = "loading"
    """loading, ready or failed; rows stay while failed."""
    rows: list[PaymentRow] = []
    tiles: list[WayTile] = []
    view: str = ALL
    search: str = ""
    period: str = DEFAULT_PERIOD
    has_more: bool = False

    _next: str | None = None

    @rx.event
    async def load(self):
        """Show what the address asks for."""
        asked = self.router.url.query_parameters
        self.view = asked.get("art", "") if asked.get("art") in VIEWS else ALL
        self.period = asked.get("zeitraum", "") if asked.get("zeitraum") in PERIODS else DEFAULT_PERIOD
        self.search = ""
        return await self._again()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status == "loading":
            return None
        return await self._again(limit=min(max(PAGE, len(self.rows)), 4 * PAGE))

    @rx.event
    async def pick(self, view: str):
        """One way; the one that is chosen already means all again."""
        self.view = view if view in VIEWS and view != self.view else ALL
        return await self._again() or set_address(art="" if self.view == ALL else self.view)

    @rx.event
    async def pick_period(self, period: str):
        """Another period."""
        self.period = period if period in PERIODS else DEFAULT_PERIOD
        return await self._again() or set_address(zeitraum=self.period)

    @rx.event
    async def find(self, text: str):
        """Search in number, name and reference."""
        self.search = text.strip()[:80]
        return await self._again()

    @rx.event
    async def more(self):
        """The next rows below."""
        if self._next is None:
            return None
        async with staff_step(self) as step:
            page = await self._page(step, self._next, PAGE)
            reader = await reader_for(self)
            self.rows.extend(payment_row(view, reader) for view in page.rows)
            self._note_end(page)
        return step.outcome

    async def _again(self, *, limit: int = PAGE) -> Any:
        async with staff_step(self) as step:
            page = await self._page(step, None, limit)
            reader = await reader_for(self)
            self.rows = [payment_row(view, reader) for view in page.rows]
            self.tiles = way_tiles(page, reader)
            self._note_end(page)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    async def _page(self, step: Step, after: str | None, limit: int) -> PaymentPage:
        actor, reader = await step.actor(), await reader_for(self)
        days = PERIODS[self.period]
        query = PaymentQuery(
            view=self.view,
            search=self.search,
            since=reader.today() - timedelta(days=days - 1) if days else None,
        )
        return await step.call(
            get_services().payments.list.list_payments, actor, query, after=after, limit=limit
        )

    def _note_end(self, page: PaymentPage) -> None:
        self._next, self.has_more = page.next_after, page.next_after is not None


class PaymentFileState(rx.State):
    """The payment beside the list; money goes back from here."""

    open: bool = False
    file: PaymentFile = PaymentFile()
    asked: str = ""
    """refund or undo while its form is open."""
    problem: str = ""
    field: str = ""
    """The field the problem is about."""
    busy: bool = False

    @rx.event
    async def show(self, payment_id: str):
        """Open a row."""
        self.asked, self.problem, self.field = "", "", ""
        return await self._open(payment_id)

    @rx.event
    async def close(self):
        """Back to the list."""
        self.open, self.asked, self.problem = False, "", ""

    @rx.event
    async def ask(self, question: str):
        """Show the form of an action; empty puts it away."""
        self.asked, self.problem, self.field = question[:8], "", ""

    @rx.event
    async def refund(self, form: dict[str, Any]):
        """Send money back online."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            cents = read_hundredths(
                str(form.get("amount", ""))[:20], field="amount", code="payment_amount_invalid"
            )
            refunds, request_id = get_services().payments.refunds, parse_id(self.file.request_id)
            await step.call(refunds.refund, actor, request_id, cents, reason=str(form.get("reason", "")))
            step.outcome = toast("ok", step.text("paydesk.toast.refunded", number=self.file.row.number))
        self.busy = False
        yield await self._acted(step)

    @rx.event
    async def undo(self, form: dict[str, Any]):
        """Book back what was noted by mistake."""
        async with staff_step(self) as step:
            actor, reason = await step.actor(), str(form.get("reason", ""))
            recording = get_services().payments.recording
            await step.call(recording.undo, actor, parse_id(self.file.row.id), reason)
            step.outcome = toast("ok", step.text("paydesk.toast.undone", number=self.file.row.number))
        return await self._acted(step)

    async def _acted(self, step: Step) -> Any:
        if step.error is not None and step.error.status != 401:
            # A toast would lie behind the pane
            self.problem = step.text(step.error.message_key, **step.error.params)
            self.field = step.error.field or "" if isinstance(step.error, Invalid) else ""
            return None
        self.asked, self.problem, self.field = "", "", ""
        if step.error is None:
            payments = await self.get_state(PaymentsState)
            await payments._again()
            await self._open(self.file.row.id)
        return step.outcome

    async def _open(self, payment_id: str) -> Any:
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            listing = get_services().payments.list
            sheet = await step.call(listing.open_payment, actor, parse_id(payment_id))
            self.file = payment_file(sheet, reader, may_change=actor.can("payments.manage"))
            self.open = True
        return step.outcome
