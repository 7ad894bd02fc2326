"""Money as integer cents; rounding half up as tax offices and customers expect."""

from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.numbers import format_currency, format_percent


def round_half_up(value: Decimal) -> int:
    """Round to a whole number, halves away from zero (Python's default would go to even)."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def format_cents(cents: int, currency: str = "EUR", language: str = "de", country: str = "DE") -> str:
    """Cents as text in the reader's language, e.g. ``1.284,10 €``; Switzerland writes ``CHF 1’284.10``."""
    locale = f"{language}_{country}" if (language, country) in {("de", "AT"), ("de", "CH")} else language
    return format_currency(Decimal(cents) / 100, currency, locale=locale)


def format_cents_range(
    low: int, high: int | None, currency: str = "EUR", language: str = "de", country: str = "DE"
) -> str:
    """``349,00 €`` or ``349,00 – 429,00 €`` with one currency sign."""
    if high is None or high == low:
        return format_cents(low, currency, language, country)
    first = format_cents(low, currency, language, country)
    last = format_cents(high, currency, language, country)
    bare = "".join(c for c in first if c.isdigit() or c in ".,\u2019\u202f\u00a0").strip()
    return f"{bare}\u2013{last}" if last[0].isdigit() else f"{first}\u2013{last}"


def format_rate(percent: Decimal, language: str = "de") -> str:
    """A rate with up to two decimals as the language writes it: ``7,7 %``, ``7.7%``, ``%7,7``."""
    pattern = Locale.parse(language).percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    return format_percent(percent / 100, format=pattern, locale=language)
