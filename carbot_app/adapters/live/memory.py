"""Live bus inside one process."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

QUEUE_LIMIT = 256
"""A browser that is this far behind loses hints; it refetches anyway with the next one."""


class MemoryLiveBus:
    """Hands messages to the event loops of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queues: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[dict[str, Any]]]]]
        self._queues = defaultdict(set)

    def start(self) -> None:
        """See LiveBus.start; nothing to do inside one process."""

    def publish(self, channel: str, message: dict[str, Any]) -> None:
        """Deliver to every open subscription of ``channel`` in this process."""
        with self._lock:
            targets = tuple(self._queues.get(channel, ()))
        for loop, queue in targets:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_offer, queue, message)

    def is_reachable(self) -> bool:
        """See LiveBus.is_reachable; there are no other processes."""
        return True

    @asynccontextmanager
    async def subscribe(self, channel: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """See LiveBus.subscribe."""
        entry = (asyncio.get_running_loop(), asyncio.Queue(QUEUE_LIMIT))
        with self._lock:
            self._queues[channel].add(entry)
        try:
            yield _drain(entry[1])
        finally:
            with self._lock:
                self._queues[channel].discard(entry)
                if not self._queues[channel]:
                    del self._queues[channel]


def _offer(queue: asyncio.Queue[dict[str, Any]], message: dict[str, Any]) -> None:
    if not queue.full():
        queue.put_nowait(message)


async def _drain(queue: asyncio.Queue[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    while True:
        yield await queue.get()
