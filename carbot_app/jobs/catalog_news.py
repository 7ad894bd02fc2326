"""Every process hears at once when a catalogue has changed, whichever process changed it."""

from uuid import UUID

from carbot_app.domains.catalog.service import CatalogService
from carbot_app.kit.live import CATALOGUES, LiveBus


async def follow_catalogues(bus: LiveBus, catalog: CatalogService) -> None:
    """Read a workshop's catalogue anew after each hint; runs until cancelled.

    A lost hint costs no more than ``CACHE_SECONDS``.
    """
    async with bus.subscribe(CATALOGUES) as hints:
        async for hint in hints:
            catalog.forget(UUID(hint["id"]))
