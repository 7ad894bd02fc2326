"""Ways to an adapter: bytes out, bytes in."""

import asyncio
from typing import Protocol
from urllib.parse import urlsplit

from carbot_app.adapters.obd.errors import AdapterLost

OPEN_TIMEOUT = 10.0
_DEFAULT_PORT = 35000
"""Where ELM327 adapters with Wi-Fi listen."""
_CHUNKS = 64
"""Read ahead; then the browser has to wait."""


class Transport(Protocol):
    """A byte stream to one adapter; every method raises AdapterLost when it is gone."""

    async def read(self) -> bytes:
        """The next bytes, at least one."""
        ...

    async def write(self, content: bytes) -> None:
        """Send all of it."""
        ...

    async def close(self) -> None:
        """Let go of the adapter; nothing is raised."""
        ...


class StreamTransport:
    """A TCP connection or a serial line."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        """See Transport."""
        try:
            content = await self._reader.read(4096)
        except OSError as error:
            raise AdapterLost("unplugged") from error
        if not content:
            raise AdapterLost("unplugged")
        return content

    async def write(self, content: bytes) -> None:
        """See Transport."""
        try:
            self._writer.write(content)
            await self._writer.drain()
        except (OSError, RuntimeError) as error:
            raise AdapterLost("unplugged") from error

    async def close(self) -> None:
        """See Transport."""
        self._writer.close()


class ByteLink(Protocol):
    """How a browser's web socket looks from here; see domains/diagnostics/ports.py."""

    async def read(self) -> bytes:
        """At least one byte; empty when it is gone."""
        ...

    async def write(self, chunk: bytes) -> None:
        """Raises ConnectionError when it is gone."""
        ...


class RelayTransport:
    """An adapter a browser talks to (Web Serial, Web Bluetooth) and passes on byte by byte.

    The link is read by a task of its own: giving up waiting must not lose bytes half received.
    """

    def __init__(self, link: ByteLink) -> None:
        self._link = link
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue(_CHUNKS)
        self._pump = asyncio.create_task(self._receive())
        self._gone = False

    async def read(self) -> bytes:
        """See Transport."""
        content = b"" if self._gone else await self._arrived.get()
        if not content:
            self._gone = True
            raise AdapterLost("unplugged")
        return content

    async def write(self, content: bytes) -> None:
        """See Transport."""
        try:
            await self._link.write(content)
        except (OSError, RuntimeError) as error:
            raise AdapterLost("unplugged") from error

    async def close(self) -> None:
        """See Transport."""
        self._pump.cancel()

    async def _receive(self) -> None:
        content = b"."
        while content:
            try:
                content = await self._link.read()
            except (OSError, RuntimeError):
                content = b""
            await self._arrived.put(content)


def is_network(address: str) -> bool:
    """Whether an address leads over TCP: there is no baud rate to find out."""
    return address.startswith("socket://")


async def open_transport(address: str, baud: int = 38400) -> Transport:
    """Open ``socket://host:port`` or a serial device (USB, Bluetooth ``/dev/rfcomm0``, ``COM3``).

    Raises:
        AdapterLost: there is nobody; its reason is ``not_found``, ``not_allowed`` or ``unreachable``.
    """
    try:
        async with asyncio.timeout(OPEN_TIMEOUT):
            if is_network(address):
                place = urlsplit(address)
                return StreamTransport(
                    *await asyncio.open_connection(place.hostname, place.port or _DEFAULT_PORT)
                )
            return StreamTransport(*await _open_serial(address, baud))
    except PermissionError as error:
        raise AdapterLost("not_allowed") from error
    except FileNotFoundError as error:
        raise AdapterLost("not_found") from error
    except (OSError, TimeoutError, ValueError) as error:
        raise AdapterLost(_reason(error)) from error


async def _open_serial(device: str, baud: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    import serial_asyncio_fast

    return await serial_asyncio_fast.open_serial_connection(url=device, baudrate=baud, exclusive=True)


def _reason(error: BaseException) -> str:
    """pyserial wraps the reason of the operating system in a sentence."""
    number = getattr(error, "errno", None)
    return {2: "not_found", 13: "not_allowed"}.get(number or 0, "unreachable")
