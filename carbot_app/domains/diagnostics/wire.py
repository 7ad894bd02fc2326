"""Messages of one web socket between whoever talks to the car (agent) and the server.

Every message is one text frame of JSON, an object whose ``t`` names the kind. Both ends send with ``encode``;
the server reads with ``decode_from_agent``, the agent with ``decode_from_server``. Whatever is not exactly as
described here is refused with ``WireError``; nothing is guessed.

How the two talk:

1. The agent connects to ``/api/diagnostics/agent`` with ``Authorization: Bearer <token>``, sends ``Hello``
   and then ``Start`` for each car. A car is named by an id the agent makes up once per connection to the car
   (``new_car_id``) and keeps when the web socket has to be opened again.
2. The server answers ``Start`` with ``Ack``: up to which batch it has stored (0: none), and ``Watch``: which
   values it wants, how often.
3. The agent sends ``Samples`` numbered 1, 2, 3 … per car. ``Ack`` comes when a batch lies safely in the
   database and covers all before it: every ten seconds or so, not at once. The agent keeps what is not
   acknowledged and sends it again, in order, after the next ``Start`` or when refused with
   ``samples_missing``; what the server knows already it only acknowledges. An agent whose buffer overflowed
   says ``Lost`` instead of what is missing.
4. ``ReadCodes`` is answered with ``Codes``, ``ClearCodes`` with ``Cleared``, both naming the command.
   ``Codes`` without a command is welcome at any time. ``State`` tells what became of the car; ``ended`` is
   the last word on it.
5. After ``Revoked`` the server closes with 4401; the agent must not come back.

Clocks: ``base_ms`` and ``at_ms`` are milliseconds of any clock of the agent, preferably a steady one;
``Hello.clock_ms`` is the same clock when the hello leaves. The server makes its own time of them.

Signals: ``pid`` is ``part << 8 | PID`` of service 01: 0x0C for the speed of the engine, 0x0114 for the second
value of PID 14. From 0xF000 on it is the adapter itself that speaks (``ADAPTER_VOLTAGE``). Units are those of
signals.py.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import orjson

from carbot_app.domains.diagnostics.wire_fields import SEQ_LIMIT, Fields, WireError
from carbot_app.kit.ids import new_id

VERSION = 1
FRAME_LIMIT = 256 * 1024
"""Bytes; longer frames are refused unread."""
ROW_LIMIT = 2000
"""Rows of one batch."""
SPAN_LIMIT_MS = 60_000
"""From the first to the last row of a batch."""
RATE_LIMIT = 50.0
"""Hz of one signal."""
ADAPTER_VOLTAGE = 0xF000

CarState = Literal["connecting", "connected", "ignition_off", "adapter_lost", "ended"]
Readiness = dict[str, bool]
"""Monitor → complete, of the monitors the car has; names as in dtc.py."""
Row = tuple[int, int, float]
"""Milliseconds after ``base_ms``, pid, value; ordered by time."""

_CODE = re.compile(r"[PCBU][0-3][0-9A-F]{3}")
_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}|")
_ECU = re.compile(r"[A-Z0-9]{1,8}")
_MONITOR = re.compile(r"[a-z0-9_]{1,40}")
_WORD = re.compile(r"[a-z0-9_]{0,40}")
_CLOCK_LIMIT = 2**53
_VALUE_LIMIT = 1e9


def new_car_id() -> str:
    """A name for one connection to a car."""
    return new_id().hex


# Agent → server


@dataclass(frozen=True, slots=True)
class Hello:
    """First message of a connection: who is there and which clock it uses."""

    agent: str
    clock_ms: int
    adapter: str = ""
    """What the adapter says it is, ``ELM327 v1.5``."""
    version: int = VERSION
    t: Literal["hello"] = "hello"


@dataclass(frozen=True, slots=True)
class Start:
    """A car is there. Said again, with the same id and VIN, after every reconnect."""

    car: str
    vin: str = ""
    """Empty when the car does not tell it."""
    pids: tuple[int, ...] = ()
    """What it supports of service 01."""
    protocol: str = ""
    """``ISO 15765-4 CAN 11/500``."""
    t: Literal["start"] = "start"


@dataclass(frozen=True, slots=True)
class Samples:
    """One batch of readings."""

    car: str
    seq: int
    base_ms: int
    rows: tuple[Row, ...]
    t: Literal["samples"] = "samples"


@dataclass(frozen=True, slots=True)
class Lost:
    """Batches up to ``seq`` no longer exist: the buffer was full."""

    car: str
    seq: int
    t: Literal["lost"] = "lost"


@dataclass(frozen=True, slots=True)
class EcuCodes:
    """What one control unit has stored."""

    ecu: str
    """Address, ``7E8``."""
    stored: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    permanent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FreezeFrame:
    """The values at the moment a code was set."""

    ecu: str
    code: str
    values: dict[int, float]
    """pid → value."""


@dataclass(frozen=True, slots=True)
class Codes:
    """The whole memory of trouble codes as it is now."""

    car: str
    at_ms: int
    mil: bool
    ecus: tuple[EcuCodes, ...] = ()
    readiness: Readiness = field(default_factory=dict)
    freeze_frames: tuple[FreezeFrame, ...] = ()
    command: str = ""
    """Of the ReadCodes that asked; empty when nobody did."""
    t: Literal["codes"] = "codes"


@dataclass(frozen=True, slots=True)
class Cleared:
    """Answer to ClearCodes; ``reason`` says in one word why not."""

    car: str
    command: str
    ok: bool
    reason: str = ""
    t: Literal["cleared"] = "cleared"


@dataclass(frozen=True, slots=True)
class State:
    """What the connection to the car is like now; ``reason`` is a word such as ``unplugged``."""

    car: str
    state: CarState
    reason: str = ""
    t: Literal["state"] = "state"


# Server → agent


@dataclass(frozen=True, slots=True)
class Ack:
    """Everything of this car up to and including ``seq`` is stored."""

    car: str
    seq: int
    t: Literal["ack"] = "ack"


@dataclass(frozen=True, slots=True)
class Watch:
    """Which signals to read from now on, pid → Hz; no signal: read nothing (paused)."""

    car: str
    rates: dict[int, float]
    t: Literal["watch"] = "watch"


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """Read the trouble codes once."""

    car: str
    command: str
    t: Literal["read_codes"] = "read_codes"


@dataclass(frozen=True, slots=True)
class ClearCodes:
    """Clear the trouble codes (service 04). Once per ``command``, even when it comes twice."""

    car: str
    command: str
    t: Literal["clear_codes"] = "clear_codes"


@dataclass(frozen=True, slots=True)
class Stop:
    """Leave this car alone; answer with ``State("ended")``."""

    car: str
    t: Literal["stop"] = "stop"


@dataclass(frozen=True, slots=True)
class Revoked:
    """The token is no longer valid."""

    t: Literal["revoked"] = "revoked"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message was refused.

    ``code`` is one of WireError's, or samples_missing (send again from ``expected``), car_unknown (say Start
    first), car_changed (another VIN under the same id: take a new id), too_fast (slow down, or the socket is
    closed with 4429), hello_first, version (this server speaks another one).
    """

    code: str
    car: str = ""
    expected: int = 0
    t: Literal["error"] = "error"


