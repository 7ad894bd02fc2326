"""Sentences carry figures the way their reader writes them."""

import pytest

from carbot_app.domains.diagnostics.dtc import SYSTEMS, decode_status, structure
from carbot_app.domains.diagnostics.health import HealthReason
from carbot_app.domains.diagnostics.maintenance import DueItem
from carbot_app.domains.diagnostics.ranking import Reason
from carbot_app.domains.diagnostics.words import figures, reader
from carbot_app.kit.i18n import list_words


@pytest.mark.parametrize(
    ("language", "spoken"), [("de", "de"), ("tr-TR", "tr"), ("nl", "en"), ("xx", "de"), ("", "de")]
)
def test_readers_of_other_languages_read_the_nearest(language, spoken):
    assert reader(language) == spoken


def test_numbers_are_written_as_the_reader_does_and_texts_stay():
    params = {"km": 65_000, "volts": 14.1, "trim": "+17", "code": "P0171"}
    assert figures(params, "de") == {"km": "65.000", "volts": "14,1", "trim": "+17", "code": "P0171"}
    assert figures(params, "en") == {"km": "65,000", "volts": "14.1", "trim": "+17", "code": "P0171"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Ladespannung stimmt (14,1 V)."),
        ("en", "The charging voltage is right (14.1 V)."),
        ("pl", "The charging voltage is right (14.1 V)."),
        ("fr", "The charging voltage is right (14.1 V)."),
        ("xx", "Die Ladespannung stimmt (14,1 V)."),
    ],
)
def test_reasons_of_a_cause_are_german_or_english(language, text):
    assert Reason("charging_right", {"idle": 14.1}).text(language) == text


def test_due_work_says_what_and_why():
    item = DueItem("oil", "ENG-OIL-001", "soon", "km", {"km": 65_000})
    assert (item.name("de"), item.text("de")) == ("Motoröl und Filter", "Bei 65.000 km fällig.")
    assert (item.name("pl"), item.text("en")) == ("Olej silnikowy i filtr", "Due at 65,000 km.")


def test_health_says_what_costs_points():
    assert (
        HealthReason("battery_low", 5, "battery", {"volts": 12.2}).text("de")
        == "Batterie im Stand nur 12,2 V."
    )
    assert (
        HealthReason("work_due", 3, "work", {"work": "oil"}).text("tr")
        == "Şimdi gerekli: Motor yağı ve filtre"
    )


def test_what_codes_are_about_and_every_self_test_have_a_name():
    words = list_words("de", "diagnostic_codes")
    areas = {structure(f"P0{third:X}00").area for third in range(16)} - {""}
    assert {f"area.{area}" for area in areas} <= words.keys()
    assert {f"system.{system}" for system in SYSTEMS.values()} <= words.keys()
    for engine in (0x07, 0x0F):
        monitors = decode_status(bytes((0x41, 0x01, 0, engine, 0xFF, 0))).monitors
        assert {f"monitor.{name}" for name in monitors} <= words.keys()
