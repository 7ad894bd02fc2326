"""A customer waits only while somebody could answer."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.conversations.response_clock import ResponseClock
from carbot_app.domains.conversations.snoozing import snooze_choices

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = {
    **{str(day): [["07:30", "12:00"], ["13:00", "17:30"]] for day in range(1, 6)},
    "6": [["08:00", "12:00"]],
}


def rules(**changes: Any) -> OpeningRules:
    fields = {"hours": HOURS, "zone": BERLIN, "country": "DE", "region": "NW", "closures": []}
    return OpeningRules(**{**fields, **changes})


def at(text: str) -> datetime:
    """A local time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "now", "minutes"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:12", 12),
        ("2026-11-23T06:00", "2026-11-23T07:45", 15),
        ("2026-11-23T11:45", "2026-11-23T13:10", 25),
        ("2026-11-23T17:20", "2026-11-24T07:35", 15),
        ("2026-11-23T20:00", "2026-11-24T06:00", 0),
        ("2026-11-28T11:50", "2026-11-30T07:40", 20),  # Saturday noon to Monday morning
        ("2026-12-24T17:00", "2026-12-28T07:30", 30),  # two public holidays, one a Saturday
        ("2026-10-23T17:00", "2026-10-26T07:30", 30 + 240),  # over the end of summer time
        ("2026-11-23T09:00", "2026-11-23T08:59", 0),
    ],
)
def test_closed_time_does_not_count(since: str, now: str, minutes: int) -> None:
    assert ResponseClock(rules()).waited(at(since), at(now)) == timedelta(minutes=minutes)


def test_a_closure_stops_the_clock_and_special_hours_run_it() -> None:
    holiday = (date(2026, 11, 23), date(2026, 11, 24), ())
    short = (date(2026, 11, 25), date(2026, 11, 25), [["09:00", "10:00"]])
    clock = ResponseClock(rules(closures=[holiday, short]))
    assert clock.waited(at("2026-11-23T08:00"), at("2026-11-26T07:30")) == timedelta(hours=1)


def test_without_opening_hours_the_clock_always_runs() -> None:
    clock = ResponseClock(rules(hours={}))
    assert clock.waited(at("2026-11-22T20:00"), at("2026-11-23T08:00")) == timedelta(hours=12)


def test_years_of_waiting_are_counted_quickly() -> None:
    waited = ResponseClock(rules()).waited(at("2010-01-04T08:00"), at("2026-11-23T08:00"))
    assert timedelta(days=14) < waited < timedelta(days=25)


def test_later_today_is_offered_while_today_is_long_enough() -> None:
    morning, evening = at("2026-11-23T09:20"), at("2026-11-23T17:00")
    assert snooze_choices(rules(), morning)["later"] == at("2026-11-23T12:00")
    assert list(snooze_choices(rules(), evening)) == ["tomorrow", "next_week"]


def test_mornings_begin_when_the_workshop_opens() -> None:
    friday = snooze_choices(rules(), at("2026-11-27T10:00"))
    assert friday["tomorrow"] == at("2026-11-28T08:00")
    assert friday["next_week"] == at("2026-11-30T07:30")
    saturday = snooze_choices(rules(), at("2026-11-28T10:00"))
    assert saturday["tomorrow"] == at("2026-11-29T08:00")
