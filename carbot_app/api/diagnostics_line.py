"""The conversation with one agent, whatever carries it: a web socket, or the engine behind a browser's bytes.

Limits. Reading slows down beyond MESSAGES_PER_SECOND, so that a buffer of hours comes in without harm. A
line is cut when it sends what is no message (MISTAKES), more than a car can say (collecting.Flooding), or
keeps asking for work (CONTROLS).
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from starlette.concurrency import run_in_threadpool

from carbot_app.api.diagnostics_hub import DiagnosticHub, Filled
from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics import orders, states, wire
from carbot_app.domains.diagnostics.collecting import Block, CarClock, Collector, Flooding, Missing
from carbot_app.domains.diagnostics.wire import Refusal, ServerMessage, WireError
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import epoch_ms
from carbot_app.kit.errors import Conflict

MESSAGES_PER_SECOND = 200.0
MESSAGES_AT_ONCE = 1000.0
CONTROLS_PER_SECOND = 5.0
CONTROLS_AT_ONCE = 60.0
"""Everything but readings."""
MISTAKES = 20
CARS = 16
UNSTORED_BLOCKS = 16
"""Of one line; it is read on when some of them are stored."""
TURN_SECONDS, TURN_TRIES = 2.0, 20
"""So long a new line waits for an older one that may have died without a word."""
LOOK_SECONDS = 25.0
"""So long readings are published after a browser has asked for them."""

BAD_INPUT, REVOKED, REPLACED, FLOODING, FAILED = 4400, 4401, 4409, 4429, 1011
TOO_LARGE = 1009


log = structlog.get_logger()


class Cut(Exception):
    """The line ends now; ``code`` is the close code of a web socket."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Bucket:
    """Tokens that fill up with time."""

    def __init__(self, per_second: float, at_once: float) -> None:
        self._per_second, self._at_once = per_second, at_once
        self._tokens, self._since = at_once, time.monotonic()

    def take(self) -> float:
        """Take one; returns how many seconds too early that was."""
        now = time.monotonic()
        self._tokens = min(self._at_once, self._tokens + (now - self._since) * self._per_second) - 1
        self._since = now
        return max(0.0, -self._tokens / self._per_second)


@dataclass(slots=True)
class Car:
    """A car on this line."""

    key: str
    session_id: UUID
    collector: Collector
    asked_for: int = 0
    """Batch that was asked for again."""
    look_until: float = 0.0
    commands: dict[str, str] = field(default_factory=dict)
    """Orders to read codes under way, with who gave them."""
    jumps_told: int = 0


