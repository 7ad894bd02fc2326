"""Many browsers on one page, as Reflex's own client talks: a websocket, a hydration, then events."""

import asyncio
import gc
import json
import random
import time
import uuid
from dataclasses import dataclass, field

import websockets
from websockets.asyncio.client import ClientConnection

HYDRATE = "reflex___state____state.hydrate_and_load"
HYDRATED = 'is_hydrated_rx_state_":true'


@dataclass
class Load:
    """What to do: how many, on which page, which event, how often."""

    host: str
    port: int
    path: str
    clients: int
    event: str
    payloads: list[dict]
    answer: str
    """Text that only the answer to the event holds: a var that it always assigns."""
    think_seconds: float
    seconds: float
    ramp_per_second: float
    cookie: str = ""
    timeout: float = 60.0


@dataclass
class Outcome:
    """What happened; durations in seconds."""

    connected: int = 0
    connect: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    def fail(self, error: BaseException) -> None:
        name = f"{type(error).__name__}: {error}"[:80]
        self.errors[name] = self.errors.get(name, 0) + 1


def run(load: Load) -> Outcome:
    """Connect all clients, then let each send one event per ``think_seconds`` (x 0.5 to 1.5)."""
    gc.disable()  # the generator's own pauses would be counted as the server's
    return asyncio.run(_run(load))


async def _run(load: Load) -> Outcome:
    outcome, start = Outcome(), asyncio.Event()
    ready = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(_client(load, index, outcome, ready, start)) for index in range(load.clients)
    ]
    for _ in range(load.clients):
        await ready.acquire()
    start.set()
    await asyncio.gather(*tasks)
    return outcome


async def _client(
    load: Load, index: int, outcome: Outcome, ready: asyncio.Semaphore, start: asyncio.Event
) -> None:
    await asyncio.sleep(index / load.ramp_per_second)
    began = time.perf_counter()
    try:
        socket = await _connect(load)
    except Exception as error:
        outcome.fail(error)
        ready.release()
        return
    outcome.connected += 1
    outcome.connect.append(time.perf_counter() - began)
    ready.release()
    idle = asyncio.create_task(_answer_pings(socket, start))
    await start.wait()
    idle.cancel()
    try:
        await _talk(load, socket, outcome)
    except Exception as error:
        outcome.fail(error)
    await socket.close()


async def _connect(load: Load) -> ClientConnection:
    address = f"ws://{load.host}:{load.port}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
    headers = {"Cookie": load.cookie} if load.cookie else {}
    socket = await websockets.connect(
        address,
        additional_headers=headers,
        compression=None,
        open_timeout=load.timeout,
        ping_interval=None,
        max_size=None,
    )
    await asyncio.wait_for(socket.recv(), load.timeout)
    hydrate = {"event": {"name": HYDRATE, "payload": {"hashes": []}, "router_data": _router(load)}}
    await socket.send("40/_event," + json.dumps(hydrate))
    await _receive(socket, HYDRATED, load.timeout)
    return socket


async def _answer_pings(socket: ClientConnection, start: asyncio.Event) -> None:
    while not start.is_set():
        if await socket.recv() == "2":
            await socket.send("3")


async def _talk(load: Load, socket: ClientConnection, outcome: Outcome) -> None:
    end = time.perf_counter() + load.seconds
    await _listen(socket, random.random() * min(load.think_seconds, load.seconds))
    turn = random.randrange(len(load.payloads))
    while time.perf_counter() < end:
        event = {
            "name": load.event,
            "payload": load.payloads[turn % len(load.payloads)],
            "router_data": _router(load),
        }
        turn += 1
        began = time.perf_counter()
        await socket.send("42/_event," + json.dumps(["event", event]))
        await _receive(socket, load.answer, load.timeout)
        outcome.events.append(time.perf_counter() - began)
        await _listen(socket, load.think_seconds * (0.5 + random.random()))


async def _listen(socket: ClientConnection, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while (left := end - time.perf_counter()) > 0:
        try:
            message = await asyncio.wait_for(socket.recv(), left)
        except TimeoutError:
            return
        if message == "2":
            await socket.send("3")


async def _receive(socket: ClientConnection, marker: str, timeout: float) -> None:
    async with asyncio.timeout(timeout):
        while True:
            message = await socket.recv()
            if message == "2":
                await socket.send("3")
            elif isinstance(message, str):
                if message.startswith("44"):
                    raise ConnectionRefusedError(message[:60])
                if marker in message:
                    return


def _router(load: Load) -> dict[str, object]:
    return {"pathname": load.path, "asPath": load.path, "query": {}}
