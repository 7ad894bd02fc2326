"""The server reads its own adapter though nobody looks, in one of two processes, until the session ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from carbot_app.api.diagnostics_hub import DiagnosticHub
from carbot_app.api.diagnostics_keeper import AdapterKeeper
from carbot_app.bootstrap import Services, build_services
from carbot_app.db.session import Database
from carbot_app.domains.diagnostics.schemas import SessionOpen, SessionView
from carbot_app.kit.clock import system_clock
from tests.api.conftest import Tenant, make_tenant, settings_for
from tests.api.diagnostic_streams import recorded
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.elm327_cars import VIN
from tests.peers.obd_adapter import SimulatedAdapter
from tests.peers.redis_server import open_redis


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with open_redis() as url:
        yield url


@pytest.fixture
def processes(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[list[Services]]:
    """Two that share database and Redis."""
    started: list[Services] = []
    for number in range(2):
        settings = settings_for(tmp_path / str(number), redis_url=redis_url, obd_server_adapters=True)
        database = Database(database_url)
        services = build_services(settings, db=database, clock=system_clock, passwords=CHEAP_HASHER)
        services.live.start()
        assert services.live.wait_ready()  # pyright: ignore[reportAttributeAccessIssue]
        started.append(services)
    yield started
    for services in started:
        services.live.close()  # pyright: ignore[reportAttributeAccessIssue]
        services.db.close()


@pytest.fixture
def tenant(processes: list[Services]) -> Tenant:
    return make_tenant(processes[0], "Kfz-Meisterbetrieb Müller", "sabine@mueller.de")


@pytest.fixture
def adapter() -> Iterator[SimulatedAdapter]:
    """It takes one connection at a time, as the real ones do."""
    with SimulatedAdapter("healthy") as adapter:
        yield adapter


@asynccontextmanager
async def keeping(services: Services) -> AsyncIterator[asyncio.Task[None]]:
    """The keeper of one process, until the block ends."""
    task = asyncio.create_task(AdapterKeeper(services, DiagnosticHub(services), every_seconds=0.2).run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def open_at_server(services: Services, tenant: Tenant, adapter: SimulatedAdapter) -> UUID:
    owner, diagnostics = tenant.owner.actor, services.diagnostics
    made = diagnostics.agents.add_adapter(owner, "Grube", adapter.address)
    return diagnostics.sessions.open_session(owner, SessionOpen(way="server", adapter_id=made.id)).id


async def until(
    services: Services, tenant: Tenant, session_id: UUID, holds: Callable[[SessionView], bool]
) -> SessionView:
    get = services.diagnostics.sessions.get_session
    async with asyncio.timeout(60):
        while not holds(found := await asyncio.to_thread(get, tenant.owner.actor, session_id)):
            await asyncio.sleep(0.1)
    return found


async def test_one_of_two_processes_records_with_no_page_open_until_the_session_ends(
    processes: list[Services], tenant: Tenant, adapter: SimulatedAdapter
) -> None:
    first, second = processes
    session_id = await asyncio.to_thread(open_at_server, first, tenant, adapter)
    async with keeping(first), keeping(second):
        found = await until(second, tenant, session_id, lambda one: bool(one.vin))
        assert (found.way, found.vin) == ("server", VIN)
        await asyncio.sleep(1.5)
        await asyncio.to_thread(second.diagnostics.sessions.end_session, tenant.owner.actor, session_id)
        await until(first, tenant, session_id, lambda one: one.sample_count > 0)
        left = await asyncio.to_thread(first.diagnostics.keeping.take, "somebody else")
    values = await asyncio.to_thread(recorded, first, tenant.owner.actor, session_id)
    assert (len(values) > 5, left) == (True, ())


@pytest.mark.thorough
async def test_when_a_process_ends_the_other_one_goes_on_with_the_same_recording(
    processes: list[Services], tenant: Tenant, adapter: SimulatedAdapter
) -> None:
    first, second = processes
    session_id = await asyncio.to_thread(open_at_server, first, tenant, adapter)
    async with keeping(first):
        await until(first, tenant, session_id, lambda one: bool(one.vin))
        await asyncio.sleep(1.5)
    before = await until(first, tenant, session_id, lambda one: one.sample_count > 0)
    async with keeping(second):
        await until(second, tenant, session_id, lambda one: one.state == "connected")
        await asyncio.sleep(4)
    after = await until(second, tenant, session_id, lambda one: one.sample_count > before.sample_count)
    assert (after.vin, after.batches_lost) == (VIN, 0)


async def test_where_the_operator_allows_no_adapters_the_keeper_rests(
    database_url: str, redis_url: str, tmp_path: Path
) -> None:
    database = Database(database_url)
    services = build_services(settings_for(tmp_path, redis_url=redis_url), db=database, clock=system_clock)
    await asyncio.wait_for(AdapterKeeper(services, DiagnosticHub(services)).run(), 5)
    database.close()
