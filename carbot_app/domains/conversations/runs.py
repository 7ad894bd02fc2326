"""Answers under way: they go on when nobody listens any more, and can be listened to again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from carbot_app.domains.conversations.answers import AnswerEvent


class AnswerRun:
    """The events of one answer, for any number of listeners."""

    def __init__(self, *, heard: bool = True) -> None:
        self.heard = heard
        """False: nobody will listen, so nothing need read as being written."""
        self._events: list[AnswerEvent] = []
        self._ended = False
        self._more = asyncio.Event()

    def publish(self, event: AnswerEvent) -> None:
        """Tell every listener."""
        self._events.append(event)
        self._wake()

    def end(self) -> None:
        """No more events."""
        self._ended = True
        self._wake()

    async def listen(self) -> AsyncIterator[AnswerEvent]:
        """All events from the first one on, until the end."""
        heard = 0
        while True:
            more = self._more
            while heard < len(self._events):
                heard += 1
                yield self._events[heard - 1]
            if self._ended:
                return
            await more.wait()

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()


class AnswerRuns:
    """Runs of this process by the message they answer; one at a time per conversation, in order."""

    def __init__(self) -> None:
        self._runs: dict[UUID, AnswerRun] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: dict[UUID, tuple[asyncio.Lock, int]] = {}

    def find(self, message_id: UUID) -> AnswerRun | None:
        """The run under way for a message."""
        return self._runs.get(message_id)

    def start(
        self, conversation_id: UUID, message_id: UUID, work: Callable[[AnswerRun], Awaitable[None]]
    ) -> AnswerRun:
        """Begin ``work`` in the background after what the conversation still has to do."""
        run = self._runs[message_id] = AnswerRun()
        task = asyncio.create_task(self._do(conversation_id, message_id, run, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return run

    async def wait_all(self) -> None:
        """Until every answer under way is stored; for a clean shutdown."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _do(
        self,
        conversation_id: UUID,
        message_id: UUID,
        run: AnswerRun,
        work: Callable[[AnswerRun], Awaitable[None]],
    ) -> None:
        try:
            async with self._turn(conversation_id):
                await work(run)
        finally:
            run.end()
            del self._runs[message_id]

    @asynccontextmanager
    async def _turn(self, conversation_id: UUID) -> AsyncIterator[None]:
        lock, waiting = self._turns.get(conversation_id, (asyncio.Lock(), 0))
        self._turns[conversation_id] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turns.pop(conversation_id)
            if waiting > 1:
                self._turns[conversation_id] = (lock, waiting - 1)
