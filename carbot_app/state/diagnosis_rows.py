"""Live diagnostics as the pages show it (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from carbot_app.domains.diagnostics.schemas import CarView, Comparison, MarkView, SessionLine, SessionView
from carbot_app.domains.diagnostics.signals import BY_PID, FAVOURITES, Band, Signal
from carbot_app.domains.diagnostics.states import (
    ADAPTER_LOST,
    CONNECTED,
    CONNECTING,
    ENDED,
    IGNITION_OFF,
    WAITING,
)
from carbot_app.domains.diagnostics.wire import ADAPTER_VOLTAGE
from carbot_app.kit.clock import epoch_ms
from carbot_app.kit.i18n import translate
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, plate_text

SIGNS: Mapping[str, str] = {
    WAITING: "waiting",
    CONNECTING: "progress",
    CONNECTED: "arrived",
    IGNITION_OFF: "waiting",
    ADAPTER_LOST: "overdue",
    ENDED: "done",
}
"""State → sign of the design system."""
GAUGES, LANES, MOST_LANES = 4, 4, 8
_SCALES: Mapping[str, tuple[float, float]] = {
    "engine_speed": (0, 7000),
    "vehicle_speed": (0, 220),
    "coolant_temperature": (0, 130),
    "oil_temperature": (0, 150),
    "intake_temperature": (-20, 80),
    "ambient_temperature": (-20, 50),
    "module_voltage": (10, 16),
    "adapter_voltage": (10, 16),
    "short_fuel_trim_1": (-25, 25),
    "short_fuel_trim_2": (-25, 25),
    "long_fuel_trim_1": (-25, 25),
    "long_fuel_trim_2": (-25, 25),
    "ignition_advance": (-10, 50),
    "air_flow": (0, 200),
    "fuel_rate": (0, 30),
}
"""What a dial shows; where nothing is said, all the car can mean."""
_SHORT = frozenset(
    {"coolant_temperature", "short_fuel_trim_1", "long_fuel_trim_1", "module_voltage", "intake_pressure"}
    | {"intake_temperature", "traction_battery", "vehicle_speed", "o2_voltage_b1s1", "lambda_ratio_1"}
)
_ORDER = (
    *("engine_speed", "coolant_temperature", "module_voltage", "short_fuel_trim_1", "traction_battery"),
    *("vehicle_speed", "engine_load", "o2_voltage_b1s1", "lambda_ratio_1", "long_fuel_trim_1", "throttle"),
)
"""Which values a mechanic looks at first."""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session in the list."""

    id: str
    href: str
    plate: PlateText
    car: str
    state: str
    sign: str
    word: str
    when: str
    detail: str
    """Codes and mileage in words."""
    live: bool
    feed: str
    """Address of its stream, for the small live tile; empty when it is over."""


@dataclass(frozen=True, slots=True)
class CarChoice:
    """A car the readings may belong to."""

    id: str
    plate: PlateText
    car: str
    customer: str


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """The opened session."""

    id: str = ""
    plate: PlateText = NO_PLATE
    car: str = ""
    detail: str = ""
    state: str = ""
    sign: str = "waiting"
    word: str = ""
    question: str = ""
    choices: tuple[CarChoice, ...] = ()
    live: bool = False
    over: bool = False
    paused: bool = False
    started_ms: int = 0
    began: str = ""
    """When, in words."""
    vehicle_id: str = ""
    order_id: str = ""
    reading_count: str = ""


def session_href(session_id: object) -> str:
    """Where a session is looked at."""
    return f"/diagnose/auto/?id={session_id}"


def live_address(session_id: object) -> str:
    """Of the web socket with its readings."""
    return f"/api/diagnostics/sessions/{session_id}/live"


def relay_address(session_id: object) -> str:
    """Of the web socket through which the server reaches the adapter at a browser."""
    return f"/api/diagnostics/relay?session={session_id}"


def describe_line(line: SessionLine, reader: Reader, language: str) -> SessionRow:
    """A row of the list."""
    live = line.state not in {WAITING, ENDED}
    parts = [
        translate(language, "diagnosis.list.codes", count=line.code_count) if line.code_count else "",
        f"{reader.number(line.km)} km" if line.km else "",
    ]
    return SessionRow(
        id=str(line.id),
        href=session_href(line.id),
        plate=plate_text(line.plate, line.plate_country) if line.plate else NO_PLATE,
        car=line.label or line.vin or translate(language, "diagnosis.car_unknown"),
        state=line.state,
        sign=SIGNS[line.state],
        word=translate(language, f"diagnosis.state.{line.state}"),
        when=reader.day_and_clock(line.started_at),
        detail=" · ".join(part for part in parts if part),
        live=live,
        feed=live_address(line.id) if live else "",
    )


