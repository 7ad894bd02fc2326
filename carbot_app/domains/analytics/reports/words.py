"""Figures, days and changes as a report says them, in its language (pure)."""

import math
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_time
from babel.numbers import format_currency, format_decimal

from carbot_app.domains.analytics.reports import templates as units
from carbot_app.domains.analytics.reports.schemas import Column, Letterhead, Tile, Value
from carbot_app.domains.analytics.schemas import Kpi, Span
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents

NOTHING = "–"
_MINUTE, _HOUR = 60, 3600
_WHOLE_FROM = 100_000
"""Cents from which a headline leaves the cents out."""


def text(head: Letterhead, key: str, **values: object) -> str:
    """A text of reports.json."""
    return translate(head.language, f"reports.{key}", **values)


def days(span: Span, language: str) -> str:
    """``12.–18. Okt. 2026``, or one day."""
    if span.first == span.last:
        return format_date(span.first, "medium", locale=language)
    return format_interval(span.first, span.last, "yMMMd", locale=language)


def instant(at: datetime, head: Letterhead) -> str:
    """``30. Nov. 2026, 07:30`` on the workshop's clock."""
    local = at.astimezone(ZoneInfo(head.timezone))
    day = format_date(local.date(), "medium", locale=head.language)
    return f"{day}, {format_time(local.time(), 'short', locale=head.language)}"


def row_label(kind: str, span: Span, language: str) -> str:
    """What a row of days is called: ``Mo., 30. Nov.``, ``KW 49``'s days, or ``November 2026``."""
    if kind == "day":
        return format_date(span.first, "EEE, d. MMM" if language == "de" else "EEE d MMM", locale=language)
    if kind == "month":
        return format_date(span.first, "LLLL yyyy", locale=language)
    return format_interval(span.first, span.last, "MMMd", locale=language)


def short_label(kind: str, span: Span, language: str) -> str:
    """The same below a bar."""
    if kind == "month":
        return format_date(span.first, "LLL", locale=language)
    return format_date(span.first, "d. MMM" if language == "de" else "d MMM", locale=language)


def weekday_names(language: str) -> tuple[str, ...]:
    """Short names, Monday first."""
    names = Locale.parse(language).days["stand-alone"]["abbreviated"]
    return tuple(names[day].rstrip(".") for day in range(7))


def column(head: Letterhead, key: str, unit: str) -> Column:
    """A column by its name."""
    return Column(key, text(head, f"column.{key}"), unit)


def cell(value: Value, unit: str, head: Letterhead) -> str:
    """A value in a table."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return format_date(value, "dd.MM.yyyy" if head.language == "de" else "medium", locale=head.language)
    if unit == units.CENTS:
        return format_cents(round(value), head.currency, head.language, head.country)
    return " ".join(filter(None, figure(value, unit, head)))


def number_of(value: Value) -> float | None:
    """The value where it is a number."""
    return value if isinstance(value, int | float) else None


def figure(value: float | None, unit: str, head: Letterhead) -> tuple[str, str]:
    """A headline's number and its lighter unit."""
    if value is None or not math.isfinite(value):
        return NOTHING, ""
    number = _Numbers(head.language)
    if unit == units.PERCENT:
        return number(value, 0), "%"
    if unit == units.CENTS:
        return _money(round(value), head), ""
    if unit == units.MINUTES:
        return number(value / _MINUTE, 1), text(head, "unit.hours")
    if unit == units.STARS:
        return number(value, 1), text(head, "unit.of_five")
    if unit == units.SECONDS:
        return _wait(value, head)
    return number(value, 0), ""


def tile(kpi: Kpi, label: str, head: Letterhead) -> Tile:
    """A figure with its change against what it is compared with."""
    shown, unit = figure(kpi.value, kpi.unit, head)
    delta, direction = _change(kpi, head)
    verdict = "neutral" if direction == "flat" else "good" if direction == kpi.good_when else "bad"
    return Tile(label, shown, unit, delta, direction, verdict, kpi.series)


def headline(tile: Tile) -> str:
    """A tile as a line of a mail."""
    change = f" ({ {'up': '↑', 'down': '↓'}.get(tile.direction, '') } {tile.delta})" if tile.delta else ""
    return f"{tile.label}: {' '.join(filter(None, (tile.figure, tile.unit)))}{change.replace('( ', '(')}"


class _Numbers:
    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, value: float, digits: int) -> str:
        rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), rounding="ROUND_HALF_UP")
        return format_decimal(rounded, locale=self._language)


def _wait(seconds: float, head: Letterhead) -> tuple[str, str]:
    number = _Numbers(head.language)
    if abs(seconds) < 2 * _MINUTE:
        return number(seconds, 0), text(head, "unit.seconds")
    if abs(seconds) < 2 * _HOUR:
        return number(seconds / _MINUTE, 0), text(head, "unit.minutes")
    return number(seconds / _HOUR, 1), text(head, "unit.hours")


def _money(cents: int, head: Letterhead) -> str:
    exact = format_cents(cents, head.currency, head.language, head.country)
    if abs(cents) < _WHOLE_FROM:
        return exact
    name = f"{head.language}_{head.country}"
    locale = Locale.parse(name if head.language == "de" and head.country in {"AT", "CH"} else head.language)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
    return format_currency(
        Decimal(cents) / 100, head.currency, format=pattern, locale=locale, currency_digits=False
    )


def _change(kpi: Kpi, head: Letterhead) -> tuple[str, str]:
    if kpi.value is None or kpi.previous is None:
        return "", "flat"
    moved = kpi.value - kpi.previous
    number = _Numbers(head.language)
    if kpi.unit == units.PERCENT:
        shown, size = text(head, "unit.points", value=number(abs(moved), 0)), round(moved)
    elif kpi.unit == units.STARS:
        shown, size = number(abs(moved), 1), round(moved, 1)
    elif kpi.unit == units.SECONDS:
        shown, size = " ".join(_wait(abs(moved), head)), round(moved)
    elif kpi.previous:
        percent = 100 * moved / abs(kpi.previous)
        shown, size = f"{number(abs(percent), 0)} %", round(percent)
    else:
        return "", "flat"
    return (shown, "up" if size > 0 else "down") if size else (text(head, "unchanged"), "flat")
