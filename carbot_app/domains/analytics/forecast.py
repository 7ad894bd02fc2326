"""What the next six weeks bring, day by day, from the days that were (pure).

The model is a Poisson regression on the calendar: weekday, season of the year with its two tyre seasons,
days around public holidays, growth. It is brought to the level of the last weeks. ``bench/forecast.py``
compares it with others by a rolling-origin back-test; it won (docs/adr/0027).
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Any

from carbot_app.domains.analytics.schemas import Band, Span

HORIZON = 42
"""Days."""
SHORTEST, SHORT = 14, 56
"""Days of history: under the first nothing is said, under the second weekly means without a band."""
MODEL, WEEKLY_MEANS, NONE = "model", "weekly_means", "none"
NO_HISTORY, SHORT_HISTORY, NO_VISITS, NEVER_OPEN = "no_history", "short_history", "no_visits", "never_open"
"""Reasons why a forecast is less than a model's, or none."""
COVERAGE = 0.8
"""What the band promises: four days of five lie in it."""

_LONG = 400
"""Days from which the season of the year can be told from growth."""
_HARMONICS = 5
"""Of the year: the fifth turns in ten weeks, short enough for a tyre season."""
_LEVEL_DAYS, _LEVEL_TRUST = 56, 0.5
"""How far back the present level is read, and how much of its distance to the model is believed."""
_HALF_LIFE, _YOUNG_HALF_LIFE = 365, 56
"""Days after which a day counts half: of a workshop whose year is known, and of a younger one."""
_SHRINK = 1e-3
_ORIGINS, _EVERY, _LEAST_TRAINING = 10, 14, 28
_BETWEEN_YEARS = ((12, 24), (12, 31))


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the workshop is open, in the past and in the weeks to come."""

    is_open: Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Forecast:
    """``bands`` has every day of the horizon, or none; ``method`` and ``reason`` say how much it is worth.

    ``has_band`` False: low and high equal mid and promise nothing. ``coverage`` is the share of days of
    the past that lay in the band when it was drawn without knowing them; None: nothing was measured.
    """

    bands: tuple[Band, ...]
    method: str
    reason: str = ""
    coverage: float | None = None

    @property
    def has_band(self) -> bool:
        """Whether low and high mean anything."""
        return self.method == MODEL


def forecast(history: Mapping[date, float], until: date, calendar: Calendar) -> Forecast:
    """The ``HORIZON`` days after ``until``. Missing days of ``history`` are zero; its first day is its start.

    Values are counts or hours and not negative; closed days are expected to bring 0.
    """
    known = {day: max(0.0, value) for day, value in history.items() if day <= until}
    days = _days(min(known), until) if known else []
    ahead = _days(until + timedelta(days=1), until + timedelta(days=HORIZON))
    if len(days) < SHORTEST:
        return Forecast((), NONE, NO_HISTORY)
    values = [known.get(day, 0.0) for day in days]
    if not any(calendar.is_open(day) for day in ahead):
        return Forecast(tuple(Band(day, 0.0, 0.0, 0.0) for day in ahead), WEEKLY_MEANS, NEVER_OPEN)
    if not sum(value for day, value in zip(days, values, strict=True) if calendar.is_open(day)):
        return Forecast((), NONE, NO_VISITS)
    if len(days) < SHORT:
        means = weekly_means(days, values, ahead, calendar)
        return Forecast(
            tuple(Band(day, mid, mid, mid) for day, mid in zip(ahead, means, strict=True)),
            WEEKLY_MEANS,
            SHORT_HISTORY,
        )
    mids = expected(days, values, ahead, calendar)
    misses = [miss for step in _back_test(days, values, calendar) for miss in step]
    low, high = _spread(misses)
    bands = tuple(_band(day, mid, low, high) for day, mid in zip(ahead, mids, strict=True))
    return Forecast(bands, MODEL, coverage=measured_coverage(days, values, calendar))


def expected(
    days: Sequence[date], values: Sequence[float], ahead: Sequence[date], calendar: Calendar
) -> list[float]:
    """The model's expectation of each day ``ahead``; 0 where closed."""
    # Half a second to import, which processes that only read forecasts need not spend
    import numpy as np
    from sklearn.linear_model import PoissonRegressor
    from threadpoolctl import threadpool_limits

    open_days = [(day, value) for day, value in zip(days, values, strict=True) if calendar.is_open(day)]
    scale = fmean(value for _, value in open_days)
    if not scale:
        return [0.0] * len(ahead)
    seasonal = len(days) >= _LONG
    half_life = _HALF_LIFE if seasonal else _YOUNG_HALF_LIFE
    table = np.array([_features(day, days[-1], seasonal, calendar) for day, _ in open_days])
    wanted = np.array([_features(day, days[-1], seasonal, calendar) for day in ahead])
    # Several threads for some hundred rows wait for each other forty times as long as one computes
    with threadpool_limits(1):
        fitted = PoissonRegressor(alpha=_SHRINK, solver="newton-cholesky", max_iter=100).fit(
            table,
            np.array([value / scale for _, value in open_days]),
            sample_weight=np.array([0.5 ** ((days[-1] - day).days / half_life) for day, _ in open_days]),
        )
    seen: Any = fitted.predict(table)
    told: Any = fitted.predict(wanted)
    recent = [place for place, (day, _) in enumerate(open_days) if (days[-1] - day).days < _LEVEL_DAYS]
    believed = sum(float(seen[place]) for place in recent)
    real = sum(open_days[place][1] / scale for place in recent)
    level = ((real + 1) / (believed + 1)) ** _LEVEL_TRUST
    most = 3 * max(value for _, value in open_days)
    return [
        min(most, float(mid) * level * scale) if calendar.is_open(day) else 0.0
        for day, mid in zip(ahead, told, strict=True)
    ]


