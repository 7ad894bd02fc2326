"""The widget before real servers: lost connections, and two workers that share database and Redis."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services, build_services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import Database
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.jobs.live_hints import live_hints
from carbot_app.kit.clock import system_clock
from tests.api.conftest import make_tenant, settings_for
from tests.api.test_widget import ROOT, answer_of, card, events_of
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.http_server import HttpServer
from tests.peers.redis_server import open_redis

QUESTION = "Bremsen quietschen, Golf 7, was kostet das und wann habt ihr Zeit?"


@dataclass
class Worker:
    """One web process: its services and its address."""

    services: Services
    origin: str


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with open_redis() as url:
        yield url


@pytest.fixture
def workers(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[list[Worker]]:
    started: list[tuple[Worker, HttpServer, OutboxWorker, Database]] = []
    for number in range(2):
        database = Database(database_url)
        settings = settings_for(tmp_path / str(number), redis_url=redis_url, chat_rate_per_minute=1000)
        services = build_services(settings, db=database, clock=system_clock, passwords=CHEAP_HASHER)
        services.live.start()
        outbox = OutboxWorker(database, system_clock, quick={"live": live_hints(services.live)}, slow={})
        database.on_emit = outbox.wake
        outbox.start()
        server = HttpServer(create_api(services))
        server.start()
        started.append((Worker(services, server.origin), server, outbox, database))
    yield [worker for worker, *_ in started]
    for worker, server, outbox, database in started:
        server.stop()
        outbox.stop()
        worker.services.live.close()  # pyright: ignore[reportAttributeAccessIssue]
        database.close()


@dataclass
class Talk:
    """A conversation that may reach either worker."""

    id: str
    token: str

    @property
    def path(self) -> str:
        return f"{ROOT}/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def open_talk(worker: Worker, slug: str) -> Talk:
    async with httpx.AsyncClient() as client:
        started = (await client.post(f"{worker.origin}{ROOT}/{slug}/conversations", json={})).json()
    return Talk(started["conversation_id"], started["token"])


@asynccontextmanager
async def posting(worker: Worker, talk: Talk, text: str, client_id: str) -> AsyncIterator[httpx.Response]:
    body = {"client_id": client_id, "text": text}
    async with (
        httpx.AsyncClient(timeout=30) as client,
        client.stream(
            "POST", worker.origin + talk.path + "/messages", json=body, headers=talk.headers
        ) as response,
    ):
        yield response


async def say(worker: Worker, talk: Talk, text: str, client_id: str) -> list[tuple[str, Any]]:
    async with posting(worker, talk, text, client_id) as response:
        return events_of((await response.aread()).decode())


async def thread_of(worker: Worker, talk: Talk) -> dict[str, Any]:
    async with httpx.AsyncClient() as client:
        return (await client.get(worker.origin + talk.path, headers=talk.headers)).json()


def workshop_of(worker: Worker) -> Any:
    tenant = make_tenant(worker.services, "Kfz-Meisterbetrieb Müller", "sabine@mueller.de")
    return tenant.owner.actor, worker.services.team.get_workshop(tenant.owner.actor).slug


async def test_an_answer_cut_off_by_a_lost_connection_is_complete_afterwards(workers: list[Worker]) -> None:
    first, second = workers
    _, slug = await asyncio.to_thread(workshop_of, first)
    talk = await open_talk(first, slug)
    async with posting(first, talk, QUESTION, "lost") as response:
        async for line in response.aiter_lines():
            if line == "event: delta":
                break
    replayed = await say(first, talk, QUESTION, "lost")
    elsewhere = await say(second, talk, QUESTION, "lost")
    assert card(answer_of(replayed), "slots")
    assert answer_of(replayed) == answer_of(elsewhere)
    thread = await thread_of(second, talk)
    assert [message["author"] for message in thread["messages"]] == ["customer", "assistant"]
    assert thread["messages"][1] == answer_of(replayed)


async def test_a_replay_at_another_worker_waits_for_the_answer_under_way(
    workers: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0.1)
    first, second = workers
    _, slug = await asyncio.to_thread(workshop_of, first)
    talk = await open_talk(first, slug)
    async with posting(first, talk, QUESTION, "slow") as response:
        async for line in response.aiter_lines():
            if line == "event: delta":
                break
        elsewhere = await say(second, talk, QUESTION, "slow")
    assert card(answer_of(elsewhere), "slots")
    assert len((await thread_of(first, talk))["messages"]) == 2


async def test_a_reply_given_at_one_worker_reaches_the_widget_at_the_other_at_once(
    workers: list[Worker],
) -> None:
    first, second = workers
    owner, slug = await asyncio.to_thread(workshop_of, first)
    talk = await open_talk(first, slug)
    await say(first, talk, "Hallo", "c1")
    address = f"{second.origin.replace('http', 'ws')}{talk.path}/live?token={talk.token}"
    async with websockets.connect(address) as socket:
        assert json.loads(await asyncio.wait_for(socket.recv(), 5))["mode"] == "assistant"
        thread = await asyncio.to_thread(_thread, first, owner, talk)
        began = time.perf_counter()
        await asyncio.to_thread(first.services.inbox.reply, owner, thread.conversation_id, "Guten Tag")
        told: list[dict[str, Any]] = []
        while not any(hint.get("last_seq") == 4 for hint in told):
            told.append(json.loads(await asyncio.wait_for(socket.recv(), 5)))
        took = time.perf_counter() - began
        while not any(hint.get("mode") == "human" for hint in told):
            told.append(json.loads(await asyncio.wait_for(socket.recv(), 5)))
    assert took < 1.0
    assert {"type": "mode", "mode": "human", "agent_name": owner.name} in told
    assert (await thread_of(second, talk))["messages"][-1]["text"] == "Guten Tag"


def _thread(worker: Worker, owner: Any, talk: Talk) -> Any:
    from uuid import UUID

    return worker.services.inbox.get_thread(owner, UUID(talk.id))
