"""The health of a car is a number with reasons, and never green in danger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics.codes import code_entries
from carbot_app.domains.diagnostics.dtc import MonitorStatus
from carbot_app.domains.diagnostics.evidence import (
    ADAPTER_VOLTAGE,
    COOLANT,
    LTFT1,
    VOLTAGE,
    Evidence,
    LiveSummary,
)
from carbot_app.domains.diagnostics.explain import STOP_LAMPS, explain_codes
from carbot_app.domains.diagnostics.health import LEVELS, Health, health_of
from carbot_app.domains.diagnostics.maintenance import DueItem
from carbot_app.kit.i18n import list_words


def live(**groups) -> Evidence:
    return Evidence(live=LiveSummary(**groups))


def costs(health: Health) -> dict[str, int]:
    return {reason.reason: reason.points for reason in health.reasons}


def test_a_car_without_findings_is_well():
    assert health_of() == Health(100, "good", ())
    fine = live(
        idle={VOLTAGE: 14.2, LTFT1: 3.0},
        off={ADAPTER_VOLTAGE: 12.7},
        highest={COOLANT: 98},
        load={LTFT1: -4.0},
    )
    status = MonitorStatus(False, 0, "spark", {"misfire": True, "catalyst": True})
    assert (
        health_of(evidence=fine, status=status, due=[DueItem("oil", "ENG-OIL-001", "later", "km")]).score
        == 100
    )


@pytest.mark.parametrize(
    ("codes", "score", "level"),
    [
        (["P0457"], 95, "good"),
        (["P0171"], 86, "good"),
        (["P0301"], 72, "watch"),
        (["P0301", "P0171"], 58, "watch"),
        (["P0301", "P0171", "U0121"], 30, "act"),
        (["P0524"], 30, "stop"),
        (["P0335"], 30, "stop"),
        (["P0301", "P0302", "P0303", "P0304", "U0121"], 25, "act"),
    ],
)
def test_codes_cost_by_their_severity_up_to_a_limit(codes, score, level):
    health = health_of(explain_codes(codes))
    assert (health.score, health.level) == (score, level)
    assert [reason.params["code"] for reason in health.reasons if reason.group == "codes"] == [
        view.code for view in explain_codes(codes)
    ]


def test_a_pending_code_costs_half():
    health = health_of(explain_codes(["P0301"]), pending=["P0301"])
    assert (health.score, costs(health)) == (86, {"code_pending": 14})


def test_the_lamp_and_open_self_tests_cost_little():
    status = MonitorStatus(True, 1, "spark", dict.fromkeys("abcdef", False))
    assert costs(health_of(status=status)) == {"readiness": 4, "mil": 4}


@pytest.mark.parametrize(
    ("evidence", "reasons"),
    [
        (live(off={VOLTAGE: 12.2}), {"battery_low": 5}),
        (live(off={VOLTAGE: 11.6}), {"battery_low": 10}),
        (live(idle={VOLTAGE: 12.6}), {"charging": 12}),
        (live(idle={VOLTAGE: 15.6}), {"charging": 12}),
        (live(idle={LTFT1: 14}), {"trim": 6}),
        (live(load={LTFT1: -22}), {"trim": 12}),
        (live(highest={COOLANT: 109}), {"hot": 10}),
        (live(highest={COOLANT: 114}), {"hot": 20}),
    ],
)
def test_readings_out_of_their_band_cost_points(evidence, reasons):
    assert costs(health_of(evidence=evidence)) == reasons


def test_an_empty_battery_and_no_charging_have_a_common_limit():
    assert health_of(evidence=live(off={VOLTAGE: 11.6}, idle={VOLTAGE: 12.0})).score == 85


def test_work_that_is_due_costs_and_codes_are_not_counted_twice():
    due = [
        DueItem("oil", "ENG-OIL-001", "overdue", "km"),
        DueItem("brake_fluid", "SAF-BRK-010", "now", "months"),
        DueItem("air_filter", "ENG-AIR-001", "soon", "no_record"),
        DueItem("code", "ENG-DIA-001", "now", "code", {"code": "P0171"}),
    ]
    health = health_of(due=due)
    assert (health.score, costs(health)) == (89, {"work_overdue": 8, "work_due": 3})


@pytest.mark.parametrize("lamp", sorted(STOP_LAMPS))
def test_in_danger_a_car_is_never_green(lamp):
    health = health_of(lamps=[lamp])
    assert (health.score, health.level) == (10, "stop")
    assert health.reasons[0].reason == f"danger_{lamp}"


def test_measured_overheating_is_danger_too():
    health = health_of(evidence=live(highest={COOLANT: 125}))
    assert (health.level, health.reasons[0].reason) == ("stop", "danger_overheating")


CODES = st.lists(st.sampled_from(sorted(code_entries())), max_size=6)


@given(
    CODES, st.lists(st.sampled_from(sorted(STOP_LAMPS)), max_size=2), st.floats(9, 17), st.floats(-40, 140)
)
def test_the_score_lies_between_0_and_100_and_every_reason_has_words(codes, lamps, volts, degrees):
    evidence = live(idle={VOLTAGE: volts}, highest={COOLANT: degrees})
    health = health_of(explain_codes(codes), evidence=evidence, lamps=lamps)
    words = list_words("de", "diagnostic_codes")
    assert 0 <= health.score <= 100
    assert health.level in LEVELS
    assert f"health.level.{health.level}" in words
    assert (health.level == "stop") <= (health.score <= 30)
    assert all(f"health.{reason.reason}" in words for reason in health.reasons)


@given(CODES, st.sampled_from(sorted(code_entries())))
def test_one_more_code_never_makes_a_car_healthier(codes, further):
    assert health_of(explain_codes([*codes, further])).score <= health_of(explain_codes(codes)).score
