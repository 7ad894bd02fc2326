"""What a car tells beside its codes: freeze frame and live values, boiled down to what rules ask (pure).

Values are numbered as in wire.py: ``part << 8 | PID`` of service 01, in the units of SAE J1979.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles

LOAD, COOLANT, STFT1, LTFT1, STFT2, LTFT2 = 0x04, 0x05, 0x06, 0x07, 0x08, 0x09
MAP, RPM, SPEED, INTAKE_AIR, MAF = 0x0B, 0x0C, 0x0D, 0x0F, 0x10
O2_B1S1, O2_B1S2, O2_B2S1, O2_B2S2 = 0x14, 0x15, 0x18, 0x19
RUN_TIME, EGR_ERROR, FUEL_LEVEL, BARO = 0x1F, 0x2D, 0x2F, 0x33
VOLTAGE, ADAPTER_VOLTAGE = 0x42, 0xF000

_IDLE_RPM = (400, 1150)
_LOAD_PERCENT = 55
_OVERRUN_PERCENT = 15
_WARM = 70
"""°C from which mixture and idle are judged."""

Values = Mapping[int, float]
Reading = tuple[int, int, float]
"""Milliseconds, signal, value; ordered by time."""


@dataclass(frozen=True, slots=True)
class LiveSummary:
    """One recording in a few numbers; a signal that was not read is missing."""

    idle: Values = field(default_factory=dict)
    """Medians while idling at operating temperature."""
    load: Values = field(default_factory=dict)
    """Medians at more than half load."""
    off: Values = field(default_factory=dict)
    """Medians with the engine standing."""
    lowest: Values = field(default_factory=dict)
    highest: Values = field(default_factory=dict)
    swing: Values = field(default_factory=dict)
    """How much a signal moves: between its 10th and 90th percentile, warm and not in overrun."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known when causes are ranked."""

    codes: frozenset[str] = frozenset()
    """Stored, pending and permanent ones together."""
    freeze: Values = field(default_factory=dict)
    """Freeze frame of the code in question."""
    live: LiveSummary = field(default_factory=LiveSummary)

    @property
    def idle(self) -> Values:
        """Values at idle: live ones, else those of a freeze frame taken there."""
        return self.live.idle or (self.freeze if is_idle(self.freeze) else {})

    @property
    def load(self) -> Values:
        """Values at load: live ones, else those of a freeze frame taken there."""
        return self.live.load or (self.freeze if is_load(self.freeze) else {})


def is_idle(values: Values) -> bool:
    """Whether the engine idles in a standing car."""
    low, high = _IDLE_RPM
    return low <= values.get(RPM, 0) <= high and values.get(SPEED, 0) == 0


def is_load(values: Values) -> bool:
    """Whether the engine works hard."""
    return values.get(RPM, 0) > _IDLE_RPM[1] and values.get(LOAD, 0) >= _LOAD_PERCENT


def trim(values: Values, bank: int = 1) -> float | None:
    """How far the mixture is corrected in percent, short and long term together; None: not known."""
    short, long = (STFT1, LTFT1) if bank == 1 else (STFT2, LTFT2)
    return values[long] + values.get(short, 0.0) if long in values else None


def voltage(values: Values) -> float | None:
    """Of the on-board supply: as the control unit sees it, else at the socket."""
    return values.get(VOLTAGE, values.get(ADAPTER_VOLTAGE))


def summarise(readings: Iterable[Reading]) -> LiveSummary:
    """A recording boiled down. Each reading is judged by what the other signals last said."""
    groups: dict[str, dict[int, list[float]]] = {name: {} for name in ("idle", "load", "off", "warm")}
    every: dict[int, list[float]] = {}
    now: dict[int, float] = {}
    for _, signal, value in readings:
        now[signal] = value
        every.setdefault(signal, []).append(value)
        for state in _states(now):
            groups[state].setdefault(signal, []).append(value)
    return LiveSummary(
        idle=_medians(groups["idle"]),
        load=_medians(groups["load"]),
        off=_medians(groups["off"]),
        lowest={signal: min(values) for signal, values in every.items()},
        highest={signal: max(values) for signal, values in every.items()},
        swing={signal: _swing(values) for signal, values in groups["warm"].items()},
    )


def _states(now: Values) -> list[str]:
    if RPM not in now:
        return []
    if now[RPM] == 0:
        return ["off"]
    states = ["load"] if is_load(now) else []
    if now.get(COOLANT, _WARM) >= _WARM:
        states += ["idle"] if is_idle(now) else []
        states += [] if _is_overrun(now) else ["warm"]
    return states


def _is_overrun(now: Values) -> bool:
    """The fuel is cut off, so every O2 sensor sees air."""
    return now[RPM] > _IDLE_RPM[1] and now.get(LOAD, 100) < _OVERRUN_PERCENT


def _medians(signals: Mapping[int, list[float]]) -> Values:
    return {signal: median(values) for signal, values in signals.items()}


def _swing(values: list[float]) -> float:
    if len(values) < 2:
        return 0.0
    tenths = quantiles(values, n=10, method="inclusive")
    return tenths[-1] - tenths[0]
