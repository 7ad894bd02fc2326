"""Reads the adapters of the server for as long as their sessions last; one task per adapter."""

import asyncio
from functools import partial
from uuid import UUID, uuid4

import structlog
from starlette.concurrency import run_in_threadpool

from carbot_app.api.diagnostics_agent import drain, run_line
from carbot_app.api.diagnostics_hub import DiagnosticHub
from carbot_app.api.diagnostics_line import AgentLine
from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics import states, wire
from carbot_app.domains.diagnostics.keeping import Kept

EVERY_SECONDS = 2.0
"""How often is looked what is to be read; well within keeping.LEASE."""

log = structlog.get_logger()


class AdapterKeeper:
    """One per web process. Which of several processes reads an adapter is decided in the database."""

    def __init__(
        self, services: Services, hub: DiagnosticHub, *, every_seconds: float = EVERY_SECONDS
    ) -> None:
        self._services = services
        self._hub = hub
        self._every = every_seconds
        self._holder = uuid4().hex
        self._reading: dict[UUID, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled; then every adapter is let go for the next process."""
        keeping = self._services.diagnostics.keeping
        if not keeping.allowed:
            return
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._every)
        finally:
            await self._end(*self._reading)
            await run_in_threadpool(keeping.let_go, self._holder)

    async def _look(self) -> None:
        try:
            taken = await run_in_threadpool(self._services.diagnostics.keeping.take, self._holder)
        except Exception as error:
            # A database that is away for a moment ends no recording: the lease outlasts it
            log.warning("diagnostics.adapters_not_looked_up", error=type(error).__name__)
            return
        wanted = {one.session_id: one for one in taken}
        done = [session_id for session_id, task in self._reading.items() if task.done()]
        await self._end(*done, *(self._reading.keys() - wanted.keys()))
        for session_id in wanted.keys() - self._reading.keys():
            self._reading[session_id] = asyncio.create_task(self._read(wanted[session_id]))

    async def _read(self, kept: Kept) -> None:
        """Until the session ends or the adapter is let go."""
        orders: asyncio.Queue[wire.ServerMessage] = asyncio.Queue()
        line = AgentLine(self._services, self._hub, kept.actor, orders.put, way=states.SERVER)
        talker = self._services.diagnostics.talker
        talk = partial(talker.talk_to, kept.address, kept.car, line.hear, drain(orders))
        try:
            await run_line(line, talk)
        except Exception as error:
            log.error("diagnostics.adapter_not_read", error=type(error).__name__)

    async def _end(self, *session_ids: UUID) -> None:
        tasks = [task for one in set(session_ids) if (task := self._reading.pop(one, None))]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
