"""Keeps one car talking: finds it, reads what is watched, and comes back after ignition and cable."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from carbot_app.adapters.obd.adapter import Adapter
from carbot_app.adapters.obd.car import Car, Memory
from carbot_app.adapters.obd.errors import AdapterLost, AdapterSilent, CarSilent, ObdError
from carbot_app.adapters.obd.schedule import Schedule
from carbot_app.domains.diagnostics.wire import ADAPTER_VOLTAGE, CarState

_OFF_TRIES = 3
_OFF_PAUSE = 1.5
_IDLE_CHECK = 3.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_SLOW_AFTER = 3


@dataclass(frozen=True, slots=True)
class StateChanged:
    """``reason`` is a word of ObdError, or empty."""

    state: CarState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CarFound:
    """A car answers: the first time, and again whenever it comes back."""

    vin: str
    pids: tuple[int, ...]
    protocol: str
    adapter: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Values of one moment; ``at`` is the monotonic clock in seconds."""

    at: float
    values: Mapping[int, float]


Event = StateChanged | CarFound | Reading
Work = Callable[[Car], Awaitable[Any]]


class Engine:
    """``run`` until ``stop``; everything that happens is told to ``tell``, in order.

    ``connect`` opens an adapter (``open_adapter``); without ``reconnect`` a lost adapter is the end of it,
    as with a browser that brings a new one by itself.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Adapter]],
        tell: Callable[[Event], None],
        *,
        reconnect: bool = True,
    ) -> None:
        self._connect = connect
        self._tell = tell
        self._reconnect = reconnect
        self._schedule = Schedule({})
        self._wanted: frozenset[int] = frozenset()
        self._work: deque[tuple[Work, asyncio.Future[Any]]] = deque()
        self._wake = asyncio.Event()
        self._state: StateChanged | None = None
        self._stopping = False
        self._protocol = ""
        self._pause = _FIRST_PAUSE

    def watch(self, rates: Mapping[int, float]) -> None:
        """Read these signals (as in wire.py) so often from now on; none: pause."""
        pids: dict[int, float] = {}
        for signal, hz in rates.items():
            pid = signal if signal >= ADAPTER_VOLTAGE else signal & 0xFF
            pids[pid] = max(hz, pids.get(pid, 0.0))
        self._wanted = frozenset(rates)
        self._schedule.change(pids)
        self._wake.set()

    async def read_codes(self) -> Memory:
        """The trouble codes now.

        Raises:
            ObdError: no car is connected, or it stopped answering.
        """
        return await self._do(lambda car: car.read_codes())

    async def clear_codes(self) -> None:
        """Erase the trouble codes. The caller has asked a person, and noted the reason.

        Raises:
            ObdError: no car is connected, it did not answer, or it refused (Refused).
        """
        await self._do(lambda car: car.clear_codes())

    def stop(self) -> None:
        """Leave the car alone; ``run`` ends soon."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until ``stop``, cancelled, or without ``reconnect`` until the adapter is lost."""
        reason = ""
        try:
            while not self._stopping:
                self._enter("connecting")
                try:
                    adapter = await self._connect()
                    try:
                        await self._drive(adapter)
                    finally:
                        await adapter.link.close()
                except AdapterLost as error:
                    reason = error.reason
                    if not self._reconnect:
                        break
                    self._enter("adapter_lost", reason)
                    await self._sleep(self._pause)
                    self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        finally:
            self._fail_work("ended")
            self._enter("ended", "" if self._stopping else reason)

    async def _drive(self, adapter: Adapter) -> None:
        """One adapter, from the first search for a car until it is lost or all is over."""
        while not self._stopping:
            try:
                car = await self._meet(adapter)
            except (CarSilent, AdapterSilent):
                self._enter("ignition_off")
                await self._sleep(_OFF_PAUSE)
                continue
            self._pause = _FIRST_PAUSE
            self._enter("connected")
            await self._poll(adapter, car)
            if not self._stopping:
                self._enter("ignition_off")

    async def _meet(self, adapter: Adapter) -> Car:
        contact = await adapter.contact(self._protocol)
        car = await Car.meet(adapter, contact)
        self._protocol = contact.protocol.digit
        self._tell(CarFound(car.vin, tuple(sorted(car.pids)), car.protocol.name, adapter.name))
        return car

    async def _poll(self, adapter: Adapter, car: Car) -> None:
        """Read what is due until the car falls silent."""
        silences = 0

        def can_read(pid: int) -> bool:
            return adapter.abilities.voltage if pid == ADAPTER_VOLTAGE else car.can_read(pid)

        while not self._stopping:
            try:
                if self._work:
                    await self._work_off(car)
                elif due := self._schedule.due(time.monotonic(), can_read):
                    await self._read(adapter, car, due)
                elif not await self._idle(self._schedule.wait(time.monotonic(), can_read), car):
                    return
            except (CarSilent, AdapterSilent):
                silences += 1
                if not await self._lives(car):
                    return
                if silences == _SLOW_AFTER:
                    await adapter.wait_longer()

    async def _read(self, adapter: Adapter, car: Car, due: list[int]) -> None:
        began = time.monotonic()
        if due[0] == ADAPTER_VOLTAGE:
            volts = await adapter.read_voltage()
            values = {} if volts is None else {ADAPTER_VOLTAGE: volts}
            asked = due[:1]
        else:
            asked = car.together([pid for pid in due if pid != ADAPTER_VOLTAGE])
            try:
                values = await car.read_values(asked)
            except CarSilent:
                if not await self._lives(car):
                    raise
                car.blame(asked)
                values = {}
        self._schedule.note(asked, began)
        wanted = {signal: value for signal, value in values.items() if signal in self._wanted}
        if wanted:
            self._tell(Reading(time.monotonic(), wanted))

    async def _idle(self, seconds: float | None, car: Car) -> bool:
        """Nothing is due: wait for it or for work; whether the car is still there."""
        if seconds is None or seconds > _IDLE_CHECK:
            return await self._sleep(_IDLE_CHECK) or await self._lives(car)
        await self._sleep(seconds)
        return True

    async def _lives(self, car: Car) -> bool:
        """Whether the car answers within a few tries: one lost answer is no ignition switched off."""
        for _ in range(_OFF_TRIES):
            try:
                if await car.is_alive():
                    return True
            except AdapterSilent:
                continue
        return False

    async def _do(self, work: Work) -> Any:
        if self._state is None or self._state.state != "connected":
            raise CarSilent(self._state.state if self._state else "connecting")
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._work.append((work, done))
        self._wake.set()
        return await done

    async def _work_off(self, car: Car) -> None:
        work, done = self._work.popleft()
        try:
            result = await work(car)
        except ObdError as error:
            if not done.done():
                done.set_exception(error)
            if isinstance(error, AdapterLost | CarSilent | AdapterSilent):
                raise
        else:
            if not done.done():
                done.set_result(result)
        finally:
            done.cancel()  # without effect on what has a result; nobody waits for the rest in vain

    def _fail_work(self, reason: str) -> None:
        while self._work:
            _, done = self._work.popleft()
            if not done.done():
                done.set_exception(CarSilent(reason))

    def _enter(self, state: CarState, reason: str = "") -> None:
        entered = StateChanged(state, reason)
        if entered == self._state:
            return
        self._state = entered
        if state != "connected":
            self._fail_work(state)
        self._tell(entered)

    async def _sleep(self, seconds: float) -> bool:
        """Wait, but not when there is something to do; whether there is."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return False
        self._wake.clear()
        return True
