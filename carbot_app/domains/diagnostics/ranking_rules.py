"""The rules by which readings and other codes move a cause up or down (pure).

A rule names the codes it is about, the cause it moves and by how much: ±30 and more is strong, 10 to 20 a
hint. Its condition answers with the readings of its reason (reasons.csv, same key), or None. Thresholds are
those of workshop practice: fuel trims beyond ±10 % are faults, a charging voltage is 13.6 to 14.9 V, a rear
O2 sensor hardly moves while the catalyst is healthy and follows the front one when it is worn.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from carbot_app.domains.diagnostics.evidence import (
    BARO,
    COOLANT,
    EGR_ERROR,
    FUEL_LEVEL,
    INTAKE_AIR,
    LOAD,
    MAF,
    MAP,
    O2_B1S1,
    O2_B1S2,
    O2_B2S1,
    O2_B2S2,
    RPM,
    RUN_TIME,
    SPEED,
    Evidence,
    Values,
    is_idle,
    is_load,
    trim,
    voltage,
)

Params = Mapping[str, Any]
Condition = Callable[[str, Evidence], Params | None]

_LEAN = ("P0171", "P0174", "P217[79]", "P218[79]", "P219[13]")
_RICH = ("P0172", "P0175", "P2178", "P2180", "P2188", "P219[024]")
_MISFIRE = ("P030[0-9]", "P031[0-246]")
_CYLINDER = ("P030[1-9]", "P031[0-2]")
_CATALYST = ("P042[0-3]", "P043[0-3]")
_CHARGING = ("P056[0-2]", "P062[0-6]", "P250[0-3]")
_HOT = ("P0217",)
_COLD = ("P0125", "P0126", "P0128")
_UNDERBOOST = ("P0299", "P226[23]")
_SOOT = ("P2463", "P2458", "P2459", "P244[AB]")
_LOST = ("U01[0-9][0-9]",)
_ADBLUE = ("P20EE", "P204F", "P207F")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``codes`` are patterns of the codes it is about."""

    key: str
    codes: tuple[str, ...]
    cause: str
    points: int
    condition: Condition

    def apply(self, code: str, evidence: Evidence) -> Params | None:
        """The readings of its reason, or None when it does not hold for this code."""
        return self.condition(code, evidence) if _matches(code, self.codes) else None


def _matches(code: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(code, pattern) for pattern in patterns)


def _others(code: str, evidence: Evidence, patterns: tuple[str, ...]) -> list[str]:
    return sorted(other for other in evidence.codes if other != code and _matches(other, patterns))


def _with(*patterns: str, least: int = 1) -> Condition:
    """Other codes are stored too."""

    def condition(code: str, evidence: Evidence) -> Params | None:
        others = _others(code, evidence, patterns)
        return {"code": ", ".join(others[:3])} if len(others) >= least else None

    return condition


def _bank(code: str) -> int:
    return 2 if code in {"P0174", "P0175", "P2179", "P2180", "P2189", "P2190", "P2193", "P2194"} else 1


def _trims(idle: Callable[[float], bool], load: Callable[[float], bool]) -> Condition:
    """How the mixture is corrected at idle and at load, in percent."""

    def condition(code: str, evidence: Evidence) -> Params | None:
        at_idle, at_load = trim(evidence.idle, _bank(code)), trim(evidence.load, _bank(code))
        if at_idle is None or at_load is None or not (idle(at_idle) and load(at_load)):
            return None
        return {"idle": f"{at_idle:+.0f}", "load": f"{at_load:+.0f}"}

    return condition


def _trim_somewhere(test: Callable[[float], bool]) -> Condition:
    def condition(code: str, evidence: Evidence) -> Params | None:
        for values in (evidence.idle, evidence.load, evidence.freeze):
            found = trim(values, 2 if code in {"P0151", "P0152"} else _bank(code))
            if found is not None and test(found):
                return {"trim": f"{found:+.0f}"}
        return None

    return condition


def _value(where: Callable[[Evidence], Values], signal: int, test: Callable[[float], bool]) -> Condition:
    """A reading; ``{value}`` in the reason."""

    def condition(code: str, evidence: Evidence) -> Params | None:
        found = where(evidence).get(signal)
        return {"value": round(found, 2)} if found is not None and test(found) else None

    return condition


