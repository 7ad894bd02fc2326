"""A recording is boiled down to idle, load, standstill and how much signals move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics import evidence
from carbot_app.domains.diagnostics.evidence import (
    ADAPTER_VOLTAGE,
    COOLANT,
    LOAD,
    LTFT1,
    LTFT2,
    O2_B1S2,
    RPM,
    SPEED,
    STFT1,
    STFT2,
    VOLTAGE,
    Evidence,
    LiveSummary,
    summarise,
    trim,
    voltage,
)
from carbot_app.domains.diagnostics.signals import BY_PID

_KEYS = {
    "LOAD": "engine_load",
    "COOLANT": "coolant_temperature",
    "STFT1": "short_fuel_trim_1",
    "LTFT1": "long_fuel_trim_1",
    "STFT2": "short_fuel_trim_2",
    "LTFT2": "long_fuel_trim_2",
    "MAP": "intake_pressure",
    "RPM": "engine_speed",
    "SPEED": "vehicle_speed",
    "INTAKE_AIR": "intake_temperature",
    "MAF": "air_flow",
    "O2_B1S1": "o2_voltage_b1s1",
    "O2_B1S2": "o2_voltage_b1s2",
    "O2_B2S1": "o2_voltage_b2s1",
    "O2_B2S2": "o2_voltage_b2s2",
    "RUN_TIME": "run_time",
    "EGR_ERROR": "egr_error",
    "FUEL_LEVEL": "fuel_level",
    "BARO": "barometric_pressure",
    "VOLTAGE": "module_voltage",
    "ADAPTER_VOLTAGE": "adapter_voltage",
}
"""Names of evidence.py → keys of signals.py."""


def test_every_value_that_rules_ask_for_has_a_key_here():
    numbered = {name for name, value in vars(evidence).items() if name.isupper() and isinstance(value, int)}
    assert {name for name in numbered if not name.startswith("_")} == set(_KEYS)


@pytest.mark.parametrize(("name", "key"), _KEYS.items())
def test_rules_and_gauges_mean_the_same_value_by_the_same_number(name: str, key: str):
    assert BY_PID[getattr(evidence, name)].key == key


def test_idle_load_and_standstill_are_told_apart():
    summary = summarise(
        [
            (0, RPM, 0),
            (10, VOLTAGE, 12.5),
            (20, RPM, 820),
            (21, SPEED, 0),
            (22, COOLANT, 88),
            (23, LTFT1, 14.0),
            (24, VOLTAGE, 14.2),
            (30, RPM, 3000),
            (31, LOAD, 80),
            (32, SPEED, 90),
            (33, LTFT1, 2.0),
        ]
    )
    assert summary.off[VOLTAGE] == 12.5
    assert (summary.idle[LTFT1], summary.idle[VOLTAGE]) == (14.0, 14.2)
    assert summary.load[LTFT1] == 2.0
    assert (summary.lowest[VOLTAGE], summary.highest[VOLTAGE]) == (12.5, 14.2)


def test_a_cold_engine_does_not_idle_for_the_rules():
    summary = summarise([(0, COOLANT, 20), (1, RPM, 1000), (2, LTFT1, 20.0)])
    assert (summary.idle, summary.swing) == ({}, {})
    assert summary.highest[LTFT1] == 20.0


def test_overrun_does_not_count_for_how_much_a_sensor_moves():
    held = [(0, RPM, 2500), (1, LOAD, 30), (2, O2_B1S2, 0.7), (3, O2_B1S2, 0.72)]
    overrun = [(4, LOAD, 4), (5, O2_B1S2, 0.0), (6, O2_B1S2, 0.02)]
    assert summarise(held + overrun).swing[O2_B1S2] < 0.05


def test_readings_before_the_first_engine_speed_belong_to_no_state():
    summary = summarise([(0, VOLTAGE, 12.0)])
    assert (summary.off, summary.highest) == ({}, {VOLTAGE: 12.0})


def test_the_swing_of_a_signal_leaves_out_single_peaks():
    calm = [(0, RPM, 1500)] + [(n, O2_B1S2, 0.7 if n != 50 else 0.1) for n in range(1, 100)]
    busy = [(0, RPM, 1500)] + [(n, O2_B1S2, 0.1 + 0.7 * (n % 2)) for n in range(1, 100)]
    assert summarise(calm).swing[O2_B1S2] < 0.05
    assert summarise(busy).swing[O2_B1S2] > 0.6


def test_trims_add_up_per_bank_and_need_the_long_term_one():
    assert trim({STFT1: 3.0, LTFT1: 10.0, LTFT2: -4.0}) == 13.0
    assert trim({STFT1: 3.0, LTFT2: -4.0, STFT2: 1.0}, 2) == -3.0
    assert trim({STFT1: 3.0}) is None


def test_the_control_unit_knows_the_voltage_better_than_the_socket():
    assert voltage({VOLTAGE: 14.1, ADAPTER_VOLTAGE: 13.8}) == 14.1
    assert voltage({ADAPTER_VOLTAGE: 13.8}) == 13.8
    assert voltage({}) is None


def test_a_freeze_frame_stands_in_for_live_values_of_its_state():
    idle = {RPM: 800, SPEED: 0, LTFT1: 15.0}
    load = {RPM: 2800, SPEED: 80, LOAD: 85, LTFT1: 3.0}
    assert (Evidence(freeze=idle).idle, Evidence(freeze=idle).load) == (idle, {})
    assert (Evidence(freeze=load).idle, Evidence(freeze=load).load) == ({}, load)
    live = LiveSummary(idle={LTFT1: 1.0})
    assert Evidence(freeze=idle, live=live).idle == {LTFT1: 1.0}


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from([RPM, SPEED, LOAD, COOLANT]), st.floats(-50, 8000)),
        max_size=60,
    )
)
def test_whatever_is_recorded_medians_lie_between_the_extremes(readings):
    summary = summarise(readings)
    for values in (summary.idle, summary.load, summary.off):
        for signal, value in values.items():
            assert summary.lowest[signal] <= value <= summary.highest[signal]
    assert all(swing >= 0 for swing in summary.swing.values())
