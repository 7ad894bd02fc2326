"""Events are what the records say: written once, corrected, forgotten, and summed up to a plain recount."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DatabaseError

from carbot_app.adapters.live.memory import MemoryLiveBus
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery, OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.collecting import LOOK_BACK, PATIENCE, EventCollector
from carbot_app.domains.analytics.figures import sums
from carbot_app.domains.analytics.models import AnalyticsDaily, AnalyticsEvent
from carbot_app.domains.analytics.rollups import table_of
from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.team.models import Workshop
from carbot_app.jobs.live_hints import analytics_hints
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from carbot_app.kit.live import workshop_channel
from tests.factories import (
    make_appointment,
    make_conversation,
    make_customer,
    make_event,
    make_lead,
    make_message,
    make_resource,
    make_workshop,
    staff_of,
)
from tests.services.busy_workshop import fill_workshop
from tests.services.conftest import Talks

EVENT, DAILY = table_of(AnalyticsEvent), table_of(AnalyticsDaily)
AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
AGES = Span(date(2026, 1, 1), date(2027, 12, 31))


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def collector(database: Database, clock: ManualClock) -> EventCollector:
    return EventCollector(db=database, clock=clock)


def told(workshop: Workshop, kind: str, **payload: object) -> Delivery:
    words = {key: str(value) if isinstance(value, UUID) else value for key, value in payload.items()}
    return Delivery(new_id(), workshop.id, kind, words, AT)


def events_of(database: Database, workshop: Workshop, *names: str) -> list[Any]:
    query = select(EVENT).where(EVENT.c.workshop_id == workshop.id).order_by(EVENT.c.id)
    with database.reading(SYSTEM) as session:
        return [row for row in session.execute(query) if not names or row.kind in names]


def counted(database: Database, workshop: Workshop, *names: str) -> dict[str, int]:
    """What figures say."""
    with database.reading(workshop.id) as session:
        return {kind: one.events for (kind,), one in sums(session, AGES, names or kinds.ALL).items()}


def change(database: Database, table: type[Any], row_id: UUID, **fields: Any) -> None:
    with database.writing(SYSTEM) as session:
        session.execute(update(table_of(table)).where(table_of(table).c.id == row_id).values(fields))


def make_visit(database: Database, workshop: Workshop, customer: Customer, **fields: Any) -> Appointment:
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    return make_appointment(database, workshop, customer, technician, bay, **fields)


def recount(database: Database, workshop: Workshop) -> Counter[tuple[Any, ...]]:
    """Plain SQL over the events: by kind and day, wholes only."""
    query = (
        select(EVENT.c.kind, EVENT.c.day, func.sum(EVENT.c.sign), func.sum(EVENT.c.amount_cents))
        .where(EVENT.c.workshop_id == workshop.id)
        .where((EVENT.c.part == "") | EVENT.c.kind.not_in(list(kinds.WITH_PARTS)))
        .group_by(EVENT.c.kind, EVENT.c.day)
    )
    with database.reading(SYSTEM) as session:
        return Counter(
            {(kind, day, int(many), int(cents)): 1 for kind, day, many, cents in session.execute(query)}
        )


def by_day(database: Database, workshop: Workshop) -> Counter[tuple[Any, ...]]:
    with database.reading(workshop.id) as session:
        found = sums(session, AGES, kinds.ALL, by=("day",))
    return Counter({(*key, one.events, one.amount_cents): 1 for key, one in found.items()})


@pytest.mark.parametrize("seed", [1, 2])
def test_random_records_are_written_once_whoever_collects_them(
    database: Database, clock: ManualClock, seed: int
) -> None:
    workshop = fill_workshop(database, Random(seed)).workshop
    collectors = [EventCollector(db=database, clock=clock) for _ in range(2)]
    together(*(partial(one.collect, workshop.id) for one in collectors))
    first = len(events_of(database, workshop))
    assert first > 300
    assert recount(database, workshop) == by_day(database, workshop)
    assert collectors[0].collect(workshop.id) == 0
    assert collectors[0].verify() == collectors[0].rebuild() == ()
    assert len(events_of(database, workshop)) == first


def test_records_that_changed_at_random_are_put_right_by_two_workers(
    database: Database, clock: ManualClock, collector: EventCollector
) -> None:
    rng = Random(7)
    workshop = fill_workshop(database, rng).workshop
    collector.collect(workshop.id)
    with database.reading(SYSTEM) as session:
        visits = session.execute(select(table_of(Appointment).c.id)).scalars().all()
        leads = session.execute(select(table_of(Lead).c.id)).scalars().all()
    for visit_id in rng.sample(list(visits), 20):
        changed = {
            "state": rng.choice(("done", "in_work", "cancelled")),
            "price_max_cents": rng.randrange(9_000),
        }
        change(database, Appointment, visit_id, **changed, service_codes=rng.sample(["A", "B", "C"], 2))
    for lead_id in rng.sample(list(leads), 20):
        change(database, Lead, lead_id, state=rng.choice(("open", "won", "lost")), service_codes=["A"])
    deliveries = [told(workshop, "appointment.changed", appointment_id=one) for one in visits]
    deliveries += [told(workshop, "lead.changed", lead_id=one) for one in leads]
    shuffled = rng.sample(deliveries, len(deliveries))
    together(
        lambda: [collector.on_event(one) for one in deliveries],
        lambda: [collector.on_event(one) for one in shuffled],
    )
    assert {row.sign for row in events_of(database, workshop)} == {1, -1}
    assert recount(database, workshop) == by_day(database, workshop)
    assert collector.verify() == ()
    assert collector.collect(workshop.id) == 0
    states = Counter(row.state for row in rows_of(database, Appointment))
    assert counted(database, workshop, kinds.VISITED, kinds.CANCELLED) == {
        "visited": states["done"], "cancelled": states["cancelled"],
    }  # fmt: skip


def test_a_chat_is_counted_as_it_goes_on(
    database: Database, workshop: Workshop, clock: ManualClock, talks: Talks, collector: EventCollector
) -> None:
    worker = OutboxWorker(
        database, clock, quick={}, slow={"analytics": analytics_hints(collector.on_event, MemoryLiveBus())}
    )
    thread = make_conversation(
        database, workshop, created_at=clock(), first_answer_at=clock() + timedelta(seconds=4)
    )
    lead = make_lead(database, thread, created_at=clock())
    for seq, author in enumerate(("customer", "assistant", "system", "staff"), 1):
        make_message(database, thread, seq, author=author, created_at=clock())
    make_message(database, thread, 9, author="assistant", state="streaming", created_at=clock())
    make_event(database, workshop, "message.sent", payload={"conversation_id": str(thread.id)})
    make_event(database, workshop, "lead.created", payload={"lead_id": str(lead.id)})
    worker.drain()
    assert counted(database, workshop) == {
        "message_in": 1, "message_out": 2, "answered": 1, "lead": 1, "asked": 1, "lead_answered": 1,
    }  # fmt: skip
    talks.leads.set_state(staff_of(workshop), lead.id, "won")
    worker.drain()
    assert counted(database, workshop, kinds.LEAD_WON) == {"lead_won": 1}
    talks.leads.set_state(staff_of(workshop), lead.id, "lost")
    worker.drain()
    assert counted(database, workshop, kinds.LEAD_WON) == {"lead_won": 0}
    talks.leads.set_state(staff_of(workshop), lead.id, "won")
    worker.drain()
    rows = events_of(database, workshop, kinds.LEAD_WON)
    assert [(row.revision, row.sign, row.quantity) for row in rows] == [(0, 1, 1), (1, -1, -1), (2, 1, 1)]


def test_a_visit_that_was_not_done_after_all_is_taken_back(
    database: Database, workshop: Workshop, collector: EventCollector
) -> None:
    visit = make_visit(database, workshop, make_customer(database, workshop), state="done")
    assert collector.on_event(told(workshop, "appointment.changed", appointment_id=visit.id)) is True
    assert collector.on_event(told(workshop, "appointment.changed", appointment_id=visit.id)) is False
    change(database, Appointment, visit.id, state="in_work")
    assert collector.on_event(told(workshop, "appointment.changed", appointment_id=visit.id)) is True
    assert counted(database, workshop, kinds.BOOKED, kinds.VISITED) == {"booked": 1, "visited": 0}


def test_an_answer_and_a_visit_take_a_lead_further(
    database: Database, workshop: Workshop, collector: EventCollector, clock: ManualClock
) -> None:
    thread = make_conversation(database, workshop, created_at=clock(), first_answer_at=clock())
    make_lead(database, thread, created_at=clock(), value_max_cents=9_900)
    collector.on_event(told(workshop, "message.sent", conversation_id=thread.id))
    assert counted(database, workshop, *kinds.FUNNEL) == {"lead_answered": 1, "lead_priced": 1}
    customer = make_customer(database, workshop)
    visit = make_visit(database, workshop, customer, state="done", conversation_id=thread.id)
    of_visit = {"appointment_id": visit.id, "conversation_id": thread.id}
    collector.on_event(told(workshop, "appointment.changed", **of_visit))
    assert counted(database, workshop, *kinds.FUNNEL) == dict.fromkeys(kinds.FUNNEL, 1)


def test_a_visit_done_late_makes_the_next_one_a_return(
    database: Database, workshop: Workshop, collector: EventCollector, clock: ManualClock
) -> None:
    customer = make_customer(database, workshop)
    early = make_visit(database, workshop, customer, starts_at=clock() - timedelta(days=9), state="in_work")
    late = make_visit(database, workshop, customer, starts_at=clock(), state="done")
    collector.on_event(told(workshop, "appointment.changed", appointment_id=late.id))
    assert counted(database, workshop, kinds.RETURNING) == {}
    change(database, Appointment, early.id, state="done")
    collector.on_event(told(workshop, "appointment.changed", appointment_id=early.id))
    assert [row.subject_id for row in events_of(database, workshop, kinds.RETURNING)] == [late.id]


def test_what_is_gone_leaves_its_events(
    database: Database, workshop: Workshop, collector: EventCollector
) -> None:
    visit = make_visit(database, workshop, make_customer(database, workshop), state="done")
    collector.collect(workshop.id)
    before = counted(database, workshop)
    with database.writing(SYSTEM) as session:
        session.delete(session.get_one(Appointment, visit.id))
    collector.on_event(told(workshop, "appointment.changed", appointment_id=visit.id))
    assert collector.collect(workshop.id) == 0
    assert counted(database, workshop) == before != {}


def test_events_cannot_be_changed_or_deleted_but_for_whose_they_were(
    database: Database, workshop: Workshop, collector: EventCollector
) -> None:
    customer = make_customer(database, workshop)
    make_visit(database, workshop, customer)
    collector.collect(workshop.id)
    for statement in (
        "UPDATE analytics_event SET quantity = 9",
        "UPDATE analytics_event SET customer_id = NULL, day = '2026-01-01'",
        "DELETE FROM analytics_event",
    ):
        with pytest.raises(DatabaseError, match="cannot be changed"), database.writing(SYSTEM) as session:
            session.execute(text(statement))
    with database.writing(SYSTEM) as session:
        session.execute(text("UPDATE analytics_event SET customer_id = NULL"))
    assert {row.customer_id for row in events_of(database, workshop)} == {None}


def test_wrong_sums_are_found_and_made_anew(
    database: Database, workshop: Workshop, collector: EventCollector
) -> None:
    make_visit(database, workshop, make_customer(database, workshop), state="done")
    collector.collect(workshop.id)
    before = by_day(database, workshop)
    for spoil in (
        update(DAILY).where(DAILY.c.kind == "visited", DAILY.c.keeps == 0).values(quantity=7),
        DAILY.delete().where(DAILY.c.kind == "booked", DAILY.c.keeps == 3),
        update(DAILY).where(DAILY.c.kind == "visited", DAILY.c.keeps == 0).values(day=date(2024, 2, 29)),
    ):
        with database.writing(SYSTEM) as session:
            session.execute(spoil)
        assert [one.workshop for one in collector.verify()] == [workshop.slug]
        collector.tidy()
        assert collector.verify() == ()
        assert by_day(database, workshop) == before


def test_a_night_finds_what_no_event_told(
    database: Database, workshop: Workshop, collector: EventCollector, clock: ManualClock
) -> None:
    recent = make_conversation(database, workshop, created_at=clock())
    old = make_conversation(database, workshop, created_at=clock() - timedelta(days=400))
    make_lead(database, recent, created_at=clock())
    make_lead(database, old, created_at=clock() - timedelta(days=400))
    collector.tidy()
    assert counted(database, workshop, kinds.LEAD) == {"lead": 1}
    assert collector.collect_everywhere() > 0
    with database.reading(workshop.id) as session:
        everything = sums(session, Span(date(2020, 1, 1), date(2027, 1, 1)), [kinds.LEAD])
    assert [one.events for one in everything.values()] == [2]


def test_looking_back_goes_through_all_tables_page_by_page(
    database: Database,
    workshop: Workshop,
    clock: ManualClock,
    collector: EventCollector,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("carbot_app.domains.analytics.collecting.PAGE", 2)
    customer = make_customer(database, workshop)
    for _ in range(5):
        make_visit(database, workshop, customer, state="done")
        make_lead(database, make_conversation(database, workshop), created_at=clock())
    make_event(database, workshop, LOOK_BACK)
    consume = analytics_hints(collector.on_event, MemoryLiveBus())
    OutboxWorker(database, clock, quick={}, slow={"analytics": consume}).drain()
    assert counted(database, workshop, kinds.LEAD, kinds.VISITED) == {"lead": 5, "visited": 5}
    with database.reading(SYSTEM) as session:
        left = session.execute(select(func.count()).where(table_of(OutboxEvent).c.delivered_at.is_(None)))
        assert left.scalar_one() == 0
    assert collector.collect(workshop.id) == 0


def test_no_workshop_counts_anothers_records(
    database: Database, workshop: Workshop, collector: EventCollector
) -> None:
    other = make_workshop(database, slug="andere")
    visit = make_visit(database, other, make_customer(database, other), state="done")
    collector.on_event(told(workshop, "appointment.changed", appointment_id=visit.id))
    collector.collect(workshop.id)
    assert events_of(database, workshop) == events_of(database, other) == []
    collector.collect(other.id)
    assert counted(database, workshop) == {}
    assert counted(database, other, kinds.VISITED) == {"visited": 1}


def test_staff_hears_at_once_that_figures_changed_and_only_then(
    database: Database, workshop: Workshop, collector: EventCollector
) -> None:
    bus = Ears()
    consume = analytics_hints(collector.on_event, bus)
    visit = make_visit(database, workshop, make_customer(database, workshop))
    for _ in range(2):
        consume(told(workshop, "appointment.booked", appointment_id=visit.id))
    consume(told(workshop, "task.changed", task_id=visit.id))
    hint = {"topic": "analytics", "id": "", "kind": "analytics.changed"}
    assert bus.heard == [(workshop_channel(workshop.id), hint)]


class Ears(MemoryLiveBus):
    """Remembers what is published."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def publish(self, channel: str, message: dict[str, Any]) -> None:
        self.heard.append((channel, message))