def describe_session(found: SessionView, reader: Reader, language: str) -> SessionDetail:
    """The head of the page."""
    car = found.car or found.expected
    parts = [
        car.customer_name if car else "",
        f"{reader.number(found.km)} km" if found.km else "",
        translate(language, "diagnosis.vin", vin=found.vin) if found.vin else "",
        found.protocol,
    ]
    choices = [one for one in (found.expected, *found.with_vin) if one is not None]
    return SessionDetail(
        id=str(found.id),
        plate=plate_text(car.plate, car.plate_country) if car and car.plate else NO_PLATE,
        car=(car.label if car else "") or found.vin or translate(language, "diagnosis.car_unknown"),
        detail=" · ".join(part for part in parts if part),
        state=found.state,
        sign=SIGNS[found.state],
        word=translate(language, f"diagnosis.state.{found.state}"),
        question=found.question,
        choices=tuple(_choice(one) for one in choices),
        live=found.is_live,
        over=found.state == ENDED,
        paused=found.paused,
        started_ms=epoch_ms(found.started_at),
        began=reader.day_and_clock(found.started_at),
        vehicle_id=str(found.car.id) if found.car else "",
        order_id=str(found.order_id or ""),
        reading_count=reader.number(found.sample_count),
    )


def describe_mark(mark: MarkView, reader: Reader, language: str) -> dict[str, Any]:
    """As the strip chart takes it."""
    return {
        "at_ms": epoch_ms(mark.at),
        "label": mark.text or translate(language, "diagnosis.mark"),
        "time": reader.clock(mark.at),
    }


def describe_changes(found: Comparison, pids: Sequence[int], reader: Reader, language: str) -> list[str]:
    """What is different from an earlier visit, of the codes and of the named signals."""
    codes = [
        translate(language, f"diagnosis.changes.{what}", codes=", ".join(several))
        for what, several in (
            ("new", found.codes_new),
            ("gone", found.codes_gone),
            ("same", found.codes_same),
        )
        if several
    ]
    means = [
        translate(
            language,
            "diagnosis.changes.mean",
            name=name_of(signal, language),
            before=reader.number(round(one.before.mean, signal.decimals)),
            now=reader.number(round(one.now.mean, signal.decimals)),
            unit=unit_of(signal, language),
        )
        for one in found.signals
        if one.pid in pids and one.before and one.now and (signal := BY_PID.get(one.pid))
    ]
    return [*codes, *means]


def describe_signal(signal: Signal, language: str) -> dict[str, Any]:
    """As gauges and charts take it; see assets/diagnostics/gauge.js."""
    low, high = _SCALES.get(signal.key, (signal.low, signal.high))
    return {
        "pid": signal.pid,
        "key": signal.key,
        "label": name_of(signal, language),
        "code": "" if signal.pid == ADAPTER_VOLTAGE else f"PID {signal.pid & 0xFF:02X}",
        "unit": unit_of(signal, language),
        "decimals": signal.decimals,
        "low": signal.low,
        "high": signal.high,
        "scale_low": low,
        "scale_high": high,
        "bands": [_band(band) for band in signal.bands],
    }


def name_of(signal: Signal, language: str) -> str:
    """Short enough for a gauge, where there is a short name."""
    usual = f"signals.{signal.key}"
    return translate(language, f"diagnosis.short.{signal.key}" if signal.key in _SHORT else usual)


def unit_of(signal: Signal, language: str) -> str:
    """As people here write it."""
    return translate(language, "diagnosis.unit_rpm") if signal.unit == "rpm" else signal.unit


def choose_signals(pids: Sequence[int], rates: Mapping[int, float]) -> list[Signal]:
    """What is read of the car, first what a mechanic looks at first."""
    read = [BY_PID[pid] for pid in rates if pid in BY_PID]
    if not read:
        read = [
            signal for signal in BY_PID.values() if signal.key in FAVOURITES and signal.pid & 0xFF in pids
        ]
    return sorted(read, key=lambda signal: _ORDER.index(signal.key) if signal.key in _ORDER else len(_ORDER))


def choosable(pids: Sequence[int]) -> list[Signal]:
    """Everything this car can tell."""
    return [one for one in BY_PID.values() if one.pid == ADAPTER_VOLTAGE or one.pid & 0xFF in pids]


def _band(band: Band) -> dict[str, Any]:
    # JSON knows no infinity
    limits = {"alarm_low": band.alarm_low, "alarm_high": band.alarm_high}
    finite = {name: limit if isfinite(limit) else None for name, limit in limits.items()}
    return {"low": band.low, "high": band.high, "when": sorted(band.when), **finite}


def _choice(car: CarView) -> CarChoice:
    return CarChoice(
        id=str(car.id),
        plate=plate_text(car.plate, car.plate_country) if car.plate else NO_PLATE,
        car=car.label or car.vin,
        customer=car.customer_name,
    )
