"""Callbacks: one task per number, nothing said about anybody, done by the front desk."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.calls.schemas import CallbackDraft, CallbackRequest
from carbot_app.domains.calls.service import PER_NUMBER, PER_WORKSHOP, CallbackService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound, TooMany
from carbot_app.kit.ids import new_id
from tests.factories import (
    customer_of,
    make_callback,
    make_closure,
    make_conversation,
    make_customer,
    make_vehicle,
    make_workshop,
    staff_of,
)

AT_ONE = "20261123T1200Z"
"""Monday between one and three in Berlin."""
ASKED = CallbackRequest(name="Ayşe Yılmaz", phone="0171 5550142", window=AT_ONE)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def calls(database: Database, clock: ManualClock) -> CallbackService:
    return CallbackService(db=database, clock=clock, customers=CustomerService(db=database))


def events(database: Database) -> list[str]:
    with database.reading(SYSTEM) as session:
        return list(session.exec(select(OutboxEvent.kind).order_by(OutboxEvent.id)))  # type: ignore[arg-type]


def test_a_visitor_asks_and_the_desk_sees_the_number_and_the_time(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    promise = calls.request(customer_of(workshop), replace(ASKED, note="Bremsen\nquietschen", language="tr"))
    assert (promise.when, promise.phone) == ("Heute, 13–15 Uhr", "0171 5550142")
    (task,) = calls.list_open(staff_of(workshop, "front_desk"))
    assert (task.name, task.phone, task.when) == ("Ayşe Yılmaz", "+491715550142", "Heute, 13–15 Uhr")
    assert (task.starts_at, task.ends_at) == (
        datetime(2026, 11, 23, 12, tzinfo=UTC),
        datetime(2026, 11, 23, 14, tzinfo=UTC),
    )
    assert (task.note, task.language, task.source) == ("Bremsen\nquietschen", "tr", "page")
    assert (task.state, task.attempts, task.overdue, task.customer_id) == ("open", 0, False, None)
    assert events(database) == ["callback.requested"]


def test_windows_are_offered_in_the_readers_language_without_closed_days(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    make_closure(database, workshop, date(2026, 11, 24), date(2026, 11, 24))
    offered = calls.offer_windows(customer_of(workshop, language="en"))
    assert [one.label for one in offered][:3] == [
        "As soon as possible",
        "Today, 10 am–12 pm",
        "Today, 1–3 pm",
    ]
    assert not any("Tomorrow" in one.label for one in offered)
    for one in offered:
        calls.request(customer_of(workshop), replace(ASKED, window=one.key))


def test_asking_again_changes_the_open_request_and_rings_nobody_twice(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    calls.request(customer_of(workshop), replace(ASKED, note="Bremsen"))
    calls.request(
        customer_of(workshop), replace(ASKED, phone="+49 171 5550142", window="soon", name="A. Yılmaz")
    )
    (task,) = calls.list_open(staff_of(workshop))
    assert (task.name, task.soon, task.note) == ("A. Yılmaz", True, "Bremsen")
    assert events(database) == ["callback.requested", "callback.changed"]


def test_pressing_twice_at_once_is_one_task(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: calls.request(customer_of(workshop), ASKED), range(8)))
    assert len(calls.list_open(staff_of(workshop))) == 1
    assert events(database).count("callback.requested") == 1


def test_a_known_number_is_linked_with_its_only_car_and_nothing_is_said(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    customer = make_customer(database, workshop, name="Dr. Geheim")
    make_vehicle(database, workshop, customer)
    other = make_workshop(database, "other")
    make_customer(database, other, name="Fremd")
    promise = calls.request(customer_of(workshop), ASKED)
    unknown = calls.request(customer_of(workshop), replace(ASKED, phone="0171 5550199"))
    assert promise == replace(unknown, phone="0171 5550142")
    known, stranger = sorted(calls.list_open(staff_of(workshop)), key=lambda task: task.phone)
    assert (known.customer_id, known.plate, known.name) == (customer.id, "DO-AB 123", "Ayşe Yılmaz")
    assert (stranger.customer_id, stranger.plate) == (None, "")


def test_of_several_cars_none_is_guessed_and_the_one_named_is_kept(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    customer = make_customer(database, workshop)
    for plate in ("DO-AB 123", "DO-AB 124"):
        make_vehicle(database, workshop, customer, plate=plate)
    calls.request(customer_of(workshop), ASKED)
    assert calls.list_open(staff_of(workshop))[0].plate == ""
    calls.request(customer_of(workshop), replace(ASKED, plate="do xy 9"))
    assert calls.list_open(staff_of(workshop))[0].plate == "DO-XY 9"


def test_a_request_of_a_chat_leads_back_to_it(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    thread = make_conversation(database, workshop)
    calls.request(customer_of(workshop, conversation_id=thread.id), replace(ASKED, source="chat"))
    calls.request(customer_of(workshop), replace(ASKED, window="soon"))
    (task,) = calls.list_open(staff_of(workshop))
    assert (task.conversation_id, task.source) == (thread.id, "chat")


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"name": "  "}, "missing", "name"),
        ({"name": "x" * 121}, "too_long", "name"),
        ({"phone": ""}, "missing", "phone"),
        ({"phone": "12"}, "phone_invalid", "phone"),
        ({"note": "x" * 501}, "too_long", "note"),
        ({"plate": "???"}, "plate_invalid", "plate"),
        ({"window": "20261123T0600Z"}, "call_window_over", "window"),
        ({"window": "20261122T1300Z"}, "call_window_over", "window"),
        ({"window": "whenever"}, "call_window_over", "window"),
    ],
)
def test_what_cannot_be_done_is_refused_where_it_was_typed(
    calls: CallbackService, workshop: Workshop, wrong: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(AppError) as refused:
        calls.request(customer_of(workshop), replace(ASKED, **wrong))
    assert (refused.value.code, refused.value.field) == (code, field)
    assert calls.list_open(staff_of(workshop)) == []


def test_a_number_may_not_ask_without_end_and_neither_may_a_crowd(
    calls: CallbackService, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    for _ in range(PER_NUMBER):
        calls.request(customer_of(workshop), ASKED)
        calls.mark_done(staff_of(workshop), calls.list_open(staff_of(workshop))[0].id)
    with pytest.raises(TooMany, match="too_many_callbacks"):
        calls.request(customer_of(workshop), ASKED)
    calls.add(staff_of(workshop), CallbackDraft(name="Ayşe Yılmaz", phone=ASKED.phone))
    for number in range(PER_WORKSHOP - PER_NUMBER):
        make_callback(database, workshop, phone=f"+4917155510{number:02}", created_at=clock())
    with pytest.raises(TooMany):
        calls.request(customer_of(workshop), replace(ASKED, phone="0171 5550199"))
    clock.advance(timedelta(hours=1, minutes=1))
    calls.request(customer_of(workshop), replace(ASKED, phone="0171 5550199"))


def test_open_ones_come_by_time_and_a_passed_window_is_overdue(
    calls: CallbackService, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    desk = staff_of(workshop)
    calls.request(customer_of(workshop), replace(ASKED, phone="0171 5550101", window="20261124T0700Z"))
    calls.request(customer_of(workshop), replace(ASKED, phone="0171 5550102", window=AT_ONE))
    assert [task.phone[-1] for task in calls.list_open(desk)] == ["2", "1"]
    clock.advance(timedelta(hours=6))
    assert [(task.phone[-1], task.overdue) for task in calls.list_open(desk)] == [("2", True), ("1", False)]


def test_not_reached_stays_and_counts_until_it_is_done(
    calls: CallbackService, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    task, desk = make_callback(database, workshop), staff_of(workshop, "front_desk")
    calls.mark_not_reached(desk, task.id)
    assert calls.mark_not_reached(desk, task.id).attempts == 2
    assert calls.forget_attempt(desk, task.id).attempts == 1
    (still,) = calls.list_open(desk)
    assert (still.attempts, still.handled_by, still.handled_at) == (1, "Sabine Müller", clock())
    done = calls.mark_done(desk, task.id)
    assert (done.state, done.done_at, calls.list_open(desk)) == ("done", clock(), [])
    assert calls.mark_done(desk, task.id).done_at == done.done_at
    assert calls.reopen(desk, task.id).done_at is None
    assert [one.id for one in calls.list_open(desk)] == [task.id]
    assert set(events(database)) == {"callback.changed"}


def test_what_is_over_is_not_changed_any_more(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    desk = staff_of(workshop)
    task = make_callback(database, workshop)
    calls.cancel(desk, task.id)
    assert calls.cancel(desk, task.id).state == "cancelled"
    steps: list[Callable[[Any, UUID], Any]] = [
        calls.mark_done,
        calls.mark_not_reached,
        lambda actor, one: calls.reschedule(actor, one, None),
    ]
    for step in steps:
        with pytest.raises(Conflict, match="callback_over"):
            step(desk, task.id)


def test_one_that_is_done_is_not_opened_again_beside_a_newer_one(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    old = make_callback(database, workshop, state="done")
    calls.request(customer_of(workshop), ASKED)
    with pytest.raises(Conflict, match="callback_open_again"):
        calls.reopen(staff_of(workshop), old.id)


def test_staff_writes_down_and_moves_a_call_to_any_coming_time(
    calls: CallbackService, workshop: Workshop, clock: ManualClock
) -> None:
    desk = staff_of(workshop)
    evening = datetime(2026, 11, 23, 18, tzinfo=UTC)
    task = calls.add(desk, CallbackDraft("Mehmet Demir", "0171 5550188", starts_at=evening, plate="DO-CB 45"))
    assert (task.when, task.source, task.plate) == ("Heute, 19–21 Uhr", "staff", "DO-CB 45")
    moved = calls.reschedule(desk, task.id, evening + timedelta(days=1), evening + timedelta(days=1, hours=1))
    assert moved.when == "Morgen, 19–20 Uhr"
    assert calls.reschedule(desk, task.id, None).when == "So bald wie möglich"
    assert calls.add(desk, CallbackDraft("Mehmet Demir", "0171 5550188")).id == task.id


@pytest.mark.parametrize(
    ("begins", "lasts"), [(-3, None), (1, -1), (1, 0), (1, 13), (24 * 60, None), (24 * 4000, None)]
)
def test_staff_cannot_plan_the_past_or_the_never(
    calls: CallbackService, workshop: Workshop, clock: ManualClock, begins: int, lasts: int | None
) -> None:
    starts_at = clock() + timedelta(hours=begins)
    ends_at = None if lasts is None else starts_at + timedelta(hours=lasts)
    with pytest.raises(Invalid, match="call_window_invalid"):
        calls.add(
            staff_of(workshop), CallbackDraft("A", "0171 5550188", starts_at=starts_at, ends_at=ends_at)
        )


def test_only_who_may_sees_and_changes_and_only_their_own(
    calls: CallbackService, database: Database, workshop: Workshop
) -> None:
    task = make_callback(database, workshop)
    for role in ("technician", "accountant"):
        with pytest.raises(Forbidden):
            calls.mark_done(staff_of(workshop, role), task.id)
    with pytest.raises(Forbidden):
        calls.list_open(staff_of(workshop, "technician"))
    with pytest.raises(Forbidden):
        calls.list_open(customer_of(workshop))
    with pytest.raises(Forbidden):
        calls.request(staff_of(workshop), ASKED)
    with pytest.raises(Forbidden):
        calls.reschedule(customer_of(workshop), task.id, None)
    stranger = staff_of(make_workshop(database, "other"))
    assert calls.list_open(stranger) == []
    for unknown in (task.id, new_id()):
        with pytest.raises(NotFound, match="callback_unknown"):
            calls.mark_done(stranger, unknown)
