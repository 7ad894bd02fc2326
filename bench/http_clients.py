"""A small keep-alive HTTP client for load: the standard library's own costs more than what is measured."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping


class Connection:
    """One keep-alive connection; answers must have a content length or be chunked."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def get(self, path: str, headers: Mapping[str, str]) -> int:
        """Status of a GET, its body read to the end."""
        status, length = await self._send("GET", path, headers, b"")
        assert length is not None
        await self._reader.readexactly(length)
        return status

    async def post(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Status of a POST, its answer read to the end."""
        status, length = await self._send("POST", path, headers, body)
        assert length is not None
        await self._reader.readexactly(length)
        return status

    async def stream(
        self, path: str, headers: Mapping[str, str], body: bytes
    ) -> AsyncIterator[tuple[float, str]]:
        """Lines of a POST's chunked answer, each with the moment it arrived."""
        status, length = await self._send("POST", path, headers, body)
        assert status == 200, status
        assert length is None, "not streamed"
        while size := int(await self._reader.readline(), 16):
            chunk = await self._reader.readexactly(size + 2)
            arrived = time.perf_counter()
            for line in chunk.decode().splitlines():
                yield arrived, line
        await self._reader.readline()

    async def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, int | None]:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self._host}:{self._port}",
            f"Content-Length: {len(body)}",
        ]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        status = int((await self._reader.readline()).split()[1])
        length = None
        while (line := await self._reader.readline()) != b"\r\n":
            name, _, value = line.decode().partition(":")
            if name.lower() == "content-length":
                length = int(value)
        return status, length

    def close(self) -> None:
        self._writer.close()
