"""When a report is due and which days it is about, on the workshop's calendar (pure).

A time that the change to summer time skips is the instant an hour later; one that exists twice is the first.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carbot_app.domains.analytics.reports.templates import MONTHLY, WEEKLY
from carbot_app.domains.analytics.schemas import Span
from carbot_app.kit.errors import Invalid

MOST_DAYS = 3660
"""Of a report: ten years, what tax law lets an audit ask for."""
EARLIEST = date(2000, 1, 1)
LAST_OF_MONTH = 31
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAYS_IN_ROW, _WEEKS_IN_ROW = 45, 250
"""Days up to which the table has a row for each, and up to which it has one for each week."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """``kind`` weekly with ``day`` 0 Monday to 6 Sunday, or monthly with 1 to 31, in short months their last
    day; ``at`` is ``07:30`` on the workshop's clock."""

    kind: str
    day: int
    at: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One time a report is sent."""

    key: str
    """Names it for good: a day has one turn, whatever its clock does."""
    at: datetime
    span: Span
    """What it is about: the seven days to the eve, or the month before."""


def require_span(first: date, last: date) -> Span:
    """The days themselves. Raises Invalid ``report_span_reversed`` or ``report_span_long``."""
    if first > last:
        raise Invalid("report_span_reversed", field="last")
    if first < EARLIEST or (last - first).days >= MOST_DAYS:
        raise Invalid("report_span_long", field="first", years=MOST_DAYS // 366)
    return Span(first, last)


def require_rhythm(rhythm: Rhythm) -> Rhythm:
    """The rhythm itself. Raises Invalid ``report_rhythm_invalid`` with the field."""
    days = {WEEKLY: range(7), MONTHLY: range(1, LAST_OF_MONTH + 1)}
    if rhythm.kind not in days or rhythm.day not in days[rhythm.kind]:
        raise Invalid("report_rhythm_invalid", field="day")
    if not _CLOCK.fullmatch(rhythm.at):
        raise Invalid("report_rhythm_invalid", field="at")
    return rhythm


def last_turn(rhythm: Rhythm, now: datetime, zone: ZoneInfo) -> Turn:
    """The newest turn that is not in the future."""
    today = now.astimezone(zone).date()
    return next(turn for turn in _turns(rhythm, today, zone, step=-1) if turn.at <= now)


def next_turn(rhythm: Rhythm, now: datetime, zone: ZoneInfo) -> Turn:
    """The first turn in the future."""
    today = now.astimezone(zone).date()
    return next(turn for turn in _turns(rhythm, today, zone, step=1) if turn.at > now)


def before(span: Span) -> Span:
    """What a span is compared with: the month before of a whole month, else as many days before."""
    eve = span.first - timedelta(days=1)
    if span.first.day == 1 and span.last == _end_of_month(span.first):
        return Span(eve.replace(day=1), eve)
    return Span(span.first - timedelta(days=span.days), eve)


def rows_of(span: Span) -> tuple[str, tuple[Span, ...]]:
    """``day``, ``week`` or ``month``, and the spans a table has a row for."""
    if span.days <= _DAYS_IN_ROW:
        return "day", tuple(Span(day, day) for day in span.each())
    by_week = span.days <= _WEEKS_IN_ROW
    rows: list[Span] = []
    first = span.first
    while first <= span.last:
        end = first + timedelta(days=6 - first.weekday()) if by_week else _end_of_month(first)
        rows.append(Span(first, min(end, span.last)))
        first = end + timedelta(days=1)
    return "week" if by_week else "month", tuple(rows)


def _turns(rhythm: Rhythm, start: date, zone: ZoneInfo, *, step: int) -> Iterator[Turn]:
    hour, minute = map(int, rhythm.at.split(":"))
    for offset in range(0, 64):
        day = start + timedelta(days=offset * step)
        if _is_turn(rhythm, day):
            # Without a fold the first of two equal times is meant; a skipped one is read by the old offset
            at = datetime.combine(day, time(hour, minute), zone).astimezone(UTC)
            yield Turn(day.isoformat(), at, _told(rhythm, day))


def _is_turn(rhythm: Rhythm, day: date) -> bool:
    if rhythm.kind == WEEKLY:
        return day.weekday() == rhythm.day
    return day.day == min(rhythm.day, calendar.monthrange(day.year, day.month)[1])


def _told(rhythm: Rhythm, day: date) -> Span:
    if rhythm.kind == WEEKLY:
        return Span(day - timedelta(days=7), day - timedelta(days=1))
    last = day.replace(day=1) - timedelta(days=1)
    return Span(last.replace(day=1), last)


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
