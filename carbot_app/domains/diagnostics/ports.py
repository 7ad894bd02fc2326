"""What diagnostics needs from outside: somebody who talks to cars, and a writer of tables."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from carbot_app.domains.diagnostics.report_schemas import ReportSheet
from carbot_app.domains.diagnostics.wire import AgentMessage, ServerMessage


class ByteLink(Protocol):
    """Raw bytes to and from an adapter, wherever it is plugged in."""

    async def read(self) -> bytes:
        """What has come in since, at least one byte; empty when the link is gone."""
        ...

    async def write(self, chunk: bytes) -> None:
        """Send; raises ConnectionError when the link is gone."""
        ...


class CarTalker(Protocol):
    """Speaks to the car behind a link and behaves like an agent on the wire (wire.py)."""

    async def talk(
        self,
        link: ByteLink,
        car: str,
        send: Callable[[AgentMessage], Awaitable[None]],
        orders: AsyncIterator[ServerMessage],
    ) -> None:
        """Until the link is gone or a ``Stop`` comes: send Hello, Start, Samples …; obey the orders.

        ``car`` is the id to use for the car.
        """
        ...

    async def talk_to(
        self,
        address: str,
        car: str,
        send: Callable[[AgentMessage], Awaitable[None]],
        orders: AsyncIterator[ServerMessage],
    ) -> None:
        """The same for an adapter of this machine, ``socket://host:port`` or a device, until ``Stop``."""
        ...


class ReportPrinter(Protocol):
    """Prints reports for customers."""

    def print_report(self, sheet: ReportSheet) -> bytes:
        """A PDF of one or more pages; the same sheet is the same file."""
        ...


class SummaryUnavailable(Exception):
    """Nobody can write now. ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SummaryWriter(Protocol):
    """Writes a few sentences about what was found."""

    def write(self, workshop_id: UUID, told: Mapping[str, Any], audience: str, language: str) -> str:
        """A text in ``language`` for a mechanic or a customer (``audience``) that says only what is told.

        Whether it does is for the caller to check (faithful.py). Raises SummaryUnavailable.
        """
        ...


class ParquetWriter(Protocol):
    """Writes a table as Apache Parquet."""

    def write(self, columns: Mapping[str, Sequence[Any]]) -> bytes:
        """A file of these columns, of equal length: ``time`` aware instants, texts, whole numbers, floats."""
        ...
