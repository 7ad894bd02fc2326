"""A CalDAV server gone wrong: it answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

_METHODS = ["PROPFIND", "REPORT", "PUT", "DELETE", "GET"]
_ELSEWHERE = (
    b'<d:multistatus xmlns:d="DAV:"><d:response><d:href>http://localhost:9/steal/</d:href><d:propstat><d:prop>'
    b"<d:getetag>1</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    b"</d:multistatus>"
)
_BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<d:multistatus xmlns:d="DAV:"><d:sync-token>&b;</d:sync-token></d:multistatus>'
)
_NONSENSE = {
    "html": b"<html><body>Wartungsarbeiten</body></html>",
    "broken": b"<d:multistatus xmlns:d='DAV:'><d:resp",
    "bomb": _BOMB,
    "elsewhere": _ELSEWHERE,
    "empty": b"",
    "binary": b"\x00\xff\xfe" * 100,
}
_STATUSES = {"down": 502, "over": 503, "refusing": 401, "forbidding": 403}


class BadCalendar:
    """``trouble`` is one of the kinds above, or huge, dripping, slow, busy or circling."""

    def __init__(self) -> None:
        self.trouble = "down"
        self.asked = 0

    def app(self) -> Starlette:
        """The ASGI application; every address is the same."""
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=_METHODS)])

    async def _answer(self, request: Request) -> Response:
        self.asked += 1
        if self.trouble in _STATUSES:
            return PlainTextResponse("no", _STATUSES[self.trouble])
        if self.trouble == "busy":
            return PlainTextResponse("later", 429, headers={"retry-after": "120"})
        if self.trouble == "circling":
            return Response(status_code=302, headers={"location": str(request.url)})
        if self.trouble == "slow":
            await asyncio.sleep(3)
        if self.trouble == "dripping":
            return StreamingResponse(_drops(b" ", 60, 0.1), 207)
        if self.trouble == "huge":
            return StreamingResponse(_drops(b" " * 1_000_000, 12, 0), 207)
        return Response(_NONSENSE.get(self.trouble, b""), 207, media_type="application/xml")


async def _drops(piece: bytes, count: int, pause: float) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield piece
        await asyncio.sleep(pause)
