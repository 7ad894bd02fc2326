"""Days and times read as people of each language write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from carbot_app.domains.booking.labels import day_label, slot_label, time_label

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("de", "Do, 15. Okt., 8:00 Uhr"),
        ("en", "Thu, Oct 15, 8:00 am"),
        ("tr", "15 Eki Per, 08:00"),
        ("pl", "czw., 15 paź, 8:00"),
        ("xx", "Do, 15. Okt., 8:00 Uhr"),
    ],
)
def test_a_slot_reads_naturally(language: str, label: str) -> None:
    assert slot_label(datetime(2026, 10, 15, 6, tzinfo=UTC), BERLIN, language) == label


@pytest.mark.parametrize(
    ("language", "label"), [("de", "15:30"), ("en", "3:30 pm"), ("tr", "15:30"), ("pl", "15:30")]
)
def test_a_time_on_a_button_is_short(language: str, label: str) -> None:
    assert time_label(datetime(2026, 10, 15, 13, 30, tzinfo=UTC), BERLIN, language) == label


def test_the_day_is_the_workshops_not_the_worlds() -> None:
    late = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert slot_label(late, BERLIN, "de") == "Fr, 1. Jan., 0:30 Uhr"
    assert day_label(date(2028, 2, 29), "de") == "Di, 29. Feb."
