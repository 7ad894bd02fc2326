"""Delivers outbox events to their consumers, at least once and in order of writing.

An event is claimed for a lease, handed to each consumer that has not handled it yet, and marked. A consumer
that fails is retried with growing delay while the others go on; consumers are therefore idempotent.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import col, select, update

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.kit.clock import Clock

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BATCH = 100
THREADS = 8
POLL_SECONDS = 0.25
GATHER_SECONDS = 0.1
MAX_WAIT = timedelta(seconds=60)
"""How long work that gives way does."""
MAX_DELAY = timedelta(minutes=30)
GIVE_UP_AFTER = 12
"""Attempts; with doubling delay this is about six hours."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as consumers see it."""

    id: UUID
    workshop_id: UUID
    kind: str
    payload: dict[str, Any]
    created_at: datetime


Consumer = Callable[[Delivery], None]


class OutboxWorker:
    """Runs in a thread of its own.

    ``quick`` consumers are called in the worker's thread (milliseconds: live hints); ``slow`` ones (mail,
    push) in a pool, so that a hanging push service never delays what staff sees.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        quick: Mapping[str, Consumer],
        slow: Mapping[str, Consumer],
        only: Collection[str] = (),
        without: Collection[str] = (),
        at_once: int | None = None,
        is_pouring: Callable[[], bool] = lambda: False,
        gives_way: bool = False,
    ) -> None:
        """``only`` and ``without``: kinds of events, for work that has a worker of its own.

        ``at_once``: events under way at most; what waits stays free for other processes. None: no limit.
        ``is_pouring``: whether events come so closely that they are claimed together, GATHER_SECONDS apart;
        with ``gives_way`` only what has waited for MAX_WAIT is begun then.
        """
        self._db = db
        self._clock = clock
        self._quick = dict(quick)
        self._slow = dict(slow)
        self._only, self._without = tuple(only), tuple(without)
        self._at_once = at_once
        self._is_pouring, self._gives_way = is_pouring, gives_way
        self._under_way = 0
        self._done: list[UUID] = []
        self._counting = threading.Lock()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=at_once or THREADS, thread_name_prefix="outbox")
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)

    def start(self) -> None:
        """Begin delivering."""
        self._thread.start()

    def wake(self) -> None:
        """Look for new events now instead of at the next poll."""
        self._wake.set()

    def stop(self) -> None:
        """Finish what is under way and end the threads."""
        self._stopped.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._store_done()

    def drain(self) -> int:
        """Deliver everything that is due, waiting for slow consumers too; returns the number of events."""
        total = 0
        while events := self._claim():
            for event in events:
                self._finish(event, [*self._call(event, self._quick), *self._call(event, self._slow)])
            self._store_done()
            total += len(events)
        return total

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._store_done()
                late_only = self._gives_way and self._is_pouring()
                events = self._claim(waited=MAX_WAIT if late_only else timedelta(0))
                for event in events:
                    self._deliver(event)
            except Exception as error:
                log.error("outbox.failed", error=type(error).__name__, detail=str(error)[:200])
                events = []
            if not events:
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()
            if self._is_pouring():
                self._stopped.wait(GATHER_SECONDS)

    def _deliver(self, event: OutboxEvent) -> None:
        failures = self._call(event, self._quick)
        if any(name not in event.handled_by for name in self._slow):
            with self._counting:
                self._under_way += 1
            self._pool.submit(self._deliver_slowly, event, failures)
        else:
            self._finish(event, failures)

    def _deliver_slowly(self, event: OutboxEvent, failures: list[str]) -> None:
        try:
            self._finish(event, [*failures, *self._call(event, self._slow)])
        finally:
            with self._counting:
                self._under_way -= 1
            if self._at_once is not None:
                self._wake.set()

    def _claim(self, waited: timedelta = timedelta(0)) -> Sequence[OutboxEvent]:
        room = BATCH if self._at_once is None else min(BATCH, self._at_once - self._under_way)
        if room <= 0:
            return []
        now = self._clock()
        due = select(OutboxEvent).where(
            col(OutboxEvent.delivered_at).is_(None), OutboxEvent.available_at <= now
        )
        if waited:
            due = due.where(OutboxEvent.created_at <= now - waited)
        if self._only:
            due = due.where(col(OutboxEvent.kind).in_(self._only))
        if self._without:
            due = due.where(col(OutboxEvent.kind).not_in(self._without))
        with self._db.reading(SYSTEM) as session:  # an idle poll must not take SQLite's write lock
            if session.exec(due.limit(1)).first() is None:
                return []
        with self._db.writing(SYSTEM) as session:
            batch = due.order_by(col(OutboxEvent.id)).limit(room).with_for_update(skip_locked=True)
            events = session.exec(batch).all()
            for event in events:
                event.available_at = now + LEASE
                event.attempts += 1
        return events

    def _call(self, event: OutboxEvent, consumers: Mapping[str, Consumer]) -> list[str]:
        delivery = Delivery(event.id, event.workshop_id, event.kind, event.payload, event.created_at)
        failures = []
        for name, consume in consumers.items():
            if name in event.handled_by:
                continue
            try:
                consume(delivery)
                event.handled_by = [*event.handled_by, name]
            except Exception as error:
                failures.append(f"{name}: {type(error).__name__}")
                log.warning("outbox.consumer_failed", consumer=name, kind=event.kind, error=str(error)[:200])
        return failures

    def _finish(self, event: OutboxEvent, failures: list[str]) -> None:
        if not failures:
            with self._counting:
                self._done.append(event.id)
            return
        now = self._clock()
        with self._db.writing(SYSTEM) as session:
            row = session.get_one(OutboxEvent, event.id)
            row.handled_by = event.handled_by
            row.error = "; ".join(failures)[:500]
            if row.attempts >= GIVE_UP_AFTER:
                row.delivered_at = now
            else:
                row.available_at = now + min(timedelta(seconds=2**row.attempts), MAX_DELAY)

    def _store_done(self) -> None:
        """Mark what all consumers have handled, many at a time: under load that is half of the work."""
        with self._counting:
            done = set(self._done)
        if not done:
            return
        marked = {"delivered_at": self._clock(), "handled_by": [*self._quick, *self._slow], "error": None}
        with self._db.writing(SYSTEM) as session:
            session.exec(update(OutboxEvent).where(col(OutboxEvent.id).in_(done)).values(marked))
        with self._counting:
            self._done = [event for event in self._done if event not in done]
