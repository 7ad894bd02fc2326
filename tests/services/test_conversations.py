"""A customer's thread: written once, in order, by its owner only."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import Message
from carbot_app.domains.conversations.service import MESSAGE_LIMIT
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound, TooLarge, Unauthenticated
from carbot_app.kit.ids import new_id
from tests.factories.actors import customer_of, staff_of
from tests.factories.team import make_membership, make_person, make_workshop
from tests.services.conftest import Talks


@pytest.fixture
def customer(talks: Talks, database: Database) -> Actor:
    workshop = make_workshop(database)
    thread, token = talks.conversations.start(
        customer_of(workshop), language="de", page_url="https://x.example/"
    )
    return talks.conversations.resolve_token(thread.conversation_id, token)


def write(talks: Talks, customer: Actor, text: str, client_id: str = "") -> int:
    message, _ = talks.conversations.add_customer_message(
        customer, text=text, client_id=client_id or str(new_id())
    )
    return message.seq


def test_messages_are_numbered_without_gaps_and_kept_as_written(talks: Talks, customer: Actor) -> None:
    script = "<script>alert(1)</script> 😀 مرحبا"
    assert [write(talks, customer, text) for text in ("Hallo", script)] == [1, 2]
    thread = talks.conversations.thread_for_customer(customer)
    assert [message.text for message in thread.messages] == ["Hallo", script]
    assert talks.conversations.thread_for_customer(customer, after_seq=1).messages[0].seq == 2


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00"])
def test_an_empty_message_is_refused(talks: Talks, customer: Actor, text: str) -> None:
    with pytest.raises(Invalid) as caught:
        write(talks, customer, text)
    assert caught.value.code == "message_empty"


def test_a_message_too_long_is_refused_and_one_at_the_limit_is_not(talks: Talks, customer: Actor) -> None:
    with pytest.raises(TooLarge):
        write(talks, customer, "x" * 100_000)
    assert write(talks, customer, "ü" * MESSAGE_LIMIT) == 1


def test_the_same_message_sent_twice_at_once_is_stored_once(talks: Talks, customer: Actor) -> None:
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(write(talks, customer, "Doppelklick", "same")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1] * 6
    assert len(talks.conversations.thread_for_customer(customer).messages) == 1


def test_parallel_messages_get_consecutive_numbers(talks: Talks, customer: Actor) -> None:
    threads = [threading.Thread(target=write, args=(talks, customer, f"Nr. {n}")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    messages = talks.conversations.thread_for_customer(customer).messages
    assert [message.seq for message in messages] == list(range(1, 13))


@pytest.mark.parametrize("token", ["", "wrong", "x" * 500])
def test_a_wrong_token_opens_nothing(talks: Talks, customer: Actor, token: str) -> None:
    assert customer.subject_id is not None
    with pytest.raises(Unauthenticated):
        talks.conversations.resolve_token(customer.subject_id, token)
    with pytest.raises(Unauthenticated):
        talks.conversations.resolve_token(new_id(), token)


def test_an_answer_is_visible_while_written_and_complete_afterwards(talks: Talks, customer: Actor) -> None:
    write(talks, customer, "Was kostet ein Ölwechsel?")
    answer = talks.conversations.begin_answer(customer)
    assert answer is not None
    assert talks.conversations.thread_for_customer(customer).messages[-1].state == "streaming"
    done = talks.conversations.finish_answer(
        customer,
        answer.id,
        text="Ab 89 €.",
        parts=[{"type": "replies", "options": []}],
        facts=[{"tool": "quote"}],
        dialogue={"services": ["ENG-OIL-001"]},
        language="de",
        within=lambda session, conversation: None,
    )
    assert (done.text, done.state, done.facts) == ("Ab 89 €.", "complete", ({"tool": "quote"},))
    assert talks.conversations.dialogue_of(customer)[0] == {"services": ["ENG-OIL-001"]}


def test_an_answer_cut_off_by_a_crash_is_marked_as_failed(
    talks: Talks, customer: Actor, clock: ManualClock
) -> None:
    talks.conversations.begin_answer(customer)
    clock.advance(timedelta(minutes=5))
    assert talks.conversations.thread_for_customer(customer).messages[-1].state == "failed"


def test_the_assistant_gets_no_turn_while_a_person_answers(
    talks: Talks, customer: Actor, database: Database
) -> None:
    write(talks, customer, "Hallo")
    talks.conversations.request_human(customer)
    assert talks.conversations.begin_answer(customer) is None
    with database.reading(SYSTEM) as session:
        kinds = [event.kind for event in session.exec(select(OutboxEvent).order_by(OutboxEvent.id))]
    assert kinds.count("handover.requested") == 1


def test_asking_for_a_person_twice_alerts_once(talks: Talks, customer: Actor, database: Database) -> None:
    talks.conversations.request_human(customer)
    talks.conversations.request_human(customer)
    with database.reading(SYSTEM) as session:
        kinds = [event.kind for event in session.exec(select(OutboxEvent).order_by(OutboxEvent.id))]
    assert kinds.count("handover.requested") == 1


def test_a_visitor_without_permission_cannot_start(talks: Talks, database: Database) -> None:
    workshop = make_workshop(database)
    with pytest.raises(Forbidden):
        talks.conversations.start(staff_of(workshop, "technician"), language="de")


def test_an_unknown_language_falls_back_to_german(talks: Talks, database: Database) -> None:
    workshop = make_workshop(database)
    thread, _ = talks.conversations.start(customer_of(workshop), language="xx")
    assert thread.language == "de"


def test_staff_answers_and_the_customer_sees_who_writes(
    talks: Talks, customer: Actor, database: Database
) -> None:
    person = make_person(database, name="Jana Krüger")
    with database.reading(SYSTEM) as session:
        from carbot_app.domains.team.models import Workshop

        workshop = session.get_one(Workshop, customer.workshop_id)
    make_membership(database, workshop, person, "front_desk")
    staff = staff_of(workshop, "front_desk", person_id=person.id)
    write(talks, customer, "Mensch bitte")
    assert customer.subject_id is not None
    talks.inbox.reply(staff, customer.subject_id, "Guten Tag, ich schaue nach.")
    thread = talks.conversations.thread_for_customer(customer)
    assert (thread.mode, thread.agent_name) == ("human", "Jana Krüger")
    assert [m.author for m in thread.messages] == ["customer", "system", "staff"]
    talks.inbox.hand_back(staff, customer.subject_id)
    assert talks.conversations.thread_for_customer(customer).mode == "assistant"
    assert talks.conversations.begin_answer(customer) is not None


def test_seen_marks_never_go_back_or_beyond_the_end(talks: Talks, customer: Actor) -> None:
    write(talks, customer, "Hallo")
    talks.conversations.mark_customer_seen(customer, 99)
    talks.conversations.mark_customer_seen(customer, 0)
    with talks.conversations._db.reading(SYSTEM) as session:
        from carbot_app.domains.conversations.models import Conversation

        assert session.get_one(Conversation, customer.subject_id).customer_seen_seq == 1


def test_another_workshops_staff_sees_and_changes_nothing(
    talks: Talks, customer: Actor, database: Database
) -> None:
    write(talks, customer, "Geheim")
    stranger = staff_of(make_workshop(database, slug="andere-werkstatt"))
    assert customer.subject_id is not None
    assert talks.inbox.list_inbox(stranger).rows == ()
    for attempt in (
        lambda: talks.inbox.get_thread(stranger, customer.subject_id),
        lambda: talks.inbox.reply(stranger, customer.subject_id, "Hallo"),
        lambda: talks.inbox.take_over(stranger, customer.subject_id),
        lambda: talks.inbox.set_done(stranger, customer.subject_id, True),
        lambda: talks.inbox.mark_seen(stranger, customer.subject_id, 1),
    ):
        with pytest.raises(NotFound):
            attempt()
    with database.reading(stranger.workshop_id) as session:
        assert session.exec(select(Message)).all() == []
