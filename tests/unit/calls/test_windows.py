"""Windows of two hours in opening hours, whatever the calendar and the clock do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.calls.schemas import CallWindow
from carbot_app.domains.calls.windows import as_soon_as_possible, find_window, offer_windows, window_around

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAY = [["07:30", "12:00"], ["13:00", "17:30"]]
WEEK = {**{str(day): WEEKDAY for day in range(1, 6)}, "6": [["08:00", "12:00"]]}
ROUND_THE_CLOCK = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}


def rules_of(hours: Any = WEEK, closures: Sequence[Any] = ()) -> OpeningRules:
    return OpeningRules(hours, BERLIN, "DE", "NW", closures)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[misc]


def shown(windows: Sequence[CallWindow]) -> list[str]:
    return [
        f"{window.starts_at.astimezone(BERLIN):%d.%m. %H:%M}-{window.ends_at.astimezone(BERLIN):%H:%M}"
        for window in windows
    ]


def offered(now: datetime, **rules: Any) -> list[str]:
    soon, *others = offer_windows(rules_of(**rules), now)
    assert soon.soon
    assert not any(window.soon for window in others)
    return shown(others)


def test_windows_lie_in_opening_hours_of_three_days_and_begin_on_the_hour() -> None:
    day = ["08:00-10:00", "10:00-12:00", "13:00-15:00", "15:00-17:00"]
    assert offered(local(2026, 11, 23, 9)) == [
        *(f"23.11. {hours}" for hours in day[1:]),
        *(f"24.11. {hours}" for hours in day),
        *(f"25.11. {hours}" for hours in day),
    ]


def test_after_closing_today_is_not_offered_any_more_and_sunday_is_no_day() -> None:
    assert {window[:6] for window in offered(local(2026, 11, 27, 17))} == {"28.11.", "30.11.", "01.12."}


def test_a_window_that_has_begun_is_not_offered_but_may_still_be_asked_for_while_an_hour_is_left() -> None:
    at_noon = "20261123T1200Z"
    assert "23.11. 13:00-15:00" not in offered(local(2026, 11, 23, 13, 1))
    assert "23.11. 13:00-15:00" in offered(local(2026, 11, 23, 13))
    assert find_window(rules_of(), at_noon, local(2026, 11, 23, 14)) is not None
    assert find_window(rules_of(), at_noon, local(2026, 11, 23, 14, 1)) is None


def test_the_last_window_before_closing_may_be_short_but_not_shorter_than_an_hour() -> None:
    hours = {"1": [["09:00", "12:00"], ["13:00", "15:45"]]}
    assert offered(local(2026, 11, 23, 6), hours=hours)[:3] == [
        "23.11. 09:00-11:00",
        "23.11. 11:00-12:00",
        "23.11. 13:00-15:00",
    ]


def test_holidays_and_closures_are_left_out_and_special_hours_count() -> None:
    closures = [
        (date(2026, 12, 24), date(2026, 12, 24), []),
        (date(2026, 12, 28), date(2026, 12, 28), [["10:00", "12:00"]]),
    ]
    assert offered(local(2026, 12, 23, 16), closures=closures)[:3] == [
        "28.12. 10:00-12:00",
        "29.12. 08:00-10:00",
        "29.12. 10:00-12:00",
    ]


def test_the_year_may_change_and_new_years_day_is_a_holiday() -> None:
    assert offered(local(2026, 12, 31, 15))[:3] == [
        "31.12. 15:00-17:00",
        "02.01. 08:00-10:00",
        "02.01. 10:00-12:00",
    ]


def test_the_29th_of_february_is_a_day_like_any_other() -> None:
    assert offered(local(2028, 2, 28, 17))[0] == "29.02. 08:00-10:00"


@pytest.mark.parametrize("changes_on", [(2026, 3, 29), (2026, 10, 25)], ids=["spring", "autumn"])
def test_every_window_is_two_hours_long_in_the_nights_of_the_clock_change(
    changes_on: tuple[int, int, int],
) -> None:
    _, *windows = offer_windows(rules_of(ROUND_THE_CLOCK), local(*changes_on))
    assert {window.ends_at - window.starts_at for window in windows} <= {
        timedelta(hours=2),
        timedelta(hours=1),
    }
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(windows))
    hours = 23 if changes_on[1] == 3 else 25
    first_day = [
        window for window in windows if window.starts_at.astimezone(BERLIN).date() == date(*changes_on)
    ]
    assert sum((window.ends_at - window.starts_at for window in first_day), timedelta()) == timedelta(
        hours=hours
    )
    assert all(
        find_window(rules_of(ROUND_THE_CLOCK), window.key, window.starts_at) == window for window in windows
    )


def test_daytime_windows_keep_to_the_clock_on_both_sides_of_the_change() -> None:
    days = [window for window in offered(local(2026, 10, 23, 18)) if "13:00-15:00" in window]
    assert days == ["26.10. 13:00-15:00", "27.10. 13:00-15:00"]


@pytest.mark.parametrize(
    ("now", "window"),
    [
        ((2026, 11, 23, 9, 0), "23.11. 09:00-11:00"),
        ((2026, 11, 23, 6, 0), "23.11. 07:30-09:30"),
        ((2026, 11, 23, 11, 30), "23.11. 11:30-14:30"),
        ((2026, 11, 23, 17, 15), "23.11. 17:15-09:15"),
        ((2026, 11, 28, 20, 0), "30.11. 07:30-09:30"),
    ],
)
def test_as_soon_as_possible_are_the_next_two_opening_hours(now: tuple[int, ...], window: str) -> None:
    soon = as_soon_as_possible(rules_of(), local(*now))
    assert (soon.soon, shown([soon])) == (True, [window])


def test_without_opening_hours_there_is_still_as_soon_as_possible() -> None:
    now = local(2026, 11, 23, 9)
    (only,) = offer_windows(rules_of({}), now)
    assert (only.starts_at, only.ends_at) == (now, now + timedelta(days=1))


@pytest.mark.parametrize(
    "key",
    ["", "bald", "20261123T1215Z", "20261122T1300Z", "20261225T0900Z", "20270401T1200Z", "99999999T9999Z"],
)
def test_what_was_never_offered_is_no_window(key: str) -> None:
    assert find_window(rules_of(), key, local(2026, 11, 20, 9)) is None


def test_a_key_leads_back_to_its_window() -> None:
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    windows = offer_windows(rules_of(), now)
    assert [find_window(rules_of(), window.key, now) for window in windows] == windows


@pytest.mark.parametrize(
    ("wished", "window"),
    [
        ((2026, 11, 24, 14, 30), ["24.11. 13:00-15:00"]),
        ((2026, 11, 24, 12, 15), ["24.11. 13:00-15:00"]),
        ((2026, 11, 24, 0, 0), ["24.11. 08:00-10:00"]),
        ((2026, 11, 24, 19, 0), []),
        ((2026, 11, 29, 10, 0), []),
        ((2026, 11, 20, 10, 0), []),
        ((2027, 1, 11, 10, 0), []),
    ],
)
def test_a_wished_time_falls_into_a_window_of_its_day(wished: tuple[int, ...], window: list[str]) -> None:
    found = window_around(rules_of(), local(*wished), local(2026, 11, 23, 9))
    assert shown([found] if found else []) == window
