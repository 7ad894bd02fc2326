"""The story chart: which marks it has, and that its picture is sound for any numbers."""

import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.analytics.schemas import Band, TimeSeries
from carbot_app.state.story import tell_story
from carbot_app.state.story_chart import Lines, scale, smooth, story_chart
from carbot_app.state.story_marks import marks_of
from carbot_app.state.wording import Reader

SUNDAY = frozenset({7})
MONDAY = date(2026, 11, 2)
READER = Reader("de", ZoneInfo("Europe/Berlin"), datetime(2026, 11, 30, 12, tzinfo=UTC))


def series(values: list[float | None], unit: str = "count", forecast: tuple[Band, ...] = ()) -> TimeSeries:
    days = tuple(MONDAY + timedelta(days=place) for place in range(len(values)))
    return TimeSeries("revenue", unit, days, tuple(values), forecast=forecast)


def test_closed_days_are_left_out_unless_something_happened() -> None:
    quiet = marks_of(series([1, 2, 3, 4, 5, 6, 0, 7]), SUNDAY)
    assert (quiet.grain, [mark.value for mark in quiet.past]) == ("workday", [1, 2, 3, 4, 5, 6, 7])
    busy = marks_of(series([1, 2, 3, 4, 5, 6, 9, 7]), SUNDAY)
    assert (busy.grain, len(busy.past)) == ("day", 8)


def test_a_long_time_is_told_in_weeks_that_add_up_the_newest_whole() -> None:
    marks = marks_of(series([1.0] * 129), SUNDAY)
    assert (marks.grain, [mark.value for mark in marks.past]) == ("week", [3, *[7] * 18])
    assert marks.past[-1].last - marks.past[-1].first == timedelta(days=6)


def test_shares_and_waits_of_a_week_are_no_sum_of_days() -> None:
    assert marks_of(series([50.0] * 129, "percent"), frozenset()).grain == "day"


def test_a_series_of_nothing_has_no_picture_and_no_marks_of_closed_days() -> None:
    assert marks_of(series([None] * 7), SUNDAY).past[-1].first == MONDAY + timedelta(days=5)
    assert tell_story(TimeSeries("revenue", "cents", (), ()), SUNDAY, READER, "EUR").picture == ""


def test_money_is_drawn_in_whole_money_and_told_with_its_currency() -> None:
    band = Band(MONDAY + timedelta(days=2), 100_00, 200_00, 300_00)
    story = tell_story(series([123_456, 99], "cents", (band,)), SUNDAY, READER, "CHF")
    assert [point.value for point in story.points] == [1234.56, 0.99]
    assert (story.unit, story.points[0].text) == ("CHF", "1.235 CHF")
    assert story.bands[0].text == "100 CHF bis 300 CHF"
    assert ">Heute</span>" in story.picture


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], (0, 1, 0.2)),
        ([0], (0, 1, 0.2)),
        ([4], (0, 4, 1)),
        ([2640], (0, 3000, 1000)),
        ([-50, 100], (-50, 100, 50)),
    ],
)
def test_an_axis_holds_zero_and_everything_else(values: list[float], expected: tuple[float, ...]) -> None:
    assert scale(values) == pytest.approx(expected)


_NUMBERS = st.lists(st.one_of(st.none(), st.floats(-1e12, 1e12)), min_size=1, max_size=40)
_CURVE = re.compile(r"[MCL]([-\d. ]+)")


@given(_NUMBERS, st.lists(st.floats(0, 1e12), max_size=20))
def test_any_numbers_make_a_sound_picture(values: list[float | None], expected: list[float]) -> None:
    lines = Lines(
        past=values,
        previous=values[::-1],
        band=[(mid / 2, mid, mid * 2) for mid in expected],
        labels=[f"<{place}>" for place in range(len(values) + len(expected))],
        today="Heute",
    )
    picture = ElementTree.fromstring(story_chart(lines, lambda tick: f"{tick:g}"))
    for path in picture.iter("path"):
        assert "nan" not in path.get("d", "")
        for piece in _CURVE.findall(path.get("d", "")):
            assert all(-0.2 <= float(number) <= 1000 for number in piece.split())
    for mark in picture.iter("i"):
        assert all(0 <= float(share) <= 100 for share in re.findall(r"[\d.]+(?=%)", mark.get("style", "")))


def test_a_curve_never_rises_where_the_values_fall() -> None:
    path = smooth([(0, 10), (10, 0), (20, 0), (30, 40)])
    heights = [float(pair.split()[1]) for pair in re.findall(r"[-\d.]+ [-\d.]+", path)]
    assert min(heights) >= 0
    assert max(heights) <= 40
