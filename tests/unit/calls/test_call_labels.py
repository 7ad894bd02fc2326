"""A window reads as people of each language say it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.calls.labels import window_label
from carbot_app.domains.calls.schemas import CallWindow

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def window(day: int, start: int, end: int, minutes: int = 0, *, soon: bool = False) -> CallWindow:
    at = (datetime(2026, 11, day, start, tzinfo=UTC), datetime(2026, 11, day, end, minutes, tzinfo=UTC))
    return CallWindow(*at, soon=soon)


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("de", "Heute, 14–16 Uhr"),
        ("en", "Today, 2–4 pm"),
        ("tr", "Bugün, 14:00–16:00"),
        ("pl", "Dzisiaj, 14:00–16:00"),
        ("xx", "Heute, 14–16 Uhr"),
    ],
)
def test_a_window_of_today(language: str, label: str) -> None:
    assert window_label(window(23, 13, 15), NOW, BERLIN, language) == label


@pytest.mark.parametrize(
    ("day", "label"),
    [(22, "Gestern, 14–16:30 Uhr"), (24, "Morgen, 14–16:30 Uhr"), (26, "Do, 26. Nov., 14–16:30 Uhr")],
)
def test_other_days(day: int, label: str) -> None:
    assert window_label(window(day, 13, 15, 30), NOW, BERLIN, "de") == label


def test_english_hours_name_both_halves_of_the_day() -> None:
    assert window_label(window(24, 10, 12), NOW, BERLIN, "en") == "Tomorrow, 11 am–1 pm"
    assert window_label(window(24, 15, 16, 30), NOW, BERLIN, "en") == "Tomorrow, 4:00–5:30 pm"


def test_as_soon_as_possible_says_from_when_while_nobody_is_there() -> None:
    assert window_label(window(23, 8, 10, soon=True), NOW, BERLIN, "de") == "So bald wie möglich"
    later = window_label(window(24, 7, 9, soon=True), NOW, BERLIN, "de")
    assert later == "So bald wie möglich, ab Morgen, 8:00 Uhr"
