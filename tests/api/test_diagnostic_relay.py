"""The real engine behind a browser's bytes, on the simulated car."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest
import websockets

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics.schemas import SessionOpen, SessionView
from carbot_app.kit.ids import new_id
from tests.api.conftest import Tenant
from tests.api.diagnostic_streams import recorded
from tests.peers.elm327_cars import VIN
from tests.peers.http_server import HttpServer
from tests.peers.obd_adapter import SimulatedAdapter


@pytest.fixture
def origin(services: Services) -> Iterator[str]:
    server = HttpServer(create_api(services))
    server.start()
    yield server.origin.replace("http", "ws")
    server.stop()


@pytest.fixture
def adapter() -> Iterator[SimulatedAdapter]:
    with SimulatedAdapter("healthy") as adapter:
        yield adapter


def opened(services: Services, tenant: Tenant, way: str) -> SessionView:
    return services.diagnostics.sessions.open_session(tenant.owner.actor, SessionOpen(way=way))


def now(services: Services, tenant: Tenant, session_id: UUID) -> SessionView:
    return services.diagnostics.sessions.get_session(tenant.owner.actor, session_id)


async def until_stored(services: Services, tenant: Tenant, session_id: UUID) -> SessionView:
    """Wait until the car is known; its readings are stored when it is let go."""
    async with asyncio.timeout(60):
        while not (found := await asyncio.to_thread(now, services, tenant, session_id)).vin:
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.5)
    return found


async def until_lost(services: Services, tenant: Tenant, session_id: UUID) -> SessionView:
    async with asyncio.timeout(60):
        while (found := await asyncio.to_thread(now, services, tenant, session_id)).is_live:
            if found.state == "adapter_lost":
                break
            await asyncio.sleep(0.1)
    return found


def path(origin: str, session_id: object) -> str:
    return f"{origin}/api/diagnostics/relay?session={session_id}"


def cookie(tenant: Tenant) -> dict[str, str]:
    return {"Cookie": f"carbot_session={tenant.owner.token}"}


async def test_a_browser_relays_the_bytes_of_its_adapter(
    services: Services, tenant: Tenant, origin: str, adapter: SimulatedAdapter
) -> None:
    session = opened(services, tenant, "relay")
    host, port = adapter.address.removeprefix("socket://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    async with websockets.connect(path(origin, session.id), additional_headers=cookie(tenant)) as browser:

        async def to_adapter() -> None:
            async for chunk in browser:
                assert isinstance(chunk, bytes)
                writer.write(chunk)

        async def to_server() -> None:
            while chunk := await reader.read(512):
                await browser.send(chunk)

        relaying = [asyncio.create_task(to_adapter()), asyncio.create_task(to_server())]
        found = await until_stored(services, tenant, session.id)
        for task in relaying:
            task.cancel()
    writer.close()
    assert (found.way, found.vin, found.state) == ("relay", VIN, "connected")
    await until_lost(services, tenant, session.id)
    values = await asyncio.to_thread(recorded, services, tenant.owner.actor, session.id)
    assert len(values) > 5


async def test_who_may_not_relay_is_closed_out(
    services: Services, tenant: Tenant, neighbour: Tenant, origin: str
) -> None:
    session = opened(services, tenant, "relay")
    for address, headers, code in (
        (path(origin, session.id), {}, 4401),
        (path(origin, session.id), {**cookie(tenant), "Origin": "https://evil.example"}, 4403),
        (path(origin, session.id), cookie(neighbour), 4404),
        (path(origin, new_id()), cookie(tenant), 4404),
    ):
        async with websockets.connect(address, additional_headers=headers) as socket:
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == code
