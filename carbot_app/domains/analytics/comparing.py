"""With which days a span is compared (pure)."""

from collections.abc import Iterable
from datetime import date, timedelta

from carbot_app.domains.analytics.schemas import Span

_YEAR = timedelta(weeks=52)
"""A year of whole weeks: Mondays are compared with Mondays."""
_SLACK = timedelta(days=7)


def span_before(span: Span) -> Span:
    """The equally long span right before."""
    return Span(span.first - timedelta(days=span.days), span.first - timedelta(days=1))


def year_before(span: Span) -> Span:
    """The same weekdays a year before."""
    return Span(span.first - _YEAR, span.last - _YEAR)


def aligned(span: Span, compare: Span) -> tuple[date, ...]:
    """For every day of ``span`` the one it is compared with.

    Counted from the first days of both; where about a year lies between them, by weekday.
    """
    shift = span.first - compare.first
    if abs(shift - _YEAR) <= _SLACK:
        shift = _YEAR
    return tuple(day - shift for day in span.each())


def touching(spans: Iterable[Span]) -> list[Span]:
    """The same days in as few spans as there can be, oldest first."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda one: one.first):
        if joined and span.first <= joined[-1].last + timedelta(days=1):
            joined[-1] = Span(joined[-1].first, max(joined[-1].last, span.last))
        else:
            joined.append(span)
    return joined
