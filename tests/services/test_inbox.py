"""The inbox: the right threads in the right order with the right figures."""

from datetime import UTC, datetime, timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Forbidden, Invalid
from tests.factories.actors import customer_of, staff_of
from tests.factories.conversations import make_conversation, make_message
from tests.factories.customers import make_customer, make_vehicle
from tests.factories.leads import make_lead
from tests.factories.team import make_membership, make_person, make_workshop
from tests.services.conftest import Talks

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


def make_thread(database: Database, workshop: Workshop, minute: int, name: str = "", **fields):
    customer = make_customer(database, workshop, name=name, phone="") if name else None
    conversation = make_conversation(
        database,
        workshop,
        customer_id=customer.id if customer else None,
        last_message_at=NOON + timedelta(minutes=minute),
        **{"last_seq": 1, "last_author": "customer", "last_text": "Hallo", **fields},
    )
    make_message(database, conversation, text="Hallo")
    return conversation


def names(page) -> list[str]:
    return [row.customer_name for row in page.rows]


def test_newest_first_with_a_cursor_that_neither_skips_nor_repeats(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    for minute in (0, 1, 1, 2, 3):
        make_thread(database, workshop, minute, name=f"Kunde {minute}")
    actor = staff_of(workshop)
    first = talks.inbox.list_inbox(actor, limit=2)
    second = talks.inbox.list_inbox(actor, limit=2, before=first.next_before)
    third = talks.inbox.list_inbox(actor, limit=2, before=second.next_before)
    shown = [row.conversation_id for page in (first, second, third) for row in page.rows]
    assert names(first) == ["Kunde 3", "Kunde 2"]
    assert len(shown) == len(set(shown)) == 5
    assert third.next_before is None


def test_views_and_counts_agree(talks: Talks, database: Database, workshop: Workshop) -> None:
    me = make_person(database)
    hot = make_thread(database, workshop, 1, name="Heiß")
    make_lead(database, hot, score=92, temperature="hot")
    make_thread(database, workshop, 2, name="Meiner", mode="human", assigned_to=me.id, last_author="staff")
    make_thread(database, workshop, 3, name="Wartet", mode="human")
    make_thread(database, workshop, 4, name="Fertig", state="done")
    make_thread(database, workshop, 5, name="Leer", last_seq=0)
    actor = staff_of(workshop, person_id=me.id)
    pages = {
        view: talks.inbox.list_inbox(actor, view=view) for view in ("open", "hot", "mine", "waiting", "done")
    }
    assert names(pages["hot"]) == ["Heiß"]
    assert names(pages["mine"]) == ["Meiner"]
    assert names(pages["waiting"]) == ["Wartet"]
    assert names(pages["done"]) == ["Fertig"]
    counts = pages["open"].counts
    assert (counts.open, counts.hot, counts.mine, counts.waiting, counts.unread) == (3, 1, 1, 1, 2)
    assert counts == talks.inbox.count(actor)


@pytest.mark.parametrize("search", ["krause", "DOAB123", "do-ab 123", "ab 12", "quietschen", "0171 5550142"])
def test_search_finds_name_plate_phone_and_text(
    talks: Talks, database: Database, workshop: Workshop, search: str
) -> None:
    customer = make_customer(database, workshop, name="Sabine Krause", phone="+491715550142")
    vehicle = make_vehicle(database, workshop, customer)
    conversation = make_conversation(
        database, workshop, customer_id=customer.id, last_seq=1, last_text="Bremsen quietschen"
    )
    make_message(database, conversation, text="Bremsen quietschen")
    make_lead(database, conversation, vehicle_id=vehicle.id)
    make_thread(database, workshop, 9, name="Jemand anders")
    assert names(talks.inbox.list_inbox(staff_of(workshop), search=search)) == ["Sabine Krause"]


def test_search_takes_wildcards_literally(talks: Talks, database: Database, workshop: Workshop) -> None:
    make_thread(database, workshop, 1, name="Sabine Krause")
    for search in ("%", "_____________", "100%"):
        assert talks.inbox.list_inbox(staff_of(workshop), search=search).rows == ()


def test_a_forged_cursor_or_view_is_refused(talks: Talks, workshop: Workshop) -> None:
    with pytest.raises(Invalid):
        talks.inbox.list_inbox(staff_of(workshop), before="x|y")
    with pytest.raises(Invalid):
        talks.inbox.list_inbox(staff_of(workshop), view="secret")


def test_reading_and_writing_need_the_permission(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    conversation = make_thread(database, workshop, 1)
    with pytest.raises(Forbidden):
        talks.inbox.list_inbox(staff_of(workshop, "technician"))
    with pytest.raises(Forbidden):
        talks.inbox.reply(staff_of(workshop, "accountant"), conversation.id, "Hallo")
    with pytest.raises(Forbidden):
        talks.inbox.get_thread(customer_of(workshop, conversation_id=conversation.id), conversation.id)


def test_done_threads_leave_the_list_and_come_back_when_the_customer_writes(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    talks.conversations.add_customer_message(customer, text="Hallo", client_id="1")
    actor = staff_of(workshop, person_id=make_person(database).id)
    talks.inbox.set_done(actor, thread.conversation_id, True)
    assert talks.inbox.list_inbox(actor).rows == ()
    talks.conversations.add_customer_message(customer, text="Noch etwas", client_id="2")
    assert [row.preview for row in talks.inbox.list_inbox(actor).rows] == ["Noch etwas"]


def test_the_list_shows_the_customers_words_also_after_an_answer(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    talks.conversations.add_customer_message(customer, text="Bremsen quietschen", client_id="1")
    actor = staff_of(workshop, person_id=make_person(database).id)
    talks.inbox.reply(actor, thread.conversation_id, "Guten Tag, das sehen wir uns an.")
    row = talks.inbox.list_inbox(actor).rows[0]
    assert (row.preview, row.last_author) == ("Bremsen quietschen", "staff")


def test_the_timeline_tells_what_happened(talks: Talks, database: Database, workshop: Workshop) -> None:
    person = make_person(database, name="Jana Krüger")
    make_membership(database, workshop, person, "front_desk")
    actor = staff_of(workshop, person_id=person.id)
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    talks.conversations.add_customer_message(customer, text="Mensch bitte", client_id="1")
    talks.conversations.request_human(customer)
    talks.inbox.take_over(actor, thread.conversation_id)
    view = talks.inbox.get_thread(actor, thread.conversation_id)
    assert {entry.kind for entry in view.timeline} == {"started", "handover", "taken_over"}
    assert (view.mode, view.taken_by_name, view.handover_reason) == ("human", "Jana Krüger", "asked")
