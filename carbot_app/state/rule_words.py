"""What a surcharge or discount does, in one sentence (pure)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from babel.dates import format_skeleton, get_day_names
from babel.lists import format_list

from carbot_app.domains.catalog.editing_schemas import RuleDraft
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents

_TYPED_DAY = re.compile(r"(\d{1,2})[.\-/ ]+(\d{1,2})\.?")
_LEAP_YEAR = 2024


def rule_sentence(
    rule: RuleDraft, language: str, categories: Mapping[str, str], *, currency: str = "EUR"
) -> str:
    """``Samstag: 10 % Aufschlag auf Reifen und Räder``; empty while it has no amount.

    ``categories``: key → name of what may be meant.
    """
    if not rule.percent and not rule.amount_cents:
        return ""
    if rule.percent:
        amount = translate(language, "pricing.rules.percent", value=abs(rule.percent))
    else:
        amount = format_cents(abs(rule.amount_cents), currency, language)
    rises = rule.percent > 0 or rule.amount_cents > 0
    names = [categories.get(key, key) for key in rule.categories]
    what = _all_of(names, language) if names else translate(language, "pricing.rules.everything")
    key = "pricing.rules.surcharge" if rises else "pricing.rules.discount"
    deed = translate(language, key, amount=amount, what=what)
    conditions = list(_conditions(rule, language))
    said = f"{', '.join(conditions)}: {deed}" if conditions else deed
    return said[:1].upper() + said[1:]


def _conditions(rule: RuleDraft, language: str) -> Iterable[str]:
    days = get_day_names("wide", locale=language)
    if rule.weekdays:
        yield _any_of([days[day - 1] for day in sorted(rule.weekdays)], language)
    if rule.season:
        first, last = (day_words(day, language) for day in rule.season)
        yield translate(language, "pricing.rules.season", first=first, last=last)
    if rule.classes:
        yield _any_of([translate(language, f"quote.classes.{name}") for name in rule.classes], language)
    if rule.fuels:
        yield _any_of([translate(language, f"pricing.fuels.{name}") for name in rule.fuels], language)
    low, high = rule.min_age, rule.max_age
    if low is not None and high is not None:
        yield translate(language, "pricing.rules.age_between", low=low, high=high)
    elif low is not None:
        yield translate(language, "pricing.rules.age_from", low=low)
    elif high is not None:
        yield translate(language, "pricing.rules.age_to", high=high)
    if rule.fleet:
        yield translate(language, "pricing.rules.fleet_only")


def day_words(day: str, language: str) -> str:
    """``11-01`` as ``1. November``; what is no day stays as it is."""
    try:
        return format_skeleton("MMMMd", date.fromisoformat(f"{_LEAP_YEAR}-{day}"), locale=language)
    except ValueError:
        return day


def read_day(text: str) -> str:
    """``1.11.`` as ``11-01``.

    Raises:
        Invalid: ``catalog_rule_condition`` of the season.
    """
    match = _TYPED_DAY.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        return f"{date(_LEAP_YEAR, int(match[2]), int(match[1])):%m-%d}"
    except ValueError:
        raise Invalid("catalog_rule_condition", field="season") from None


def show_day(day: str) -> str:
    """``11-01`` as ``1.11.`` for the input."""
    month, _, number = day.partition("-")
    return f"{int(number)}.{int(month)}." if number.isdigit() and month.isdigit() else ""


def _all_of(names: list[str], language: str) -> str:
    return format_list(names, style="standard", locale=language)


def _any_of(names: list[str], language: str) -> str:
    return format_list(names, style="or", locale=language)
