"""The workshop as it stands on its invoices: address, tax numbers, tax regime."""

from dataclasses import replace
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.seller import SellerInput, SellerView
from carbot_app.domains.billing.vat_id import STATES
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.typed import read_hundredths, show_amount

TEXTS = ("street", "postal_code", "city", "tax_number", "vat_id")
_TURNOVER = "turnover_before_cents"


class SellerState(rx.State):
    """One form; the VAT number is looked up on demand and after it changed."""

    status: str = "loading"
    """loading, ready or failed."""
    name: str = ""
    country: str = ""
    currency: str = ""
    texts: dict[str, str] = {}
    small_business: bool = False
    cash_accounting: bool = False
    missing: list[str] = []
    """Fields without which nothing can be issued."""
    vat_state: str = ""
    """One of vat_id.STATES; empty: not looked up."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False
    checking: bool = False
    version: int = 0

    @rx.event
    async def load(self):
        """Show what is stored."""
        self.problems, self.vat_state = {}, ""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("billing.settings")
            self._show(await step.call(get_services().seller.get, actor), actor.language)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store it; what was issued before stays as it is."""
        self.busy, self.problems = True, {}
        yield
        number = self.texts.get("vat_id", "")
        async with staff_step(self) as step:
            actor = await step.actor()
            saved = await step.call(get_services().seller.save, actor, _seller(form))
            self._show(saved, actor.language)
            step.outcome = toast("ok", step.text("settings.saved"))
        self.busy = False
        if self._refused(step):
            return
        yield step.outcome
        if step.error is None and self.texts["vat_id"] != number:
            self.vat_state = ""
            yield SellerState.check

    @rx.event
    async def check(self):
        """Ask the register about the stored number."""
        self.checking = True
        yield
        async with staff_step(self) as step:
            state = await step.call(get_services().seller.check_vat_id, await step.actor())
            self.vat_state = state if state in STATES else ""
        self.checking = False
        yield step.outcome

    def _show(self, view: SellerView, language: str) -> None:
        seller = view.seller
        turnover = seller.turnover_before_cents
        self.name, self.country, self.currency = view.name, view.country, view.currency
        self.texts = {
            **{field: getattr(seller, field) for field in TEXTS},
            _TURNOVER: "" if turnover is None else show_amount(turnover, language),
        }
        self.small_business, self.cash_accounting = seller.small_business, seller.cash_accounting
        self.missing = list(view.missing)
        self.version += 1

    def _refused(self, step: Step) -> bool:
        if step.error is None or not step.error.field:
            return False
        self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
        return True


def _seller(form: dict[str, Any]) -> SellerInput:
    texts = {field: str(form.get(field, "")) for field in TEXTS}
    turnover = str(form.get(_TURNOVER, ""))
    seller = SellerInput(
        **texts,
        small_business=bool(form.get("small_business")),
        cash_accounting=bool(form.get("cash_accounting")),
        turnover_before_cents=None,
    )
    if not turnover.strip():
        return seller
    cents = read_hundredths(turnover, field=_TURNOVER, code="billing_amount_invalid")
    return replace(seller, turnover_before_cents=cents)
