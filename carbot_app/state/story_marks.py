"""What a time series becomes on a chart: working days, or weeks where it is long (pure)."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

from carbot_app.domains.analytics.schemas import Band, TimeSeries

DAILY_UP_TO = 120
"""Days; more would be a comb of weekends."""
_WEEK = 7
_SUMMED = {"count", "cents", "minutes"}
"""Units whose week is the sum of its days; a share or a wait of a week is no mean of its days."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the time axis: from ``first`` to ``last``, one day or a week."""

    first: date
    last: date
    value: float | None
    previous: float | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks and what is expected after them; ``grain`` is day, workday or week."""

    grain: str
    past: tuple[Mark, ...]
    future: tuple[Band, ...]


def marks_of(series: TimeSeries, closed: Set[int]) -> Marks:
    """Marks of a series; ``closed`` are ISO weekdays on which the workshop does not open.

    Such days are left out unless something happened on one of them.
    """
    previous = series.previous or (None,) * len(series.values)
    days = [
        Mark(day, day, value, before)
        for day, value, before in zip(series.days, series.values, previous, strict=True)
    ]
    if len(days) > DAILY_UP_TO and series.unit in _SUMMED:
        return Marks("week", tuple(map(_week, _from_end(days))), tuple(_expected_weeks(series.forecast)))
    kept = [mark for mark in days if mark.first.isoweekday() not in closed or mark.value or mark.previous]
    future = tuple(band for band in series.forecast if band.day.isoweekday() not in closed or band.mid > 0)
    return Marks("workday" if len(kept) < len(days) else "day", tuple(kept), future)


def _from_end(days: Sequence[Mark]) -> Iterable[Sequence[Mark]]:
    """Weeks of seven days, the newest whole."""
    starts = range(len(days), 0, -_WEEK)
    return reversed([days[max(end - _WEEK, 0) : end] for end in starts])


def _week(days: Sequence[Mark]) -> Mark:
    return Mark(
        days[0].first,
        days[-1].last,
        _sum(day.value for day in days),
        _sum(day.previous for day in days),
    )


def _sum(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _expected_weeks(bands: Sequence[Band]) -> Iterable[Band]:
    for start in range(0, len(bands) - _WEEK + 1, _WEEK):
        week = bands[start : start + _WEEK]
        yield Band(
            week[0].day,
            sum(band.low for band in week),
            sum(band.mid for band in week),
            sum(band.high for band in week),
        )
