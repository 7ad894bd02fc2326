"""The table of live values."""

import pytest

from carbot_app.domains.diagnostics import signals
from carbot_app.domains.diagnostics.signals import BY_KEY, SIGNALS, conditions, is_sane, judge
from carbot_app.kit.i18n import list_words


def test_every_value_has_a_name_a_number_and_a_range_of_its_own() -> None:
    assert len({s.key for s in SIGNALS}) == len({s.pid for s in SIGNALS}) == len(SIGNALS)
    assert set(list_words("de", "signals")) == {s.key for s in SIGNALS}
    assert all(s.low < s.high and 0 < s.hz <= 10 for s in SIGNALS)


def test_no_normal_band_reaches_beyond_what_can_be_meant() -> None:
    for signal in SIGNALS:
        for band in signal.bands:
            assert signal.low <= band.low < band.high <= signal.high, signal.key
            assert band.alarm_low < band.low or band.alarm_low == float("-inf"), signal.key
            assert band.alarm_high > band.high or band.alarm_high == float("inf"), signal.key


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ({}, set()),
        ({"engine_speed": 0}, {"off"}),
        ({"engine_speed": 820, "vehicle_speed": 0, "coolant_temperature": 90}, {"running", "idle", "warm"}),
        ({"engine_speed": 820, "vehicle_speed": 5}, {"running"}),
        ({"engine_speed": 1400, "vehicle_speed": 0, "relative_throttle": 20}, {"running"}),
        ({"engine_speed": 3000, "coolant_temperature": 60}, {"running"}),
    ],
)
def test_conditions_follow_from_what_is_known(latest: dict[str, float], expected: set[str]) -> None:
    assert conditions(latest) == expected


@pytest.mark.parametrize(
    ("key", "value", "holding", "expected"),
    [
        ("engine_speed", 800, {"running", "idle", "warm"}, "normal"),
        ("engine_speed", 1300, {"running", "idle", "warm"}, "unusual"),
        ("engine_speed", 1300, {"running", "idle"}, "normal"),
        ("engine_speed", 7000, {"running"}, "alarm"),
        ("coolant_temperature", 20, {"running"}, "normal"),
        ("coolant_temperature", 109, {"warm"}, "unusual"),
        ("coolant_temperature", 118, {"warm"}, "alarm"),
        ("module_voltage", 12.5, {"off"}, "normal"),
        ("module_voltage", 12.5, {"running"}, "unusual"),
        ("module_voltage", 11.9, {"running"}, "alarm"),
        ("long_fuel_trim_1", 24, {"running", "warm"}, "alarm"),
        ("run_time", 60_000, set(), "normal"),
    ],
)
def test_gauges_are_coloured_by_what_is_normal_now(
    key: str, value: float, holding: set, expected: str
) -> None:
    assert judge(BY_KEY[key], value, frozenset(holding)) == expected


def test_values_no_car_can_mean_are_refused() -> None:
    assert is_sane(0x0C, 850)
    assert not is_sane(0x0C, 16_383)
    assert not is_sane(0xFE, 1)


def test_only_what_the_car_has_is_watched() -> None:
    watched = signals.rates({0x0C, 0x0D, 0x05, 0xA6})
    assert watched == {0x0C: 10, 0x0D: 5, 0x05: 0.5}
    assert signals.rates(set(), ["adapter_voltage"]) == {0xF000: 0.2}
