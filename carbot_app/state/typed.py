"""Figures as people type and read them in the editor of prices (pure)."""

import re
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import format_cents, round_half_up

_NOISE = re.compile(r"[\s\u00a0\u202f'’_%€]|EUR|CHF|Fr\.", re.IGNORECASE)
_SHAPES = (
    (re.compile(r"([0-9]{1,3}(\.[0-9]{3})+|[0-9]*)(,[0-9]{1,2})?"), "."),
    (re.compile(r"([0-9]{1,3}(,[0-9]{3})+|[0-9]*)\.[0-9]{1,2}"), ","),
)
"""German and English way of writing, and what separates groups in it."""
_LONGEST = 14
MINUS = "\u2212"


def read_decimal(text: str) -> Decimal | None:
    """``1.284,50``, ``1,284.50``, ``-4``, ``+ 2.5 %``, ``1.284``, ``49,90 €``; None when empty.

    Raises:
        ValueError: no figure, or one that could be two (``49,905``).
    """
    plain = _NOISE.sub("", text).replace(MINUS, "-").replace("\u2013", "-")
    if not plain:
        return None
    sign, bare = ("-", plain[1:]) if plain.startswith("-") else ("", plain.removeprefix("+"))
    for shape, group in _SHAPES:
        if bare and len(bare) <= _LONGEST and shape.fullmatch(bare):
            return Decimal(sign + bare.replace(group, "").replace(",", "."))
    raise ValueError(text)


def read_hundredths(text: str, *, field: str, code: str) -> int:
    """Cents of an amount, or hundredths of a percent; an empty text is 0.

    Raises:
        Invalid: ``code`` with the field, where it is no figure.
    """
    try:
        return round_half_up((read_decimal(text) or Decimal(0)) * 100)
    except ValueError:
        raise Invalid(code, field=field) from None


def read_whole(text: str, *, field: str, code: str) -> int | None:
    """A whole number; None when empty.

    Raises:
        Invalid: ``code`` with the field, where it is none.
    """
    try:
        value = read_decimal(text)
    except ValueError:
        raise Invalid(code, field=field) from None
    if value is not None and value != value.to_integral_value():
        raise Invalid(code, field=field)
    return None if value is None else int(value)


def show_amount(cents: int, language: str) -> str:
    """An amount for an input, the currency beside it: ``112,00``."""
    return format_decimal(Decimal(cents) / 100, format="#,##0.00", locale=language)


def show_difference(cents: int, currency: str, language: str, country: str = "DE") -> str:
    """``+ 14,00 €`` or ``− 3,00 €``; empty for none, as where only the upper end of a range moves."""
    if not cents:
        return ""
    amount = format_cents(abs(cents), currency, language, country)
    return f"{'+' if cents > 0 else MINUS}\u00a0{amount}"


def read_day(text: str, *, field: str) -> date:
    """A day as a browser sends it, ``2026-11-24``. Raises Invalid("date_invalid")."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("date_invalid", field=field) from None
