"""What is unclear about online payments, and what the provider sends to the bank account."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.payments.ports import OPEN
from carbot_app.state.bank_rows import OfferRow, offer_row
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.payment_rows import (
    DisputeRow,
    EventRow,
    MismatchRow,
    PayoutPartRow,
    PayoutRow,
    dispute_row,
    event_row,
    mismatch_row,
    payout_part_row,
    payout_row,
)
from carbot_app.state.payments import LIVE_TOPICS, PaymentsState
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_PAYOUTS = 12


class PaymentTroubleState(rx.State):
    """Money that differs, disputes, news that failed, payouts."""

    mismatches: list[MismatchRow] = []
    disputes: list[DisputeRow] = []
    """Open ones first; decided ones stay to be looked up."""
    events: list[EventRow] = []
    payouts: list[PayoutRow] = []
    shown: str = ""
    """The payout whose parts are open."""
    parts: list[PayoutPartRow] = []
    waiting: int = 0
    """What a person has to decide or answer."""
    may_change: bool = False

    @rx.event
    async def load(self):
        """Show what waits."""
        self.shown, self.parts = "", []
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint."""
        if not is_about(topic, subject, LIVE_TOPICS):
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def book(self, request_id: str):
        """Book what came as it came."""
        return await self._decide("booked", get_services().payments.mismatches.book, request_id)

    @rx.event
    async def give_back(self, request_id: str):
        """Send it back; nothing of it was booked."""
        return await self._decide("given_back", get_services().payments.mismatches.give_back, request_id)

    @rx.event
    async def look_again(self, request_id: str):
        """Ask the provider once more."""
        return await self._decide("booked", get_services().payments.mismatches.look_again, request_id)

    @rx.event
    async def settle(self, request_id: str):
        """It was settled with the provider."""
        return await self._decide("settled", get_services().payments.mismatches.settle, request_id)

    @rx.event
    async def replay(self, event_id: str):
        """Handle news again."""
        return await self._decide("replayed", get_services().payments.event_desk.replay, event_id)

    @rx.event
    async def show_payout(self, payout_id: str):
        """Open what a payout is made of, or close it."""
        if self.shown == payout_id:
            self.shown, self.parts = "", []
            return None
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            found = await step.call(get_services().payments.refunds.open_payout, actor, payout_id)
            self.parts = [payout_part_row(view, reader) for view in found]
            self.shown = payout_id
        return step.outcome

    async def _decide(self, word: str, act: Callable[..., Any], thing_id: str) -> Any:
        async with staff_step(self) as step:
            await step.call(act, await step.actor(), parse_id(thing_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text(f"paydesk.toast.{word}"))
        if step.error is None:
            payments = await self.get_state(PaymentsState)
            await payments._again()
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        payments = get_services().payments
        self.may_change = actor.can("payments.manage")
        if self.may_change:
            found = await step.call(payments.mismatches.list_open, actor)
            self.mismatches = [mismatch_row(view, reader) for view in found]
            failed = await step.call(payments.event_desk.list_failed, actor)
            self.events = [event_row(view, reader) for view in failed]
        disputes = await step.call(payments.refunds.list_disputes, actor)
        rows = [dispute_row(view, reader) for view in disputes]
        self.disputes = sorted(rows, key=lambda row: row.state != OPEN)
        payouts = await step.call(payments.refunds.list_payouts, actor)
        self.payouts = [payout_row(view, reader) for view in payouts[:_PAYOUTS]]
        answered = sum(row.state != OPEN for row in self.disputes)
        self.waiting = len(self.mismatches) + len(self.events) + len(self.disputes) - answered


class MismatchAssignState(rx.State):
    """The pane in which money that differs is put onto an invoice."""

    open: bool = False
    row: MismatchRow = MismatchRow()
    offers: list[OfferRow] = []
    picked: str = ""
    problem: str = ""

    @rx.event
    async def start(self, request_id: str):
        """Open the pane for a payment that waits."""
        async with staff_step(self) as step:
            trouble = await self.get_state(PaymentTroubleState)
            self.row = next((row for row in trouble.mismatches if row.id == request_id), MismatchRow())
            self.picked, self.problem = "", ""
            await self._offer(step, "")
            self.open = bool(self.row.id)
        return step.outcome

    @rx.event
    async def close(self):
        """Leave it undecided."""
        self.open, self.picked, self.problem, self.offers = False, "", "", []

    @rx.event
    async def find(self, text: str):
        """Search open invoices by number, name or plate."""
        async with staff_step(self) as step:
            await self._offer(step, text[:80])
        return step.outcome

    @rx.event
    async def pick(self, invoice_id: str):
        """Choose an invoice."""
        self.picked, self.problem = invoice_id[:36], ""

    @rx.event
    async def apply(self):
        """Book what came on it."""
        async with staff_step(self) as step:
            actor, request_id = await step.actor(), parse_id(self.row.id)
            book = get_services().payments.mismatches.book
            await step.call(book, actor, request_id, parse_id(self.picked))
            self.open = False
            trouble = await self.get_state(PaymentTroubleState)
            await trouble._fetch(step)
            step.outcome = toast("ok", step.text("paydesk.toast.booked"))
        if step.error is not None and step.error.status != 401:
            # A toast would lie behind the pane
            self.problem, step.outcome = step.text(step.error.message_key, **step.error.params), None
        elif step.error is None:
            payments = await self.get_state(PaymentsState)
            await payments._again()
        return step.outcome

    async def _offer(self, step: Step, text: str) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().bank.list_open_invoices, actor, text)
        self.offers = [offer_row(view, reader) for view in found]