class AgentLine:
    """``send`` brings a message to the agent."""

    def __init__(
        self,
        services: Services,
        hub: DiagnosticHub,
        actor: Actor,
        send: Callable[[ServerMessage], Awaitable[None]],
        *,
        way: str = states.AGENT,
    ) -> None:
        self._services = services
        self._hub = hub
        self._actor = actor
        self._send = send
        self._way = way
        self._intake = services.diagnostics.intake
        self._connection = uuid4().hex
        self._hello: wire.Hello | None = None
        self._offset_ms = 0
        self._cars: dict[str, Car] = {}
        self._mistakes = 0
        self._messages = Bucket(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE)
        self._controls = Bucket(CONTROLS_PER_SECOND, CONTROLS_AT_ONCE)
        self._storing: set[asyncio.Task[None]] = set()
        self._over = asyncio.Event()
        self._overtaken = False
        """Another line has stored what was to be stored here; the car is its business."""
        self._cut: Cut | None = None
        self._handlers: dict[type, Callable[[Any], Awaitable[None]]] = {
            wire.Start: self._start,
            wire.Samples: self._samples,
            wire.Lost: self._lost,
            wire.Codes: self._codes,
            wire.Cleared: self._cleared,
            wire.State: self._state,
        }

    async def hear_frame(self, frame: str | bytes) -> None:
        """One frame of the agent. Raises Cut."""
        if early := self._messages.take():
            await asyncio.sleep(early)
        try:
            message = wire.decode_from_agent(frame)
        except WireError as error:
            await self._refuse(Refusal(error.code))
            if error.code == "too_large":
                raise Cut(TOO_LARGE) from None
            return
        await self.hear(message)

    async def hear(self, message: wire.AgentMessage) -> None:
        """One message of the agent. Raises Cut."""
        if self._cut:
            raise self._cut
        if not isinstance(message, wire.Samples) and self._controls.take() > 0:
            raise Cut(FLOODING)
        if isinstance(message, wire.Hello):
            await self._greet(message)
        elif self._hello is None:
            await self._refuse(Refusal("hello_first"))
        elif isinstance(message, wire.Start) or message.car in self._cars:
            await self._handlers[type(message)](message)
        else:
            await self._refuse(Refusal("car_unknown", message.car))

    async def obey(self) -> None:
        """Pass on what staff wants, until cancelled. Raises Cut when the agent has to go."""
        channel = orders.orders_channel(self._actor.workshop_id)
        async with self._services.live.subscribe(channel) as wanted:
            if self._actor.kind == "agent":
                mine = {"agent": str(self._actor.subject_id), "connection": self._connection}
                self._hub.publish_to(channel, {"do": orders.REPLACED, **mine})
            async for order in wanted:
                await self._obey(order)

    async def keep(self, seconds: float) -> None:
        """Store what has gathered, see that the agent may still be here; until cancelled. Raises Cut."""
        while True:
            for _ in range(30):
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), seconds)
                if self._cut:
                    raise self._cut
                self._store_due()
            if self._actor.kind == "agent" and not await run_in_threadpool(
                self._services.diagnostics.agents.touch_agent, self._actor
            ):
                await self._revoke()

    async def hang_up(self) -> None:
        """Store what is left; cars that have not ended are lost for now."""
        for car in list(self._cars.values()):
            self._store(car)
        if self._storing:
            await asyncio.gather(*self._storing, return_exceptions=True)
        if self._overtaken:
            return
        for car in self._cars.values():
            await self._tell_state(car, states.ADAPTER_LOST, "agent_offline")

    async def _greet(self, hello: wire.Hello) -> None:
        if hello.version != wire.VERSION:
            await self._send(Refusal("version"))
            raise Cut(BAD_INPUT)
        self._hello = hello
        self._offset_ms = self._hub.now_ms() - hello.clock_ms
        if self._actor.kind == "agent" and not await run_in_threadpool(
            self._services.diagnostics.agents.touch_agent, self._actor, hello
        ):
            await self._revoke()

    async def _start(self, start: wire.Start) -> None:
        if start.car in self._cars:
            self._store(self._cars[start.car])
            await self._stored()
        elif len(self._cars) >= CARS:
            await self._refuse(Refusal("too_many_cars", start.car))
            return
        else:
            await self._take_turn(start.car)
        adapter = self._hello.adapter if self._hello else ""
        try:
            started = await run_in_threadpool(
                self._intake.start, self._actor, start, way=self._way, adapter=adapter
            )
        except Conflict as error:
            await self._refuse(Refusal(error.code, start.car))
            return
        until = epoch_ms(started.stored_until) if started.stored_until else 0
        collector = Collector(started.last_seq, CarClock(self._offset_ms, until))
        await self._send(wire.Ack(start.car, started.last_seq))
        if started.is_over:
            await self._send(wire.Stop(start.car))
            return
        look_until = self._cars[start.car].look_until if start.car in self._cars else 0.0
        self._cars[start.car] = Car(start.car, started.session_id, collector, look_until=look_until)
        await self._send(wire.Watch(start.car, dict(started.rates)))
        self._hub.publish(started.session_id, {"t": "state", "state": states.CONNECTED, "reason": ""})

    async def _take_turn(self, car: str) -> None:
        """An older line of the same agent may still have to store what it has; it has been told to end."""
        for _ in range(TURN_TRIES):
            if not await run_in_threadpool(self._intake.is_held, self._actor, car):
                return
            await asyncio.sleep(TURN_SECONDS / TURN_TRIES)

    async def _samples(self, batch: wire.Samples) -> None:
        car = self._cars[batch.car]
        try:
            taken = car.collector.add(batch, self._hub.now_ms())
        except Missing as missing:
            if car.asked_for != missing.expected:
                car.asked_for = missing.expected
                await self._refuse(Refusal("samples_missing", car.key, missing.expected))
            return
        except Flooding:
            await self._send(Refusal("too_fast", car.key))
            raise Cut(FLOODING) from None
        car.asked_for = 0
        if taken is not None and car.look_until > time.monotonic():
            shown = {"t": "samples", "base_ms": taken.begin_ms, "rows": taken.rows}
            self._hub.publish(car.session_id, shown)
        if car.collector.is_due(self._hub.now_ms()):
            self._store(car)
            while len(self._storing) >= UNSTORED_BLOCKS:
                await asyncio.wait(self._storing, return_when=asyncio.FIRST_COMPLETED)

    async def _lost(self, lost: wire.Lost) -> None:
        self._cars[lost.car].collector.lose(lost.seq)

    async def _codes(self, codes: wire.Codes) -> None:
        car = self._cars[codes.car]
        at_ms = car.collector.clock.at(codes.at_ms, self._hub.now_ms())
        at = datetime.fromtimestamp(at_ms / 1000, UTC)
        by = car.commands.pop(codes.command, "")
        await run_in_threadpool(
            self._intake.record_codes, self._actor, car.session_id, codes, at=at, read_by=by
        )
        self._hub.publish(car.session_id, {"t": "codes"})

    async def _cleared(self, cleared: wire.Cleared) -> None:
        car = self._cars[cleared.car]
        await run_in_threadpool(self._intake.record_cleared, self._actor, car.session_id, cleared)
        self._hub.publish(car.session_id, {"t": "cleared", "ok": cleared.ok})

    async def _state(self, state: wire.State) -> None:
        car = self._cars[state.car]
        if state.state == states.ENDED:
            self._store(car)
            await self._stored()
            self._cars.pop(car.key, None)
        await self._tell_state(car, state.state, state.reason)

    async def _tell_state(self, car: Car, state: str, reason: str) -> None:
        await run_in_threadpool(self._intake.set_state, self._actor, car.session_id, state, reason)
        self._hub.publish(car.session_id, {"t": "state", "state": state, "reason": reason})

    async def _obey(self, order: orders.Order) -> None:
        do = order.get("do")
        if order.get("agent") == str(self._actor.subject_id):
            if do == orders.REVOKED:
                await self._revoke()
            elif do == orders.REPLACED and order.get("connection") != self._connection:
                self._end(Cut(REPLACED))
            return
        car = next((one for one in self._cars.values() if str(one.session_id) == order.get("session")), None)
        if car is None:
            return
        if do == orders.LOOK:
            self._look(car)
        elif do == orders.WATCH:
            await self._send(wire.Watch(car.key, {int(pid): hz for pid, hz in order["rates"].items()}))
        elif do == orders.READ_CODES:
            car.commands[order["command"]] = order.get("by", "")
            await self._send(wire.ReadCodes(car.key, order["command"]))
        elif do == orders.CLEAR_CODES:
            await self._send(wire.ClearCodes(car.key, order["command"]))
        elif do == orders.STOP:
            await self._send(wire.Stop(car.key))
            self._store(car)
            await self._stored()
            self._cars.pop(car.key, None)
            self._hub.publish(car.session_id, {"t": "state", "state": states.ENDED, "reason": "by_staff"})

    def _look(self, car: Car) -> None:
        now = time.monotonic()
        if car.look_until <= now and car.collector.latest:
            rows = [[0, pid, value] for pid, value in car.collector.latest.items()]
            self._hub.publish(car.session_id, {"t": "latest", "base_ms": self._hub.now_ms(), "rows": rows})
        car.look_until = now + LOOK_SECONDS

    def _store_due(self) -> None:
        now = self._hub.now_ms()
        for car in self._cars.values():
            if car.collector.is_due(now):
                self._store(car)

    def _store(self, car: Car) -> None:
        block = car.collector.take()
        if block is None:
            return
        task = asyncio.create_task(self._store_block(car, block))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)

    async def _store_block(self, car: Car, block: Block) -> None:
        jumps = car.collector.clock.jumps - car.jumps_told
        car.jumps_told += jumps
        try:
            stored = await self._hub.store(self._actor, Filled(car.session_id, block, jumps))
        except Exception as error:
            log.error("diagnostics.not_stored", error=type(error).__name__)
            self._end(Cut(FAILED))
            return
        if stored is None:
            self._overtaken = True
            self._end(Cut(REPLACED))
            return
        with contextlib.suppress(RuntimeError, ConnectionError):  # it may have hung up meanwhile
            await self._send(wire.Ack(car.key, stored))

    async def _stored(self) -> None:
        """Wait until everything taken from the collectors is stored."""
        while self._storing:
            await asyncio.wait(self._storing)

    async def _refuse(self, refusal: Refusal) -> None:
        self._mistakes += 1
        await self._send(refusal)
        if self._mistakes > MISTAKES:
            raise Cut(BAD_INPUT)

    async def _revoke(self) -> None:
        await self._send(wire.Revoked())
        raise Cut(REVOKED)

    def _end(self, cut: Cut) -> None:
        self._cut = self._cut or cut
        self._over.set()
