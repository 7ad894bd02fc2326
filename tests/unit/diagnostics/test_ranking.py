"""What the car tells moves causes up or down, and says why."""

import re
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.catalog.library import library_rows
from carbot_app.domains.diagnostics.codes import code_entries
from carbot_app.domains.diagnostics.codes.knowledge import causes, frequent_codes, reasons
from carbot_app.domains.diagnostics.evidence import (
    BARO,
    COOLANT,
    EGR_ERROR,
    FUEL_LEVEL,
    INTAKE_AIR,
    LOAD,
    LTFT1,
    LTFT2,
    MAF,
    MAP,
    O2_B1S1,
    O2_B1S2,
    O2_B2S2,
    RPM,
    RUN_TIME,
    SPEED,
    STFT1,
    VOLTAGE,
    Evidence,
    LiveSummary,
)
from carbot_app.domains.diagnostics.ranking import LIKELIHOODS, RankedCause, rank_causes
from carbot_app.domains.diagnostics.ranking_rules import RULES


def usual(code: str) -> tuple[str, ...]:
    return frequent_codes()[code].causes


def ranked(code: str, evidence: Evidence) -> tuple[RankedCause, ...]:
    return rank_causes(code, usual(code), evidence)


def stored(*codes: str, freeze=None, **live) -> Evidence:
    return Evidence(frozenset(codes), freeze or {}, LiveSummary(**live))


def trims(idle: float, load: float, signal: int = LTFT1) -> Evidence:
    return stored(idle={signal: idle}, load={signal: load})


IDLING = {RPM: 800, SPEED: 0, LOAD: 22}
PULLING = {RPM: 3200, SPEED: 90, LOAD: 82}