def weekly_means(
    days: Sequence[date], values: Sequence[float], ahead: Sequence[date], calendar: Calendar
) -> list[float]:
    """The mean of each weekday's open days of the last eight weeks; weekdays never open yet: of all days."""
    recent = [
        (day.weekday(), value)
        for day, value in zip(days, values, strict=True)
        if calendar.is_open(day) and (days[-1] - day).days < SHORT
    ]
    usual = fmean(value for _, value in recent) if recent else 0.0

    def mean(weekday: int) -> float:
        own = [value for at, value in recent if at == weekday]
        return fmean(own) if own else usual

    return [mean(day.weekday()) if calendar.is_open(day) else 0.0 for day in ahead]


def measured_coverage(days: Sequence[date], values: Sequence[float], calendar: Calendar) -> float | None:
    """Share of open days inside the band, each origin judged by the misses of the origins before it."""
    steps = _back_test(days, values, calendar)
    inside = [
        low <= miss <= high
        for place in range(2, len(steps))
        for low, high in [_spread([miss for step in steps[:place] for miss in step])]
        for miss in steps[place]
    ]
    return fmean(inside) if inside else None


def origins(days: Sequence[date]) -> list[int]:
    """Numbers of days known at the points from which the past is forecast, oldest first."""
    least = _LONG if len(days) >= _LONG + _EVERY + HORIZON else _LEAST_TRAINING
    return list(range(len(days) - _EVERY, least - 1, -_EVERY))[:_ORIGINS][::-1]


def _back_test(days: Sequence[date], values: Sequence[float], calendar: Calendar) -> list[list[float]]:
    """Per origin the misses of open days, in roots of what was expected: chance grows like that."""
    return [
        [
            (real - mid) / math.sqrt(max(mid, 0.25))
            for day, real, mid in zip(
                days[at : at + HORIZON],
                values[at : at + HORIZON],
                expected(days[:at], values[:at], days[at : at + HORIZON], calendar),
                strict=True,
            )
            if calendar.is_open(day)
        ]
        for at in origins(days)
    ]


def _spread(misses: Sequence[float]) -> tuple[float, float]:
    """The misses between which COVERAGE of them lie; wider for few, as conformal prediction does."""
    ordered = sorted(misses)
    if not ordered:
        return -1.3, 1.3
    tail = (1 - COVERAGE) / 2
    place = max(0, math.floor(tail * (len(ordered) + 1)) - 1)
    return min(0.0, ordered[place]), max(0.0, ordered[-1 - place])


def _band(day: date, mid: float, low: float, high: float) -> Band:
    if not mid:
        return Band(day, 0.0, 0.0, 0.0)
    root = math.sqrt(max(mid, 0.25))
    return Band(day, max(0.0, mid + low * root), mid, mid + high * root)


def _features(day: date, last: date, seasonal: bool, calendar: Calendar) -> list[float]:
    """The calendar of a day in numbers."""
    row = [float(day.weekday() == weekday) for weekday in range(7)]
    before, after = (calendar.is_open(day + timedelta(days=step)) for step in (-1, 1))
    weekday = day.weekday()
    # Free days beside a weekday that usually has open neighbours: a holiday, a bridge, the day after one
    row.append(float(not before and weekday not in {0, 6}))
    row.append(float(not after and weekday not in {4, 5, 6}))
    row.append(float(not before and not after and weekday not in {5, 6}))
    if seasonal:
        first, end = _BETWEEN_YEARS
        row.append(float(first <= (day.month, day.day) <= end))
        turn = 2 * math.pi * (day - date(day.year, 1, 1)).days / 365.25
        for harmonic in range(1, _HARMONICS + 1):
            row += [math.sin(harmonic * turn), math.cos(harmonic * turn)]
        # Growth of the last year; held beyond the last day, not drawn out
        row.append(max(-3.0, min(0.0, (day - last).days / 365)))
    return row


def _days(first: date, last: date) -> list[date]:
    return list(Span(first, last).each())


def mase(real: Sequence[float], told: Sequence[float], before: Sequence[float]) -> float:
    """Mean absolute scaled error (Hyndman and Koehler 2006) against the same day of the week before."""
    scale = fmean(abs(later - sooner) for sooner, later in zip(before, before[7:], strict=False))
    return fmean(abs(a - b) for a, b in zip(real, told, strict=True)) / scale
