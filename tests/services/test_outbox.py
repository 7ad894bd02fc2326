"""Outbox events reach their consumers at least once, on both engines."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent, emit
from carbot_app.db.outbox_worker import GIVE_UP_AFTER, LEASE, MAX_WAIT, Delivery, OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.kit.clock import ManualClock, system_clock
from tests.factories.team import make_workshop

pytestmark = pytest.mark.engines


def emit_one(database: Database, kind: str = "lead.created") -> None:
    workshop = make_workshop(database)
    with database.writing(workshop.id) as session:
        emit(session, workshop.id, kind, lead_id="1")


def stored(database: Database) -> OutboxEvent:
    with database.reading(SYSTEM) as session:
        return session.exec(select(OutboxEvent)).one()


def test_an_event_reaches_quick_and_slow_consumers_once(database: Database, clock: ManualClock) -> None:
    seen: list[tuple[str, Delivery]] = []
    worker = OutboxWorker(
        database,
        clock,
        quick={"live": lambda delivery: seen.append(("live", delivery))},
        slow={"push": lambda delivery: seen.append(("push", delivery))},
    )
    clock.now = clock.now.replace(year=2030)
    emit_one(database)
    assert worker.drain() == 1
    assert worker.drain() == 0
    assert [name for name, _ in seen] == ["live", "push"]
    assert seen[0][1].payload == {"lead_id": "1"}
    assert stored(database).delivered_at == clock.now


def test_a_failing_consumer_is_retried_alone(database: Database, clock: ManualClock) -> None:
    calls: list[str] = []

    def fail_once(_: Delivery) -> None:
        calls.append("push")
        if calls.count("push") == 1:
            raise ConnectionError("push service away")

    worker = OutboxWorker(
        database, clock, quick={"live": lambda _: calls.append("live")}, slow={"push": fail_once}
    )
    clock.now = clock.now.replace(year=2030)
    emit_one(database)
    worker.drain()
    assert stored(database).error == "push: ConnectionError"
    clock.advance(timedelta(seconds=1))
    assert worker.drain() == 0, "the retry waits"
    clock.advance(timedelta(seconds=30))
    worker.drain()
    assert calls == ["live", "push", "push"]
    assert stored(database).error is None


def test_an_event_is_given_up_after_many_attempts(database: Database, clock: ManualClock) -> None:
    def fail(_: Delivery) -> None:
        raise ValueError("never works")

    worker = OutboxWorker(database, clock, quick={"live": fail}, slow={})
    clock.now = clock.now.replace(year=2030)
    emit_one(database)
    for _ in range(GIVE_UP_AFTER):
        worker.drain()
        clock.advance(timedelta(hours=1))
    event = stored(database)
    assert event.attempts == GIVE_UP_AFTER
    assert event.delivered_at is not None
    assert event.error == "live: ValueError"


def test_a_rolled_back_change_leaves_no_event(database: Database) -> None:
    workshop = make_workshop(database)
    woken = threading.Event()
    database.on_emit = woken.set
    try:
        with database.writing(workshop.id) as session:
            emit(session, workshop.id, "lead.created")
            raise RuntimeError
    except RuntimeError:
        pass
    with database.reading(SYSTEM) as session:
        assert session.exec(select(OutboxEvent)).all() == []
    assert not woken.is_set()


def test_an_event_whose_worker_died_is_delivered_by_another(database: Database, clock: ManualClock) -> None:
    clock.now = clock.now.replace(year=2030)
    emit_one(database)
    dead = OutboxWorker(database, clock, quick={}, slow={})
    assert len(dead._claim()) == 1
    seen: list[str] = []
    heir = OutboxWorker(database, clock, quick={"live": lambda delivery: seen.append(delivery.kind)}, slow={})
    assert heir.drain() == 0, "the lease still holds"
    clock.advance(LEASE + timedelta(seconds=1))
    assert heir.drain() == 1
    assert seen == ["lead.created"]


def test_a_running_worker_delivers_within_a_second_of_the_commit(database: Database) -> None:

    arrived = threading.Event()
    worker = OutboxWorker(database, system_clock, quick={"live": lambda _: arrived.set()}, slow={})
    database.on_emit = worker.wake
    worker.start()
    try:
        emit_one(database)
        assert arrived.wait(1.0)
    finally:
        worker.stop()


def test_two_workers_never_handle_the_same_event_twice(database: Database) -> None:

    workshop = make_workshop(database)
    seen: list[str] = []
    lock = threading.Lock()

    def note(delivery: Delivery) -> None:
        with lock:
            seen.append(str(delivery.id))

    with database.writing(workshop.id) as session:
        for _ in range(150):
            emit(session, workshop.id, "lead.changed")
    workers = [OutboxWorker(database, system_clock, quick={"live": note}, slow={}) for _ in range(2)]
    threads = [threading.Thread(target=worker.drain) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == len(set(seen)) == 150


def test_work_that_takes_long_is_left_to_its_own_worker_which_takes_only_what_it_can(
    database: Database,
) -> None:

    workshop = make_workshop(database)
    with database.writing(workshop.id) as session:
        for kind in (*["answer.wanted"] * 3, "lead.changed"):
            emit(session, workshop.id, kind)
    go_on, under_way, hinted = threading.Event(), threading.Semaphore(0), threading.Event()

    def answer(_: Delivery) -> None:
        under_way.release()
        assert go_on.wait(10)

    answers = OutboxWorker(
        database, system_clock, quick={}, slow={"a": answer}, only=("answer.wanted",), at_once=2
    )
    hints = OutboxWorker(
        database, system_clock, quick={"live": lambda _: hinted.set()}, slow={}, without=("answer.wanted",)
    )
    answers.start()
    assert under_way.acquire(timeout=10)
    assert under_way.acquire(timeout=10)
    hints.start()
    assert hinted.wait(10), "a hint waited for an answer"
    assert not under_way.acquire(timeout=0.6), "more under way than allowed"
    with database.reading(SYSTEM) as session:
        events = session.exec(select(OutboxEvent).where(OutboxEvent.kind == "answer.wanted")).all()
    assert sorted(event.attempts for event in events) == [0, 1, 1], "what waits is free for others"
    go_on.set()
    assert under_way.acquire(timeout=10)
    answers.stop()
    hints.stop()
    with database.reading(SYSTEM) as session:
        events = session.exec(select(OutboxEvent)).all()
    assert all(event.delivered_at for event in events)


def test_what_gives_way_is_begun_when_nothing_is_more_urgent_or_it_has_waited_long_enough(
    database: Database,
) -> None:
    workshop = make_workshop(database)
    with database.writing(workshop.id) as session:
        emit(session, workshop.id, "answer.wanted", number=1)
    clock, busy, answered = ManualClock(system_clock()), [True], threading.Semaphore(0)
    worker = OutboxWorker(
        database,
        clock,
        quick={"answer": lambda _: answered.release()},
        slow={},
        is_pouring=lambda: busy[0],
        gives_way=True,
    )
    worker.start()
    assert not answered.acquire(timeout=0.6), "begun though something was more urgent"
    clock.advance(MAX_WAIT + timedelta(seconds=1))
    assert answered.acquire(timeout=10), "waited for ever"
    with database.writing(workshop.id) as session:
        emit(session, workshop.id, "answer.wanted", number=2)
    busy[0] = False
    worker.wake()
    assert answered.acquire(timeout=10)
    worker.stop()
