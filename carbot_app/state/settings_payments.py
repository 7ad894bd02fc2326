"""How customers pay: the account at the provider, the ways offered, money in advance."""

import json
from dataclasses import dataclass, replace
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.payments.deposit_rules import FIXED, KINDS, OFF, RULES, DepositRule, deposit_cents
from carbot_app.domains.payments.schemas import AccountView
from carbot_app.kit.actor import Actor
from carbot_app.kit.money import format_cents, format_rate
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.typed import read_hundredths, read_whole, show_amount

_SAMPLE_CENTS = 50_000
"""Price of the visit the example is made of."""
_CODE = "payment_rule_invalid"


@dataclass(frozen=True, slots=True)
class AccountCard:
    """The account as it is shown."""

    stage: str = ""
    """unavailable (the operator has no provider), own (one account for all), none, begun or ready."""
    takes_online: bool = False
    charges: bool = False
    payouts: bool = False
    test: bool = False
    fee: str = ""
    """What the platform keeps of a payment; empty: nothing."""
    online: bool = True
    transfer: bool = True
    has_iban: bool = False


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The deposit rule as its form holds it."""

    rule: str = OFF
    kind: str = FIXED
    from_score: str = ""
    from_price: str = ""
    percent: str = ""
    fixed: str = ""
    refund_hours: str = ""
    example: str = ""
    """What a visit over ``sample`` asks for in advance; empty: nothing."""
    sample: str = ""


class PaymentsPaneState(rx.State):
    """What is chosen takes effect at once, except for the deposit rule, which is a form."""

    status: str = "loading"
    """loading, ready or failed."""
    account: AccountCard = AccountCard()
    missing: list[str] = []
    """What the provider still wants to know, of ports.MISSING."""
    rule: RuleForm = RuleForm()
    currency: str = ""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False
    saving: bool = False
    version: int = 0

    @rx.event
    async def load(self):
        """Show what is stored; an account that is not finished is asked about."""
        self.problems, self.missing = {}, []
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("billing.settings")
            accounts = get_services().payments.accounts
            await self._show(step, actor, await step.call(accounts.get, actor))
            self._show_rule(await step.call(accounts.get_rule, actor), actor)
        self.status = "failed" if step.error else "ready"
        if step.error is None and self.account.stage == "begun":
            return PaymentsPaneState.refresh
        return step.outcome

    @rx.event
    async def connect(self):
        """On to the provider, who asks who the workshop is."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            accounts = get_services().payments.accounts
            address = await step.call(accounts.connect, await step.actor())
            step.outcome = rx.call_script(f"window.location.assign({json.dumps(address)})")
        self.busy = False
        yield step.outcome

    @rx.event
    async def refresh(self):
        """Ask the provider what the account may do now."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            view = await step.call(get_services().payments.accounts.refresh, actor)
            await self._show(step, actor, view)
        self.busy = False
        yield step.outcome

    @rx.event
    async def disconnect(self):
        """Take no money online any more."""
        async with staff_step(self) as step:
            actor = await step.actor()
            view = await step.call(get_services().payments.accounts.disconnect, actor)
            await self._show(step, actor, view)
            step.outcome = toast("ok", step.text("payments.settings.disconnected"))
        return step.outcome

    @rx.event
    async def offer(self, way: str, on: bool):
        """Offer a way to pay on the pages of customers, or no longer."""
        async with staff_step(self) as step:
            actor = await step.actor()
            accounts = get_services().payments.accounts
            stored = await step.call(accounts.get, actor)
            wish = {"online": stored.online, "transfer": stored.transfer}
            if way in wish:
                view = await step.call(accounts.choose_ways, actor, **{**wish, way: on})
                await self._show(step, actor, view)
                step.outcome = toast("ok", step.text("settings.saved"))
        return step.outcome

    @rx.event
    async def pick(self, field: str, value: str):
        """Choose when, or how much; what depends on it appears, nothing is stored yet."""
        async with staff_step(self) as step:
            await step.actor()
            if value in {"rule": RULES, "kind": KINDS}.get(field, ()):
                self.rule = replace(self.rule, **{field: value})
        return step.outcome

    @rx.event
    async def save_rule(self, form: dict[str, Any]):
        """Store it; what was asked for already stays."""
        self.saving, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            accounts = get_services().payments.accounts
            stored = await step.call(accounts.get_rule, actor)
            wish = _rule({**_typed(stored, actor.language), **form}, self.rule)
            self._show_rule(await step.call(accounts.save_rule, actor, wish), actor)
            step.outcome = toast("ok", step.text("settings.saved"))
        self.saving = False
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(f"payments.settings.wrong.{step.error.field}")}
            return
        yield step.outcome

    async def _show(self, step: Step, actor: Actor, view: AccountView) -> None:
        terms = await step.call(get_services().billing_terms.get, actor)
        self.currency = view.currency
        self.missing = list(view.missing)
        self.account = AccountCard(
            stage=_stage(view),
            takes_online=view.takes_online,
            charges=view.charges_enabled,
            payouts=view.payouts_enabled,
            test=view.connected and view.mode == "test",
            fee=_fee(view, actor.language),
            online=view.online,
            transfer=view.transfer,
            has_iban=bool(terms.terms.iban),
        )

    def _show_rule(self, rule: DepositRule, actor: Actor) -> None:
        asked = deposit_cents(rule, score=100, price_cents=max(_SAMPLE_CENTS, rule.from_cents))

        def money(cents: int) -> str:
            return format_cents(cents, self.currency, actor.language)

        self.rule = RuleForm(
            rule=rule.rule,
            kind=rule.kind,
            example=money(asked) if asked else "",
            sample=money(max(_SAMPLE_CENTS, rule.from_cents)),
            **_typed(rule, actor.language),
        )
        self.version += 1


def _stage(view: AccountView) -> str:
    if not view.available:
        return "unavailable"
    if not view.connects:
        return "own"
    if not view.connected:
        return "none"
    return "ready" if view.charges_enabled and view.payouts_enabled else "begun"


def _fee(view: AccountView, language: str) -> str:
    parts = []
    if view.fee_percent:
        parts.append(format_rate(view.fee_percent, language))
    if view.fee_fix_cents:
        parts.append(format_cents(view.fee_fix_cents, view.currency, language))
    return " + ".join(parts)


def _typed(rule: DepositRule, language: str) -> dict[str, str]:
    """The figures of a rule as their fields show them."""
    return {
        "from_score": str(rule.from_score),
        "from_price": show_amount(rule.from_cents, language),
        "percent": str(rule.percent),
        "fixed": show_amount(rule.fixed_cents, language),
        "refund_hours": str(rule.refund_hours),
    }


def _rule(form: dict[str, Any], chosen: RuleForm) -> DepositRule:
    """The rule of a form; fields that are not shown come from what is stored."""

    def whole(name: str) -> int:
        return read_whole(str(form.get(name, ""))[:9], field=name, code=_CODE) or 0

    return DepositRule(
        rule=chosen.rule,
        from_score=whole("from_score"),
        from_cents=read_hundredths(str(form.get("from_price", "")), field="from_cents", code=_CODE),
        kind=chosen.kind,
        percent=whole("percent"),
        fixed_cents=read_hundredths(str(form.get("fixed", "")), field="fixed_cents", code=_CODE),
        refund_hours=whole("refund_hours"),
    )
