"""A car that answers: values, trouble codes, freeze frames, VIN."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from carbot_app.adapters.obd.adapter import Adapter, Contact
from carbot_app.adapters.obd.decoding import decode_pid, decode_vin, size_of, split_batch
from carbot_app.adapters.obd.errors import CarSilent, ObdError, Refused
from carbot_app.adapters.obd.framing import Assembly, Message, Protocol, assemble
from carbot_app.adapters.obd.replies import Verdict
from carbot_app.domains.diagnostics import dtc
from carbot_app.domains.diagnostics.signals import BY_PID
from carbot_app.domains.diagnostics.wire import EcuCodes, FreezeFrame

MOST_PIDS = 6
"""ISO 15765-4: PIDs of one request of service 01."""
_TRIES = 3
_ALONE_AFTER, _DEAD_AFTER = 2, 6
"""Requests in a row without an answer."""
_NEGATIVE = 0x7F
_BUSY = frozenset({0x21, 0x78})
_FIRST_FRAME = 6
_SINGLE_FRAME = 7
_MOST_FRAMES = 15
_RETRY = frozenset({Verdict.BUS_FAULT, Verdict.STOPPED, Verdict.BUFFER_FULL})
_CODE_SERVICES = (
    ("stored", "03", dtc.STORED),
    ("pending", "07", dtc.PENDING),
    ("permanent", "0A", dtc.PERMANENT),
)


@dataclass(frozen=True, slots=True)
class Memory:
    """The trouble codes of all control units, as ``Codes`` of wire.py carries them."""

    mil: bool
    ecus: tuple[EcuCodes, ...] = ()
    readiness: dict[str, bool] = field(default_factory=dict)
    freeze_frames: tuple[FreezeFrame, ...] = ()


class Car:
    """One car on one adapter. Every method may raise CarSilent, AdapterSilent or AdapterLost."""

    def __init__(self, adapter: Adapter, protocol: Protocol) -> None:
        self._adapter = adapter
        self.protocol = protocol
        self.vin = ""
        self.pids: frozenset[int] = frozenset()
        """What any of its control units supports of service 01."""
        self._by_ecu: dict[str, frozenset[int]] = {}
        self.batch = MOST_PIDS if protocol.family.is_can else 1
        """PIDs to ask for at once; shrinks when the car or the adapter cannot do it."""
        self._alone: set[int] = set()
        self._missed: dict[int, int] = {}
        self._dead: set[int] = set()

    @classmethod
    async def meet(cls, adapter: Adapter, contact: Contact) -> "Car":
        """Learn what the car supports and who it is."""
        car = cls(adapter, contact.protocol)
        await car._learn_pids(contact.assembly)
        car.vin = await car.read_vin()
        return car

    async def read_values(self, pids: Sequence[int]) -> dict[int, float]:
        """Signal → value of up to ``batch`` PIDs, in one request; what is not answered is missing."""
        wanted = self.together(pids)
        asked = frozenset(wanted)
        assembly, verdict = await self._ask(f"01{bytes(wanted).hex().upper()}", self._frames(wanted))
        if verdict is Verdict.BUFFER_FULL:
            self.shrink()
        bodies: dict[int, bytes] = {}
        for message in assembly.messages:
            if message.payload[0] == 0x41:
                bodies = split_batch(message.payload, asked) | bodies
        if not bodies and not assembly.damaged:
            raise CarSilent("no_data")
        if not assembly.damaged and verdict is Verdict.OK:
            self._note_missing(asked - bodies.keys())
        for pid in bodies:
            self._missed.pop(pid, None)
        values: dict[int, float] = {}
        for pid, body in bodies.items():
            values |= decode_pid(pid, body)
        return values

    def can_read(self, pid: int) -> bool:
        """Whether it makes sense to ask for a PID."""
        return pid in self.pids and pid not in self._dead and size_of(pid) > 0

    def together(self, pids: Sequence[int]) -> list[int]:
        """The beginning of ``pids`` that can be asked in one request."""
        if pids[0] in self._alone:
            return [pids[0]]
        return [pid for pid in pids if pid not in self._alone][: self.batch]

    def shrink(self) -> None:
        """Fewer PIDs at once from now on."""
        self.batch = max(1, self.batch // 2)

    def blame(self, pids: Sequence[int]) -> None:
        """The car lives, but this request was not answered: it was too long, or nobody knows the PID."""
        if len(pids) > 1:
            self.shrink()
        else:
            self._note_missing(pids)

    async def is_alive(self) -> bool:
        """Whether any control unit still answers."""
        assembly, _ = await self._ask("0100", 0)
        return any(message.payload[:2] == b"\x41\x00" for message in assembly.messages)

    async def read_vin(self) -> str:
        """The VIN; empty when the car does not tell it or it does not come through unharmed."""
        for attempt in range(2):
            assembly, _ = await self._ask("0902", 0)
            for message in assembly.messages:
                if vin := decode_vin(message.payload):
                    return vin
            if not assembly.damaged or not self.protocol.family.is_can:
                break
            ecu = min(self._by_ecu, default="")
            if attempt or not ecu or not await self._adapter.answer_long_messages(ecu):
                break
        return ""

    async def read_codes(self) -> Memory:
        """Lamp, readiness, stored, pending and permanent codes and freeze frames of every control unit."""
        mil, readiness = await self._read_status()
        found: dict[str, dict[str, tuple[str, ...]]] = {ecu: {} for ecu in self._by_ecu}
        for kind, service, first in _CODE_SERVICES:
            for ecu, codes in (await self._read_service(service, first)).items():
                found.setdefault(ecu, {})[kind] = codes
        ecus = tuple(EcuCodes(ecu, **codes) for ecu, codes in sorted(found.items()))
        frames = await self._read_freeze_frames() if any(ecu.stored for ecu in ecus) else ()
        return Memory(mil, ecus, readiness, frames)

    async def clear_codes(self) -> None:
        """Erase codes, freeze frames and readiness (service 04).

        Raises:
            Refused: a control unit said no, mostly because the engine is running.
        """
        assembly, _ = await self._ask("04", 0, tries=1)  # never twice by itself
        _raise_refusal(assembly.messages, 0x04)
        if not any(message.payload[0] == 0x44 for message in assembly.messages):
            raise CarSilent("no_data")

    async def _read_status(self) -> tuple[bool, dict[str, bool]]:
        assembly, _ = await self._ask("0101", 0)
        mil, readiness = False, {}
        for message in assembly.messages:
            try:
                status = dtc.decode_status(message.payload)
            except dtc.Unreadable:
                continue
            mil = mil or status.mil
            for name, complete in status.monitors.items():
                readiness[name] = readiness.get(name, True) and complete
        return mil, readiness

    async def _read_service(self, service: str, first: int) -> dict[str, tuple[str, ...]]:
        """ECU → codes; a car without this service has none of this kind.

        Raises:
            ObdError: an answer was damaged every time: no codes must not be shown for codes unread.
        """
        assembly, verdict = await self._ask(service, 0)
        if assembly.damaged or verdict in _RETRY:
            raise ObdError("damaged")
        codes: dict[str, tuple[str, ...]] = {}
        for message in assembly.messages:
            if message.payload[0] != first:
                continue
            try:
                read = dtc.decode_codes(message.payload, counted=self.protocol.family.is_can)
            except dtc.Unreadable:
                raise ObdError("damaged") from None
            codes[message.ecu] = tuple(dict.fromkeys((*codes.get(message.ecu, ()), *read)))
        return codes

    async def _read_freeze_frames(self) -> tuple[FreezeFrame, ...]:
        assembly, _ = await self._ask("020200", 0)
        frames: list[FreezeFrame] = []
        for message in assembly.messages:
            try:
                _, code = dtc.decode_freeze_code(message.payload)
            except dtc.Unreadable:
                continue
            if code:
                frames.append(FreezeFrame(message.ecu, code, await self._read_frozen(message.ecu)))
        return tuple(frames)

    async def _read_frozen(self, ecu: str) -> dict[int, float]:
        values: dict[int, float] = {}
        for pid in await self._frozen_pids(ecu):
            assembly, _ = await self._ask(f"02{pid:02X}00", 0)
            for message in assembly.messages:
                if message.ecu == ecu and message.payload[:3] == bytes((0x42, pid, 0)):
                    values |= decode_pid(pid, message.payload[3:])
        return values

    async def _frozen_pids(self, ecu: str) -> list[int]:
        """PIDs of the freeze frame, of those this product knows; without a list those of service 01."""
        supported: set[int] = set()
        for base in (0x00, 0x20, 0x40):
            if base and base not in supported:
                break
            assembly, _ = await self._ask(f"02{base:02X}00", 0)
            for message in assembly.messages:
                if message.ecu == ecu and message.payload[:3] == bytes((0x42, base, 0)):
                    supported |= _supported(bytes((0x41, base)) + message.payload[3:])
        known = supported or self._by_ecu.get(ecu, frozenset())
        return sorted(pid for pid in known if pid in BY_PID)

    async def _learn_pids(self, first: Assembly) -> None:
        by_ecu: dict[str, set[int]] = {}
        assembly = first
        for base in range(0x00, 0xE0, 0x20):
            if base:
                if not any(base in supported for supported in by_ecu.values()):
                    break
                assembly, _ = await self._ask(f"01{base:02X}", 0)
            for message in assembly.messages:
                if message.payload[:2] == bytes((0x41, base)):
                    by_ecu.setdefault(message.ecu, set()).update(_supported(message.payload))
        self._by_ecu = {ecu: frozenset(pids) for ecu, pids in by_ecu.items()}
        self.pids = frozenset().union(*self._by_ecu.values())

    async def _ask(self, command: str, frames: int, tries: int = _TRIES) -> tuple[Assembly, Verdict]:
        """Ask until an answer comes through whole, ``tries`` times at most; the last one otherwise."""
        number = f"{frames:X}" if frames and self._adapter.abilities.counts else ""
        assembly, verdict = Assembly(()), Verdict.NO_DATA
        for _ in range(tries):
            reply = await self._adapter.request(command + number)
            assembly, verdict = assemble(reply.lines, self.protocol.family), reply.verdict
            busy = any(m.payload[0] == _NEGATIVE and m.payload[-1] in _BUSY for m in assembly.messages)
            if verdict is Verdict.BUFFER_FULL or not (busy or assembly.damaged or verdict in _RETRY):
                break
            number = ""  # the number may have been what cut the answer short
        return assembly, verdict

    def _frames(self, pids: Collection[int]) -> int:
        """How many frames the answer will have; 0: do not count on it."""
        total = 0
        for supported in self._by_ecu.values():
            length = 1 + sum(1 + size_of(pid) for pid in pids if pid in supported)
            if length > 1:
                long = length > _SINGLE_FRAME and self.protocol.family.is_can
                total += 1 + -(-(length - _FIRST_FRAME) // _SINGLE_FRAME) if long else 1
        return total if total <= _MOST_FRAMES else 0

    def _note_missing(self, missing: Collection[int]) -> None:
        """What is not answered in company is asked alone, and then given up."""
        for pid in missing:
            self._missed[pid] = self._missed.get(pid, 0) + 1
            if self._missed[pid] >= _ALONE_AFTER:
                self._alone.add(pid)
            if self._missed[pid] >= _DEAD_AFTER:
                self._dead.add(pid)


def _supported(payload: bytes) -> set[int]:
    try:
        return set(dtc.decode_supported(payload))
    except dtc.Unreadable:
        return set()


def _raise_refusal(messages: Collection[Message], service: int) -> None:
    for message in messages:
        if message.payload[:2] == bytes((_NEGATIVE, service)) and len(message.payload) >= 3:
            raise Refused(message.payload[2])
