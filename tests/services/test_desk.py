"""The desk: done, assigned, labelled, put away, each for many threads at once and undone again."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.desk import MOST_AT_ONCE, DeskService
from carbot_app.domains.conversations.desk_words import DeskWords
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories.actors import customer_of, staff_of
from tests.factories.conversations import make_conversation, make_message
from tests.factories.customers import make_customer
from tests.factories.team import make_membership, make_person, make_workshop
from tests.services.conftest import Talks


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def counter(database: Database, clock: ManualClock) -> DeskService:
    return DeskService(db=database, clock=clock)


@pytest.fixture
def words(database: Database) -> DeskWords:
    return DeskWords(db=database)


def make_thread(
    database: Database, workshop: Workshop, name: str = "Sabine Krause", **fields
) -> Conversation:
    customer = make_customer(database, workshop, name=name)
    known = {"last_seq": 1, "last_author": "customer", "customer_id": customer.id}
    conversation = make_conversation(database, workshop, **{**known, **fields})
    make_message(database, conversation, text="Bremsen quietschen")
    return conversation


def colleague(database: Database, workshop: Workshop, name: str, role: str = "front_desk") -> Person:
    person = make_person(database, name=name)
    make_membership(database, workshop, person, role)
    return person


def row_of(database: Database, conversation_id: UUID) -> Conversation:
    with database.reading(SYSTEM) as session:
        return session.get_one(Conversation, conversation_id)


def kinds(database: Database) -> list[str]:
    with database.reading(SYSTEM) as session:
        return [event.kind for event in session.exec(select(OutboxEvent).order_by(OutboxEvent.id))]


def test_an_assigned_thread_is_mine_and_no_longer_unassigned_and_the_assistant_goes_on(
    talks: Talks, counter: DeskService, database: Database, workshop: Workshop
) -> None:
    jana = colleague(database, workshop, "Jana Krüger")
    thread = make_thread(database, workshop)
    other = make_thread(database, workshop, "Mehmet Demir")
    actor = staff_of(workshop, person_id=jana.id)
    counter.assign(actor, [thread.id], jana.id)
    mine = talks.inbox.list_inbox(actor, view="mine")
    assert [(row.conversation_id, row.assigned_name) for row in mine.rows] == [(thread.id, "Jana Krüger")]
    free = talks.inbox.list_inbox(actor, view="unassigned")
    assert [row.conversation_id for row in free.rows] == [other.id]
    assert (free.counts.mine, free.counts.unassigned) == (1, 1)
    assert row_of(database, thread.id).mode == "assistant"
    assert "conversation.assigned" in kinds(database)
    counter.assign(actor, [thread.id], None)
    assert talks.inbox.list_inbox(actor, view="mine").rows == ()


def test_only_colleagues_who_may_answer_are_given_threads(
    counter: DeskService, database: Database, workshop: Workshop
) -> None:
    thread = make_thread(database, workshop)
    technician = colleague(database, workshop, "Emre Yıldız", "technician")
    stranger = colleague(database, make_workshop(database, slug="other"), "Fremd")
    for person in (technician, stranger):
        with pytest.raises(NotFound):
            counter.assign(staff_of(workshop), [thread.id], person.id)
    assert counter.list_colleagues(staff_of(workshop)) == ()


def test_taking_over_assigns_and_handing_back_frees(
    talks: Talks, counter: DeskService, database: Database, workshop: Workshop
) -> None:
    jana = colleague(database, workshop, "Jana Krüger")
    thread = make_thread(database, workshop)
    actor = staff_of(workshop, person_id=jana.id)
    talks.inbox.take_over(actor, thread.id)
    assert counter.get_desk(actor, thread.id).assigned_name == "Jana Krüger"
    talks.inbox.hand_back(actor, thread.id)
    assert counter.get_desk(actor, thread.id).assigned_to is None


def test_labels_stand_on_the_row_and_narrow_the_list(
    talks: Talks, counter: DeskService, words: DeskWords, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    label = words.save_label(actor, None, name=" Flotte ", category="Kunde", tone="info")
    thread = make_thread(database, workshop)
    make_thread(database, workshop, "Mehmet Demir")
    for _ in range(2):
        counter.label(actor, [thread.id], label.id)
    (row,) = talks.inbox.list_inbox(actor, label_id=label.id).rows
    assert [(one.name, one.tone) for one in row.labels] == [("Flotte", "info")]
    counter.label(actor, [thread.id], label.id, on=False)
    assert talks.inbox.list_inbox(actor, label_id=label.id).rows == ()


def test_a_label_is_deleted_from_every_thread_and_names_are_unique(
    counter: DeskService, words: DeskWords, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    label, other = (words.save_label(actor, None, name=name) for name in ("Flotte", "Presse"))
    thread = make_thread(database, workshop)
    counter.label(actor, [thread.id], label.id)
    with pytest.raises(Conflict):
        words.save_label(actor, other.id, name="Flotte")
    with pytest.raises(Invalid):
        words.save_label(actor, None, name="Bunt", tone="pink")
    words.delete_label(actor, label.id)
    assert counter.get_desk(actor, thread.id).labels == ()
    with pytest.raises(NotFound):
        counter.label(actor, [thread.id], label.id)


def test_a_snoozed_thread_leaves_every_list_but_its_own_and_comes_back_in_time(
    talks: Talks, counter: DeskService, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    actor = staff_of(workshop)
    thread = make_thread(database, workshop)
    counter.snooze(actor, [thread.id], clock() + timedelta(hours=3))
    page = talks.inbox.list_inbox(actor)
    assert (page.rows, page.counts.open, page.counts.unread, page.counts.snoozed) == ((), 0, 0, 1)
    assert len(talks.inbox.list_inbox(actor, view="snoozed").rows) == 1
    clock.advance(timedelta(hours=2))
    assert counter.wake_due() == 0
    clock.advance(timedelta(hours=1))
    assert counter.wake_due() == 1
    assert counter.wake_due() == 0
    assert len(talks.inbox.list_inbox(actor).rows) == 1


def test_a_message_of_the_customer_wakes_a_snoozed_thread_at_once(
    talks: Talks, counter: DeskService, workshop: Workshop, clock: ManualClock
) -> None:
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    talks.conversations.add_customer_message(customer, text="Hallo", client_id="1")
    actor = staff_of(workshop)
    counter.snooze(actor, [thread.conversation_id], clock() + timedelta(days=3))
    talks.conversations.add_customer_message(customer, text="Noch da?", client_id="2")
    assert len(talks.inbox.list_inbox(actor).rows) == 1


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=-1), timedelta(days=400)])
def test_the_past_and_far_future_are_no_times_to_snooze_until(
    counter: DeskService, database: Database, workshop: Workshop, clock: ManualClock, ahead: timedelta
) -> None:
    thread = make_thread(database, workshop)
    with pytest.raises(Invalid):
        counter.snooze(staff_of(workshop), [thread.id], clock() + ahead)


def test_everything_done_to_many_threads_is_undone_exactly(
    counter: DeskService, words: DeskWords, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    actor = staff_of(workshop)
    jana = colleague(database, workshop, "Jana Krüger")
    label = words.save_label(actor, None, name="Flotte")
    since = clock()
    one = make_thread(database, workshop, assigned_to=jana.id, waiting_since=since)
    two = make_thread(database, workshop, "Mehmet Demir", snoozed_until=clock() + timedelta(days=1))
    counter.label(actor, [two.id], label.id)
    both = [one.id, two.id]
    before = [counter.get_desk(actor, thread) for thread in both]
    for change in (
        lambda: counter.finish(actor, both),
        lambda: counter.assign(actor, both, None),
        lambda: counter.label(actor, both, label.id),
        lambda: counter.snooze(actor, both, clock() + timedelta(days=5)),
    ):
        marks = change()
        assert [counter.get_desk(actor, thread) for thread in both] != before
        counter.restore(actor, marks)
        assert [counter.get_desk(actor, thread) for thread in both] == before
    assert {row_of(database, thread).state for thread in both} == {"open"}


def test_one_foreign_thread_among_many_and_nothing_happens(
    counter: DeskService, database: Database, workshop: Workshop
) -> None:
    ours = make_thread(database, workshop)
    theirs = make_thread(database, make_workshop(database, slug="other"))
    actor = staff_of(workshop)
    with pytest.raises(NotFound):
        counter.finish(actor, [ours.id, theirs.id])
    assert row_of(database, ours.id).state == row_of(database, theirs.id).state == "open"
    with pytest.raises(NotFound):
        counter.get_desk(actor, theirs.id)


def test_who_may_not_answer_changes_nothing_and_too_many_are_refused(
    counter: DeskService, database: Database, workshop: Workshop
) -> None:
    thread = make_thread(database, workshop)
    for actor in (staff_of(workshop, "technician"), customer_of(workshop, conversation_id=thread.id)):
        with pytest.raises(Forbidden):
            counter.finish(actor, [thread.id])
        with pytest.raises(Forbidden):
            counter.get_desk(actor, thread.id)
    with pytest.raises(Invalid):
        counter.finish(staff_of(workshop), [new_id() for _ in range(MOST_AT_ONCE + 1)])


def test_the_wait_begins_with_the_first_unanswered_message_and_ends_with_the_answer(
    talks: Talks, counter: DeskService, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    actor = staff_of(workshop, person_id=make_person(database).id)

    def since():
        return counter.get_desk(actor, thread.conversation_id).waiting_since

    began = clock()
    talks.conversations.add_customer_message(customer, text="Hallo", client_id="1")
    clock.advance(timedelta(minutes=5))
    talks.conversations.add_customer_message(customer, text="Hallo?", client_id="2")
    assert since() == began
    desk = counter.get_desk(actor, thread.conversation_id)
    assert desk.clock.waited(began, clock()) == timedelta(minutes=5)
    talks.inbox.reply(actor, thread.conversation_id, "Guten Tag")
    assert since() is None


def test_once_a_person_is_asked_for_only_a_person_ends_the_wait(
    talks: Talks, counter: DeskService, workshop: Workshop, clock: ManualClock
) -> None:
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    actor = staff_of(workshop)
    answered = talks.conversations.begin_answer(customer)
    assert answered is not None
    talks.conversations.request_human(customer)
    asked = counter.get_desk(actor, thread.conversation_id).waiting_since
    assert asked == clock()
    talks.conversations.finish_answer(
        customer, answered.id, text="Ich hole jemanden.", parts=[], facts=[], dialogue={}, language="de",
        within=lambda *_: None,
    )  # fmt: skip
    assert counter.get_desk(actor, thread.conversation_id).waiting_since == asked
    talks.inbox.set_done(actor, thread.conversation_id, True)
    assert counter.get_desk(actor, thread.conversation_id).waiting_since is None


def test_canned_replies_refuse_unknown_variables_and_belong_to_their_workshop(
    words: DeskWords, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    with pytest.raises(Invalid) as refused:
        words.save_reply(actor, None, title="Fertig", text="Ihr {{kennzeichen}} ist fertig")
    assert (refused.value.code, refused.value.params["name"]) == ("variable_unknown", "kennzeichen")
    saved = words.save_reply(
        actor, None, title="Fertig", text="Ihr {{plate}} ist fertig\n\nGruß", category="Ende"
    )
    changed = words.save_reply(actor, saved.id, title="Fertig!", text="{{plate}} ist fertig")
    assert words.list_replies(actor) == (changed,)
    with pytest.raises(Conflict):
        words.save_reply(actor, None, title="Fertig!", text="x")
    stranger = staff_of(make_workshop(database, slug="other"))
    assert words.list_replies(stranger) == words.list_labels(stranger) == ()
    with pytest.raises(NotFound):
        words.save_reply(stranger, saved.id, title="Geklaut", text="x")
    words.delete_reply(stranger, saved.id)
    assert words.list_replies(actor) == (changed,)
    with pytest.raises(Forbidden):
        words.save_reply(staff_of(workshop, "front_desk"), None, title="Neu", text="x")
    words.delete_reply(actor, saved.id)
    assert words.list_replies(actor) == ()