# rule, code, evidence, cause that moves, whether it comes first
EXAMPLES = [
    ("lean_idle", "P0171", trims(18, 2), "vacuum_leak", True),
    ("lean_load", "P0171", trims(2, 17), "fuel_pressure_low", True),
    ("lean_always", "P0171", trims(16, 15), "maf_dirty", True),
    ("lean_idle", "P0174", trims(18, 2, LTFT2), "vacuum_leak", True),
    ("lean_now_normal", "P0171", trims(1, 2), "connector", False),
    ("lean_one_bank", "P0171", stored("P0171", idle={LTFT1: 14, LTFT2: 1}), "injector_clogged", False),
    ("lean_both_banks", "P0171", stored("P0171", "P0174"), "maf_dirty", True),
    ("lean_both_banks", "P0174", stored("P0171", "P0174"), "maf_dirty", True),
    ("lean_maf_code", "P0171", stored("P0171", "P0101"), "maf_dirty", True),
    ("lean_pressure_code", "P0171", stored("P0171", "P0087"), "fuel_pressure_low", True),
    ("lean_purge_code", "P0171", stored("P0171", "P0496"), "purge_valve_open", False),
    ("rich_idle", "P0172", trims(-16, -2), "purge_valve_open", True),
    ("rich_load", "P0172", trims(-2, -15), "fuel_pressure_high", True),
    ("rich_always", "P0172", trims(-14, -14), "injector_leaking", True),
    ("rich_maf_code", "P0172", stored("P0172", "P0103"), "maf_dirty", True),
    ("rich_cold", "P0172", stored("P0172", "P0128"), "thermostat_open", False),
    ("maf_idle_low", "P0101", stored(idle={MAF: 0.9}), "maf_dirty", True),
    ("maf_lean", "P0101", trims(15, 1), "vacuum_leak", True),
    ("maf_egr_code", "P0101", stored("P0101", "P0402"), "egr_stuck_open", True),
    ("maf_no_signal", "P0102", stored(highest={MAF: 0}), "wiring", True),
    ("map_standing", "P0106", stored(off={MAP: 70, BARO: 98}), "map_sensor", True),
    ("idle_lean", "P0507", stored(idle={LTFT1: 8, STFT1: 7}), "vacuum_leak", True),
    ("o2_really_lean", "P0131", stored(idle={LTFT1: 18}), "vacuum_leak", True),
    ("o2_really_rich", "P0132", stored(load={LTFT1: -18}), "injector_leaking", True),
    ("o2_hardly_moves", "P0133", stored(swing={O2_B1S1: 0.1}), "o2_aged", True),
    ("o2_moves", "P0133", stored(swing={O2_B1S1: 0.75}), "o2_aged", False),
    ("o2_heaters", "P0135", stored("P0135", "P0141"), "fuse", True),
    ("misfire_one", "P0300", stored("P0300", "P0303"), "ignition_coil", True),
    ("misfire_several", "P0300", stored("P0300", "P0301", "P0302", "P0304"), "fuel_pressure_low", False),
    ("misfire_neighbours", "P0302", stored("P0302", "P0303"), "head_gasket", True),
    ("misfire_coil_code", "P0303", stored("P0303", "P0353"), "ignition_coil", True),
    ("misfire_injector_code", "P0302", stored("P0302", "P0202"), "injector_faulty", True),
    ("misfire_lean", "P0301", stored("P0301", "P0171"), "vacuum_leak", True),
    ("misfire_pressure_code", "P0300", stored("P0300", "P0087"), "fuel_pressure_low", True),
    ("misfire_rich", "P0301", stored(idle={LTFT1: -20}), "injector_leaking", False),
    ("misfire_idle", "P0300", stored(freeze=IDLING), "compression_low", False),
    ("misfire_load", "P0301", stored(freeze=PULLING), "ignition_coil", True),
    ("misfire_cold", "P0300", stored(freeze={COOLANT: 12}), "carbon_deposits", False),
    ("misfire_low_fuel", "P0300", stored(freeze={FUEL_LEVEL: 3}), "low_fuel", True),
    ("misfire_timing_code", "P0300", stored("P0300", "P0016"), "timing_chain", True),
    ("misfire_coolant_code", "P0301", stored("P0301", "P2560"), "head_gasket", True),
    ("cam_crank", "P0340", stored("P0340", "P0335"), "wiring", True),
    ("timing_cam_code", "P0016", stored("P0016", "P0340"), "cam_sensor", False),
    ("timing_oil_code", "P0011", stored("P0011", "P0521"), "oil_level", True),
    ("rail_load", "P0087", stored(freeze=PULLING), "fuel_filter", True),
    ("rail_idle", "P0087", stored(freeze=IDLING), "high_pressure_pump", True),
    ("rail_empty", "P0087", stored(off={FUEL_LEVEL: 2}), "low_fuel", True),
    ("thermostat_slow", "P0128", stored(highest={COOLANT: 71, RUN_TIME: 900}), "thermostat_open", True),
    ("thermostat_reaches", "P0128", stored(highest={COOLANT: 91, RUN_TIME: 900}), "thermostat_open", False),
    ("coolant_cold_difference", "P0128", stored(off={COOLANT: -12, INTAKE_AIR: 18}), "temp_sensor", True),
    ("coolant_level_code", "P0128", stored("P0128", "P2560"), "coolant_low", True),
    ("hot_standing", "P0217", stored(freeze={SPEED: 0}), "radiator_fan", True),
    ("hot_driving", "P0217", stored(freeze={SPEED: 110}), "water_pump", True),
    ("hot_fan_code", "P0217", stored("P0217", "P0480"), "radiator_fan", True),
    ("hot_level_code", "P0217", stored("P0217", "P2560"), "coolant_leak", True),
    ("hot_thermostat_code", "P0217", stored("P0217", "P0597"), "thermostat_closed", True),
    ("sensor_open", "P0118", stored(freeze={COOLANT: -40}), "connector", True),
    ("sensor_shorted", "P0117", stored(off={COOLANT: 140}), "wiring", True),
    ("sensor_open", "P0113", stored(freeze={INTAKE_AIR: -40}), "connector", True),
    ("sensor_shorted", "P0112", stored(freeze={INTAKE_AIR: 140}), "wiring", True),
    ("catalyst_follows", "P0420", stored(swing={O2_B1S2: 0.62}), "catalyst_aged", True),
    ("catalyst_follows", "P0430", stored(swing={O2_B2S2: 0.62}), "catalyst_aged", True),
    ("catalyst_calm", "P0420", stored(swing={O2_B1S2: 0.05}), "catalyst_aged", False),
    ("catalyst_sensor_code", "P0420", stored("P0420", "P0139"), "rear_o2_aged", True),
    ("catalyst_misfire", "P0420", stored("P0420", "P0302"), "misfires", True),
    ("catalyst_lean", "P0420", stored("P0420", "P0171"), "exhaust_leak", True),
    ("catalyst_both", "P0420", stored("P0420", "P0430"), "oil_consumption", False),
    ("egr_too_little", "P0401", stored(idle={EGR_ERROR: -45}), "egr_clogged", True),
    ("egr_too_much", "P0402", stored(idle={EGR_ERROR: 40}), "egr_stuck_open", True),
    ("egr_sensor_code", "P0401", stored("P0401", "P0405"), "egr_sensor", True),
    ("soot_sensor_code", "P2463", stored("P2463", "P2453"), "dpf_pressure_sensor", True),
    ("soot_egr_code", "P2463", stored("P2463", "P0401"), "egr_clogged", True),
    ("soot_cold_code", "P2463", stored("P2463", "P0128"), "thermostat_open", False),
    ("soot_exhaust_code", "P2463", stored("P2463", "P0544"), "egt_sensor", False),
    ("adblue_sensor_code", "P20EE", stored("P20EE", "P2200"), "nox_sensor", True),
    ("adblue_pump_code", "P20EE", stored("P20EE", "P20E8"), "adblue_pump", True),
    ("adblue_level_code", "P20EE", stored("P20EE", "P203F"), "adblue_empty", True),
    ("boost_missing", "P0299", stored(load={BARO: 99}, highest={MAP: 108}), "boost_hose", True),
    ("boost_valve_code", "P0299", stored("P0299", "P0045"), "boost_solenoid", True),
    ("boost_sensor_code", "P0299", stored("P0299", "P0236"), "boost_sensor", True),
    ("boost_standing", "P0234", stored(off={MAP: 130, BARO: 98}), "boost_sensor", True),
    ("boost_actuator_code", "P0234", stored("P0234", "P2563"), "turbo_actuator", True),
    ("charging_low", "P0562", stored(idle={VOLTAGE: 12.1}), "alternator", True),
    ("charging_low_idle", "P0562", stored(idle={VOLTAGE: 12.4}, load={VOLTAGE: 14.1}), "drive_belt", True),
    ("charging_right", "P0562", stored(idle={VOLTAGE: 14.3}), "battery_weak", True),
    ("charging_right", "P0562", stored(idle={VOLTAGE: 14.3}), "alternator", False),
    ("charging_high", "P0563", stored(load={VOLTAGE: 15.8}), "regulator", True),
    ("battery_empty", "U0100", stored(off={VOLTAGE: 11.2}), "battery_weak", True),
    ("battery_drained", "P0562", stored(idle={0xF000: 14.2}, off={0xF000: 11.5}), "quiescent_current", False),
    ("network_many", "U0100", stored("U0100", "U0121", "U0155"), "can_wiring", True),
    ("network_one", "U0121", stored("U0121"), "unit_supply", True),
    ("network_voltage_code", "U0100", stored("U0100", "P0562"), "battery_weak", True),
    ("speed_wheel_code", "P0500", stored("P0500", "C0045"), "wheel_sensor", True),
    ("speed_abs_code", "P0500", stored("P0500", "U0121"), "abs_block", True),
    ("throttle_code", "P2135", stored("P2135", "P0122"), "throttle_faulty", True),
    ("pedal_code", "P2135", stored("P2135", "P2122"), "pedal_sensor", True),
    ("gearbox_code", "P0700", stored("P0700", "P0741"), "transmission_code", True),
    ("ratio_sensor_code", "P0731", stored("P0731", "P0715"), "speed_sensor_gearbox", True),
]


