"""From the lines of an adapter to the messages of control units, and back (pure).

Sources: ISO 15765-2 (segments on CAN), ISO 15765-4 (addresses), ISO 14230-2 (KWP headers), SAE J1850.
Nothing incomplete or damaged becomes a message: a missing frame, a wrong checksum or a cut line costs the
whole message and is counted.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

UNADDRESSED = "ECU"
"""The sender where an adapter cannot show headers."""
_SINGLE, _FIRST, _CONSECUTIVE = 0, 1, 2
_FRAME_BYTES = 7
_LONG_SERVICES = frozenset({0x49})
"""K-line and J1850 number the parts of these answers in their third byte."""


class Family(StrEnum):
    """How a protocol frames its messages."""

    CAN_11 = "can_11"
    CAN_29 = "can_29"
    KWP = "kwp"
    ISO_9141 = "iso_9141"
    J1850 = "j1850"

    @property
    def is_can(self) -> bool:
        """Whether messages are segmented as ISO 15765-2 says."""
        return self in {Family.CAN_11, Family.CAN_29}


@dataclass(frozen=True, slots=True)
class Protocol:
    """One line of the table of protocols every ELM327 knows by digit."""

    digit: str
    name: str
    family: Family


PROTOCOLS: Mapping[str, Protocol] = {
    digit: Protocol(digit, name, family)
    for digit, name, family in (
        ("1", "SAE J1850 PWM", Family.J1850),
        ("2", "SAE J1850 VPW", Family.J1850),
        ("3", "ISO 9141-2", Family.ISO_9141),
        ("4", "ISO 14230-4 KWP (5 baud)", Family.KWP),
        ("5", "ISO 14230-4 KWP (fast)", Family.KWP),
        ("6", "ISO 15765-4 CAN 11/500", Family.CAN_11),
        ("7", "ISO 15765-4 CAN 29/500", Family.CAN_29),
        ("8", "ISO 15765-4 CAN 11/250", Family.CAN_11),
        ("9", "ISO 15765-4 CAN 29/250", Family.CAN_29),
    )
}


@dataclass(frozen=True, slots=True)
class Message:
    """What one control unit answered: ``ecu`` as the bus names it (``7E8``), payload from the service on."""

    ecu: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Assembly:
    """The messages of one answer, and how many frames or messages had to be thrown away."""

    messages: tuple[Message, ...]
    damaged: int = 0


@dataclass(slots=True)
class _Segments:
    """What one control unit sent of a long message, in the order of arrival."""

    firsts: list[tuple[int, bytes]] = field(default_factory=list)
    rest: list[tuple[int, bytes]] = field(default_factory=list)


def assemble(lines: Iterable[str], family: Family) -> Assembly:
    """Put the lines of one answer together; ``lines`` are hexadecimal without spaces."""
    rows = list(lines)
    if family.is_can and _is_headless(rows):
        return _assemble_headless(rows)
    if family.is_can:
        return _assemble_can(rows, 3 if family is Family.CAN_11 else 8)
    return _assemble_line(rows, _READERS[family])


def guess_family(lines: Sequence[str]) -> Family | None:
    """The family by the look of an answer to ``0100``, for adapters that do not tell their protocol."""
    for family in (Family.CAN_11, Family.CAN_29, Family.KWP, Family.ISO_9141, Family.J1850):
        if any(message.payload[:2] == b"\x41\x00" for message in assemble(lines, family).messages):
            return family
    return None


def flow_control(ecu: str) -> tuple[str, str]:
    """Address and bytes that let a control unit send the rest of a long message, all at once.

    ``7E8`` → ``7E0`` and ``300000``; ``18DAF110`` → ``18DA10F1``.
    """
    if len(ecu) == 3:
        return f"{int(ecu, 16) - 8:03X}", "300000"
    return f"{ecu[:4]}{ecu[6:]}{ecu[4:6]}", "300000"


def _assemble_can(lines: list[str], header: int) -> Assembly:
    messages: list[Message] = []
    long: dict[str, _Segments] = {}
    damaged = 0
    for line in lines:
        body = line[header:]
        if len(body) < 4 or len(body) % 2 or len(body) > 16 or not _is_address(line[:header]):
            damaged += 1
            continue
        frame = bytes.fromhex(body)
        kind, low = frame[0] >> 4, frame[0] & 0x0F
        segments = long.setdefault(line[:header], _Segments())
        if kind == _SINGLE and 1 <= low < len(frame):
            messages.append(Message(line[:header], frame[1 : 1 + low]))
        elif kind == _FIRST and len(frame) == 8:
            segments.firsts.append((low << 8 | frame[1], frame[2:]))
        elif kind == _CONSECUTIVE:
            segments.rest.append((low, frame[1:]))
        else:
            damaged += 1
    for ecu, segments in long.items():
        if not segments.firsts and not segments.rest:
            continue
        payload = _join(segments)
        if payload is None:
            damaged += 1
        else:
            messages.append(Message(ecu, payload))
    return Assembly(tuple(sorted(messages, key=lambda message: message.ecu)), damaged)


def _is_address(header: str) -> bool:
    """An answer comes from 7E8–7EF, or to the tester F1 on 29 bits."""
    return "7E8" <= header <= "7EF" if len(header) == 3 else header.startswith("18DAF1")


def _join(segments: _Segments) -> bytes | None:
    """The message of one first frame and its consecutive ones; None when anything is missing or contradicts.

    Frames carry only four bits of their number, and adapters pass them on out of order: each goes to the free
    or equal place of its number that is nearest to where it arrived.
    """
    if len(segments.firsts) != 1:
        return None
    length, start = segments.firsts[0]
    needed = -(-(length - len(start)) // _FRAME_BYTES)
    if length <= len(start):
        return None
    places: dict[int, bytes] = {}
    for arrived, (low, part) in enumerate(segments.rest, start=1):
        candidates = [n for n in range(low or 16, needed + 1, 16) if n not in places]
        if candidates:
            places[min(candidates, key=lambda n: abs(n - arrived))] = part
        elif part not in places.values():
            return None
    if len(places) != needed:
        return None
    if any(len(places[n]) != _FRAME_BYTES for n in range(1, needed)):
        return None  # a line was cut in the middle: everything after it would be shifted
    joined = start + b"".join(places[n] for n in range(1, needed + 1))
    return joined[:length] if len(joined) >= length else None


def _is_headless(lines: list[str]) -> bool:
    return any(":" in line for line in lines) or (
        bool(lines) and all(re.match(r"(?:4[1-9A]|7F)", line) and len(line) % 2 == 0 for line in lines)
    )


def _assemble_headless(lines: list[str]) -> Assembly:
    """``014``, ``0:490201…``, ``1:…`` of an adapter without headers: one control unit is all it can tell."""
    length = next((int(line, 16) for line in lines if len(line) == 3), 0)
    parts = {int(line[0], 16): bytes.fromhex(line[2:]) for line in lines if ":" in line}
    messages = [
        Message(UNADDRESSED, bytes.fromhex(line)) for line in lines if len(line) != 3 and ":" not in line
    ]
    if not parts:
        return Assembly(tuple(messages))
    joined = b"".join(parts[n] for n in sorted(parts))
    if sorted(parts) != list(range(len(parts))) or not 0 < length <= len(joined):
        return Assembly(tuple(messages), 1)
    return Assembly((*messages, Message(UNADDRESSED, joined[:length])))


def _assemble_line(lines: list[str], read: Callable[[bytes], Message | None]) -> Assembly:
    """K-line and J1850: a line is a message, except for the numbered parts of service 09."""
    messages: list[Message] = []
    numbered: dict[str, dict[int, bytes]] = {}
    damaged = 0
    for line in lines:
        message = read(bytes.fromhex(line)) if len(line) % 2 == 0 and ":" not in line else None
        if message is None:
            damaged += 1
        elif message.payload[0] in _LONG_SERVICES and len(message.payload) == 7:
            parts = numbered.setdefault(message.ecu + message.payload[:2].hex(), {})
            parts[message.payload[2]] = message.payload
        else:
            messages.append(message)
    for key, parts in numbered.items():
        if sorted(parts) != list(range(1, len(parts) + 1)):
            damaged += 1
            continue
        whole = parts[1][:3] + b"".join(parts[n][3:] for n in sorted(parts))
        messages.append(Message(key[:-4], whole))
    return Assembly(tuple(messages), damaged)


def _read_kwp(frame: bytes) -> Message | None:
    """Format (length in its low six bits), target, source, payload, sum."""
    if not 5 <= len(frame) <= 12 or frame[-1] != sum(frame[:-1]) & 0xFF or frame[1] != 0xF1:
        return None
    length = frame[0] & 0x3F
    return Message(f"{frame[2]:02X}", frame[3:-1]) if length == len(frame) - 4 else None


def _read_iso_9141(frame: bytes) -> Message | None:
    """``48 6B`` and the source, payload, sum."""
    if not 5 <= len(frame) <= 11 or frame[:2] != b"\x48\x6b" or frame[-1] != sum(frame[:-1]) & 0xFF:
        return None
    return Message(f"{frame[2]:02X}", frame[3:-1])


def _read_j1850(frame: bytes) -> Message | None:
    """Three bytes of header, payload, CRC of SAE J1850."""
    if not 5 <= len(frame) <= 12 or frame[1] != 0x6B or frame[-1] != crc_j1850(frame[:-1]):
        return None
    return Message(f"{frame[2]:02X}", frame[3:-1])


def crc_j1850(frame: bytes) -> int:
    """CRC-8 with the polynomial 1D, started with and turned by FF."""
    crc = 0xFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x1D if crc & 0x80 else crc << 1) & 0xFF
    return crc ^ 0xFF


_READERS: Mapping[Family, Callable[[bytes], Message | None]] = {
    Family.KWP: _read_kwp,
    Family.ISO_9141: _read_iso_9141,
    Family.J1850: _read_j1850,
}
