"""A call nobody took becomes a text with a link to the chat. Both engines."""

from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Message
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.messaging.ports import MissedCall
from carbot_app.domains.messaging.preferences import set_stopped
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Unauthenticated, Unavailable
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop
from tests.services.thread_desk import MOBILE, ThreadDesk, open_thread_desk


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture
def desk(database: Database, clock: ManualClock, analyser: MessageAnalyser) -> ThreadDesk:
    return open_thread_desk(database, clock, analyser)


def ring(
    desk: ThreadDesk, caller: str = MOBILE, *, name: str = "", ringing: bool = False, to: str = ""
) -> None:
    desk.incoming.take_call(desk.sms, MissedCall(caller, name or new_id().hex, to, ringing))
    desk.work()


def test_a_missed_call_is_shown_and_answered_with_a_link_into_its_own_thread(desk: ThreadDesk) -> None:
    ring(desk)
    (message,), thread = desk.messages(), desk.thread()
    assert (message.channel, message.parts) == ("call", [{"type": "missed_call"}])
    (sent,) = desk.sms.sent
    assert sent.to_number == MOBILE
    conversation_id, _, token = sent.text.partition("#c=")[2].partition(".")
    assert conversation_id == str(thread.id)
    actor = desk.desk.conversations.resolve_token(thread.id, token)
    assert actor.customer_id == thread.customer_id
    with pytest.raises(Unauthenticated):
        desk.desk.conversations.resolve_token(thread.id, token + "x")


def test_whoever_calls_again_and_again_gets_one_text_a_day(desk: ThreadDesk) -> None:
    ring(desk, name="CA1")
    ring(desk, name="CA1")
    ring(desk)
    assert len(desk.messages()) == 2
    assert len(desk.sms.sent) == 1
    desk.later(timedelta(days=1))
    ring(desk)
    assert len(desk.sms.sent) == 2


@pytest.mark.parametrize(
    ("caller", "word"),
    [("+905321234567", "kacirdik"), ("+48512345678", "odebralismy"), ("+33612345678", "missed")],
)
def test_the_text_is_in_the_callers_likely_language(desk: ThreadDesk, caller: str, word: str) -> None:
    ring(desk, caller)
    assert word in desk.sms.sent[0].text


def test_a_landline_is_shown_but_not_texted(desk: ThreadDesk) -> None:
    ring(desk, "+4923112345")
    assert len(desk.messages()) == 1
    assert desk.sms.sent == []


@pytest.mark.parametrize("caller", ["", "Anonymous", "+266696687"])
def test_a_hidden_caller_leaves_nothing(desk: ThreadDesk, caller: str) -> None:
    ring(desk, caller)
    assert desk.sms.sent == []


def test_whoever_wrote_stop_is_not_texted(desk: ThreadDesk) -> None:
    desk.write("Hallo")
    with desk.database.writing(desk.desk.workshop.id) as session:
        set_stopped(session, desk.customers()[0], "sms", stopped=True, now=desk.clock())
    ring(desk)
    assert desk.sms.sent == []
    assert [message.channel for message in desk.messages()] == ["sms", "call"]


def test_a_ringing_call_counts_only_while_the_workshop_is_closed(desk: ThreadDesk) -> None:
    ring(desk, ringing=True)
    assert desk.messages() == []
    desk.later(timedelta(hours=14))
    ring(desk, ringing=True)
    assert len(desk.messages()) == 1


def test_an_answer_after_a_missed_call_goes_out_by_sms(desk: ThreadDesk) -> None:
    ring(desk)
    desk.inbox.reply(desk.desk.owner, desk.thread().id, "Wie können wir helfen?")
    desk.work()
    assert desk.sms.sent[-1].text == "Wie können wir helfen?"


def test_with_several_workshops_a_stranger_is_refused_until_something_says_whose_they_are(
    desk: ThreadDesk,
) -> None:
    other = make_workshop(desk.database, "andere", phone="0231 9999999")
    with pytest.raises(Unavailable) as caught:
        ring(desk)
    assert caught.value.code == "sender_of_no_workshop"
    ring(desk, to="+492319999999")
    assert desk.threads() == []
    with desk.database.reading(other.id) as session:
        assert [row.workshop_id for row in session.exec(select(Message))] == [other.id]
    desk.later(timedelta(minutes=1))
    desk.write("Hallo")
    desk.work()
    ring(desk)
    assert [message.channel for message in desk.messages("customer")] == ["sms", "call"]
