"""What a control unit says about faults, from bytes: trouble codes, readiness, freeze frame (pure).

Sources: SAE J2012 / ISO 15031-6 (structure of a code), SAE J1979 / ISO 15031-5 (services 01, 02, 03, 07, 0A).
Payloads are those of one control unit, already put together, service byte first, without address or length.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

STORED, PENDING, PERMANENT = 0x43, 0x47, 0x4A
"""First byte of the answer to services 03, 07 and 0A."""
_STATUS, _FREEZE_FRAME = 0x41, 0x42
_LETTERS = "PCBU"
_CODE = re.compile(r"[PCBU][0-3][0-9A-F]{3}")

SYSTEMS: Mapping[str, str] = {"P": "powertrain", "C": "chassis", "B": "body", "U": "network"}
_AREAS = {
    "0": "fuel_air_emission",
    "1": "fuel_air",
    "2": "injection",
    "3": "ignition",
    "4": "emission",
    "5": "speed_idle",
    "6": "computer",
    "7": "transmission",
    "8": "transmission",
    "9": "transmission",
    "A": "hybrid",
    "B": "hybrid",
    "C": "hybrid",
    "D": "hybrid",
}
"""Third character of a powertrain code → what it is about."""

_COMMON_MONITORS = ("misfire", "fuel_system", "components")
_SPARK_MONITORS = (
    *("catalyst", "heated_catalyst", "evap", "secondary_air"),
    *("ac_refrigerant", "o2_sensor", "o2_heater", "egr_vvt"),
)
_COMPRESSION_MONITORS = (
    *("nmhc_catalyst", "nox_scr", None, "boost_pressure"),
    *(None, "exhaust_sensor", "particulate_filter", "egr_vvt"),
)


class Unreadable(ValueError):
    """The bytes are no such answer."""


@dataclass(frozen=True, slots=True)
class CodeStructure:
    """What the five characters alone say about a code."""

    system: str
    """powertrain, chassis, body or network."""
    origin: str
    """generic (the standard defines it), manufacturer, or reserved."""
    area: str = ""
    """Of a powertrain code, such as ignition; empty otherwise."""


@dataclass(frozen=True, slots=True)
class MonitorStatus:
    """Service 01 PID 01: the engine lamp and which self-tests have been run since codes were cleared."""

    mil: bool
    dtc_count: int
    ignition: str
    """spark or compression."""
    monitors: Mapping[str, bool] = field(default_factory=dict)
    """Monitor → complete, of the monitors the car has."""

    @property
    def incomplete(self) -> tuple[str, ...]:
        """Monitors that have not run yet, in the order of the standard."""
        return tuple(name for name, complete in self.monitors.items() if not complete)


@dataclass(frozen=True, slots=True)
class FreezeFrame:
    """The readings of the moment a code was stored."""

    code: str
    values: Mapping[int, float]
    """Signal (as in wire.py) → value in the unit of signals.py."""
    number: int = 0


def decode(first: int, second: int) -> str | None:
    """The code of two bytes, ``0x01, 0x33`` → ``P0133``; None for the padding ``00 00``.

    Raises:
        Unreadable: one of them is no byte.
    """
    if not (0 <= first <= 0xFF and 0 <= second <= 0xFF):
        raise Unreadable("not a byte")
    if not first and not second:
        return None
    return f"{_LETTERS[first >> 6]}{first >> 4 & 3}{first & 15:X}{second:02X}"


def encode(code: str) -> bytes:
    """The two bytes of a code.

    Raises:
        Unreadable: no code such as ``P0133``.
    """
    plain = normalise(code)
    return bytes((_LETTERS.index(plain[0]) << 6 | int(plain[1]) << 4 | int(plain[2], 16), int(plain[3:], 16)))


def normalise(code: str) -> str:
    """A code as people write it, ``p 0133`` → ``P0133``.

    Raises:
        Unreadable: no such code.
    """
    plain = code.replace(" ", "").replace("-", "").upper()
    if not _CODE.fullmatch(plain):
        raise Unreadable("not a code")
    return plain


def decode_codes(payload: bytes, *, counted: bool | None = None) -> tuple[str, ...]:
    """The codes of one answer to service 03, 07 or 0A, each once, in the order they came.

    On CAN the byte after the service tells how many follow (``43 02 01 71 04 20``); K-line and J1850 have no
    such byte, send three at a time and pad with zeros. ``counted`` says which it is; None: it follows from
    the length, because only a counted answer is even long.

    Raises:
        Unreadable: another service, half a code, or fewer codes than announced.
    """
    if not payload or payload[0] not in (STORED, PENDING, PERMANENT):
        raise Unreadable("not an answer with codes")
    body = payload[1:]
    if counted is None:
        counted = len(body) % 2 == 1
    if counted:
        if not body or len(body) - 1 < 2 * body[0]:
            raise Unreadable("fewer codes than announced")
        body = body[1 : 1 + 2 * body[0]]
    if len(body) % 2:
        raise Unreadable("half a code")
    found = (decode(body[at], body[at + 1]) for at in range(0, len(body), 2))
    return tuple(dict.fromkeys(code for code in found if code))


def structure(code: str) -> CodeStructure:
    """What a code says by its form, known or not.

    Raises:
        Unreadable: no such code.
    """
    plain = normalise(code)
    return CodeStructure(
        SYSTEMS[plain[0]], _origin(plain), _AREAS.get(plain[2], "") if plain[0] == "P" else ""
    )


def decode_status(payload: bytes) -> MonitorStatus:
    """MIL, number of codes and readiness of ``41 01 A B C D``; ``82 07 65 04`` → MIL on, 2 codes, spark.

    Raises:
        Unreadable: another answer, or too short.
    """
    if len(payload) < 6 or payload[:2] != bytes((_STATUS, 0x01)):
        raise Unreadable("not a monitor status")
    lamp, common, supported, incomplete = payload[2:6]
    compression = bool(common & 0x08)
    monitors = {
        name: not common >> bit + 4 & 1 for bit, name in enumerate(_COMMON_MONITORS) if common >> bit & 1
    }
    names = _COMPRESSION_MONITORS if compression else _SPARK_MONITORS
    monitors |= {
        name: not incomplete >> bit & 1 for bit, name in enumerate(names) if name and supported >> bit & 1
    }
    return MonitorStatus(bool(lamp & 0x80), lamp & 0x7F, "compression" if compression else "spark", monitors)


def decode_supported(payload: bytes) -> tuple[int, ...]:
    """PIDs a car has, of ``41 00 …``, ``41 20 …``: 32 bits for the 32 PIDs after the one that was asked.

    Raises:
        Unreadable: another answer, or too short.
    """
    if len(payload) < 6 or payload[0] != _STATUS or payload[1] % 0x20:
        raise Unreadable("not a list of PIDs")
    bits = int.from_bytes(payload[2:6], "big")
    return tuple(payload[1] + number for number in range(1, 33) if bits >> 32 - number & 1)


def decode_freeze_code(payload: bytes) -> tuple[int, str | None]:
    """Number and code of a freeze frame, of ``42 02 00 01 71`` → ``(0, "P0171")``; None: there is none.

    Raises:
        Unreadable: another answer, or too short.
    """
    if len(payload) < 5 or payload[:2] != bytes((_FREEZE_FRAME, 0x02)):
        raise Unreadable("not the code of a freeze frame")
    return payload[2], decode(payload[3], payload[4])


def _origin(code: str) -> str:
    kind, digit = code[0], code[1]
    if digit == "0" or code[:2] == "P2":
        return "generic"
    if digit != "3":
        return "manufacturer"
    if kind == "P":  # P3000–P33FF belong to the makers, P3400–P3FFF to the standard
        return "generic" if int(code[2], 16) >= 4 else "manufacturer"
    return "generic" if kind == "U" else "reserved"
