"""``carbot obd-agent``: cars near this machine, one web socket out, nothing lost while the line is down."""

import asyncio
import contextlib
import platform
import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus, InvalidURI

from carbot_app.adapters.obd.adapter import open_adapter
from carbot_app.adapters.obd.backlog import MOST_BYTES, Backlog
from carbot_app.adapters.obd.engine import Engine
from carbot_app.adapters.obd.journal import Journal, journal_path
from carbot_app.adapters.obd.reporting import CarReporter, now_ms
from carbot_app.domains.diagnostics.wire import (
    FRAME_LIMIT,
    Ack,
    AgentMessage,
    Hello,
    Refusal,
    Revoked,
    ServerMessage,
    State,
    Stop,
    decode_from_server,
    encode,
)
from carbot_app.domains.diagnostics.wire_fields import WireError

PATH = "/api/diagnostics/agent"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_TOO_FAST_PAUSE = 1.0
_STEADY = 5.0
"""A connection that lasts so long was a good one: the next break is tried again at once."""
_FORBIDDEN = frozenset({401, 403})
_REVOKED = 4401
_CLOSED = {
    4400: "it did not understand this agent",
    4409: "another agent uses the same token",
    4429: "this agent was too fast for it",
}
"""Close codes of api/diagnostics_agent.py."""
_NOT_VALID = "The server does not accept this token (any more); create a new one under Diagnose."


class AgentEnded(Exception):
    """The agent must not go on; the message is one sentence for whoever started it."""


