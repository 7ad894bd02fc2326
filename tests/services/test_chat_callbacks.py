"""Customers of the chat ask to be called, in their own words."""

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.calls.schemas import CallbackView
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.kit.clock import ManualClock
from tests.services.assistant_desk import AssistantDesk, open_assistant_desk, part


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture
def desk(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, monkeypatch: pytest.MonkeyPatch
) -> AssistantDesk:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)
    return open_assistant_desk(database, clock, analyser)


def calls_of(desk: AssistantDesk) -> list[CallbackView]:
    return desk.calls.list_open(desk.owner)


@pytest.mark.parametrize(
    ("language", "asked", "contact", "answer", "when"),
    [
        ("de", "Können Sie mich zurückrufen?", "Jan Petersen, 0171 5550190",
         "Notiert, wir rufen Sie an: So bald wie möglich.", "So bald wie möglich"),
        ("de", "Ruft mich bitte morgen um 14 Uhr an", "Jan Petersen, 0171 5550190",
         "Notiert, wir rufen Sie an: Morgen, 13–15 Uhr.", "Morgen, 13–15 Uhr"),
        ("en", "Please call me back tomorrow afternoon", "Declan Moore 0171 5550190",
         "Noted, we will call you: Tomorrow, 1–3 pm.", "Morgen, 13–15 Uhr"),
        ("tr", "Beni arayın lütfen", "Mehmet Demir, 0171 5550190",
         "Not aldım, sizi arayacağız: En kısa sürede.", "So bald wie möglich"),
        ("pl", "Proszę oddzwonić jutro o 15", "Ewa Nowak, 0171 5550190",
         "Zanotowane, zadzwonimy: Jutro, 15:00–17:00.", "Morgen, 15–17 Uhr"),
    ],
)  # fmt: skip
async def test_a_wish_for_a_call_is_noted_once_name_and_number_are_known(
    desk: AssistantDesk, language: str, asked: str, contact: str, answer: str, when: str
) -> None:
    chat = desk.open_chat(language)
    first = await chat.say(asked)
    assert part(first, "contact")
    assert calls_of(desk) == []
    second = await chat.say(contact)
    assert second is not None
    assert second.text == answer
    (call,) = calls_of(desk)
    assert (call.phone, call.source, call.when, call.language) == ("+491715550190", "chat", when, language)
    assert (call.name, call.conversation_id) == (contact.rpartition(" 0171")[0].rstrip(","), chat.id)
    assert chat.thread().mode == "assistant"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Können Sie mich morgen um 14 Uhr zurückrufen? 0171 5550190, Jan Petersen", "Jan Petersen"),
        ("Beni arayın: 0171 5550190, Mehmet Demir", "Mehmet Demir"),
        ("Jan Petersen, 0171 5550190, bitte um Rückruf morgen Nachmittag", "Jan Petersen"),
    ],
)
async def test_everything_in_one_message_is_noted_at_once(desk: AssistantDesk, said: str, name: str) -> None:
    answer = await desk.open_chat().say(said)
    assert answer is not None
    assert not answer.parts
    assert [call.name for call in calls_of(desk)] == [name]


async def test_a_time_at_which_nobody_is_there_becomes_as_soon_as_possible(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Rufen Sie mich bitte am Sonntag um 10 Uhr an")
    answer = await chat.say("Jan Petersen, 0171 5550190")
    assert answer is not None
    assert answer.text == (
        "Zur gewünschten Zeit ist bei uns niemand da. Notiert, wir rufen Sie an: So bald wie möglich."
    )
    assert calls_of(desk)[0].soon


async def test_asking_again_in_the_same_chat_changes_the_call(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Rückruf bitte, 0171 5550190")
    await chat.say("Jan Petersen")
    await chat.say("Ruft mich doch lieber morgen um 9 Uhr an")
    assert [call.when for call in calls_of(desk)] == ["Morgen, 8–10 Uhr"]


async def test_what_the_chat_was_about_and_the_plate_stand_with_the_call(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    wish = "Bremsen quietschen, Golf 7 BJ 2015, was kostet das? DO-AB 123"
    await chat.say(wish)
    await chat.say("Rufen Sie mich lieber an. Jan Petersen, 0171 5550190")
    (call,) = calls_of(desk)
    assert (call.note, call.plate) == (wish, "DO-AB 123")


async def test_a_number_that_cannot_be_is_asked_for_again(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Bitte um Rückruf")
    answer = await chat.say("Jan Petersen, 0171 12")
    assert part(answer, "contact")
    assert calls_of(desk) == []
    await chat.say("0171 5550190")
    assert [call.name for call in calls_of(desk)] == ["Jan Petersen"]


async def test_who_changes_the_subject_is_answered_and_not_called(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Können Sie mich zurückrufen?")
    answer = await chat.say("Wann habt ihr geöffnet?")
    assert answer is not None
    assert "7:30" in answer.text
    assert calls_of(desk) == []


@pytest.mark.parametrize(
    "said",
    [
        "Warum ruft mich keiner an? Ich warte seit Tagen, unverschämt!",
        "Ich möchte mit einem Menschen sprechen",
    ],
)
async def test_a_complaint_and_the_wish_for_a_person_still_reach_a_person(
    desk: AssistantDesk, said: str
) -> None:
    chat = desk.open_chat()
    await chat.say(said)
    assert chat.thread().mode == "human"
    assert calls_of(desk) == []