@pytest.mark.parametrize(
    ("rule", "code", "evidence", "cause", "first"),
    EXAMPLES,
    ids=[f"{rule}-{code}-{cause}" for rule, code, _, cause, _ in EXAMPLES],
)
def test_a_reading_moves_the_cause_it_speaks_for_and_says_why(rule, code, evidence, cause, first):
    result = ranked(code, evidence)
    moved = next(item for item in result if item.cause == cause)
    assert rule in {reason.rule for reason in moved.reasons}
    assert (result[0].cause == cause) is first
    for reason in moved.reasons:
        for language in ("de", "en", "tr"):
            assert reason.text(language).endswith(".")
            assert "{" not in reason.text(language)


def test_every_rule_has_an_example_and_a_reason():
    keys = {rule.key for rule in RULES}
    assert {example[0] for example in EXAMPLES} == keys == reasons().keys()
    assert len(keys) >= 40


def test_every_rule_moves_a_cause_that_is_explained():
    assert {rule.cause for rule in RULES} <= causes().keys()


def test_every_cause_is_used_by_a_code_or_a_rule():
    used = {cause for known in frequent_codes().values() for cause in known.causes}
    assert causes().keys() == used | {rule.cause for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.key}-{rule.cause}-{n}" for n, rule in enumerate(RULES)])
