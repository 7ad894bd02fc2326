"""Request budgets per key or address, in memory or shared through Redis."""

import math
import time
from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from starlette.requests import HTTPConnection

from carbot_app.kit.errors import TooMany


class RateLimits:
    """Counts requests in a sliding window; when Redis is away, requests pass uncounted."""

    def __init__(self, redis_url: str = "") -> None:
        storage: Any = MemoryStorage()
        if redis_url:
            address = redis_url.replace("unix://", "redis+unix://", 1)
            storage = RedisStorage(f"async+{address}", wrap_exceptions=True, implementation="redispy")
        self._limiter = SlidingWindowCounterRateLimiter(storage)

    async def spend(self, connection: HTTPConnection, kind: str, who: str, per_minute: int) -> None:
        """Count one request of ``who``; the answer gets ``RateLimit-*`` headers (IETF draft, section 5).

        Raises:
            TooMany: with ``retry_after`` in seconds.
        """
        budget: RateLimitItem = RateLimitItemPerMinute(per_minute)
        try:
            allowed = await self._limiter.hit(budget, kind, who)
            window = await self._limiter.get_window_stats(budget, kind, who)
        except StorageError:
            return
        seconds = max(1, math.ceil(window.reset_time - time.time()))
        connection.scope["state"]["answer_headers"] = {
            "ratelimit-limit": str(per_minute),
            "ratelimit-remaining": str(max(0, window.remaining)),
            "ratelimit-reset": str(seconds),
        }
        if not allowed:
            raise TooMany(retry_after=seconds)


def client_address(connection: HTTPConnection) -> str:
    """Who is asking. A reverse proxy on this machine is believed about whom it forwards for."""
    peer = connection.client.host if connection.client else ""
    forwarded = connection.headers.get("x-forwarded-for", "")
    if forwarded and is_local(peer):
        return forwarded.rsplit(",", 1)[-1].strip()[:64]
    return peer


def is_local(host: str) -> bool:
    """Whether an address is this machine's own."""
    return host == "::1" or host.startswith("127.")
