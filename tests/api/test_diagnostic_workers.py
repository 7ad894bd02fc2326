"""Two web processes that share database and Redis: the agent at one, the browser at the other."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services, build_services
from carbot_app.db.session import Database
from carbot_app.domains.diagnostics import wire
from carbot_app.kit.clock import system_clock
from tests.api.conftest import Tenant, make_tenant, settings_for
from tests.api.diagnostic_streams import AGENT, PIDS, VIN, only_session, recorded, token_of
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.http_server import HttpServer
from tests.peers.redis_server import open_redis

Worker = tuple[Services, str]


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with open_redis() as url:
        yield url


@pytest.fixture
def workers(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[list[Worker]]:
    started: list[tuple[Services, HttpServer, Database]] = []
    for number in range(2):
        database = Database(database_url)
        settings = settings_for(tmp_path / str(number), redis_url=redis_url)
        services = build_services(settings, db=database, clock=system_clock, passwords=CHEAP_HASHER)
        services.live.start()
        assert services.live.wait_ready()  # pyright: ignore[reportAttributeAccessIssue]
        server = HttpServer(create_api(services))
        server.start()
        started.append((services, server, database))
    yield [(services, server.origin.replace("http", "ws")) for services, server, _ in started]
    for services, server, database in started:
        server.stop()
        services.live.close()  # pyright: ignore[reportAttributeAccessIssue]
        database.close()


@pytest.fixture
def tenant(workers: list[Worker]) -> Tenant:
    return make_tenant(workers[0][0], "Kfz-Meisterbetrieb Müller", "sabine@mueller.de")


async def connect_agent(origin: str, token: str) -> ClientConnection:
    socket = await websockets.connect(origin + AGENT, additional_headers={"Authorization": f"Bearer {token}"})
    await socket.send(wire.encode(wire.Hello("agent", round(system_clock().timestamp() * 1000))))
    await socket.send(wire.encode(wire.Start("car1", VIN, PIDS)))
    return socket


async def hear_until(socket: ClientConnection, kind: type) -> Any:
    async with asyncio.timeout(10):
        while not isinstance(message := wire.decode_from_server(await socket.recv()), kind):
            pass
    return message


async def shown_until(screen: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while (message := json.loads(await screen.recv())).get("t") != kind:
            pass
    return message


def samples(seq: int) -> str:
    now = round(system_clock().timestamp() * 1000)
    return wire.encode(wire.Samples("car1", seq, now, ((0, 0x0C, 800.0 + seq),)))


async def test_readings_orders_and_revocation_cross_from_process_to_process(
    workers: list[Worker], tenant: Tenant
) -> None:
    (first, at_first), (second, at_second) = workers
    agent_id, token = await asyncio.to_thread(token_of, first, tenant)
    owner = tenant.owner.actor
    agent = await connect_agent(at_first, token)
    await hear_until(agent, wire.Watch)
    session = await asyncio.to_thread(only_session, second, owner)
    await agent.send(samples(1))
    path = f"{at_second}/api/diagnostics/sessions/{session.id}/live"
    cookie = {"Cookie": f"carbot_session={tenant.owner.token}"}
    async with websockets.connect(path, additional_headers=cookie) as screen:
        assert (await shown_until(screen, "session"))["state"] == "connected"
        assert (await shown_until(screen, "latest"))["rows"] == [[0, 0x0C, 801.0]]
        await agent.send(samples(2))
        assert (await shown_until(screen, "samples"))["rows"] == [[0, 0x0C, 802.0]]
        await asyncio.to_thread(second.diagnostics.sessions.pause, owner, session.id)
        assert (await hear_until(agent, wire.Watch)).rates == {}
        await asyncio.to_thread(second.diagnostics.agents.revoke_agent, owner, agent_id)
        await hear_until(agent, wire.Revoked)
        assert (await shown_until(screen, "state"))["state"] == "adapter_lost"
    assert await asyncio.to_thread(recorded, second, owner, session.id) == [801, 802]


async def test_an_agent_that_comes_back_at_the_other_process_loses_and_doubles_nothing(
    workers: list[Worker], tenant: Tenant
) -> None:
    (first, at_first), (_, at_second) = workers
    _, token = await asyncio.to_thread(token_of, first, tenant)
    owner = tenant.owner.actor
    old = await connect_agent(at_first, token)
    await hear_until(old, wire.Watch)
    for seq in range(1, 6):
        await old.send(samples(seq))
    new = await connect_agent(at_second, token)  # while the old line still stands
    with pytest.raises(websockets.ConnectionClosed) as closed:
        await hear_until(old, wire.Revoked)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4409
    stored = (await hear_until(new, wire.Ack)).seq
    for seq in range(stored + 1, 11):
        await new.send(samples(seq))
    await new.send(wire.encode(wire.State("car1", "ended")))
    refused = 0
    async with asyncio.timeout(20):
        while True:
            message = wire.decode_from_server(await new.recv())
            if isinstance(message, wire.Ack) and message.seq == 10:
                break
            if isinstance(message, wire.Refusal):
                refused += 1
    session = await asyncio.to_thread(only_session, first, owner)
    assert await asyncio.to_thread(recorded, first, owner, session.id) == [800 + n for n in range(1, 11)]
    await new.close()
