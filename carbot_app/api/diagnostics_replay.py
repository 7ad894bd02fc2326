"""Playing a recording: the same frames a live session sends, in its time or faster."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.concurrency import run_in_threadpool

from carbot_app.domains.diagnostics.schemas import Piece
from carbot_app.kit.clock import epoch_ms

SLOWEST, FASTEST = 1.0, 20.0
FRAME_SECONDS = 0.1
LONGEST_PAUSE_MS = 3_000
"""Where nothing was read for longer, time is skipped."""
_LATEST_MS = 2**42

Fetch = Callable[..., list[Piece]]
"""``(start=…)`` → the pieces from there on (RecordingService.list_pieces)."""
_Reading = tuple[int, int, float]


class Replay:
    """One browser's place in a recording; times are milliseconds since 1970."""

    def __init__(self, fetch: Fetch, *, speed: float = 1.0, from_ms: int | None = None) -> None:
        self._fetch = fetch
        self._speed = speed
        self._paused = False
        self._seek_ms = from_ms
        self._changed = asyncio.Event()

    def control(self, wish: Mapping[str, Any]) -> None:
        """Obey ``speed``, ``paused`` and ``seek_ms``; what makes no sense is ignored."""
        speed, paused, seek = wish.get("speed"), wish.get("paused"), wish.get("seek_ms")
        if isinstance(speed, int | float) and SLOWEST <= speed <= FASTEST:
            self._speed = float(speed)
        if isinstance(paused, bool):
            self._paused = paused
        if type(seek) is int and 0 <= seek <= _LATEST_MS:
            self._seek_ms = seek
        self._changed.set()

    async def play(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """From the start or the sought moment to the end; then wait for another wish. Never returns."""
        while True:
            if await self._play_through(send):
                await send({"t": "end"})
                self._changed.clear()
                while self._seek_ms is None:
                    await self._changed.wait()
                    self._changed.clear()

    async def _play_through(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> bool:
        """Whether the end was reached; False: another moment was sought."""
        start, self._seek_ms = self._seek_ms, None
        place = -1 if start is None else start - 1
        while readings := await self._next(place):
            while readings:
                if self._seek_ms is not None:
                    return False
                if self._paused:
                    self._changed.clear()
                    await self._changed.wait()
                    continue
                first = readings[0][0]
                if 0 <= place < first - LONGEST_PAUSE_MS:
                    await send({"t": "gap", "from_ms": place, "to_ms": first})
                    place = first - 1
                until = max(place, first - 1) + round(FRAME_SECONDS * 1000 * self._speed)
                count = next((n for n, one in enumerate(readings) if one[0] > until), len(readings))
                frame, readings, place = readings[:count], readings[count:], until
                await send(_frame(frame))
                await asyncio.sleep(FRAME_SECONDS)
            # The last frame may reach beyond its readings
            place = min(place, self._last_ms)
        return True

    async def _next(self, place: int) -> list[_Reading]:
        """The readings after ``place``, as many as come in one go."""
        start = None if place < 0 else datetime.fromtimestamp((place + 1) / 1000, UTC)
        pieces = await run_in_threadpool(self._fetch, start=start)
        readings: list[_Reading] = []
        for piece in pieces:
            begin = epoch_ms(piece.starts_at)
            readings += [
                (begin + after, pid, value) for after, pid, value in piece.rows if begin + after > place
            ]
        if readings:
            self._last_ms = readings[-1][0]
        return readings


def _frame(readings: list[_Reading]) -> dict[str, Any]:
    base = readings[0][0]
    rows = [[at - base, pid, value] for at, pid, value in readings]
    return {"t": "samples", "base_ms": base, "rows": rows}
