"""Live signals between processes and browsers: small hints that something changed, never the content."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID


class LiveBus(Protocol):
    """Fire-and-forget fan-out; a subscriber that was away refetches on reconnect."""

    def start(self) -> None:
        """Begin listening; once in every process, after it was forked."""
        ...

    def publish(self, channel: str, message: dict[str, Any]) -> None:
        """Send a JSON-ready ``message`` to every subscriber of ``channel``; callable from any thread."""
        ...

    def subscribe(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[dict[str, Any]]]:
        """Messages published to ``channel`` while the context is open."""
        ...

    def is_reachable(self) -> bool:
        """Whether hints reach other processes now; may wait for the network."""
        ...


CATALOGUES = "catalogues"
"""Channel of the processes: the catalogue of the workshop ``id`` has changed."""


def workshop_channel(workshop_id: UUID) -> str:
    """Channel of a workshop's staff."""
    return f"workshop:{workshop_id}"


def conversation_channel(conversation_id: UUID) -> str:
    """Channel of one customer's thread."""
    return f"conversation:{conversation_id}"
