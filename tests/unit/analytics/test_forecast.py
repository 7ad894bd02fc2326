"""The forecast beats the last week, is honest when it knows little, and never says nonsense."""

import math
from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.analytics import forecast as made
from carbot_app.domains.analytics.forecast import HORIZON, Calendar, forecast
from carbot_app.domains.booking.opening import public_holidays

LAST = date(2026, 3, 29)
"""The day the clocks change."""
WEEKDAYS = Calendar(lambda day: day.isoweekday() < 7 and day not in public_holidays("DE", "NW", day.year))


def visits(days: int, *, until: date = LAST, seed: int = 1, level: float = 12) -> dict[date, float]:
    """Days of a workshop with a quiet Saturday and tyre seasons around April and November."""
    rng = Random(seed)
    told = {}
    for back in range(days):
        day = until - timedelta(days=back)
        season = 1 + 0.4 * math.cos(4 * math.pi * (day - date(day.year, 4, 15)).days / 365)
        usual = level * season * (0.5 if day.isoweekday() == 6 else 1)
        told[day] = max(0.0, round(rng.gauss(usual, math.sqrt(usual)))) if WEEKDAYS.is_open(day) else 0.0
    return told


def test_six_weeks_lie_inside_the_band_and_closed_days_are_empty() -> None:
    found = forecast(visits(760), LAST, WEEKDAYS)
    assert (found.method, found.reason, len(found.bands)) == (made.MODEL, "", HORIZON)
    assert [band.day for band in found.bands] == [LAST + timedelta(days=n) for n in range(1, HORIZON + 1)]
    for band in found.bands:
        if WEEKDAYS.is_open(band.day):
            assert 0 <= band.low < band.mid < band.high
        else:
            assert (band.low, band.mid, band.high) == (0, 0, 0)
    # Good Friday and Easter Monday 2026
    closed = {band.day for band in found.bands if band.mid == 0 and band.day.isoweekday() < 7}
    assert {date(2026, 4, 3), date(2026, 4, 6)} <= closed


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_model_is_a_tenth_better_than_the_week_before(seed: int) -> None:
    """On years with chance in them; bench/forecast.py prints the same on the demo workshop."""
    told = visits(900, seed=seed)
    days, scores, naive = sorted(told), [], []
    values = [told[day] for day in days]
    for step in range(6):
        at = len(days) - HORIZON - step * 28
        ahead, real = days[at : at + HORIZON], values[at : at + HORIZON]
        week = values[at - 7 : at]
        kept = [n for n, day in enumerate(ahead) if WEEKDAYS.is_open(day)]
        expected = made.expected(days[:at], values[:at], ahead, WEEKDAYS)
        scores.append(made.mase([real[n] for n in kept], [expected[n] for n in kept], values[:at]))
        naive.append(made.mase([real[n] for n in kept], [week[n % 7] for n in kept], values[:at]))
    assert sum(scores) < 0.9 * sum(naive)


def test_four_of_five_days_of_the_past_lay_in_the_band() -> None:
    found = forecast(visits(900, seed=5), LAST, WEEKDAYS)
    assert found.coverage is not None
    assert 0.7 <= found.coverage <= 0.95


def test_the_tyre_season_is_expected_before_it_comes() -> None:
    told = visits(900, until=date(2026, 2, 22), level=20)
    found = {band.day: band.mid for band in forecast(told, date(2026, 2, 22), WEEKDAYS).bands}
    assert found[date(2026, 4, 2)] > 1.15 * found[date(2026, 2, 26)]


@pytest.mark.parametrize(
    ("days", "method", "reason"),
    [
        (0, made.NONE, made.NO_HISTORY),
        (1, made.NONE, made.NO_HISTORY),
        (13, made.NONE, made.NO_HISTORY),
        (14, made.WEEKLY_MEANS, made.SHORT_HISTORY),
        (55, made.WEEKLY_MEANS, made.SHORT_HISTORY),
        (56, made.MODEL, ""),
    ],
)
def test_a_short_past_promises_less(days: int, method: str, reason: str) -> None:
    found = forecast(visits(days), LAST, WEEKDAYS)
    assert (found.method, found.reason) == (method, reason)
    assert found.has_band == (method == made.MODEL)
    if method == made.WEEKLY_MEANS:
        assert all(band.low == band.mid == band.high for band in found.bands)


def test_a_young_workshop_expects_its_usual_week() -> None:
    told = {LAST - timedelta(days=back): 4.0 for back in range(30)}
    found = forecast(told, LAST, WEEKDAYS)
    assert {band.mid for band in found.bands if WEEKDAYS.is_open(band.day)} == {4.0}


def test_a_workshop_without_visits_or_hours_says_why() -> None:
    nothing = {LAST - timedelta(days=back): 0.0 for back in range(100)}
    assert forecast(nothing, LAST, WEEKDAYS).reason == made.NO_VISITS
    closed = forecast(visits(100), LAST, Calendar(lambda _: False))
    assert closed.reason == made.NEVER_OPEN
    assert {band.high for band in closed.bands} == {0.0}


def test_gaps_and_a_leap_day_are_days_like_others() -> None:
    told = visits(800, until=date(2028, 3, 3))
    gaps = {day: value for day, value in told.items() if day.month != 8}
    assert date(2028, 2, 29) in gaps
    found = forecast(gaps, date(2028, 3, 3), WEEKDAYS)
    assert all(math.isfinite(band.high) for band in found.bands)


def test_one_visit_in_a_year_is_no_storm() -> None:
    told = {LAST - timedelta(days=360): 1.0}
    found = forecast(told, LAST, WEEKDAYS)
    assert sum(band.mid for band in found.bands) < 2


def _sane(told: Mapping[date, float]) -> None:
    found = forecast(told, LAST, WEEKDAYS)
    for band in found.bands:
        assert all(math.isfinite(value) for value in (band.low, band.mid, band.high))
        assert 0 <= band.low <= band.mid <= band.high


@settings(max_examples=12, deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=120), st.integers(1, 400))
def test_any_past_gives_finite_numbers(values: list[float], back: int) -> None:
    _sane({LAST - timedelta(days=back + n): value for n, value in enumerate(values)})