AgentMessage = Hello | Start | Samples | Lost | Codes | Cleared | State
ServerMessage = Ack | Watch | ReadCodes | ClearCodes | Stop | Revoked | Refusal


def encode(message: AgentMessage | ServerMessage) -> str:
    """The text frame of a message."""
    return orjson.dumps(message, option=orjson.OPT_NON_STR_KEYS).decode()


def decode_from_agent(frame: str | bytes) -> AgentMessage:
    """The message of an agent.

    Raises:
        WireError: the frame is no such message.
    """
    return _decode(frame, _FROM_AGENT)


def decode_from_server(frame: str | bytes) -> ServerMessage:
    """The message of a server.

    Raises:
        WireError: the frame is no such message.
    """
    return _decode(frame, _FROM_SERVER)


def _decode(frame: str | bytes, kinds: Mapping[str, Callable[[Fields], Any]]) -> Any:
    if len(frame) > FRAME_LIMIT:
        raise WireError("too_large")
    try:
        fields = orjson.loads(frame)
    except ValueError:
        raise WireError("broken") from None
    if not isinstance(fields, dict):
        raise WireError("broken")
    kind = fields.get("t")
    build = kinds.get(kind) if isinstance(kind, str) else None
    if build is None:
        raise WireError("unknown", "t")
    return build(Fields(fields))