def _swing(banks: tuple[int, int], test: Callable[[float], bool]) -> Condition:
    """How much the O2 sensor of the code's bank moves, in volts."""

    def condition(code: str, evidence: Evidence) -> Params | None:
        found = evidence.live.swing.get(banks[1] if code[:4] in {"P043", "P015"} else banks[0])
        return {"value": round(found, 2)} if found is not None and test(found) else None

    return condition


def _volts(test: Callable[[float | None, float | None, float | None], bool]) -> Condition:
    """Supply at idle, at load and with the engine standing."""

    def condition(code: str, evidence: Evidence) -> Params | None:
        idle, load, off = (voltage(v) for v in (evidence.idle, evidence.load, evidence.live.off))
        if not test(idle, load, off):
            return None
        known = {"idle": idle, "load": load, "off": off}
        return {name: round(volts, 1) for name, volts in known.items() if volts is not None}

    return condition


def _freeze_idle(code: str, evidence: Evidence) -> Params | None:
    return {"rpm": f"{evidence.freeze[RPM]:.0f}"} if is_idle(evidence.freeze) else None


def _freeze_load(code: str, evidence: Evidence) -> Params | None:
    return {"load": f"{evidence.freeze[LOAD]:.0f}"} if is_load(evidence.freeze) else None


def _one_bank(code: str, evidence: Evidence) -> Params | None:
    other = trim(evidence.idle, 3 - _bank(code))
    if other is None or abs(other) > 8 or {"P0171", "P0174"} <= evidence.codes:
        return None
    return {"trim": f"{other:+.0f}"}


def _cylinders(evidence: Evidence) -> list[int]:
    return sorted(int(code[3:]) for code in evidence.codes if _matches(code, _CYLINDER))


def _one_cylinder(code: str, evidence: Evidence) -> Params | None:
    found = _cylinders(evidence)
    return {"cylinder": found[0]} if len(found) == 1 else None


def _several_cylinders(code: str, evidence: Evidence) -> Params | None:
    found = _cylinders(evidence)
    return {"cylinders": ", ".join(map(str, found))} if len(found) > 2 else None


def _neighbours(code: str, evidence: Evidence) -> Params | None:
    found = _cylinders(evidence)
    return {"first": found[0], "second": found[1]} if len(found) == 2 and found[1] - found[0] == 1 else None


def _same_cylinder(first: str) -> Condition:
    """The code of this very cylinder's coil (P0351 …) or injector (P0201 …) is stored too."""

    def condition(code: str, evidence: Evidence) -> Params | None:
        other = f"P{int(first[1:]) + int(code[3:]) - 1:04d}"
        return {"code": other} if other in evidence.codes else None

    return condition


def _slow_warm_up(code: str, evidence: Evidence) -> Params | None:
    highest, run = evidence.live.highest.get(COOLANT), evidence.live.highest.get(RUN_TIME, 0)
    if highest is None or highest >= 80 or run < 600:
        return None
    return {"value": f"{highest:.0f}", "minutes": f"{run / 60:.0f}"}


def _cold_difference(code: str, evidence: Evidence) -> Params | None:
    coolant, air = evidence.live.off.get(COOLANT), evidence.live.off.get(INTAKE_AIR)
    if coolant is None or air is None or coolant >= 50 or abs(coolant - air) <= 15:
        return None
    return {"coolant": f"{coolant:.0f}", "air": f"{air:.0f}"}


def _ambient_difference(code: str, evidence: Evidence) -> Params | None:
    manifold, ambient = evidence.live.off.get(MAP), evidence.live.off.get(BARO)
    if manifold is None or ambient is None or abs(manifold - ambient) <= 8:
        return None
    return {"manifold": f"{manifold:.0f}", "ambient": f"{ambient:.0f}"}


def _no_boost(code: str, evidence: Evidence) -> Params | None:
    live = evidence.live
    manifold = live.highest.get(MAP) if live.load else evidence.load.get(MAP)
    ambient = evidence.load.get(BARO, live.off.get(BARO, 100.0))
    return {"value": f"{manifold:.0f}"} if manifold is not None and manifold < ambient + 15 else None


def _single_unit(code: str, evidence: Evidence) -> Params | None:
    return None if _others(code, evidence, _LOST) else {}


def _freeze(evidence: Evidence) -> Values:
    return evidence.freeze


def _at_idle(evidence: Evidence) -> Values:
    return evidence.idle


def _highest(evidence: Evidence) -> Values:
    return evidence.live.highest


def _recent(evidence: Evidence) -> Values:
    """The freeze frame, else what stood there with the engine off."""
    return evidence.freeze or evidence.live.off


