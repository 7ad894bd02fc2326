"""Both live buses keep the same promises; Redis is a real server."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest

from carbot_app.adapters.live.memory import QUEUE_LIMIT, MemoryLiveBus
from carbot_app.adapters.live.redis import RedisLiveBus, redis_version
from carbot_app.db.outbox_worker import Delivery
from carbot_app.jobs.catalog_news import follow_catalogues
from carbot_app.jobs.live_hints import live_hints
from carbot_app.kit.clock import system_clock
from carbot_app.kit.ids import new_id
from carbot_app.kit.live import LiveBus
from tests.peers.redis_server import open_redis


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with open_redis() as url:
        yield url


@pytest.fixture(params=["memory", "redis"])
def bus(request: pytest.FixtureRequest) -> Iterator[LiveBus]:
    if request.param == "memory":
        yield MemoryLiveBus()
        return
    bus = RedisLiveBus(request.getfixturevalue("redis_url"))
    bus.start()
    assert bus.wait_ready()
    yield bus
    bus.close()


async def test_every_subscriber_of_a_channel_hears_a_message_and_others_do_not(bus: LiveBus) -> None:
    async with (
        bus.subscribe("workshop:1") as first,
        bus.subscribe("workshop:1") as second,
        bus.subscribe("workshop:2") as other,
    ):
        await asyncio.to_thread(bus.publish, "workshop:1", {"topic": "lead", "id": "ä"})
        assert await asyncio.wait_for(anext(first), 2) == {"topic": "lead", "id": "ä"}
        assert await asyncio.wait_for(anext(second), 2) == {"topic": "lead", "id": "ä"}
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(anext(other), 0.1)


async def test_every_process_reads_a_changed_catalogue_anew(bus: LiveBus) -> None:
    forgotten: asyncio.Queue[UUID] = asyncio.Queue()
    workshop = new_id()
    following = asyncio.create_task(follow_catalogues(bus, forgotten.put_nowait))
    await asyncio.sleep(0.05)
    delivery = Delivery(new_id(), workshop, "catalog.changed", {}, system_clock())
    await asyncio.to_thread(live_hints(bus), delivery)
    assert await asyncio.wait_for(forgotten.get(), 2) == workshop
    following.cancel()


async def test_a_closed_subscription_leaves_nothing_behind(bus: LiveBus) -> None:
    async with bus.subscribe("workshop:1"):
        pass
    local = bus._local if isinstance(bus, RedisLiveBus) else bus
    assert isinstance(local, MemoryLiveBus)
    assert not local._queues


async def test_a_slow_subscriber_does_not_fill_the_memory() -> None:
    bus = MemoryLiveBus()
    async with bus.subscribe("workshop:1") as messages:
        for number in range(QUEUE_LIMIT + 50):
            bus.publish("workshop:1", {"n": number})
        await asyncio.sleep(0)
        received = [await anext(messages) for _ in range(QUEUE_LIMIT)]
        assert received[-1] == {"n": QUEUE_LIMIT - 1}


async def test_messages_cross_processes_through_redis(redis_url: str) -> None:
    sender, receiver = RedisLiveBus(redis_url), RedisLiveBus(redis_url)
    sender.start()
    receiver.start()
    assert sender.wait_ready()
    assert receiver.wait_ready()
    try:
        async with receiver.subscribe("conversation:7") as messages:
            await asyncio.to_thread(sender.publish, "conversation:7", {"type": "changed"})
            assert await asyncio.wait_for(anext(messages), 2) == {"type": "changed"}
    finally:
        sender.close()
        receiver.close()


def test_the_version_of_the_server_is_known_and_nobody_has_none(redis_url: str) -> None:
    assert redis_version(redis_url) >= (6,)
    assert redis_version("redis://127.0.0.1:1") == ()