def _hello(fields: Fields) -> Hello:
    return Hello(
        agent=fields.text("agent", 80),
        clock_ms=fields.whole("clock_ms", 0, _CLOCK_LIMIT),
        adapter=fields.text("adapter", 80),
        version=fields.whole("version", 1, 1000),
    )


def _start(fields: Fields) -> Start:
    pids = fields.items("pids", 256)
    if not all(type(pid) is int and 0 <= pid <= 0xFF for pid in pids):
        raise WireError("invalid", "pids")
    return Start(fields.car, fields.matching("vin", _VIN), tuple(pids), fields.text("protocol", 60))


def _samples(fields: Fields) -> Samples:
    rows = fields.items("rows", ROW_LIMIT)
    before = 0
    checked: list[Row] = []
    # The one loop that runs thousands of times a second.
    for row in rows:
        if type(row) is not list or len(row) != 3:
            raise WireError("invalid", "rows")
        after, pid, value = row
        if (
            type(after) is not int
            or type(pid) is not int
            or (type(value) is not float and type(value) is not int)
            or not before <= after <= SPAN_LIMIT_MS
            or not 0 <= pid <= 0xFFFF
            or not -_VALUE_LIMIT <= value <= _VALUE_LIMIT
        ):
            raise WireError("invalid", "rows")
        before = after
        checked.append((after, pid, value))
    return Samples(
        fields.car,
        fields.whole("seq", 1, SEQ_LIMIT),
        fields.whole("base_ms", 0, _CLOCK_LIMIT),
        tuple(checked),
    )


def _lost(fields: Fields) -> Lost:
    return Lost(fields.car, fields.seq)


def _ecu(fields: Fields) -> EcuCodes:
    stored, pending, permanent = (fields.words(n, _CODE, 128) for n in ("stored", "pending", "permanent"))
    return EcuCodes(fields.matching("ecu", _ECU), stored, pending, permanent)


def _freeze_frame(fields: Fields) -> FreezeFrame:
    values = fields.signals("values", _VALUE_LIMIT, -_VALUE_LIMIT)
    return FreezeFrame(fields.matching("ecu", _ECU), fields.matching("code", _CODE), values)


def _codes(fields: Fields) -> Codes:
    readiness = fields.pairs("readiness")
    if not all(_MONITOR.fullmatch(name) and isinstance(done, bool) for name, done in readiness.items()):
        raise WireError("invalid", "readiness")
    return Codes(
        car=fields.car,
        at_ms=fields.whole("at_ms", 0, _CLOCK_LIMIT),
        mil=fields.flag("mil"),
        ecus=tuple(_ecu(Fields(ecu)) for ecu in fields.items("ecus", 16)),
        readiness=readiness,
        freeze_frames=tuple(_freeze_frame(Fields(frame)) for frame in fields.items("freeze_frames", 64)),
        command=fields.text("command", 64) and fields.command,
    )


def _cleared(fields: Fields) -> Cleared:
    return Cleared(fields.car, fields.command, fields.flag("ok"), fields.matching("reason", _WORD))


def _state(fields: Fields) -> State:
    state = fields.text("state", 20)
    if state not in get_args(CarState):
        raise WireError("invalid", "state")
    return State(fields.car, state, fields.matching("reason", _WORD))  # pyright: ignore[reportArgumentType]


def _watch(fields: Fields) -> Watch:
    return Watch(fields.car, fields.signals("rates", RATE_LIMIT, 0.01))


def _refusal(fields: Fields) -> Refusal:
    car = fields.text("car", 64) and fields.car
    return Refusal(fields.matching("code", _WORD), car, fields.whole("expected", 0, SEQ_LIMIT, default=0))


_FROM_AGENT: Mapping[str, Callable[[Fields], AgentMessage]] = {
    "hello": _hello,
    "start": _start,
    "samples": _samples,
    "lost": _lost,
    "codes": _codes,
    "cleared": _cleared,
    "state": _state,
}
_FROM_SERVER: Mapping[str, Callable[[Fields], ServerMessage]] = {
    "ack": lambda fields: Ack(fields.car, fields.seq),
    "watch": _watch,
    "read_codes": lambda fields: ReadCodes(fields.car, fields.command),
    "clear_codes": lambda fields: ClearCodes(fields.car, fields.command),
    "stop": lambda fields: Stop(fields.car),
    "revoked": lambda fields: Revoked(),
    "error": _refusal,
}
