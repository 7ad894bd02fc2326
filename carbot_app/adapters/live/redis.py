"""Live bus across processes through Redis pub/sub.

Each process holds one Redis subscription for everything and fans out in memory, so that ten thousand
browsers do not mean ten thousand Redis connections.
"""

import json
import threading
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import redis
import structlog

from carbot_app.adapters.live.memory import MemoryLiveBus

PREFIX = "carbot:live:"
RETRY_SECONDS = 0.5

log = structlog.get_logger()


class RedisLiveBus:
    """Publishes to Redis; a background thread brings what Redis says to the local subscribers."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, health_check_interval=15)
        self._local = MemoryLiveBus()
        self._closed = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="live-redis", daemon=True)

    def start(self) -> None:
        """See LiveBus.start."""
        self._thread.start()

    def publish(self, channel: str, message: dict[str, Any]) -> None:
        """Send to every process; a Redis outage costs the hint, not the change behind it."""
        try:
            self._redis.publish(PREFIX + channel, json.dumps(message))
        except redis.RedisError as error:
            log.warning("live.publish_failed", error=type(error).__name__)
            self._local.publish(channel, message)

    def subscribe(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[dict[str, Any]]]:
        """See LiveBus.subscribe."""
        return self._local.subscribe(channel)

    def is_reachable(self) -> bool:
        """See LiveBus.is_reachable."""
        try:
            return bool(self._redis.ping()) and self._ready.is_set()
        except redis.RedisError:
            return False

    def wait_ready(self, timeout: float = 5.0) -> bool:
        """Wait until the Redis subscription stands; False on time-out."""
        return self._ready.wait(timeout)

    def close(self) -> None:
        """End the listening thread and the connections."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)
        self._redis.close()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                with self._redis.pubsub(ignore_subscribe_messages=False) as pubsub:
                    pubsub.psubscribe(PREFIX + "*")
                    while not self._closed.is_set():
                        self._forward(pubsub.get_message(timeout=0.5))
            except redis.RedisError as error:
                self._ready.clear()
                log.warning("live.redis_lost", error=type(error).__name__)
                time.sleep(RETRY_SECONDS)

    def _forward(self, received: dict[str, Any] | None) -> None:
        if received is None:
            return
        if received["type"] == "psubscribe":
            self._ready.set()
        elif received["type"] == "pmessage":
            self._local.publish(
                received["channel"].decode().removeprefix(PREFIX), json.loads(received["data"])
            )


def redis_version(url: str) -> tuple[int, ...]:
    """Version of the server, e.g. ``(7, 4, 1)``; empty when it does not answer."""
    try:
        with redis.Redis.from_url(url, socket_timeout=5) as connection:
            told: Any = connection.info("server")
    except redis.RedisError:
        return ()
    return tuple(int(part) for part in str(told["redis_version"]).split("."))