def test_a_rule_is_about_codes_that_are_explained(rule):
    for pattern in rule.codes:
        assert any(fnmatchcase(code, pattern) for code in code_entries()), pattern


def test_without_evidence_causes_keep_the_order_of_experience():
    result = ranked("P0171", Evidence())
    assert [item.cause for item in result] == list(usual("P0171"))
    assert [item.likelihood for item in result] == ["likely", "possible", "possible", "possible", "rare"]
    assert all(item.reasons == () for item in result)


def test_a_strong_reading_makes_a_cause_very_likely_and_a_contrary_one_lowers_it():
    assert ranked("P0420", stored(swing={O2_B1S2: 0.62}))[0].likelihood == "very_likely"
    calm = {item.cause: item.likelihood for item in ranked("P0420", stored(swing={O2_B1S2: 0.05}))}
    assert calm["catalyst_aged"] == "possible"


def test_the_strongest_reason_is_told_first():
    vacuum = next(
        item
        for item in ranked("P0300", stored("P0300", "P0171", idle={LTFT1: 20}))
        if item.cause == "vacuum_leak"
    )
    alternator = ranked("P0562", stored(idle={VOLTAGE: 14.3}))
    assert [reason.rule for reason in vacuum.reasons] == ["misfire_lean"]
    assert [i.cause for i in alternator].index("battery_weak") < [i.cause for i in alternator].index(
        "alternator"
    )


@pytest.mark.parametrize(
    "evidence",
    [
        trims(18, 12),
        stored("P0301", "P0304"),
        stored(freeze={RPM: 2000, SPEED: 40}),
        stored(off={MAP: 98, BARO: 99, COOLANT: 80, INTAKE_AIR: 20}),
        stored(highest={COOLANT: 71, RUN_TIME: 120}),
        stored(load={BARO: 99}, highest={MAP: 210}),
    ],
)
def test_ordinary_readings_accuse_nothing_for_codes_they_do_not_concern(evidence):
    for code in ("P0455", "C0035", "P0671", "P0299", "P0106", "P0301", "P0217"):
        for item in ranked(code, evidence):
            assert item.likelihood in LIKELIHOODS
            assert item.reasons == ()


def test_the_reason_of_a_rule_names_only_readings_it_gives():
    holes = {key: set(re.findall(r"{(\w+)}", words["de"])) for key, words in reasons().items()}
    assert all(holes[key] == set(re.findall(r"{(\w+)}", words["en"])) for key, words in reasons().items())


def test_every_service_of_a_cause_exists_in_the_catalogue():
    known = {row["code"] for row in library_rows()}
    assert {cause.service for cause in causes().values()} <= known
    assert ranked("P0171", Evidence())[0].service == "ENG-DIA-006"


SIGNALS = [
    BARO,
    COOLANT,
    EGR_ERROR,
    FUEL_LEVEL,
    INTAKE_AIR,
    LOAD,
    LTFT1,
    LTFT2,
    MAF,
    MAP,
    RPM,
    SPEED,
    VOLTAGE,
]
VALUES = st.dictionaries(st.sampled_from(SIGNALS), st.floats(-100, 9000), max_size=6)
EVIDENCE = st.builds(
    Evidence,
    st.frozensets(st.sampled_from(sorted(frequent_codes())), max_size=6),
    VALUES,
    st.builds(LiveSummary, VALUES, VALUES, VALUES, VALUES, VALUES, VALUES),
)


@given(st.sampled_from(sorted(frequent_codes())), EVIDENCE)
def test_whatever_is_measured_no_cause_is_lost_or_doubled_and_every_reason_can_be_read(code, evidence):
    result = ranked(code, evidence)
    found = [item.cause for item in result]
    assert len(found) == len(set(found))
    assert set(usual(code)) <= set(found) <= causes().keys()
    order = [LIKELIHOODS.index(item.likelihood) for item in result]
    assert order == sorted(order)
    for reason in (reason for item in result for reason in item.reasons):
        assert "{" not in reason.text("de") + reason.text("en")
