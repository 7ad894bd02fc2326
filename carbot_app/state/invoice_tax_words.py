"""Why a document bears the tax it bears, in words (pure)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from carbot_app.domains.billing.tax import Choice
from carbot_app.kit.i18n import list_words, translate
from carbot_app.state.wording import Reader


def why(choice: Choice, reader: Reader) -> str:
    """One or two sentences: what is charged and why, with countries and days as people name them."""
    facts = {**choice.facts, "rate": rate_words(choice.rate, reader.language)}
    said = [reason_words(choice.reason, facts, reader)]
    if proof := choice.facts.get("until_proven"):
        said.append(reason_words(proof, facts, reader))
    return " ".join(filter(None, said))


def reason_words(reason: str, facts: Mapping[str, str], reader: Reader) -> str:
    """The sentence of a reason; empty where there is none."""
    key = f"reason.{reason}"
    if key not in list_words(reader.language, "draft"):
        return ""
    told = {name: _told(name, value, reader) for name, value in facts.items() if value}
    gaps = dict.fromkeys(("seller", "buyer", "day", "rate", "percent", "target", "vat_id"), "")
    return translate(reader.language, f"draft.{key}", **{**gaps, **told})


def _told(name: str, value: str, reader: Reader) -> str:
    if name in {"seller", "buyer", "target"}:
        return Locale.parse(reader.language).territories.get(value, value)
    if name == "percent":
        return format_decimal(Decimal(value), locale=reader.language)
    return long_day(date.fromisoformat(value), reader.language) if name == "day" else value


def long_day(day: date, language: str) -> str:
    """``30. November 2026``: a month that is cut off would end a sentence twice."""
    return format_date(day, "long", locale=language)


def rate_words(hundredths: int, language: str) -> str:
    """``19`` or ``8,1`` of hundredths of a percent."""
    return format_decimal(Decimal(hundredths) / 100, locale=language)
