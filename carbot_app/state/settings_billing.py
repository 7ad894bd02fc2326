"""How the workshop bills: bank, numbers, terms of payment, words, logo, reminders."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import reflex as rx
from babel.numbers import format_decimal

from carbot_app.bootstrap import get_services
from carbot_app.domains.billing.numbers import FORMATS, INVOICE, ORDER, format_number
from carbot_app.domains.billing.terms_schemas import BillingTermsInput, BillingTermsView
from carbot_app.kit.errors import AppError, Invalid
from carbot_app.kit.languages import LANGUAGES
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, staff_step
from carbot_app.state.typed import read_decimal, read_whole

LINES = ("contact_name", "account_holder", "iban", "bic", "bank_name", "creditor_id", "einvoice_form")
RANGES = (INVOICE, ORDER)
"""Ranges of numbers whose prefix an owner chooses."""
_SAMPLE = 42
_DAYS = ("payment_days", "discount_days")


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A step of reminding as it is edited."""

    name: str
    after_days: str
    deadline_days: str


class BillingTermsState(rx.State):
    """One form, and the logo, which is kept at once."""

    status: str = "loading"
    """loading, ready or failed."""
    texts: dict[str, str] = {}
    """Name of a field → what stands in it."""
    examples: dict[str, str] = {}
    """Range → a number as it will look."""
    levels: list[LevelLine] = []
    has_logo: bool = False
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    upload_problem: str = ""
    busy: bool = False
    version: int = 0

    @rx.event
    async def load(self):
        """Show what is stored."""
        self.problems, self.upload_problem = {}, ""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("billing.settings")
            self._show(await step.call(get_services().billing_terms.get, actor), actor.language)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store it; documents issued before stay as they are."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor, services = await step.actor(), get_services()
            stored = (await step.call(services.billing_terms.get, actor)).terms
            wish = _terms(form, stored, [level.name for level in self.levels])
            self._show(await step.call(services.billing_terms.save, actor, wish), actor.language)
            step.outcome = toast("ok", step.text("settings.saved"))
        self.busy = False
        if step.error and step.error.field:
            self.problems = {step.error.field: _words(step, step.error)}
            return
        yield step.outcome

    @rx.event
    async def take_logo(self, _name: str):
        """The picture was uploaded: show it."""
        self.upload_problem = ""
        async with staff_step(self) as step:
            actor = await step.actor()
            view = await step.call(get_services().billing_terms.get, actor)
            self.has_logo = bool(view.logo_file)
            self.version += 1
            step.outcome = toast("ok", step.text("settings.saved"))
        return step.outcome

    @rx.event
    async def refuse_logo(self, text: str):
        """Show why the browser or the server did not take the picture."""
        async with staff_step(self) as step:
            await step.actor()
            self.upload_problem = text[:300]
        return step.outcome

    @rx.event
    async def remove_logo(self):
        """Print without one from now on."""
        async with staff_step(self) as step:
            view = await step.call(get_services().billing_terms.remove_logo, await step.actor())
            self.has_logo = bool(view.logo_file)
            step.outcome = toast("ok", step.text("settings.saved"))
        return step.outcome

    def _show(self, view: BillingTermsView, language: str) -> None:
        terms, year = view.terms, get_services().clock().year
        patterns = {kind: terms.number_formats.get(kind) or FORMATS[kind] for kind in RANGES}
        self.texts = {
            **{name: getattr(terms, name) for name in LINES},
            **{name: str(getattr(terms, name)) for name in _DAYS},
            "discount_percent": format_decimal(terms.discount_percent, locale=language),
            **{f"prefix_{kind}": _prefix_of(pattern) for kind, pattern in patterns.items()},
            **{f"text_{code}": terms.texts.get(code, "") for code in LANGUAGES},
        }
        self.examples = {kind: format_number(text, year, _SAMPLE) for kind, text in patterns.items()}
        self.levels = [
            LevelLine(level.name, str(level.after_days), str(level.deadline_days)) for level in view.levels
        ]
        self.has_logo = bool(view.logo_file)
        self.version += 1


def _terms(form: dict[str, Any], stored: BillingTermsInput, levels: list[str]) -> BillingTermsInput:
    """What was typed over what is stored: taxes and accounts of the adviser are changed elsewhere."""
    return replace(
        stored,
        **{name: str(form.get(name, getattr(stored, name))) for name in LINES},
        **{name: _days(form, name, "billing_payment_days") for name in _DAYS},
        discount_percent=_percent(form),
        number_formats={
            **stored.number_formats,
            **{kind: _pattern(form, kind, stored.number_formats.get(kind, "")) for kind in RANGES},
        },
        texts={code: str(form.get(f"text_{code}", "")) for code in LANGUAGES},
        dunning={**stored.dunning, "levels": [_level(form, name) for name in levels]},
    )


def _level(form: dict[str, Any], name: str) -> dict[str, Any]:
    def days(part: str) -> int:
        return _days(form, f"{name}_{part}", "billing_dunning_days", field="dunning")

    return {"name": name, "after_days": days("after"), "deadline_days": days("deadline")}


def _days(form: dict[str, Any], name: str, code: str, *, field: str = "") -> int:
    typed = str(form.get(name, ""))
    return read_whole(typed[:6], field=field or name, code=code) or 0


def _percent(form: dict[str, Any]) -> Decimal:
    try:
        return read_decimal(str(form.get("discount_percent", ""))) or Decimal(0)
    except ValueError:
        raise Invalid("billing_cash_discount_invalid", field="discount_percent") from None


def _prefix_of(pattern: str) -> str:
    return pattern.partition("{")[0]


def _pattern(form: dict[str, Any], kind: str, stored: str) -> str:
    """The typed prefix before the rest of the pattern, which only its first author changes."""
    rest = (stored or FORMATS[kind]).removeprefix(_prefix_of(stored or FORMATS[kind]))
    return "".join(str(form.get(f"prefix_{kind}", "")).upper().split()) + rest


def _words(step: Step, error: AppError) -> str:
    # Who types a prefix knows nothing of patterns
    key = "billing.prefix_invalid" if error.code == "billing_number_format" else error.message_key
    return step.text(key, **error.params)
