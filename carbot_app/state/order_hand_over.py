"""What an order is handed over to: the customer's yes by link, and the invoice."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput
from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import format_cents
from carbot_app.state.feedback import toast
from carbot_app.state.order import OrderState
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_TEXTS = ("name", "street", "postal_code", "city", "country", "email", "vat_id", "buyer_reference")


class OrderHandOverState(rx.State):
    """One invoice at a time is asked about."""

    billing: bool = False
    turn: int = 0
    """Grows with every opening; the fields are made anew then."""
    buyer: BuyerInput = BuyerInput()
    """Who is billed, as the form begins."""
    sum_text: str = ""
    tax_text: str = ""
    problems: dict[str, str] = {}
    problem: str = ""
    busy: bool = False

    _draft: str = ""

    @rx.event
    async def ask_approval(self):
        """Send the customer the link on which they agree or decline."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            asked = await step.call(get_services().approvals.ask, await step.actor(), await self._order())
            way = step.text(f"orders.hand_over.sent_{asked.sent_on or 'none'}")
            step.outcome = toast("ok", step.text("orders.hand_over.asked"), detail=way)
        self.busy = False
        yield step.outcome
        yield OrderState.load

    @rx.event
    async def open_invoice(self):
        """Make the draft of what was agreed and done, and ask who is billed."""
        self.problems, self.problem = {}, ""
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            draft_id = await step.call(services.order_invoicing.draft, actor, await self._order())
            found = await step.call(services.invoices.get_draft, actor, draft_id)
            self._draft = str(draft_id)
            self.buyer = found.draft.buyer
            await self._reckon(step, found.draft)
            self.billing, self.turn = True, self.turn + 1
        return step.outcome

    @rx.event
    async def close(self):
        """Leave it; the draft stays."""
        self.billing, self.problem, self.problems = False, "", {}

    @rx.event
    async def issue(self, form: dict[str, Any]):
        """Issue the invoice; what is missing is named at its field and nothing is lost."""
        self.busy, self.problem, self.problems = True, "", {}
        yield
        invoice = None
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            draft_id = parse_id(self._draft)
            found = await step.call(services.invoices.get_draft, actor, draft_id)
            self.buyer = replace(found.draft.buyer, **_typed(form))
            draft = replace(found.draft, buyer=self.buyer)
            try:
                await step.call(services.invoices.save_draft, actor, draft, draft_id, found.version)
                issued = services.invoices.issue
                invoice = await step.call(issued, actor, draft_id, request_key=f"order:{draft_id}")
            except Invalid as error:
                self._show(step, error)
        self.busy = False
        if invoice is None:
            yield step.outcome
            return
        self.billing = False
        yield rx.redirect(f"/rechnungen/?rechnung={invoice.id}")

    async def _order(self) -> UUID:
        return parse_id((await self.get_state(OrderState)).order.row.id)

    async def _reckon(self, step: Step, draft: DraftInput) -> None:
        reader = await reader_for(self)
        preview = await step.call(get_services().invoices.preview, await step.actor(), draft)
        self.sum_text = format_cents(preview.due_cents, preview.currency, reader.language)
        self.tax_text = format_cents(preview.totals.vat_cents, preview.currency, reader.language)

    def _show(self, step: Step, error: Invalid) -> None:
        words = step.text(error.message_key, **error.params)
        name = (error.field or "").removeprefix("buyer.")
        if name in _TEXTS:
            self.problems = {name: words}
        else:
            self.problem = words


def _typed(form: dict[str, Any]) -> dict[str, Any]:
    texts = {name: str(form.get(name, "")).strip() for name in _TEXTS}
    return {**texts, "business": form.get("business") in ("on", "true", True)}
