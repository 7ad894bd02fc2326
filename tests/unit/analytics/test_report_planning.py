"""When reports are due, what they are about, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.analytics.reports.planning import (
    Rhythm,
    before,
    last_turn,
    next_turn,
    require_rhythm,
    require_span,
    rows_of,
)
from carbot_app.domains.analytics.reports.templates import (
    TEMPLATES,
    columns_of,
    form_of,
    template_of,
)
from carbot_app.domains.analytics.schemas import Span
from carbot_app.kit.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = Rhythm("weekly", 0, "07:00")
LAST_DAY = Rhythm("monthly", 31, "06:30")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def test_a_weekly_report_tells_the_seven_days_to_the_eve() -> None:
    turn = last_turn(MONDAY, at("2026-11-30T07:00"), BERLIN)
    assert (turn.key, turn.span) == ("2026-11-30", Span(date(2026, 11, 23), date(2026, 11, 29)))


def test_a_minute_early_the_turn_before_is_the_newest() -> None:
    assert last_turn(MONDAY, at("2026-11-30T06:59"), BERLIN).key == "2026-11-23"
    assert next_turn(MONDAY, at("2026-11-30T06:59"), BERLIN).key == "2026-11-30"


def test_the_last_day_of_a_month_is_found_in_short_months_too() -> None:
    assert next_turn(LAST_DAY, at("2027-02-02T12:00"), BERLIN).key == "2027-02-28"
    assert next_turn(LAST_DAY, at("2028-02-02T12:00"), BERLIN).key == "2028-02-29"
    turn = last_turn(LAST_DAY, at("2027-03-15T12:00"), BERLIN)
    assert (turn.key, turn.span) == ("2027-02-28", Span(date(2027, 1, 1), date(2027, 1, 31)))


def test_a_time_that_summer_time_skips_is_sent_once_an_hour_later() -> None:
    rhythm = Rhythm("weekly", 6, "02:30")
    turn = next_turn(rhythm, at("2027-03-27T12:00"), BERLIN)
    assert (turn.key, turn.at) == ("2027-03-28", datetime(2027, 3, 28, 1, 30, tzinfo=UTC))
    assert turn.at.astimezone(BERLIN).hour == 3


def test_a_time_that_exists_twice_is_sent_once_at_the_first() -> None:
    rhythm = Rhythm("weekly", 6, "02:30")
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_turn(rhythm, first - timedelta(minutes=1), BERLIN).at == first
    assert last_turn(rhythm, first + timedelta(hours=1), BERLIN).key == "2026-10-25"
    assert next_turn(rhythm, first, BERLIN).key == "2026-11-01"


@given(
    kind=st.sampled_from(["weekly", "monthly"]),
    day=st.integers(1, 6),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    days=st.integers(0, 730),
    zone=st.sampled_from(["Europe/Berlin", "Europe/Zurich", "UTC", "America/New_York"]),
)
def test_walking_from_turn_to_turn_meets_every_day_once(
    kind: str, day: int, hour: int, minute: int, days: int, zone: str
) -> None:
    rhythm, where = Rhythm(kind, day, f"{hour:02}:{minute:02}"), ZoneInfo(zone)
    now, met = datetime(2026, 1, 1, 3, tzinfo=UTC) + timedelta(days=days), []
    for _ in range(30):
        turn = next_turn(rhythm, now, where)
        assert turn.at > now
        assert last_turn(rhythm, turn.at, where) == turn
        met.append(turn.key)
        now = turn.at
    assert len(set(met)) == 30
    steps = {(date.fromisoformat(after) - date.fromisoformat(one)).days for one, after in pairwise(met)}
    assert steps == {7} if kind == "weekly" else steps <= {28, 29, 30, 31}


def test_a_whole_month_is_compared_with_the_month_before_and_days_with_as_many_days() -> None:
    assert before(Span(date(2026, 3, 1), date(2026, 3, 31))) == Span(date(2026, 2, 1), date(2026, 2, 28))
    assert before(Span(date(2026, 11, 23), date(2026, 11, 29))) == Span(
        date(2026, 11, 16), date(2026, 11, 22)
    )


@pytest.mark.parametrize(
    ("first", "last", "kind", "count"),
    [
        (date(2026, 11, 23), date(2026, 11, 29), "day", 7),
        (date(2026, 11, 30), date(2026, 11, 30), "day", 1),
        (date(2026, 9, 1), date(2026, 11, 30), "week", 14),
        (date(2026, 1, 15), date(2026, 12, 31), "month", 12),
    ],
)
def test_rows_are_days_weeks_or_months_and_cover_every_day_once(
    first: date, last: date, kind: str, count: int
) -> None:
    found, rows = rows_of(Span(first, last))
    assert (found, len(rows)) == (kind, count)
    assert [day for row in rows for day in row.each()] == list(Span(first, last).each())


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (date(2026, 2, 2), date(2026, 2, 1), "report_span_reversed"),
        (date(1026, 1, 1), date(2026, 1, 1), "report_span_long"),
        (date(2010, 1, 1), date(2026, 1, 1), "report_span_long"),
        (date.min, date.max, "report_span_long"),
        (date(1999, 12, 31), date(2000, 1, 2), "report_span_long"),
    ],
)
def test_reversed_days_and_a_thousand_years_are_refused(first: date, last: date, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        require_span(first, last)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "rhythm",
    [
        Rhythm("daily", 1, "07:00"),
        Rhythm("weekly", 7, "07:00"),
        Rhythm("weekly", -1, "07:00"),
        Rhythm("monthly", 0, "07:00"),
        Rhythm("monthly", 32, "07:00"),
        Rhythm("weekly", 1, "24:00"),
        Rhythm("weekly", 1, "7:00"),
        Rhythm("weekly", 1, "07:00\n"),
        Rhythm("weekly", 1, ""),
    ],
)
def test_a_day_or_time_there_is_not_is_refused(rhythm: Rhythm) -> None:
    with pytest.raises(Invalid, match="report_rhythm_invalid"):
        require_rhythm(rhythm)


def test_columns_are_taken_in_their_order_and_once() -> None:
    week = TEMPLATES["owner_week"]
    assert columns_of(week, ["revenue", "bookings", "revenue"]) == ("revenue", "bookings")


@pytest.mark.parametrize(
    ("columns", "code"),
    [((), "report_columns_missing"), (("revenue", "salary"), "report_column_unknown")],
)
def test_no_columns_and_unknown_ones_are_refused(columns: tuple[str, ...], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        columns_of(TEMPLATES["owner_week"], columns)


def test_unknown_templates_and_forms_are_refused() -> None:
    with pytest.raises(Invalid, match="report_template_unknown"):
        template_of("secrets")
    with pytest.raises(Invalid, match="report_form_unknown"):
        form_of("exe")


def test_what_nobody_has_to_choose_can_be_chosen() -> None:
    for template in TEMPLATES.values():
        assert columns_of(template, template.usual) == template.usual
        assert set(template.charted) <= template.columns.keys()
