"""The live values of a car: what they are called, what they are measured in, and what is normal (pure).

Sources: SAE J1979 / ISO 15031-5 (PIDs of service 01 and their ranges). Normal bands are the usual ones of
petrol and diesel engines in good order; a gauge colours by them, no diagnosis follows from them alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from carbot_app.domains.diagnostics.wire import ADAPTER_VOLTAGE

Condition = Literal["off", "running", "idle", "warm"]
"""off: engine stands; running: it turns; idle: it turns and the car stands, no gas; warm: coolant ≥ 75 °C."""
Judgement = Literal["normal", "unusual", "alarm"]


@dataclass(frozen=True, slots=True)
class Band:
    """What is normal while all of ``when`` hold; beyond the alarm limits somebody should act now."""

    low: float
    high: float
    when: frozenset[Condition] = frozenset()
    alarm_low: float = float("-inf")
    alarm_high: float = float("inf")


@dataclass(frozen=True, slots=True)
class Signal:
    """One live value."""

    key: str
    """Its name is the text ``signals.<key>`` in the language files."""
    pid: int
    """``part << 8 | PID`` of service 01 as in wire.py, or ADAPTER_VOLTAGE."""
    unit: str
    low: float
    high: float
    """What the car can mean at all; whatever lies outside is a fault of transmission and is dropped."""
    hz: float
    """How often it is worth reading."""
    decimals: int = 0
    bands: tuple[Band, ...] = ()
    """The first whose conditions hold decides."""


def _when(*conditions: Condition) -> frozenset[Condition]:
    return frozenset(conditions)


_TRIM = (Band(-8, 8, _when("running", "warm"), -20, 20), Band(-12, 12, _when("running"), -25, 25))
_CHARGING = (
    Band(13.2, 14.9, _when("running"), 12.4, 15.6),
    Band(12.2, 13.2, _when("off"), 11.5, 15.6),
)
_HOT = (Band(78, 106, _when("warm"), alarm_high=113), Band(-30, 106, alarm_high=113))
_OIL = (Band(-30, 130, alarm_high=145),)

_PLAIN = (
    Signal("engine_load", 0x04, "%", 0, 100, 5, 0, (Band(10, 45, _when("idle", "warm")),)),
    Signal("coolant_temperature", 0x05, "°C", -40, 215, 0.5, 0, _HOT),
    Signal("short_fuel_trim_1", 0x06, "%", -100, 99.3, 5, 1, _TRIM),
    Signal("long_fuel_trim_1", 0x07, "%", -100, 99.3, 1, 1, _TRIM),
    Signal("short_fuel_trim_2", 0x08, "%", -100, 99.3, 5, 1, _TRIM),
    Signal("long_fuel_trim_2", 0x09, "%", -100, 99.3, 1, 1, _TRIM),
    Signal("fuel_pressure", 0x0A, "kPa", 0, 765, 2, 0),
    Signal("intake_pressure", 0x0B, "kPa", 0, 255, 5, 0, (Band(18, 50, _when("idle", "warm")),)),
    Signal("engine_speed", 0x0C, "rpm", 0, 12_000, 10, 0, (
        Band(600, 1000, _when("idle", "warm"), 450, 1600), Band(0, 5500, alarm_high=6800),
    )),
    Signal("vehicle_speed", 0x0D, "km/h", 0, 255, 5, 0),
    Signal("ignition_advance", 0x0E, "°", -64, 63.5, 5, 1, (Band(2, 22, _when("idle", "warm")),)),
    Signal("intake_temperature", 0x0F, "°C", -40, 215, 0.5, 0, (Band(-30, 60, alarm_high=90),)),
    Signal("air_flow", 0x10, "g/s", 0, 655.35, 5, 2, (Band(1.5, 8, _when("idle", "warm")),)),
    Signal("throttle", 0x11, "%", 0, 100, 5, 1, (Band(0, 22, _when("idle")),)),
    Signal("run_time", 0x1F, "s", 0, 65_535, 0.5, 0),
    Signal("distance_with_mil", 0x21, "km", 0, 65_535, 0.05, 0),
    Signal("rail_pressure_relative", 0x22, "kPa", 0, 5177.3, 2, 0),
    Signal("rail_pressure", 0x23, "kPa", 0, 655_350, 5, 0),
    Signal("egr_commanded", 0x2C, "%", 0, 100, 2, 0),
    Signal("egr_error", 0x2D, "%", -100, 99.3, 2, 1, (Band(-15, 15, _when("running")),)),
    Signal("purge_commanded", 0x2E, "%", 0, 100, 2, 0),
    Signal("fuel_level", 0x2F, "%", 0, 100, 0.1, 0, (Band(10, 100),)),
    Signal("warm_ups_since_clear", 0x30, "", 0, 255, 0.05, 0),
    Signal("distance_since_clear", 0x31, "km", 0, 65_535, 0.05, 0),
    Signal("barometric_pressure", 0x33, "kPa", 0, 255, 0.1, 0, (Band(70, 108),)),
    Signal("catalyst_temperature_1", 0x3C, "°C", -40, 6513.5, 0.5, 0, (Band(-30, 850, alarm_high=950),)),
    Signal("catalyst_temperature_2", 0x3D, "°C", -40, 6513.5, 0.5, 0, (Band(-30, 850, alarm_high=950),)),
    Signal("module_voltage", 0x42, "V", 0, 65.535, 1, 2, _CHARGING),
    Signal("absolute_load", 0x43, "%", 0, 25_700, 2, 1),
    Signal("lambda_commanded", 0x44, "λ", 0, 2, 2, 3),
    Signal("relative_throttle", 0x45, "%", 0, 100, 2, 1),
    Signal("ambient_temperature", 0x46, "°C", -40, 215, 0.1, 0),
    Signal("pedal_d", 0x49, "%", 0, 100, 5, 1),
    Signal("pedal_e", 0x4A, "%", 0, 100, 5, 1),
    Signal("throttle_commanded", 0x4C, "%", 0, 100, 5, 1),
    Signal("time_with_mil", 0x4D, "min", 0, 65_535, 0.05, 0),
    Signal("time_since_clear", 0x4E, "min", 0, 65_535, 0.05, 0),
    Signal("ethanol_share", 0x52, "%", 0, 100, 0.1, 0),
    Signal("rail_pressure_absolute", 0x59, "kPa", 0, 655_350, 5, 0),
    Signal("relative_pedal", 0x5A, "%", 0, 100, 5, 1),
    Signal("traction_battery", 0x5B, "%", 0, 100, 0.5, 1, (Band(15, 100, alarm_low=5),)),
    Signal("oil_temperature", 0x5C, "°C", -40, 210, 0.5, 0, _OIL),
    Signal("injection_timing", 0x5D, "°", -210, 302, 2, 1),
    Signal("fuel_rate", 0x5E, "L/h", 0, 3212.75, 2, 2, (Band(0.3, 1.8, _when("idle", "warm")),)),
    Signal("torque_demanded", 0x61, "%", -125, 130, 5, 0),
    Signal("torque", 0x62, "%", -125, 130, 5, 0),
    Signal("torque_reference", 0x63, "Nm", 0, 65_535, 0.1, 0),
    Signal("odometer", 0xA6, "km", 0, 4_000_000, 0.05, 1),
    Signal("adapter_voltage", ADAPTER_VOLTAGE, "V", 0, 48, 0.2, 1, _CHARGING),
)  # fmt: skip


def _oxygen() -> tuple[Signal, ...]:
    """Narrow sensors 14–1B (voltage, trim), wide ones 24–2B (lambda, voltage) and 34–3B (lambda, current)."""
    found: list[Signal] = []
    for number in range(8):
        bank, sensor = divmod(number, 4)
        place = f"b{bank + 1}s{sensor + 1}"
        fast = 5.0 if sensor == 0 else 2.0
        found += [
            Signal(f"o2_voltage_{place}", 0x14 + number, "V", 0, 1.275, fast, 3),
            Signal(f"o2_trim_{place}", 0x114 + number, "%", -100, 99.3, fast, 1, _TRIM),
            Signal(f"lambda_voltage_ratio_{number + 1}", 0x24 + number, "λ", 0, 2, fast, 3),
            Signal(f"lambda_voltage_{number + 1}", 0x124 + number, "V", 0, 8, fast, 3),
            Signal(f"lambda_ratio_{number + 1}", 0x34 + number, "λ", 0, 2, fast, 3),
            Signal(f"lambda_current_{number + 1}", 0x134 + number, "mA", -128, 128, fast, 2),
        ]
    return tuple(found)


SIGNALS: tuple[Signal, ...] = (*_PLAIN, *_oxygen())
BY_PID: Mapping[int, Signal] = {signal.pid: signal for signal in SIGNALS}
BY_KEY: Mapping[str, Signal] = {signal.key: signal for signal in SIGNALS}
FAVOURITES = (
    *("engine_speed", "vehicle_speed", "coolant_temperature", "engine_load", "throttle", "intake_pressure"),
    *("air_flow", "short_fuel_trim_1", "long_fuel_trim_1", "ignition_advance", "module_voltage"),
    *("intake_temperature", "traction_battery", "fuel_level"),
)
"""What a live page shows before anybody chose, as far as the car has it."""


def is_sane(pid: int, value: float) -> bool:
    """Whether a car can mean this value; what no table knows is not."""
    signal = BY_PID.get(pid)
    return signal is not None and signal.low <= value <= signal.high


def rates(supported: Collection[int], keys: Collection[str] = FAVOURITES) -> dict[int, float]:
    """pid → Hz of the named values as far as the car has them; ``supported`` are PIDs without parts."""
    chosen = (BY_KEY[key] for key in keys)
    return {
        signal.pid: signal.hz
        for signal in chosen
        if signal.pid == ADAPTER_VOLTAGE or signal.pid & 0xFF in supported
    }


def conditions(values: Mapping[str, float]) -> frozenset[Condition]:
    """What holds now, of the latest values by key; what is not known is not assumed."""
    found: set[Condition] = set()
    speed = values.get("engine_speed")
    if speed is not None:
        found.add("running" if speed >= 300 else "off")
        pressed = max(values.get("pedal_d", 0) - 20, values.get("relative_throttle", 0) - 8)
        if 300 <= speed < 1500 and not values.get("vehicle_speed") and pressed <= 0:
            found.add("idle")
    if values.get("coolant_temperature", -40) >= 75:
        found.add("warm")
    return frozenset(found)


def judge(signal: Signal, value: float, holding: frozenset[Condition]) -> Judgement:
    """How a gauge colours this value; without a band for the moment everything is normal."""
    band = next((band for band in signal.bands if band.when <= holding), None)
    if band is None or band.low <= value <= band.high:
        return "normal"
    return "unusual" if band.alarm_low < value < band.alarm_high else "alarm"
