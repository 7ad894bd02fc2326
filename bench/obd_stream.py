"""Fifty cars that stream ten values ten times a second: is all of it stored, and when is it seen?"""

import asyncio
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
import websockets
from sqlmodel import col, select
from websockets.asyncio.client import ClientConnection

from bench.harness import DEMO_SLUG, Server, machine, milliseconds, postgres_url, record, redis_url, running
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.diagnostics import recording, wire
from carbot_app.domains.diagnostics.agents import AgentService
from carbot_app.domains.diagnostics.models import DiagnosticBlock, DiagnosticSession
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import OWNER, PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import system_clock

CARS, HZ, SECONDS, WATCHERS = 50, 10, 60, 10
PIDS = (0x0C, 0x04, 0x05, 0x06, 0x07, 0x0B, 0x0D, 0x0E, 0x0F, 0x11)
"""The first one counts the batches, in quarters of a revolution."""


@dataclass
class Seen:
    """What the load generator knows."""

    sent: dict[tuple[int, int], float] = field(default_factory=dict)
    """(car, batch) → when it left."""
    shown: list[float] = field(default_factory=list)
    """Seconds from there to the frame a browser has."""
    acknowledged: list[int] = field(default_factory=list)
    refusals: int = 0


class _NoBus:
    def publish(self, channel: str, message: dict[str, Any]) -> None: ...


def obd_stream() -> None:
    """One process on SQLite, then two with PostgreSQL and Redis."""
    setting = machine()
    with running() as server:
        result = {"sqlite_1_process": _measure(server, f"sqlite:///{server.data_dir / 'carbot.db'}")}
    with (
        postgres_url() as url,
        redis_url() as redis,
        running(database_url=url, redis_url=redis, workers="2") as server,
    ):
        result["postgres_2_workers"] = _measure(server, url)
    record(
        "obd_stream",
        load=f"{CARS} agents, each one car at {HZ} Hz x {len(PIDS)} values for {SECONDS} s, {WATCHERS} "
        "browsers watching one car each; load generator on the same machine",
        target="0 lost samples, <= 60 % of one core, reading to browser p95 <= 200 ms",
        baseline="performance.md 3: a raw web socket costs 0.05 to 0.08 ms per update",
        result=result,
        setting=setting,
    )


def _measure(server: Server, url: str) -> dict[str, Any]:
    database = Database(url)
    tokens = [agent_token(database, f"Auto {car}") for car in range(CARS)]
    cookie = server.sign_in()
    seen = Seen()
    idle = _idle_share(server)
    before, began = server.cpu_seconds(), time.monotonic()
    asyncio.run(_drive(server, database, tokens, cookie, seen))
    wall, cpu = time.monotonic() - began, server.cpu_seconds() - before
    sent = len(seen.sent) * len(PIDS)
    stored = _stored(database)
    database.close()
    return {
        "samples_sent": sent,
        "samples_stored": stored,
        "samples_lost": sent - stored,
        "acknowledged_completely": sum(seq == HZ * SECONDS for seq in seen.acknowledged),
        "refusals": seen.refusals,
        "core_share_percent": round(100 * cpu / wall),
        "core_share_idle_percent": idle,
        "reading_to_browser": milliseconds(seen.shown),
        "frames_per_watcher_and_second": round(len(seen.shown) / WATCHERS / SECONDS, 1),
        "memory_mb": server.memory_mb(),
        "load_average_after": [round(value, 1) for value in os.getloadavg()],
    }


def _idle_share(server: Server) -> int:
    before = server.cpu_seconds()
    time.sleep(10)
    return round(10 * (server.cpu_seconds() - before))


async def _drive(server: Server, database: Database, tokens: Sequence[str], cookie: str, seen: Seen) -> None:
    sockets = [await _connect(server, token, car) for car, token in enumerate(tokens)]
    sessions = await asyncio.to_thread(_sessions, database)
    screens = [
        asyncio.create_task(_watch(server, sessions[car], cookie, car, seen)) for car in range(WATCHERS)
    ]
    await asyncio.sleep(1)
    await asyncio.gather(*(_stream(socket, car, seen) for car, socket in enumerate(sockets)))
    for screen in screens:
        screen.cancel()
    await asyncio.gather(*screens, return_exceptions=True)


