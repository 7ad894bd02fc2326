"""Notes and drafts: for colleagues, never for customers; a draft for its writer alone."""

import json
from dataclasses import asdict

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.desk import DeskService
from carbot_app.domains.conversations.drafts import DraftService
from carbot_app.domains.conversations.notes import NOTE_LIMIT, NoteService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from tests.factories.actors import customer_of, staff_of
from tests.factories.team import make_membership, make_person, make_workshop
from tests.services.conftest import Talks

SECRET = "Zahlt immer spät, nur gegen Vorkasse"


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def counter(database: Database, clock: ManualClock) -> DeskService:
    return DeskService(db=database, clock=clock)


@pytest.fixture
def notes(database: Database, clock: ManualClock) -> NoteService:
    return NoteService(db=database, clock=clock)


@pytest.fixture
def drafts(database: Database, clock: ManualClock) -> DraftService:
    return DraftService(db=database, clock=clock)


@pytest.fixture
def chat(talks: Talks, workshop: Workshop):
    """A customer's own actor in a thread with one message."""
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    talks.conversations.add_customer_message(customer, text="Hallo", client_id="1")
    return customer


def events(database: Database, kind: str) -> list[OutboxEvent]:
    with database.reading(SYSTEM) as session:
        return list(session.exec(select(OutboxEvent).where(OutboxEvent.kind == kind)))


def test_a_note_is_read_by_the_team_and_by_no_customer(
    talks: Talks,
    notes: NoteService,
    counter: DeskService,
    drafts: DraftService,
    database: Database,
    workshop: Workshop,
    chat,
) -> None:
    actor, thread = staff_of(workshop, person_id=make_person(database).id), chat.subject_id
    seq = talks.conversations.thread_for_customer(chat, 0).last_seq
    notes.write_note(actor, thread, SECRET)
    drafts.keep(actor, thread, SECRET)
    (note,) = counter.get_desk(actor, thread).notes
    assert (note.text, note.author_name) == (SECRET, "Sabine Müller")
    seen = talks.conversations.thread_for_customer(chat, 0)
    assert SECRET not in json.dumps(asdict(seen), default=str)
    assert seen.last_seq == seq
    assert SECRET not in json.dumps(asdict(talks.inbox.get_thread(actor, thread)), default=str)
    for forbidden in (chat, customer_of(workshop), staff_of(workshop, "technician")):
        with pytest.raises(Forbidden):
            counter.get_desk(forbidden, thread)
        with pytest.raises(Forbidden):
            notes.write_note(forbidden, thread, "Hallo")


def test_a_note_tells_those_it_calls_but_not_its_writer(
    notes: NoteService, database: Database, workshop: Workshop, chat
) -> None:
    people = {}
    for name, role in (
        ("Jana Krüger", "front_desk"),
        ("Sabine Müller", "owner"),
        ("Emre Yıldız", "technician"),
    ):
        people[name] = make_person(database, name=name)
        make_membership(database, workshop, people[name], role)
    writer = staff_of(workshop, person_id=people["Sabine Müller"].id)
    note = notes.write_note(writer, chat.subject_id, "@Jana und @Sabine, @Emre darf nicht antworten")
    assert note.mentions == (people["Jana Krüger"].id, people["Sabine Müller"].id)
    (event,) = events(database, "note.written")
    assert event.payload["mentions"] == [str(people["Jana Krüger"].id)]
    assert "Jana" not in json.dumps(event.payload)


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "x" * (NOTE_LIMIT + 1)])
def test_an_empty_or_endless_note_is_refused(notes: NoteService, workshop: Workshop, chat, text: str) -> None:
    with pytest.raises(Invalid):
        notes.write_note(staff_of(workshop), chat.subject_id, text)


def test_no_note_or_draft_reaches_another_workshops_thread(
    notes: NoteService, drafts: DraftService, database: Database, chat
) -> None:
    stranger = staff_of(make_workshop(database, slug="other"))
    with pytest.raises(NotFound):
        notes.write_note(stranger, chat.subject_id, "Hallo")
    with pytest.raises(NotFound):
        drafts.keep(stranger, chat.subject_id, "Hallo")


def test_everybody_has_their_own_draft_until_it_is_blank(
    talks: Talks, drafts: DraftService, counter: DeskService, database: Database, workshop: Workshop, chat
) -> None:
    jana, emre = (staff_of(workshop, person_id=make_person(database).id) for _ in range(2))
    thread = chat.subject_id
    drafts.keep(jana, thread, "Guten T")
    drafts.keep(jana, thread, "Guten Tag\nFrau Krause")
    drafts.keep(emre, thread, "Moin")
    assert counter.get_desk(jana, thread).draft == "Guten Tag\nFrau Krause"
    assert counter.get_desk(emre, thread).draft == "Moin"
    assert [row.has_draft for row in talks.inbox.list_inbox(jana).rows] == [True]
    drafts.keep(jana, thread, " \n")
    assert counter.get_desk(jana, thread).draft == ""
    assert [row.has_draft for row in talks.inbox.list_inbox(jana).rows] == [False]
    assert [row.has_draft for row in talks.inbox.list_inbox(emre).rows] == [True]
