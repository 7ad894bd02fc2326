"""Every process hears at once when a catalogue has changed, whichever process changed it."""

from collections.abc import Callable
from uuid import UUID

from carbot_app.kit.live import CATALOGUES, LiveBus


async def follow_catalogues(bus: LiveBus, forget: Callable[[UUID], None]) -> None:
    """``forget`` the workshop's catalogue after each hint; runs until cancelled.

    A lost hint costs no more than ``CACHE_SECONDS`` of the catalogue's service.
    """
    async with bus.subscribe(CATALOGUES) as hints:
        async for hint in hints:
            forget(UUID(hint["id"]))
