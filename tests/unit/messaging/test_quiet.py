"""Reminders leave in time, by day, also in the nights the clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.messaging.quiet import QuietHours, due_reminder, reminder_time

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours(time(21), time(8), BERLIN)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("visit", "hours", "leaves"),
    [
        (at(2026, 11, 26, 14), 48, at(2026, 11, 24, 14)),
        (at(2026, 11, 26, 14), 3, at(2026, 11, 26, 11)),
        (at(2026, 11, 26, 10), 3, at(2026, 11, 26, 8)),  # 7:00 waits for 8:00
        (at(2026, 11, 26, 8), 3, at(2026, 11, 25, 20, 45)),  # 8:00 would be too late
        (at(2026, 11, 26, 7, 30), 48, at(2026, 11, 24, 8)),
    ],
)
def test_a_reminder_waits_for_the_morning_or_leaves_before_the_night(
    visit: datetime, hours: int, leaves: datetime
) -> None:
    assert reminder_time(visit, hours, NIGHT) == leaves


def test_the_night_the_clocks_go_back_is_an_hour_longer() -> None:
    # 2026-10-25: 3:00 becomes 2:00. Eight hours before 10:00 is 3:00 by the old clock.
    visit = at(2026, 10, 25, 10)
    assert reminder_time(visit, 8, NIGHT) == at(2026, 10, 25, 8)
    assert NIGHT.end_after(at(2026, 10, 24, 22)) - at(2026, 10, 24, 22).astimezone(UTC) == timedelta(hours=11)


def test_the_night_the_clocks_go_forward_is_an_hour_shorter() -> None:
    assert NIGHT.end_after(at(2026, 3, 28, 22)) - at(2026, 3, 28, 22).astimezone(UTC) == timedelta(hours=9)
    assert reminder_time(at(2026, 3, 29, 9), 3, NIGHT) == at(2026, 3, 29, 8)


def test_equal_times_are_never_quiet() -> None:
    always = QuietHours(time(0), time(0), BERLIN)
    assert reminder_time(at(2026, 11, 26, 8), 6, always) == at(2026, 11, 26, 2)


@given(
    minutes=st.integers(0, 366 * 24 * 60),
    hours=st.integers(1, 336),
    start=st.times(),
    end=st.times(),
)
def test_no_reminder_leaves_in_quiet_hours_or_after_the_visit(
    minutes: int, hours: int, start: time, end: time
) -> None:
    quiet = QuietHours(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0), BERLIN)
    visit = LONG_AGO + timedelta(minutes=minutes)
    leaves = reminder_time(visit, hours, quiet)
    assert leaves < visit
    in_time = visit - timedelta(hours=hours)
    if leaves > in_time:
        assert not quiet.contains(leaves)


def test_of_two_reminders_due_at_once_only_the_nearest_is_sent() -> None:
    visit = at(2026, 11, 26, 14)
    due = due_reminder(visit, (48, 3), NIGHT, told_at=LONG_AGO, now=at(2026, 11, 26, 12))
    assert due == 3


def test_whoever_booked_this_morning_is_not_reminded_of_what_they_just_did() -> None:
    visit = at(2026, 11, 26, 14)
    told = at(2026, 11, 25, 9)
    assert due_reminder(visit, (48, 3), NIGHT, told_at=told, now=at(2026, 11, 25, 10)) is None
    assert due_reminder(visit, (48, 3), NIGHT, told_at=told, now=at(2026, 11, 26, 11)) == 3


def test_nobody_is_reminded_of_a_visit_that_has_begun() -> None:
    visit = at(2026, 11, 26, 14)
    assert due_reminder(visit, (48, 3), NIGHT, told_at=LONG_AGO, now=visit) is None