async def _connect(server: Server, token: str, car: int) -> ClientConnection:
    address = f"ws://{server.host}:{server.port}/api/diagnostics/agent"
    headers = {"Authorization": f"Bearer {token}"}
    socket = await websockets.connect(address, additional_headers=headers, compression=None)
    await socket.send(wire.encode(wire.Hello("bench", _now_ms())))
    await socket.send(wire.encode(wire.Start(f"bench{car}", "", PIDS)))
    while not isinstance(wire.decode_from_server(await socket.recv()), wire.Watch):
        pass
    return socket


async def _stream(socket: ClientConnection, car: int, seen: Seen) -> None:
    hearing = asyncio.create_task(_hear(socket, seen))
    # Cars do not speak in step
    began = time.perf_counter() + car / CARS / HZ
    for seq in range(1, HZ * SECONDS + 1):
        await asyncio.sleep(max(0.0, began + seq / HZ - time.perf_counter()))
        rows = tuple((place, pid, seq / 4 if place == 0 else 40 + place) for place, pid in enumerate(PIDS))
        seen.sent[car, seq] = time.perf_counter()
        await socket.send(wire.encode(wire.Samples(f"bench{car}", seq, _now_ms(), rows)))
    await socket.send(wire.encode(wire.State(f"bench{car}", "ended")))
    seen.acknowledged.append(await asyncio.wait_for(hearing, 60))
    await socket.close()


async def _hear(socket: ClientConnection, seen: Seen) -> int:
    """Up to which batch everything is acknowledged, at the end of the last."""
    stored = 0
    async for frame in socket:
        message = wire.decode_from_server(frame)
        if isinstance(message, wire.Refusal):
            seen.refusals += 1
        if isinstance(message, wire.Ack):
            stored = message.seq
            if stored == HZ * SECONDS:
                break
    return stored


async def _watch(server: Server, session_id: UUID, cookie: str, car: int, seen: Seen) -> None:
    address = f"ws://{server.host}:{server.port}/api/diagnostics/sessions/{session_id}/live"
    async with websockets.connect(address, additional_headers={"Cookie": cookie}, compression=None) as screen:
        async for frame in screen:
            now = time.perf_counter()
            message = orjson.loads(frame)
            if message.get("t") == "samples":
                numbers = (round(value * 4) for _, pid, value in message["rows"] if pid == PIDS[0])
                seen.shown += [now - seen.sent[car, seq] for seq in numbers]


def agent_token(database: Database, name: str) -> str:
    """Of a new agent of the demo workshop."""
    with database.reading(SYSTEM) as session:
        workshop = session.exec(select(Workshop).where(Workshop.slug == DEMO_SLUG)).one()
    owner = Actor("person", workshop.id, None, "Bench", OWNER, permissions=PERMISSIONS[OWNER])
    agents = AgentService(db=database, clock=system_clock, live=_NoBus(), server_adapters=False)  # type: ignore[arg-type]
    return agents.create_agent(owner, name)[1]


def _sessions(database: Database) -> list[UUID]:
    keys = [f"bench{car}" for car in range(CARS)]
    with database.reading(SYSTEM) as session:
        query = select(DiagnosticSession.car_key, DiagnosticSession.id)
        found = dict(session.exec(query.where(col(DiagnosticSession.car_key).in_(keys))).all())
    return [found[key] for key in keys]


def _stored(database: Database) -> int:
    """Readings that can be read again."""
    with database.reading(SYSTEM) as session:
        return sum(len(recording.unpack(packed)) for packed in session.exec(select(DiagnosticBlock.packed)))


def _now_ms() -> int:
    return round(time.time() * 1000)
