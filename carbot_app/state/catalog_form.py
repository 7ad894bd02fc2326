"""The fields of a service as people type them, and back (pure)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from babel.numbers import format_decimal

from carbot_app.domains.catalog.editing_schemas import ServiceDraft
from carbot_app.kit.languages import LANGUAGES
from carbot_app.state.typed import read_decimal, show_amount

TWO_ENDS = ("range", "hourly_aw", "per_unit")
"""Price models with a lower and an upper price."""
PACKAGE = "package"
CHECKS = ("calculated", "lift", "hu_relevant", "exchange_part", "bookable")
_CHOICES = ("rate", "unit", "bay", "skill")
_MONEY = {
    "price": "price_min_cents",
    "price_to": "price_max_cents",
    "parts": "parts_cost_cents",
    "parts_list": "parts_list_cents",
    "fee": "fee_cents",
}
_WHOLE = {
    "minutes": "minutes",
    "parts_lead": "parts_lead_days",
    "interval_km": "interval_km",
    "interval_months": "interval_months",
    "discount": "discount_percent",
}
_OPTIONAL = ("interval_km", "interval_months")
FIELD_OF = {target: name for name, target in (_MONEY | _WHOLE).items()}
"""Field of the table → name in the form, where they differ."""


def parse_number(text: str) -> Decimal:
    """A figure of ``typed.read_decimal`` that is not negative; nothing is zero.

    Raises:
        ValueError: it is none.
    """
    number = read_decimal(text) or Decimal(0)
    if number < 0:
        raise ValueError(text)
    return number


def parse_cents(text: str) -> int:
    """An amount of money in cents.

    Raises:
        ValueError: it is no amount.
    """
    return int(parse_number(text) * 100)


def write_cents(cents: int, language: str) -> str:
    """``1.284,10``; nothing for zero."""
    return show_amount(cents, language) if cents else ""


def fill_form(draft: ServiceDraft, units_per_hour: int, language: str) -> dict[str, str]:
    """What the fields show."""
    form = {f"name_{code}": draft.names.get(code, "") for code in LANGUAGES}
    form |= {f"text_{code}": draft.descriptions.get(code, "") for code in LANGUAGES}
    form |= {name: write_cents(getattr(draft, field), language) for name, field in _MONEY.items()}
    form |= {name: str(getattr(draft, field) or "") for name, field in _WHOLE.items()}
    form |= {name: "on" if getattr(draft, name) else "" for name in CHECKS}
    form |= {name: getattr(draft, name) for name in _CHOICES}
    units = Decimal(draft.labour_seconds) * units_per_hour / 3600
    form["labour"] = format_decimal(units, "#,##0.##", locale=language) if units else ""
    form |= {
        "price_model": draft.price_model,
        "synonyms": ", ".join(draft.synonyms),
        "notes": draft.notes,
        "shelf": draft.subcategory or draft.category,
    }
    return form


def read_form(
    stored: ServiceDraft,
    typed: Mapping[str, str],
    shown: Mapping[str, str],
    *,
    units_per_hour: int,
    parents: Mapping[str, str],
) -> tuple[ServiceDraft, dict[str, str]]:
    """What is stored with the fields that were ``typed`` differently from ``shown``; field → locale key of
    what is no number, which keeps its old value. ``parents``: category → the one above it.
    """
    form = {name: text for name, text in typed.items() if text != shown.get(name)}
    wrong: dict[str, str] = {}
    fields: dict[str, Any] = {name: bool(form[name]) for name in CHECKS if name in form}
    fields |= {name: form[name] for name in (*_CHOICES, "price_model", "notes") if name in form}

    def read(name: str, key: str, convert: Callable[[str], Any], problem: str) -> None:
        try:
            fields[key] = convert(form[name])
        except ValueError:
            wrong[name] = f"catalog.invalid.{problem}"

    for name in form.keys() & _MONEY.keys():
        read(name, _MONEY[name], parse_cents, "money")
    for name in form.keys() & _WHOLE.keys():
        read(name, _WHOLE[name], _optional if name in _OPTIONAL else _whole, "number")
    if "labour" in form:
        read("labour", "labour_seconds", partial(_seconds, units_per_hour), "number")
    draft = replace(stored, **fields, **_texts(stored, form), **place_of(form.get("shelf", ""), parents))
    if draft.price_model in ("range", PACKAGE):
        draft = replace(draft, calculated=False)
    return draft, wrong


def _texts(stored: ServiceDraft, form: Mapping[str, str]) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    for field, prefix in (("names", "name"), ("descriptions", "text")):
        news = {code: form[f"{prefix}_{code}"] for code in LANGUAGES if f"{prefix}_{code}" in form}
        if news:
            texts[field] = {**getattr(stored, field), **news}
    if "synonyms" in form:
        words = (word.strip() for word in re.split(r"[,;\n]", form["synonyms"]))
        texts["synonyms"] = tuple(dict.fromkeys(filter(None, words)))
    return texts


def place_of(shelf: str, parents: Mapping[str, str]) -> dict[str, str]:
    """Category and subcategory of a shelf; nothing for one that does not exist."""
    if shelf not in parents:
        return {}
    parent = parents[shelf]
    return {"category": parent or shelf, "subcategory": shelf if parent else ""}


def _seconds(units_per_hour: int, text: str) -> int:
    return int(parse_number(text) * 3600 / units_per_hour)


def _whole(text: str) -> int:
    number = parse_number(text)
    if number != number.to_integral_value():
        raise ValueError(text)
    return int(number)


def _optional(text: str) -> int | None:
    return _whole(text) if text.strip() else None
