"""The fields of a draft: what they begin with, and what was typed back into the draft (pure)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput
from carbot_app.domains.billing.working_out import CARRIAGE_PROVEN, CARRIED_TO
from carbot_app.kit.errors import Invalid
from carbot_app.state.order_rows import show_decimal
from carbot_app.state.typed import read_decimal, read_hundredths, read_whole, show_amount

_LONGEST = 1000
BUYER = ("name", "street", "postal_code", "city", "country", "email", "vat_id", "buyer_reference")
_TEXTS = ("plate", "order_number", "language", "form", "supply", "intro", "closing")
_DAYS = ("supplied_on", "supplied_from")
_WHOLE = {
    "km": "km_invalid",
    "payment_days": "billing_payment_days",
    "cash_discount_days": "billing_cash_discount_invalid",
}
FIELDS = (
    *BUYER,
    *_TEXTS,
    *_DAYS,
    *_WHOLE,
    *("business", "cash_discount_percent", "discount_percent", "discount_amount"),
    *(CARRIED_TO, CARRIAGE_PROVEN),
)
"""Everything a person may write beside the positions."""


@dataclass(frozen=True, slots=True)
class DraftFields:
    """What the fields begin with; days as a date field takes them."""

    name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    business: bool = False
    vat_id: str = ""
    buyer_reference: str = ""
    plate: str = ""
    km: str = ""
    order_number: str = ""
    supplied_on: str = ""
    supplied_from: str = ""
    language: str = "de"
    form: str = ""
    supply: str = "repair"
    carried_to: str = ""
    carriage_proven: bool = False
    payment_days: str = ""
    cash_discount_days: str = ""
    cash_discount_percent: str = ""
    discount_percent: str = ""
    discount_amount: str = ""
    intro: str = ""
    closing: str = ""


def fields_of(draft: DraftInput, language: str) -> DraftFields:
    """The draft as it is typed."""
    skonto = draft.cash_discount_percent
    return DraftFields(
        **{name: getattr(draft.buyer, name) for name in BUYER},
        **{name: getattr(draft, name) for name in _TEXTS},
        **{name: _iso(getattr(draft, name)) for name in _DAYS},
        **{name: _shown(getattr(draft, name)) for name in _WHOLE},
        business=draft.buyer.business,
        carried_to=draft.answers.get(CARRIED_TO, ""),
        carriage_proven=draft.answers.get(CARRIAGE_PROVEN) == "yes",
        cash_discount_percent="" if skonto is None else show_decimal(skonto, language),
        discount_percent=show_decimal(draft.discount_percent, language) if draft.discount_percent else "",
        discount_amount=show_amount(draft.discount_cents, language) if draft.discount_cents else "",
    )


def put_field(draft: DraftInput, name: str, value: Any) -> DraftInput:
    """The draft with one field as it was typed.

    Raises:
        Invalid: with the field, where a figure or day is none; ``draft_field_unknown`` for what is no field.
    """
    if name not in FIELDS:
        raise Invalid("draft_field_unknown", field=name)
    text = str(value or "").strip()[:_LONGEST]
    if name in BUYER or name == "business":
        return replace(draft, buyer=_put_buyer(draft.buyer, name, text, value))
    if name in (CARRIED_TO, CARRIAGE_PROVEN):
        told = text.upper()[:2] if name == CARRIED_TO else "yes" if _ticked(value) else ""
        return replace(draft, answers=with_answer(draft, name, told))
    read = _FIGURES.get(name)
    if read is not None:
        column, typed = read(text)
        return replace(draft, **{column: typed})
    if name in _DAYS:
        return replace(draft, **{name: _day(text, name)})
    if name in _WHOLE:
        return replace(draft, **{name: read_whole(text, field=name, code=_WHOLE[name])})
    return replace(draft, **{name: text})


def with_answer(draft: DraftInput, question: str, answer: str) -> dict[str, str]:
    """All answers with this one; an empty one is taken back."""
    others = {name: told for name, told in draft.answers.items() if name != question}
    return {**others, question: answer} if answer else others


def _put_buyer(buyer: BuyerInput, name: str, text: str, value: Any) -> BuyerInput:
    if name == "business":
        return replace(buyer, business=_ticked(value))
    return replace(buyer, **{name: text.upper()[:2] if name == "country" else text})


def _cash_discount_percent(text: str) -> tuple[str, Decimal | None]:
    return "cash_discount_percent", _figure(text, "cash_discount_percent", "billing_cash_discount_invalid")


def _discount_percent(text: str) -> tuple[str, Decimal]:
    percent = _figure(text, "discount_percent", "billing_discount_invalid") or Decimal(0)
    if not 0 <= percent <= 100:
        raise Invalid("billing_discount_invalid", field="discount_percent")
    return "discount_percent", percent


def _discount_amount(text: str) -> tuple[str, int]:
    cents = read_hundredths(text, field="discount_amount", code="billing_discount_invalid")
    if cents < 0:
        raise Invalid("billing_discount_invalid", field="discount_amount")
    return "discount_cents", cents


_FIGURES: dict[str, Callable[[str], tuple[str, Any]]] = {
    "cash_discount_percent": _cash_discount_percent,
    "discount_percent": _discount_percent,
    "discount_amount": _discount_amount,
}
"""Field → its name in the draft and what was typed."""


def _figure(text: str, name: str, code: str) -> Decimal | None:
    try:
        return read_decimal(text)
    except ValueError:
        raise Invalid(code, field=name) from None


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("date_invalid", field=name) from None


def _ticked(value: Any) -> bool:
    return value is True or str(value).lower() in {"on", "true", "yes"}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)
