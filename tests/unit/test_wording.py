"""Instants, durations and names as staff reads them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from carbot_app.state.wording import Reader, initials, plate_text

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 10, 13, 10, tzinfo=UTC)


def reader(language: str = "de", now: datetime = NOON) -> Reader:
    return Reader(language, BERLIN, now)


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        (timedelta(seconds=20), "Jetzt"),
        (timedelta(minutes=4, seconds=59), "4 Min."),
        (timedelta(minutes=59, seconds=59), "59 Min."),
        (timedelta(hours=2, minutes=50), "2 Std."),
        (timedelta(hours=20), "Gestern"),
        (timedelta(days=2), "So"),
        (timedelta(days=20), "23. Sept."),
        (timedelta(days=400), "8. Sept. 2025"),
    ],
)
def test_ages_are_short_and_never_rounded_up(before: timedelta, shown: str) -> None:
    assert reader().ago(NOON - before) == shown


def test_a_message_just_before_midnight_is_minutes_old_not_of_yesterday() -> None:
    midnight = datetime(2026, 10, 12, 22, 5, tzinfo=UTC)
    assert reader(now=midnight).ago(midnight - timedelta(minutes=15)) == "15 Min."


def test_days_are_the_workshops_own_even_when_the_clock_changes() -> None:
    late = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
    now = datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert reader(now=now).day(late) == "Heute"
    assert reader(now=now).clock(late) == "00:30"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("de", "Do., 15. Okt., 08:00"), ("en", "Thu, Oct 15, 8:00\u202fAM"), ("tr", "15 Eki Per, 08:00")],
)
def test_dates_follow_the_readers_language(language: str, shown: str) -> None:
    assert reader(language).day_and_clock(datetime(2026, 10, 15, 6, tzinfo=UTC)) == shown


def test_durations_leave_out_what_is_zero() -> None:
    assert reader().duration(timedelta(minutes=150)) == "2 Std. 30 Min."
    assert reader().duration(timedelta(hours=1)) == "1 Std."
    assert reader().duration(timedelta(0)) == ""


def test_full_dates_name_the_weekday() -> None:
    assert reader().full_date(date(2026, 10, 13)) == "Dienstag, 13. Oktober"
    assert reader().date_range(date(2026, 10, 12), date(2026, 10, 18)) == "12.–18. Okt. 2026"


@pytest.mark.parametrize(
    ("plate", "country", "parts"),
    [
        ("DO-AB 123E", "DE", ("DO", "AB 123E", "D")),
        ("W-12345A", "AT", ("W", "12345A", "A")),
        ("ZH 123456", "CH", ("ZH", "123456", "CH")),
        ("", "DE", ("", "", "D")),
    ],
)
def test_plates_split_into_city_and_rest(plate: str, country: str, parts: tuple[str, str, str]) -> None:
    text = plate_text(plate, country)
    assert (text.city, text.rest, text.country) == parts


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ayşe Yılmaz", "AY"), ("Pflegedienst Sonnenschein GmbH", "PG"), ("Öz", "Ö"), ("", "?"), ("☎ 123", "?")],
)
def test_initials_are_letters_only(name: str, letters: str) -> None:
    assert initials(name) == letters