class Agent:
    """Brings the cars of ``adapters`` to a server; ``say`` gets sentences about what happens."""

    def __init__(
        self,
        server: str,
        token: str,
        adapters: Sequence[str],
        say: Callable[[str], None],
        *,
        most_bytes: int = MOST_BYTES,
        folder: Path | None = None,
    ) -> None:
        self._url = agent_url(server)
        self._token = token
        self._say = say
        self._journal = Journal(journal_path(folder, self._url, token), say) if folder else None
        self._backlog = Backlog(most_bytes, self._journal)
        self._wake = asyncio.Event()
        self._slow_until = 0.0
        self._told_lost = 0
        self._introduced = ""
        self._cars = {
            address: CarReporter(
                lambda tell, address=address: Engine(partial(open_adapter, address), tell),
                partial(self._send, address),
            )
            for address in adapters
        }
        self._restore()

    async def run(self) -> None:
        """Until cancelled.

        Raises:
            AgentEnded: the token is not, or no longer, valid, or the server is none.
        """
        cars = [asyncio.create_task(car.run()) for car in self._cars.values()]
        try:
            await self._stay_connected()
        finally:
            for task in cars:
                task.cancel()
            await asyncio.gather(*cars, return_exceptions=True)
            if self._journal:
                self._journal.close()

    def _restore(self) -> None:
        """Go on where an earlier run was broken off; what it could not send leaves first."""
        saved = self._journal.load() if self._journal else []
        # The last car at an adapter is the one that is still plugged in
        resumed = {one.address: one for one in saved if one.is_fresh and one.address in self._cars}
        for address, one in resumed.items():
            self._cars[address].resume(one.start, one.seq)
        self._backlog.restore(saved, {one.start.car for one in resumed.values()})
        if batches := sum(bool(seq) for one in saved for seq, _ in one.entries):
            self._say(f"{batches} batches of readings were kept from before and will be sent.")

    async def _stay_connected(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            problem = await self._connect_once()
            if time.monotonic() - began > _STEADY:
                pause = _FIRST_PAUSE
            self._say(f"No connection to the server ({problem}); readings are kept meanwhile.")
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  (spreads agents, no secret)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect_once(self) -> str:
        """One connection from beginning to end; why it is over, in words."""
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with connect(self._url, additional_headers=headers, max_size=FRAME_LIMIT) as socket:
                await self._converse(socket)
        except InvalidStatus as error:
            if error.response.status_code in _FORBIDDEN:
                raise AgentEnded(_NOT_VALID) from None
            return f"it answered {error.response.status_code}"
        except InvalidURI:
            raise AgentEnded(f"{self._url} is no address of a server.") from None
        except ConnectionClosed as error:
            code = error.rcvd.code if error.rcvd else 0
            if code == _REVOKED:
                raise AgentEnded(_NOT_VALID) from None
            return _CLOSED.get(code, "it broke")
        except (OSError, TimeoutError, InvalidHandshake) as error:
            return str(error) or "it does not answer"
        return "the server closed it"

    async def _converse(self, socket: ClientConnection) -> None:
        self._backlog.reconnect()
        self._introduced = await self._introduce(socket)
        self._say("Connected to the server.")
        sending = asyncio.create_task(self._send_always(socket))
        try:
            async for frame in socket:
                self._hear(frame)
        finally:
            sending.cancel()

    async def _introduce(self, socket: ClientConnection) -> str:
        """Say hello; returns the adapters that were named, of which more may be found later."""
        adapters = self._adapters()
        await socket.send(encode(Hello(f"carbot-obd-agent {platform.node()}"[:80], now_ms(), adapters)))
        return adapters

    def _adapters(self) -> str:
        return ", ".join(sorted({car.adapter for car in self._cars.values() if car.adapter}))[:80]

    async def _send_always(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):  # whoever listens knows why
            while True:
                self._wake.clear()
                while (frame := self._backlog.next()) is not None:
                    if self._adapters() != self._introduced:
                        self._introduced = await self._introduce(socket)
                    await socket.send(frame)
                    await asyncio.sleep(max(0.0, self._slow_until - time.monotonic()))
                await self._wake.wait()

    def _hear(self, frame: str | bytes) -> None:
        with contextlib.suppress(WireError):  # a newer server may say more than is known here
            self._obey(decode_from_server(frame))
        self._wake.set()

    def _obey(self, message: ServerMessage) -> None:
        match message:
            case Revoked():
                raise AgentEnded(_NOT_VALID)
            case Ack(car=car, seq=seq):
                self._backlog.confirm(car, seq)
            case Refusal():
                self._take_refusal(message)
            case _:
                for car in self._cars.values():
                    if car.car == message.car:
                        car.obey(message)
                if isinstance(message, Stop):
                    self._backlog.finish(message.car)

    def _take_refusal(self, refusal: Refusal) -> None:
        match refusal.code:
            case "samples_missing":
                self._backlog.send_again(refusal.car, refusal.expected)
            case "car_unknown":
                self._backlog.introduce(refusal.car)
            case "car_changed" | "car_taken":
                self._backlog.forget(refusal.car)
                for car in self._cars.values():
                    if car.car == refusal.car:
                        car.rename()
            case "too_fast":
                self._slow_until = time.monotonic() + _TOO_FAST_PAUSE
            case "version":
                raise AgentEnded("This agent is too old or too new for the server; install its version.")
            case code:
                self._say(f"The server refused a message ({code}).")

    def _send(self, address: str, message: AgentMessage) -> None:
        self._backlog.add(message, address)
        self._wake.set()
        if isinstance(message, State):
            self._say(_sentence(address, message))
        if self._backlog.lost > self._told_lost:
            if not self._told_lost:
                self._say("The buffer is full: the oldest readings are given up until the server is back.")
            self._told_lost = self._backlog.lost


def agent_url(server: str) -> str:
    """``https://werkstatt.example`` → ``wss://werkstatt.example/api/diagnostics/agent``."""
    place = urlsplit(server if "://" in server else f"https://{server}")
    scheme = {"http": "ws", "ws": "ws"}.get(place.scheme, "wss")
    return f"{scheme}://{place.netloc}{place.path.rstrip('/')}{PATH}"


_STATES = {
    "connecting": "looking for the adapter",
    "connected": "the car is connected",
    "ignition_off": "the ignition is off; waiting for the car",
    "adapter_lost": "the adapter is gone; looking for it again",
    "ended": "ended",
}


def _sentence(address: str, state: State) -> str:
    reason = f" ({state.reason.replace('_', ' ')})" if state.reason else ""
    return f"{address}: {_STATES[state.state]}{reason}."