def rows_of(database: Database, table: type[Any]) -> list[Any]:
    with database.reading(SYSTEM) as session:
        return list(session.execute(select(table_of(table))))


def together(*works: Callable[[], object]) -> None:
    """At the same time; what one of them raises is raised."""
    failed: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_messages_that_pour_in_are_counted_together_once_they_stop_or_have_lasted(
    database: Database, clock: ManualClock, workshop: Workshop
) -> None:
    pouring = True
    collector = EventCollector(db=database, clock=clock, is_pouring=lambda: pouring)
    threads = [make_conversation(database, workshop, created_at=clock()) for _ in range(2)]

    def receive(seq: int) -> None:
        for thread in threads:
            make_message(database, thread, seq, created_at=clock())
            assert not collector.on_event(told(workshop, "message.received", conversation_id=thread.id))

    receive(1)
    visit = make_visit(database, workshop, make_customer(database, workshop))
    assert not collector.on_event(told(workshop, "appointment.created", appointment_id=visit.id))
    assert (collector.catch_up(), events_of(database, workshop)) == ([], [])
    clock.advance(PATIENCE)
    assert collector.catch_up() == [workshop.id]
    assert len(events_of(database, workshop, kinds.MESSAGE_IN)) == 2
    assert counted(database, workshop, kinds.BOOKED) == {kinds.BOOKED: 1}

    receive(2)
    pouring = False
    assert collector.catch_up() == [workshop.id]
    assert len(events_of(database, workshop, kinds.MESSAGE_IN)) == 4
    assert collector.catch_up() == []
