"""Which kilometres are believed when readings contradict each other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.vehicle_history.mileage import MOST_A_DAY, Reading, current, judge

START = date(2026, 1, 1)


def readings(*told: tuple[int, int] | tuple[int, int, str]) -> list[Reading]:
    """(day of the year, km, source)."""
    return [
        Reading(seq, START + timedelta(days=one[0]), one[1], one[2] if len(one) > 2 else "check_in")
        for seq, one in enumerate(told, start=1)
    ]


def doubts(*told: tuple[int, int] | tuple[int, int, str]) -> list[str]:
    return [one.doubt for one in judge(readings(*told))]


@pytest.mark.parametrize(
    ("told", "doubted"),
    [
        ([], []),
        ([(0, 50_000)], [""]),
        ([(0, 50_000), (30, 50_000), (60, 51_000)], ["", "", ""]),
        # Turned back: what came first counts
        ([(0, 120_000), (30, 80_000)], ["", "below"]),
        ([(0, 100_000), (30, 120_000), (60, 80_000), (90, 85_000)], ["", "", "below", "below"]),
        # One digit too many, found out by all that follow
        ([(0, 50_000), (30, 510_000), (60, 52_000), (90, 53_000)], ["", "above", "", ""]),
        ([(0, 500_000), (30, 51_000), (60, 52_000)], ["above", "", ""]),
        # One digit too few
        ([(0, 50_000), (30, 5_100), (60, 52_000)], ["", "below", ""]),
        # The car itself is believed before what was typed, and typed before copied
        ([(0, 90_000, "order"), (30, 80_000, "diagnostics")], ["above", ""]),
        ([(0, 90_000, "check_in"), (30, 80_000, "order")], ["", "below"]),
        # Nobody drives that far in a day
        ([(0, 50_000), (0, 50_000 + MOST_A_DAY)], ["", ""]),
        ([(0, 50_000), (0, 50_001 + MOST_A_DAY)], ["", "above"]),
    ],
)
def test_contradictions_are_settled_like_this(told: list, doubted: list[str]) -> None:
    assert doubts(*told) == doubted


def test_who_is_not_believed_says_which_reading_speaks_against_it() -> None:
    low, high = judge(readings((0, 120_000), (30, 80_000)))[::-1]
    assert low.against == high.reading
    assert high.against is None
    early = judge(readings((0, 500_000), (30, 51_000), (60, 52_000)))[0]
    assert early.against is not None
    assert early.against.km == 51_000


def test_the_newest_believed_reading_is_what_the_car_has_run() -> None:
    found = current(judge(readings((0, 120_000), (30, 80_000))))
    assert found is not None
    assert found.km == 120_000
    assert current([]) is None


def test_readings_are_judged_in_the_order_of_their_days() -> None:
    told = readings((60, 52_000), (0, 50_000))
    assert [one.reading.km for one in judge(told)] == [50_000, 52_000]


many = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300_000)), max_size=12)


@given(many)
def test_nothing_is_dropped_and_what_is_believed_never_contradicts_itself(told: list) -> None:
    judged = judge(readings(*told))
    assert sorted(one.reading.seq for one in judged) == list(range(1, len(told) + 1))
    believed = [one.reading for one in judged if not one.doubt]
    assert bool(believed) == bool(told)
    for earlier, later in pairwise(believed):
        days = (later.on - earlier.on).days + 1
        assert earlier.km <= later.km <= earlier.km + days * MOST_A_DAY
    assert all(one.against is not None for one in judged if one.doubt)
