"""One car as messages of wire.py: what the engine tells becomes messages, what the server says is obeyed."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from carbot_app.adapters.obd.car import Memory
from carbot_app.adapters.obd.engine import CarFound, Engine, Event, Reading, StateChanged
from carbot_app.adapters.obd.errors import ObdError
from carbot_app.domains.diagnostics.signals import rates
from carbot_app.domains.diagnostics.wire import (
    ROW_LIMIT,
    AgentMessage,
    ClearCodes,
    Cleared,
    Codes,
    ReadCodes,
    Row,
    Samples,
    ServerMessage,
    Start,
    State,
    Stop,
    Watch,
    new_car_id,
)

FIRST_CODES_SECONDS = 2.0
FLUSH_SECONDS = 0.08
"""A batch leaves this long after its first reading: often enough for ten pictures a second."""
_BEGINNING_MS = 2**41
"""Where the clock begins: what was read before the machine was started has its place before."""
_MOST_ROWS = ROW_LIMIT - 64


def now_ms() -> int:
    """The agent's clock: steady, so that nobody who sets the time of day moves a reading."""
    return _steady_ms(time.monotonic())


def _steady_ms(seconds: float) -> int:
    return _BEGINNING_MS + int(seconds * 1000)


class CarReporter:
    """Speaks for one adapter. ``send`` takes messages in order and never blocks.

    The same car keeps its id through lost adapters and switched-off ignitions; another VIN is another car. A
    car the server has stopped is left alone until it has been away; then it is a new one.
    """

    def __init__(
        self,
        engine: Callable[[Callable[[Event], None]], Engine],
        send: Callable[[AgentMessage], None],
        car: str = "",
    ) -> None:
        self._engine = engine(self._hear)
        self._send = send
        self.car = car or new_car_id()
        self._left_alone = False
        self._watched = False
        """Whether the server has said what it wants; until then what everybody wants is read."""
        self.adapter = ""
        self.start: Start | None = None
        self.state = State(self.car, "connecting")
        self._seq = 0
        self._base = 0
        self._rows: list[Row] = []
        self._cleared: dict[str, asyncio.Task[Cleared]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until the car is stopped or cancelled."""
        flushing = asyncio.create_task(self._flush_always())
        try:
            await self._engine.run()
        finally:
            flushing.cancel()

    def stop(self) -> None:
        """Leave the car alone; ``run`` ends after ``State("ended")``."""
        self._engine.stop()

    def obey(self, message: ServerMessage) -> None:
        """Do what the server says; messages that are not for the car are ignored."""
        match message:
            case Watch(rates=wanted):
                self._watched = True
                self._engine.watch(wanted)
            case ReadCodes(command=command):
                self._later(self._report_codes(command))
            case ClearCodes(command=command):
                self._later(self._report_cleared(command))
            case Stop():
                self._leave_alone()
            case _:
                return

    def resume(self, start: Start, seq: int) -> None:
        """Go on with a car, as an earlier run of the agent left it after batch ``seq``."""
        self.car, self.start, self._seq = start.car, start, seq
        self.state = State(self.car, self.state.state, self.state.reason)

    def resume_after(self, seq: int) -> None:
        """The server has batches up to ``seq`` of this car, of a connection before: go on numbering there."""
        self._seq = max(self._seq, seq)

    def rename(self) -> None:
        """Take a new id: the server knows another car by the old one."""
        self._rows.clear()
        self.car, self._seq = new_car_id(), 0
        self.state = State(self.car, self.state.state, self.state.reason)
        if self.start:
            self.start = Start(self.car, self.start.vin, self.start.pids, self.start.protocol)
            self._send(self.start)
            self._send(self.state)

    def introduce(self) -> None:
        """Tell of a car before it has been found: somebody waits for this very one."""
        self.start = Start(self.car)
        self._send(self.start)

    def _leave_alone(self) -> None:
        self._engine.watch({})
        self._rows.clear()
        if self.start:
            self._send(State(self.car, "ended", "by_staff"))
        self.car, self._seq, self.start = new_car_id(), 0, None
        self._left_alone, self._watched = True, False

    def _hear(self, event: Event) -> None:
        match event:
            case Reading():
                self._note(event)
            case StateChanged(state=state, reason=reason):
                self._flush()
                self._left_alone = self._left_alone and state == "connected"
                self.state = State(self.car, state, reason)
                if self.start:
                    self._send(self.state)
            case CarFound():
                self._meet(event)

    def _meet(self, found: CarFound) -> None:
        self._flush()
        self.adapter = found.adapter
        pids = tuple(pid for pid in found.pids if pid <= 0xFF)
        known = self.start
        if known and not _is_same(known, found):
            self._send(State(self.car, "ended", "other_car"))
            self.car, self._seq, known = new_car_id(), 0, None
        if not (known and known.pids):
            self._later(self._report_first_codes(self.car))
        self.start = Start(self.car, found.vin or (known.vin if known else ""), pids, found.protocol)
        self._send(self.start)
        if not self._watched:
            self._engine.watch(rates(pids))

    def _note(self, reading: Reading) -> None:
        if self._left_alone:
            return
        at = _steady_ms(reading.at)
        if not self._rows:
            self._base = at
        after = max(at - self._base, self._rows[-1][0] if self._rows else 0)
        self._rows += [(after, signal, value) for signal, value in reading.values.items()]
        if len(self._rows) >= _MOST_ROWS:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        self._seq += 1
        self._send(Samples(self.car, self._seq, self._base, tuple(self._rows)))
        self._rows.clear()

    async def _flush_always(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            self._flush()

    async def _report_first_codes(self, car: str) -> None:
        """Nobody has to ask what a car that has just come in complains of; its first values go first."""
        await asyncio.sleep(FIRST_CODES_SECONDS)
        if car == self.car:
            await self._report_codes("")

    async def _report_codes(self, command: str) -> None:
        try:
            memory = await self._engine.read_codes()
        except ObdError:
            return  # the state already tells that the car is gone
        self._send(codes_message(self.car, memory, command))

    async def _report_cleared(self, command: str) -> None:
        """Once per command: asked again, the first answer is given again."""
        if command not in self._cleared:
            self._cleared[command] = asyncio.create_task(self._clear(command))
        cleared = await self._cleared[command]
        self._send(cleared)
        if cleared.ok:
            # What comes back at once is the news
            await self._report_codes("")

    async def _clear(self, command: str) -> Cleared:
        try:
            await self._engine.clear_codes()
        except ObdError as error:
            return Cleared(self.car, command, False, error.reason)
        return Cleared(self.car, command, True)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _is_same(known: Start, found: CarFound) -> bool:
    """The VIN decides; where one is missing, a car with the same abilities is taken for the same."""
    if known.vin and found.vin:
        return known.vin == found.vin
    return not known.protocol or (known.protocol == found.protocol and known.pids == found.pids)


def codes_message(car: str, memory: Memory, command: str = "") -> Codes:
    """The memory of a car as it goes over the wire, now."""
    return Codes(
        car=car,
        at_ms=now_ms(),
        mil=memory.mil,
        ecus=memory.ecus,
        readiness=memory.readiness,
        freeze_frames=memory.freeze_frames,
        command=command,
    )
