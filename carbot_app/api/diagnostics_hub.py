"""What all diagnostic streams of a process share: writing off the event loop, and publishing."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool

from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics import recording
from carbot_app.domains.diagnostics.collecting import Block
from carbot_app.domains.diagnostics.orders import readings_channel
from carbot_app.domains.diagnostics.schemas import Recorded
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import epoch_ms

ODOMETER = 0xA6


@dataclass(frozen=True, slots=True)
class Filled:
    """A block of one session, still to be packed and stored."""

    session_id: UUID
    block: Block
    clock_jumps: int = 0


class DiagnosticHub:
    """One per process. Blocks that wait are stored together, one transaction per workshop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: list[tuple[Actor, Filled, asyncio.Future[int | None]]] = []
        self._writing: asyncio.Task[None] | None = None
        # One thread: readings stay in order, and a slow Redis never holds up the event loop
        self._publisher = ThreadPoolExecutor(1, thread_name_prefix="diagnostics-live")

    def now_ms(self) -> int:
        """Milliseconds since 1970."""
        return epoch_ms(self._services.clock())

    async def store(self, actor: Actor, filled: Filled) -> int | None:
        """Up to which batch is stored now; None when another connection has been faster (intake.store)."""
        stored: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((actor, filled, stored))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await stored

    def publish(self, session_id: UUID, message: dict[str, Any]) -> None:
        """Tell the browsers that watch this session."""
        self.publish_to(readings_channel(session_id), message)

    def publish_to(self, channel: str, message: dict[str, Any]) -> None:
        """Publish without waiting."""
        self._publisher.submit(self._services.live.publish, channel, message)

    async def _write(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            by_workshop = defaultdict(list)
            for one in taken:
                by_workshop[one[0].workshop_id].append(one)
            for some in by_workshop.values():
                try:
                    stored = await run_in_threadpool(self._store, some[0][0], [one[1] for one in some])
                except Exception as error:
                    # Whoever waits hears of it: their connection ends, and nothing was acknowledged
                    for _, _, future in some:
                        _settle(future, error)
                    continue
                for _, filled, future in some:
                    _settle(future, stored.get((filled.session_id, filled.block.first_seq)))

    def _store(self, actor: Actor, filled: Sequence[Filled]) -> dict[tuple[UUID, int], int]:
        blocks = [_recorded(one) for one in filled]
        done = self._services.diagnostics.intake.store(actor, blocks)
        return {
            (one.session_id, one.first_seq): one.last_seq
            for one in blocks
            if one.last_seq <= done.get(one.session_id, -1)
        }


def _settle(future: asyncio.Future[int | None], result: int | Exception | None) -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)


def _recorded(filled: Filled) -> Recorded:
    block = filled.block
    odometer = [value for _, pid, value in block.rows if pid == ODOMETER]
    return Recorded(
        session_id=filled.session_id,
        first_seq=block.first_seq,
        last_seq=block.last_seq,
        starts_at=datetime.fromtimestamp(block.starts_ms / 1000, UTC),
        span_ms=block.span_ms,
        sample_count=len(block.rows),
        packed=recording.pack(block.rows) if block.rows else b"",
        batches_lost=block.batches_lost,
        clock_jumps=filled.clock_jumps,
        km=round(odometer[-1]) if odometer else None,
    )
