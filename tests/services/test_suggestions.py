"""Answers prepared for whoever has taken over: never sent by themselves, and counted."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.models import Message
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.suggestion_models import SuggestedReply
from carbot_app.domains.conversations.suggestion_tools import onlooker
from carbot_app.domains.conversations.suggestions import SuggestionService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, NotFound
from tests.factories import staff_of
from tests.services.assistant_desk import AssistantDesk, Chat, open_assistant_desk

QUESTION = "Was kostet ein Ölwechsel beim VW Golf 7 und wann hätten Sie Zeit?"


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture
def desk(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, monkeypatch: pytest.MonkeyPatch
) -> AssistantDesk:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)
    return open_assistant_desk(database, clock, analyser)


@pytest.fixture
def suggestions(desk: AssistantDesk, analyser: MessageAnalyser) -> SuggestionService:
    reader = onlooker(
        knowledge=desk.knowledge,
        clock=desk.clock,
        analyser=lambda: analyser,
        team=desk.team,
        customers=CustomerService(db=desk.database),
        catalog=desk.catalog,
        booking=desk.booking,
        conversations=desk.conversations,
        visits=desk.access,
    )
    return SuggestionService(db=desk.database, clock=desk.clock, reader=reader)


def taken_over(desk: AssistantDesk) -> Chat:
    chat = desk.open_chat()
    chat.ask("Hallo")
    desk.inbox.take_over(desk.owner, chat.id)
    return chat


def write(desk: AssistantDesk, suggestions: SuggestionService, chat: Chat, text: str) -> None:
    """The customer writes; the event reaches the consumer like the worker would bring it."""
    assert chat.ask(text) is None
    event(desk, suggestions, chat)


def event(desk: AssistantDesk, suggestions: SuggestionService, chat: Chat) -> None:
    with desk.database.reading(SYSTEM) as session:
        found = [row for row in session.exec(select(OutboxEvent)) if row.kind == "message.received"]
        newest = max(found, key=lambda row: row.id)
    suggestions.on_event(Delivery(newest.id, desk.workshop.id, newest.kind, newest.payload, desk.clock()))


def rows(desk: AssistantDesk, table: type) -> list:
    with desk.database.reading(SYSTEM) as session:
        return list(session.exec(select(table).order_by(table.id)))


def test_while_a_person_answers_a_reply_is_prepared_with_its_sources_and_not_sent(
    desk: AssistantDesk, suggestions: SuggestionService
) -> None:
    chat = taken_over(desk)
    write(desk, suggestions, chat, QUESTION)
    found = suggestions.find(desk.owner, chat.id)
    assert found is not None
    assert "€" in found.text
    assert len(found.sources) >= 2
    assert [m.author for m in chat.thread().messages if m.author == "staff"] == []
    assert len([m for m in rows(desk, Message) if m.author == "assistant"]) == 1


def test_while_the_assistant_answers_nothing_is_prepared(
    desk: AssistantDesk, suggestions: SuggestionService
) -> None:
    chat = desk.open_chat()
    chat.ask(QUESTION)
    event(desk, suggestions, chat)
    assert rows(desk, SuggestedReply) == []


def test_a_new_message_replaces_the_suggestion(desk: AssistantDesk, suggestions: SuggestionService) -> None:
    chat = taken_over(desk)
    write(desk, suggestions, chat, QUESTION)
    first = suggestions.find(desk.owner, chat.id)
    write(desk, suggestions, chat, "Und wo finde ich Sie, wie ist die Adresse?")
    second = suggestions.find(desk.owner, chat.id)
    assert first is not None
    assert second is not None
    assert second.id != first.id
    assert sorted(row.state for row in rows(desk, SuggestedReply)) == ["open", "replaced"]
    with pytest.raises(NotFound):
        suggestions.take(desk.owner, first.id)


def test_the_same_event_twice_prepares_once(desk: AssistantDesk, suggestions: SuggestionService) -> None:
    chat = taken_over(desk)
    write(desk, suggestions, chat, QUESTION)
    event(desk, suggestions, chat)
    assert len(rows(desk, SuggestedReply)) == 1


def test_a_suggestion_books_cancels_and_sends_nothing(
    desk: AssistantDesk, suggestions: SuggestionService
) -> None:
    chat = desk.open_chat()
    chat.ask(QUESTION)
    desk.inbox.take_over(desk.owner, chat.id)
    write(desk, suggestions, chat, "der erste passt, Jan Petersen, 0171 5550190")
    write(desk, suggestions, chat, "Ich will meinen Termin absagen, DO-KL 77")
    write(desk, suggestions, chat, "Rufen Sie mich bitte zurück, 0171 5550190")
    assert rows(desk, Appointment) == []
    assert rows(desk, OutgoingMessage) == []
    assert suggestions.find(desk.owner, chat.id) is None


def test_what_becomes_of_suggestions_is_counted(desk: AssistantDesk, suggestions: SuggestionService) -> None:
    def answered(text: str | None, *, take: bool = False) -> None:
        chat = taken_over(desk)
        write(desk, suggestions, chat, QUESTION)
        found = suggestions.find(desk.owner, chat.id)
        assert found is not None
        if take:
            suggestions.take(desk.owner, found.id)
        said = found.text if text is None else text
        desk.inbox.reply(desk.owner, chat.id, said)
        suggestions.settle_reply(desk.owner, chat.id, said)

    answered(None)
    answered(None, take=True)
    answered("Ganz anders formuliert.", take=True)
    answered("Das sage ich selbst.")
    use = suggestions.count_use(desk.owner)
    assert (use.sent, use.edited, use.discarded, use.accepted_percent) == (2, 1, 1, 75)
    desk.clock.advance(timedelta(days=31))
    assert suggestions.count_use(desk.owner).sent == 0


def test_what_is_discarded_is_gone_for_everybody(desk: AssistantDesk, suggestions: SuggestionService) -> None:
    chat = taken_over(desk)
    write(desk, suggestions, chat, QUESTION)
    found = suggestions.find(desk.owner, chat.id)
    assert found is not None
    suggestions.discard(desk.owner, found.id)
    assert suggestions.find(desk.owner, chat.id) is None
    with pytest.raises(NotFound):
        suggestions.discard(desk.owner, found.id)


def test_an_answered_message_has_no_suggestion_any_more(
    desk: AssistantDesk, suggestions: SuggestionService
) -> None:
    chat = taken_over(desk)
    write(desk, suggestions, chat, QUESTION)
    desk.inbox.reply(desk.owner, chat.id, "Ich schaue nach.")
    assert suggestions.find(desk.owner, chat.id) is None


def test_another_workshop_and_who_may_not_answer_decide_nothing(
    desk: AssistantDesk, suggestions: SuggestionService, database: Database, clock: ManualClock,
    analyser: MessageAnalyser,
) -> None:  # fmt: skip
    chat = taken_over(desk)
    write(desk, suggestions, chat, QUESTION)
    found = suggestions.find(desk.owner, chat.id)
    assert found is not None
    foreign = open_assistant_desk(database, clock, analyser, slug="huber-wien")
    assert suggestions.find(foreign.owner, chat.id) is None
    with pytest.raises(NotFound):
        suggestions.take(foreign.owner, found.id)
    reader = replace(staff_of(desk.workshop), permissions=frozenset({"inbox.read"}))
    with pytest.raises(Forbidden):
        suggestions.discard(reader, found.id)
    with pytest.raises(NotFound):
        suggestions.take(desk.owner, uuid4())
