"""Delivers outbox events to their consumers, at least once and in order of writing.

An event is claimed for a lease, handed to each consumer that has not handled it yet, and marked. A consumer
that fails is retried with growing delay while the others go on; consumers are therefore idempotent.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlmodel import col, select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.kit.clock import Clock

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
BATCH = 100
POLL_SECONDS = 0.25
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
        self, db: Database, clock: Clock, *, quick: Mapping[str, Consumer], slow: Mapping[str, Consumer]
    ) -> None:
        self._db = db
        self._clock = clock
        self._quick = dict(quick)
        self._slow = dict(slow)
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="outbox")
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

    def drain(self) -> int:
        """Deliver everything that is due, waiting for slow consumers too; returns the number of events."""
        total = 0
        while events := self._claim():
            for event in events:
                self._finish(event, [*self._call(event, self._quick), *self._call(event, self._slow)])
            total += len(events)
        return total

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                events = self._claim()
                for event in events:
                    self._deliver(event)
            except Exception as error:
                log.error("outbox.failed", error=type(error).__name__, detail=str(error)[:200])
                events = []
            if not events:
                self._wake.wait(POLL_SECONDS)
                self._wake.clear()

    def _deliver(self, event: OutboxEvent) -> None:
        failures = self._call(event, self._quick)
        if any(name not in event.handled_by for name in self._slow):
            self._pool.submit(lambda: self._finish(event, [*failures, *self._call(event, self._slow)]))
        else:
            self._finish(event, failures)

    def _claim(self) -> Sequence[OutboxEvent]:
        now = self._clock()
        due = select(OutboxEvent).where(
            col(OutboxEvent.delivered_at).is_(None), OutboxEvent.available_at <= now
        )
        with self._db.reading(SYSTEM) as session:  # an idle poll must not take SQLite's write lock
            if session.exec(due.limit(1)).first() is None:
                return []
        with self._db.writing(SYSTEM) as session:
            batch = due.order_by(col(OutboxEvent.id)).limit(BATCH).with_for_update(skip_locked=True)
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
        now = self._clock()
        with self._db.writing(SYSTEM) as session:
            row = session.get_one(OutboxEvent, event.id)
            row.handled_by = event.handled_by
            row.error = "; ".join(failures)[:500] or None
            if not failures or row.attempts >= GIVE_UP_AFTER:
                row.delivered_at = now
            else:
                row.available_at = now + min(timedelta(seconds=2**row.attempts), MAX_DELAY)
