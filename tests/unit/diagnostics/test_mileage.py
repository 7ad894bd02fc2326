"""Mileage is projected believably from few, old, contradictory and falling readings."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics.mileage import Mileage, MileageReading, project

TODAY = date(2026, 11, 23)


def read(on: str, km: int) -> MileageReading:
    return MileageReading(date.fromisoformat(on), km)


def test_two_readings_give_a_straight_line():
    mileage = project([read("2025-11-23", 60_000), read("2026-05-24", 69_100)], TODAY)
    assert mileage.km_per_day == pytest.approx(50)
    assert (mileage.km, mileage.assumed, mileage.doubted) == (69_100 + 50 * 183, False, ())


def test_the_last_two_readings_count_not_the_first():
    mileage = project(
        [read("2020-01-01", 0), read("2026-01-01", 100_000), read("2026-11-01", 103_040)], TODAY
    )
    assert mileage.km_per_day == pytest.approx(10)


@pytest.mark.parametrize(("fuel", "yearly"), [("diesel", 17_000), ("electric", 12_000), ("petrol", 12_000)])
def test_one_reading_takes_the_pace_of_an_average_car_and_says_so(fuel, yearly):
    mileage = project([read("2025-11-23", 50_000)], TODAY, fuel)
    assert (mileage.km, mileage.assumed) == (50_000 + yearly, True)


def test_readings_days_apart_do_not_tell_a_pace():
    mileage = project([read("2026-11-10", 50_000), read("2026-11-13", 51_500)], TODAY)
    assert mileage.assumed
    assert mileage.km == 51_500 + round(12_000 / 365 * 10)


def test_a_nearer_reading_is_passed_over_for_one_a_month_away():
    mileage = project(
        [read("2026-08-15", 47_300), read("2026-11-10", 50_000), read("2026-11-23", 50_300)], TODAY
    )
    assert mileage.km_per_day == pytest.approx(30)


def test_without_a_reading_nothing_is_projected():
    mileage = project([], TODAY)
    assert (mileage.km, mileage.assumed) == (None, True)
    assert mileage.reached_on(100_000, TODAY) is None


def test_a_typing_error_is_left_out():
    typo = read("2026-03-01", 640_000)
    mileage = project([read("2025-11-23", 60_000), typo, read("2026-11-23", 74_600)], TODAY)
    assert (mileage.km, mileage.doubted) == (74_600, (typo,))


def test_a_reading_that_fell_is_doubted_when_two_others_agree():
    wrong = read("2026-09-01", 12_000)
    mileage = project([read("2025-11-23", 60_000), read("2026-05-23", 66_000), wrong], TODAY)
    assert mileage.doubted == (wrong,)
    assert mileage.km is not None
    assert mileage.km > 66_000


def test_of_two_readings_that_contradict_each_other_the_newer_is_believed():
    older = read("2026-01-01", 90_000)
    mileage = project([older, read("2026-11-23", 30_000)], TODAY)
    assert (mileage.km, mileage.doubted) == (30_000, (older,))


def test_readings_of_tomorrow_do_not_count():
    assert project([read("2026-11-24", 70_000)], TODAY).km is None


def test_a_parked_car_keeps_a_pace_that_reaches_its_next_service_some_day():
    mileage = project([read("2025-01-01", 60_000), read("2026-11-23", 60_000)], TODAY)
    assert mileage.km_per_day == 1.0
    assert mileage.reached_on(60_100, TODAY) == TODAY + timedelta(days=100)


def test_what_has_been_reached_is_due_today_and_the_far_future_ends_somewhere():
    mileage = Mileage(60_000, 1.0, False)
    assert mileage.reached_on(59_000, TODAY) == TODAY
    assert mileage.reached_on(10**9, TODAY) == TODAY + timedelta(days=36_500)


READINGS = st.lists(
    st.builds(
        MileageReading,
        st.dates(date(2010, 1, 1), date(2026, 11, 23)),
        st.integers(-5, 400_000),
    ),
    max_size=8,
)


@given(READINGS, st.randoms(use_true_random=False))
def test_the_order_in_which_readings_are_given_does_not_matter(readings, random):
    shuffled = list(readings)
    random.shuffle(shuffled)
    assert project(shuffled, TODAY) == project(readings, TODAY)


@given(READINGS, st.integers(0, 2000))
def test_the_odometer_never_runs_backwards(readings, days):
    now, later = project(readings, TODAY), project(readings, TODAY + timedelta(days=days))
    believed = [r.km for r in readings if r not in now.doubted and r.km >= 0]
    if now.km is None:
        assert not believed
        return
    assert later.km is not None
    assert now.km >= max(believed)
    assert later.km >= now.km
    assert now.km_per_day >= 1