_MIXTURE = (
    Rule("lean_idle", _LEAN, "vacuum_leak", 35, _trims(lambda i: i >= 10, lambda x: x < 8)),
    Rule("lean_load", _LEAN, "fuel_pressure_low", 45, _trims(lambda i: i < 8, lambda x: x >= 10)),
    Rule("lean_always", _LEAN, "maf_dirty", 35, _trims(lambda i: i >= 10, lambda x: x >= 10)),
    Rule("lean_now_normal", _LEAN, "connector", 14, _trims(lambda i: abs(i) < 5, lambda x: abs(x) < 5)),
    Rule("lean_one_bank", ("P0171", "P0174"), "injector_clogged", 18, _one_bank),
    Rule("lean_both_banks", ("P0171",), "maf_dirty", 12, _with("P0174")),
    Rule("lean_both_banks", ("P0174",), "maf_dirty", 12, _with("P0171")),
    Rule("lean_maf_code", _LEAN, "maf_dirty", 35, _with("P010[0-4]")),
    Rule("lean_pressure_code", _LEAN, "fuel_pressure_low", 50,
         _with("P0087", "P0190", "P0191", "P062[7-9]")),
    Rule("lean_purge_code", _LEAN, "purge_valve_open", 30, _with("P0441", "P0443", "P0496")),
    Rule("rich_idle", _RICH, "purge_valve_open", 50, _trims(lambda i: i <= -10, lambda x: x > -8)),
    Rule("rich_load", _RICH, "fuel_pressure_high", 35, _trims(lambda i: i > -8, lambda x: x <= -10)),
    Rule("rich_always", _RICH, "injector_leaking", 30, _trims(lambda i: i <= -10, lambda x: x <= -10)),
    Rule("rich_maf_code", _RICH, "maf_dirty", 45, _with("P010[0-4]")),
    Rule("rich_cold", _RICH, "thermostat_open", 30, _with(*_COLD)),
    Rule("maf_idle_low", ("P0101",), "maf_dirty", 20, _value(_at_idle, MAF, lambda v: v < 1.5)),
    Rule("maf_lean", ("P0101",), "vacuum_leak", 35, _trims(lambda i: i >= 10, lambda x: x < 8)),
    Rule("maf_egr_code", ("P0101",), "egr_stuck_open", 45, _with("P040[2-6]")),
    Rule("maf_no_signal", ("P0100", "P0102"), "wiring", 25, _value(_highest, MAF, lambda v: v < 0.3)),
    Rule("map_standing", ("P010[5-9]", "P0069"), "map_sensor", 25, _ambient_difference),
    Rule("idle_lean", ("P0507",), "vacuum_leak", 35, _trim_somewhere(lambda t: t >= 10)),
    Rule("o2_really_lean", ("P0131", "P0151", "P2195", "P2197"), "vacuum_leak", 30,
         _trim_somewhere(lambda t: t >= 12)),
    Rule("o2_really_rich", ("P0132", "P0152", "P2196", "P2198"), "injector_leaking", 40,
         _trim_somewhere(lambda t: t <= -12)),
    Rule("o2_hardly_moves", ("P013[0-4]", "P015[0-4]"), "o2_aged", 25,
         _swing((O2_B1S1, O2_B2S1), lambda v: v < 0.3)),
    Rule("o2_moves", ("P013[0-4]", "P015[0-4]"), "o2_aged", -20,
         _swing((O2_B1S1, O2_B2S1), lambda v: v > 0.6)),
    Rule("o2_heaters", ("P0135", "P0141", "P0155", "P0161", "P003[0-8]", "P005[0-8]"), "fuse", 40,
         _with("P0135", "P0141", "P0155", "P0161", "P003[0-8]", "P005[0-8]")),
)  # fmt: skip
_IGNITION = (
    Rule("misfire_one", ("P0300",), "ignition_coil", 20, _one_cylinder),
    Rule("misfire_several", _MISFIRE, "fuel_pressure_low", 22, _several_cylinders),
    Rule("misfire_neighbours", _CYLINDER, "head_gasket", 44, _neighbours),
    Rule("misfire_coil_code", _CYLINDER, "ignition_coil", 35, _same_cylinder("P0351")),
    Rule("misfire_injector_code", _CYLINDER, "injector_faulty", 50, _same_cylinder("P0201")),
    Rule("misfire_lean", _MISFIRE, "vacuum_leak", 50, _with(*_LEAN)),
    Rule("misfire_pressure_code", _MISFIRE, "fuel_pressure_low", 45,
         _with("P0087", "P062[7-9]", "P023[0-3]")),
    Rule("misfire_rich", _MISFIRE, "injector_leaking", 38, _trim_somewhere(lambda t: t <= -12)),
    Rule("misfire_idle", _MISFIRE, "compression_low", 14, _freeze_idle),
    Rule("misfire_load", _MISFIRE, "ignition_coil", 14, _freeze_load),
    Rule("misfire_cold", _MISFIRE, "carbon_deposits", 26, _value(_freeze, COOLANT, lambda v: v < 40)),
    Rule("misfire_low_fuel", ("P0300", "P0313"), "low_fuel", 50,
         _value(_recent, FUEL_LEVEL, lambda v: v < 8)),
    Rule("misfire_timing_code", _MISFIRE, "timing_chain", 45, _with("P001[1-9]", "P034[01]")),
    Rule("misfire_coolant_code", _MISFIRE, "head_gasket", 50, _with("P0217", "P2560")),
    Rule("cam_crank", ("P0340", "P0335"), "wiring", 22, _with("P0340", "P0335")),
    Rule("timing_cam_code", ("P001[6-9]",), "cam_sensor", 24, _with("P034[0-4]", "P0345", "P0365")),
    Rule("timing_oil_code", ("P001[0-9]", "P002[0-5]"), "oil_level", 30, _with("P052[0-4]")),
    Rule("rail_load", ("P0087",), "fuel_filter", 26, _freeze_load),
    Rule("rail_idle", ("P0087",), "high_pressure_pump", 30, _freeze_idle),
    Rule("rail_empty", ("P0087",), "low_fuel", 50, _value(_recent, FUEL_LEVEL, lambda v: v < 5)),
)  # fmt: skip
_HEAT = (
    Rule("thermostat_slow", _COLD, "thermostat_open", 35, _slow_warm_up),
    Rule("thermostat_reaches", _COLD, "thermostat_open", -25, _value(_highest, COOLANT, lambda v: v >= 88)),
    Rule("coolant_cold_difference", (*_COLD, "P011[5-9]"), "temp_sensor", 50, _cold_difference),
    Rule("coolant_level_code", _COLD, "coolant_low", 38, _with("P2560")),
    Rule("hot_standing", _HOT, "radiator_fan", 30, _value(_freeze, SPEED, lambda v: v < 10)),
    Rule("hot_driving", _HOT, "water_pump", 20, _value(_freeze, SPEED, lambda v: v >= 60)),
    Rule("hot_fan_code", _HOT, "radiator_fan", 50, _with("P048[0-5]", "P069[1-6]")),
    Rule("hot_level_code", _HOT, "coolant_leak", 35, _with("P2560")),
    Rule("hot_thermostat_code", _HOT, "thermostat_closed", 45, _with("P059[7-9]")),
    Rule("sensor_open", ("P0118", "P0115"), "connector", 30, _value(_recent, COOLANT, lambda v: v <= -39)),
    Rule("sensor_shorted", ("P0117", "P0115"), "wiring", 45, _value(_recent, COOLANT, lambda v: v >= 135)),
    Rule("sensor_open", ("P0113", "P0110"), "connector", 30,
         _value(_recent, INTAKE_AIR, lambda v: v <= -39)),
    Rule("sensor_shorted", ("P0112", "P0110"), "wiring", 40,
         _value(_recent, INTAKE_AIR, lambda v: v >= 135)),
)  # fmt: skip
_EXHAUST = (
    Rule("catalyst_follows", _CATALYST, "catalyst_aged", 30,
         _swing((O2_B1S2, O2_B2S2), lambda v: v >= 0.5)),
    Rule("catalyst_calm", _CATALYST, "catalyst_aged", -25, _swing((O2_B1S2, O2_B2S2), lambda v: v < 0.15)),
    Rule("catalyst_sensor_code", _CATALYST, "rear_o2_aged", 40,
         _with("P013[6-9]", "P014[01]", "P015[6-9]", "P016[01]")),
    Rule("catalyst_misfire", _CATALYST, "misfires", 50, _with(*_MISFIRE)),
    Rule("catalyst_lean", _CATALYST, "exhaust_leak", 22, _with(*_LEAN)),
    Rule("catalyst_both", ("P0420", "P0430"), "oil_consumption", 30, _with("P0420", "P0430")),
    Rule("egr_too_little", ("P0400", "P0401"), "egr_clogged", 25,
         _value(_at_idle, EGR_ERROR, lambda v: v <= -20)),
    Rule("egr_too_much", ("P0402",), "egr_stuck_open", 25, _value(_at_idle, EGR_ERROR, lambda v: v >= 20)),
    Rule("egr_sensor_code", ("P040[0-4]",), "egr_sensor", 45, _with("P040[5-9]")),
    Rule("soot_sensor_code", _SOOT, "dpf_pressure_sensor", 60, _with("P245[2-6]")),
    Rule("soot_egr_code", _SOOT, "egr_clogged", 30, _with("P040[0-6]")),
    Rule("soot_cold_code", _SOOT, "thermostat_open", 38, _with(*_COLD)),
    Rule("soot_exhaust_code", _SOOT, "egt_sensor", 34, _with("P054[4-6]", "P203[1-3]", "P242[A-E]")),
    Rule("adblue_sensor_code", _ADBLUE, "nox_sensor", 45, _with("P220[0-9]", "P221[0-9]")),
    Rule("adblue_pump_code", _ADBLUE, "adblue_pump", 45, _with("P20E[89]", "P208[A-D]")),
    Rule("adblue_level_code", _ADBLUE, "adblue_empty", 45, _with("P203F")),
)  # fmt: skip
_BOOST = (
    Rule("boost_missing", _UNDERBOOST, "boost_hose", 25, _no_boost),
    Rule("boost_valve_code", _UNDERBOOST, "boost_solenoid", 45, _with("P004[5-8]", "P024[3-6]")),
    Rule("boost_sensor_code", (*_UNDERBOOST, "P0234"), "boost_sensor", 50, _with("P023[5-8]")),
    Rule("boost_standing", (*_UNDERBOOST, "P0234", "P0236"), "boost_sensor", 50, _ambient_difference),
    Rule("boost_actuator_code", (*_UNDERBOOST, "P0234"), "turbo_actuator", 35, _with("P256[2-6]")),
)  # fmt: skip
_SUPPLY = (
    Rule("charging_low", _CHARGING, "alternator", 30,
         _volts(lambda i, x, o: i is not None and i < 13.2 and (x is None or x < 13.6))),
    Rule("charging_low_idle", _CHARGING, "drive_belt", 50,
         _volts(lambda i, x, o: i is not None and x is not None and i < 13.2 and 13.6 <= x <= 15.0)),
    Rule("charging_right", _CHARGING, "battery_weak", 36,
         _volts(lambda i, x, o: i is not None and 13.6 <= i <= 14.9)),
    Rule("charging_right", _CHARGING, "alternator", -25,
         _volts(lambda i, x, o: i is not None and 13.6 <= i <= 14.9)),
    Rule("charging_high", ("P0563", "P2504"), "regulator", 30,
         _volts(lambda i, x, o: max(i or 0, x or 0) > 15.0)),
    Rule("battery_empty", (*_CHARGING, *_LOST, "U0001", "U0073"), "battery_weak", 32,
         _volts(lambda i, x, o: o is not None and o < 11.9)),
    Rule("battery_drained", ("P0562",), "quiescent_current", 24,
         _volts(lambda i, x, o: o is not None and o < 11.9 and i is not None and i >= 13.6)),
    Rule("network_many", _LOST, "can_wiring", 32, _with("U01[0-9][0-9]", least=2)),
    Rule("network_one", _LOST, "unit_supply", 12, _single_unit),
    Rule("network_voltage_code", _LOST, "battery_weak", 36, _with("P056[0-2]")),
    Rule("speed_wheel_code", ("P050[0-3]",), "wheel_sensor", 28, _with("C00[3-5][0-9]")),
    Rule("speed_abs_code", ("P050[0-3]",), "abs_block", 45, _with("U0121")),
    Rule("throttle_code", ("P2135",), "throttle_faulty", 25, _with("P012[0-4]", "P022[0-4]")),
    Rule("pedal_code", ("P2135",), "pedal_sensor", 40, _with("P212[0-8]")),
    Rule("gearbox_code", ("P0700",), "transmission_code", 25, _with("P07[1-9][0-9]", "P08[0-9][0-9]")),
    Rule("ratio_sensor_code", ("P073[0-6]",), "speed_sensor_gearbox", 45, _with("P071[5-8]", "P072[0-3]")),
)  # fmt: skip
RULES: tuple[Rule, ...] = (*_MIXTURE, *_IGNITION, *_HEAT, *_EXHAUST, *_BOOST, *_SUPPLY)
"""Every rule; the order says nothing."""
