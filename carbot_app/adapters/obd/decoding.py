"""Bytes of service 01 as values, by the tables and decoders of python-OBD (GPL-2.0-or-later).

python-OBD gets our own reassembled messages. What it does not know, or gets wrong, stands here: second
values of oxygen sensors, torque, odometer, VIN. Its trouble codes and evaporative pressures are not used
(docs/diagnostics.md).
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

from carbot_app.domains.diagnostics.signals import BY_PID, is_sane

_HEAD = 2
_TEMPERATURES = "degree_Celsius"
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")

Own = Callable[[bytes], float]

_EXTRA: Mapping[int, tuple[int, Own]] = {
    0x61: (1, lambda b: b[0] - 125.0),
    0x62: (1, lambda b: b[0] - 125.0),
    0x63: (2, lambda b: float(b[0] << 8 | b[1])),
    0xA6: (4, lambda b: int.from_bytes(b[:4], "big") / 10),
}
"""PIDs python-OBD has no row for: bytes and formula (SAE J1979-DA)."""


def _second_values() -> Iterator[tuple[int, Own]]:
    for number in range(8):
        yield 0x114 + number, lambda b: (b[1] - 128) * 100 / 128
        yield 0x24 + number, lambda b: (b[0] << 8 | b[1]) * 2 / 65536
        yield 0x124 + number, lambda b: (b[2] << 8 | b[3]) * 8 / 65536
        yield 0x34 + number, lambda b: (b[0] << 8 | b[1]) * 2 / 65536
        yield 0x134 + number, lambda b: (b[2] << 8 | b[3]) / 256 - 128


_PARTS: Mapping[int, Own] = dict(_second_values())
"""Signals that are one of two values of a PID."""


@cache
def load_library() -> Any:
    """python-OBD's rows of service 01. The first call takes most of a second: not in an event loop."""
    logging.getLogger("obd").setLevel(logging.CRITICAL)  # it writes to the terminal of whoever uses it
    from obd import commands

    return commands[1]


def size_of(pid: int) -> int:
    """How many bytes a PID has; 0: not known, so it must be asked alone."""
    if pid in _EXTRA:
        return _EXTRA[pid][0]
    rows = load_library()
    if not 0 <= pid < len(rows) or rows[pid] is None:
        return 0
    return max(rows[pid].bytes - _HEAD, 0)


def decode_pid(pid: int, body: bytes) -> dict[int, float]:
    """Signals of one PID; ``body`` is what follows ``41 PID``. Values nobody can mean are left out."""
    if len(body) < size_of(pid) or not size_of(pid):
        return {}
    found: dict[int, float] = {}
    for signal in (pid, 0x100 | pid):
        if signal not in BY_PID:
            continue
        value = _value(signal, body)
        if value is not None and is_sane(signal, value):
            found[signal] = round(value, 4)
    if 0x14 <= pid <= 0x1B and body[1] == 0xFF:
        found.pop(0x100 | pid, None)  # the sensor is not used for trimming
    return found


def _value(signal: int, body: bytes) -> float | None:
    if signal in _PARTS:
        return _PARTS[signal](body)
    if signal in _EXTRA:
        return _EXTRA[signal][1](body)
    rows = load_library()
    command = rows[signal]
    payload = bytearray((0x41, signal)) + body[: command.bytes - _HEAD]
    quantity = command.decode([SimpleNamespace(data=payload)])
    if not hasattr(quantity, "magnitude"):
        return None
    return float(quantity.magnitude)


def split_batch(payload: bytes, asked: frozenset[int]) -> dict[int, bytes]:
    """PID → bytes of an answer to several PIDs, ``41 0C 1A F8 0D 3C``.

    Reading ends at the first PID nobody asked for: from there on nothing could be told apart.
    """
    found: dict[int, bytes] = {}
    rest = payload[1:]
    while rest:
        pid, size = rest[0], size_of(rest[0])
        if pid not in asked or pid in found or not size or len(rest) < 1 + size:
            break
        found[pid] = rest[1 : 1 + size]
        rest = rest[1 + size :]
    return found


def decode_vin(payload: bytes) -> str:
    """The VIN of ``49 02 …``; empty when there are not seventeen characters of one.

    CAN counts the strings first (``49 02 01``), K-line fills up with zeros in front.
    """
    if payload[:2] != b"\x49\x02":
        return ""
    vin = payload[2:].lstrip(b"\x00\x01")[-17:].decode("ascii", "replace").upper()
    if len(vin) < 17:  # a VIN may begin with the character whose byte was taken for a count
        vin = payload[-17:].decode("ascii", "replace").upper()
    return vin if _VIN.fullmatch(vin) else ""
