"""Busy times out of calendar files: zones, whole days, series, clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from carbot_app.adapters.calendars.spans import MAX_SPANS, busy_spans, cut, instant_of
from carbot_app.domains.calendars.ports import Span, Window

BERLIN = ZoneInfo("Europe/Berlin")
WINDOW = Window(datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 4, 30, tzinfo=UTC), BERLIN)


def spans(*lines: str) -> list[tuple[str, str]]:
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1")
    text = "\r\n".join((*head, "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", "END:VCALENDAR", ""))
    found = busy_spans(icalendar.Calendar.from_ical(text), WINDOW)
    return [(f"{span.starts_at:%m-%d %H:%M}", f"{span.ends_at:%m-%d %H:%M}") for span in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z"], [("03-01 09:00", "03-01 10:00")]),
        (["DTSTART:20270301T090000", "DTEND:20270301T100000"], [("03-01 08:00", "03-01 09:00")]),
        (["DTSTART:20270301T090000Z", "DURATION:PT90M"], [("03-01 09:00", "03-01 10:30")]),
        (["DTSTART:20270301T090000Z"], []),
        (["DTSTART;VALUE=DATE:20270302"], [("03-01 23:00", "03-02 23:00")]),
        (["DTSTART;VALUE=DATE:20270328", "DTEND;VALUE=DATE:20270329"], [("03-27 23:00", "03-28 22:00")]),
        (["DTSTART:20270228T230000Z", "DTEND:20270301T010000Z"], [("03-01 00:00", "03-01 01:00")]),
        (["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "TRANSP:TRANSPARENT"], []),
        (["DTSTART:20270301T090000Z", "DTEND:20270301T100000Z", "STATUS:CANCELLED"], []),
    ],
    ids=[
        *("utc", "floating", "duration", "no-length", "a-day", "a-day-of-23-hours", "begun-before"),
        *("free", "cancelled"),
    ],
)
def test_one_event_is_one_span_or_none(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert spans(*lines) == expected


def test_a_weekly_series_keeps_its_hour_on_the_wall_when_clocks_change() -> None:
    assert spans(
        "DTSTART;TZID=Europe/Berlin:20270322T090000",
        "DTEND;TZID=Europe/Berlin:20270322T100000",
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "EXDATE;TZID=Europe/Berlin:20270405T090000",
    ) == [("03-22 08:00", "03-22 09:00"), ("03-29 07:00", "03-29 08:00")]


def test_a_series_in_the_hour_that_does_not_exist_does_not_break() -> None:
    found = spans(
        "DTSTART;TZID=Europe/Berlin:20270327T023000",
        "DTEND;TZID=Europe/Berlin:20270327T033000",
        "RRULE:FREQ=DAILY;COUNT=3",
    )
    assert len(found) == 3
    assert all(start < end for start, end in found)


@pytest.mark.parametrize("frequency", ["SECONDLY", "MINUTELY", "HOURLY"])
def test_a_series_denser_than_any_life_counts_once(frequency: str) -> None:
    assert len(spans("DTSTART:20270301T090000Z", "DURATION:PT1S", f"RRULE:FREQ={frequency}")) == 1


def test_a_series_blocks_no_more_than_its_share() -> None:
    hours = ",".join(str(hour) for hour in range(24))
    found = spans("DTSTART:20270301T000000Z", "DURATION:PT30M", f"RRULE:FREQ=DAILY;BYHOUR={hours}")
    assert len(found) == MAX_SPANS


def test_instants_are_utc_whatever_was_given() -> None:
    assert instant_of(date(2027, 10, 31), BERLIN) == datetime(2027, 10, 30, 22, tzinfo=UTC)
    assert instant_of(datetime(2027, 7, 1, 9), BERLIN) == datetime(2027, 7, 1, 7, tzinfo=UTC)  # noqa: DTZ001


def test_what_lies_outside_the_window_is_cut_off() -> None:
    assert cut(WINDOW.starts_at, WINDOW.starts_at, WINDOW) == ()
    assert cut(WINDOW.ends_at, WINDOW.ends_at + timedelta(hours=1), WINDOW) == ()
    whole = cut(WINDOW.starts_at - timedelta(days=1), WINDOW.ends_at + timedelta(days=1), WINDOW)
    assert whole == (Span(WINDOW.starts_at, WINDOW.ends_at),)
