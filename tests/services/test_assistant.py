"""The built-in assistant with a real database: what customers get, what staff sees."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.answers import AnswerEvent, Choice, Delta, ModeChanged
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from tests.services.assistant_desk import AssistantDesk, open_assistant_desk, part, streamed

STORY = "Bremsen quietschen, Golf 7 BJ 2015, was kostet das und wann habt ihr Zeit? DO-AB 123"


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)


@pytest.fixture
def desk(database: Database, clock: ManualClock, analyser: MessageAnalyser) -> AssistantDesk:
    return open_assistant_desk(database, clock, analyser)


async def test_the_story_ends_in_a_booking_a_hot_lead_and_known_people(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    first = await chat.say(STORY)
    assert first is not None
    assert "129,00" in first.text
    offered = part(first, "slots")["slots"]
    assert len(offered) == 3
    lead = chat.thread().lead
    assert lead.vehicle.plate == "DO-AB 123"
    assert lead.wish == STORY
    assert lead.score >= 45
    asked = await chat.say("der zweite passt")
    assert part(asked, "contact")
    booked = part(await chat.say("Jan Petersen, 0171 5550190"), "booking")
    assert booked["when"] == offered[1]["label"]
    assert booked["price"].startswith("129,00")
    assert "Rheinische Straße" in booked["address"]
    assert booked["manage_url"] == booked["ics_url"].removesuffix("/termin.ics")
    thread = chat.thread()
    assert (thread.customer.name, thread.customer.phone) == ("Jan Petersen", "+491715550190")
    assert (thread.lead.state, thread.lead.temperature) == ("booked", "hot")
    with desk.database.reading(SYSTEM) as session:
        (visit,) = session.exec(select(Appointment)).all()
        assert visit.source == "chat"
        assert len(session.exec(select(Customer)).all()) == len(session.exec(select(Vehicle)).all()) == 1
        kinds = {event.kind for event in session.exec(select(OutboxEvent))}
    assert {"lead.created", "appointment.booked", "conversation.changed"} <= kinds


@pytest.mark.parametrize(
    ("language", "question", "choice", "contact"),
    [
        ("en", "Brakes squeal, VW Golf, how much and when?", "the second one", "Ann Lee, ann@ex.example"),
        ("tr", "Golf 7 fren balatası ne kadar, ne zaman müsait?", "ikincisi olur", "Ali Kaya 0176 55512345"),
        ("pl", "Hamulce piszczą, VW Golf, ile kosztuje i kiedy?", "ten drugi", "Jan Nowak, jan@mail.example"),
        ("fr", "Mes freins grincent, VW Golf, quel est le prix et quand puis-je venir ?", "le deuxième",
         "Anne Petit, anne@mail.example"),
        ("it", "I freni fischiano, VW Golf, quanto costa e quando posso venire?", "il secondo",
         "Ida Conti, ida@mail.example"),
        ("nl", "Mijn remmen piepen, VW Golf, wat kost het en wanneer kan ik komen?", "de tweede",
         "Jan Bakker, jan@mail.example"),
    ],
)  # fmt: skip
async def test_the_story_works_in_every_language(
    desk: AssistantDesk, language: str, question: str, choice: str, contact: str
) -> None:
    chat = desk.open_chat(language)
    offered = part(await chat.say(question), "slots")["slots"]
    await chat.say(choice)
    assert part(await chat.say(contact), "booking")["when"] == offered[1]["label"]
    assert chat.thread().language == language


async def test_the_answer_follows_the_customer_into_another_language(desk: AssistantDesk) -> None:
    chat = desk.open_chat("de")
    assert "kostet" in (await chat.say("Was kostet ein Ölwechsel beim Golf?")).text
    english = await chat.say("Sorry, could we continue in English please? When do you have time on Friday?")
    assert english is not None
    assert "free" in english.text
    assert chat.thread().language == "en"


async def test_an_unknown_car_gets_a_range_and_a_known_one_its_price(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    vague = await chat.say("Was kosten Bremsbeläge?")
    assert vague is not None
    assert "110" in vague.text
    assert "194" in vague.text
    exact = await chat.say("Es ist ein VW Golf")
    assert exact is not None
    assert "129,00" in exact.text


async def test_two_quick_messages_are_answered_in_order(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await asyncio.gather(chat.say("Was kostet ein Ölwechsel beim Golf?"), chat.say("und wo seid ihr?"))
    messages = chat.thread().messages
    assert [message.author for message in messages] == ["customer", "customer", "assistant", "assistant"]
    assert [message.seq for message in messages] == [1, 2, 3, 4]
    assert "Rheinische Straße" in messages[-1].text


async def test_an_answer_is_stored_when_its_listener_has_left(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    message, _ = desk.conversations.add_customer_message(chat.actor, text=STORY, client_id="x")
    events = desk.assistant.answer(chat.actor, chat.id, message)
    async for event in events:
        if isinstance(event, Delta):
            break
    await events.aclose()
    await desk.assistant.close()
    answer = chat.thread().messages[-1]
    assert (answer.author, answer.state) == ("assistant", "complete")
    assert part(answer, "slots")


async def test_a_second_listener_hears_the_same_answer_from_its_beginning(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    message, _ = desk.conversations.add_customer_message(chat.actor, text=STORY, client_id="x")
    first, second = (desk.assistant.answer(chat.actor, chat.id, message) for _ in range(2))
    heard = await asyncio.gather(_all_of(first), _all_of(second))
    assert heard[0] == heard[1]
    assert len(chat.thread().messages) == 2
    assert streamed(heard[0]) == chat.thread().messages[-1].text


async def _all_of(events: AsyncIterator[AnswerEvent]) -> list[AnswerEvent]:
    return [event async for event in events]


async def test_while_a_person_answers_the_assistant_is_silent_and_still_listens(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Hallo")
    desk.inbox.reply(desk.owner, chat.id, "Guten Tag, hier ist Sabine.")
    assert await chat.events("Was kostet ein Ölwechsel? Golf 7, DO-AB 123") == []
    thread = chat.thread()
    assert [message.author for message in thread.messages][-1] == "customer"
    assert thread.lead.vehicle.plate == "DO-AB 123"
    desk.inbox.hand_back(desk.owner, chat.id)
    answer = await chat.say("Also, was kostet er?")
    assert answer is not None
    assert "89,00" in answer.text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ich möchte bitte mit einem Menschen sprechen", "asked"),
        ("Mensch", "asked"),
        ("a human please", "asked"),
        ("bir yetkiliyle görüşmek istiyorum", "asked"),
        ("proszę o kontakt z człowiekiem", "asked"),
        ("Nach eurer Reparatur klappert es schon wieder, ich bin stinksauer!", "complaint"),
        ("Ich habe eine Frage zu meiner Rechnung, da stimmt was nicht", "asked"),
    ],
)
async def test_what_needs_a_person_is_handed_over_visibly(
    desk: AssistantDesk, text: str, reason: str
) -> None:
    chat = desk.open_chat()
    events = await chat.events(text)
    assert ModeChanged("human", None) in events
    thread = chat.thread()
    assert (thread.mode, thread.handover_reason) == ("human", reason)
    assert desk.workshop.phone in thread.messages[1].text
    with desk.database.reading(SYSTEM) as session:
        assert [event for event in session.exec(select(OutboxEvent)) if event.kind == "handover.requested"]


async def test_being_asked_whether_it_is_a_robot_it_says_so_and_offers_a_person(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    answer = await chat.say("Bist du ein Roboter oder ein Mensch?")
    assert answer is not None
    assert "KI-Assistent" in answer.text
    assert chat.thread().mode == "assistant"
    pressed = part(answer, "replies")["options"][0]
    await chat.say(pressed["label"], Choice("reply", pressed["value"]))
    assert chat.thread().mode == "human"


async def test_after_two_riddles_a_person_is_offered(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("hm")
    second = await chat.say("tja nun")
    assert part(second, "replies")["options"][0]["value"] == "person"
    assert chat.thread().mode == "assistant"


async def test_a_price_stays_when_somebody_haggles(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Was kostet ein Ölwechsel beim Golf?")
    answer = await chat.say("Das ist mir zu teuer, geht da noch was am Preis? Ich zahle 50 Euro.")
    assert answer is not None
    assert "50" not in answer.text
    assert chat.thread().mode == "assistant"


async def test_a_booked_visit_can_be_moved_in_the_chat(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Ölwechsel für meinen Golf, DO-AB 123")
    await chat.say("der erste")
    await chat.say("Jan Petersen, jan@mail.example")
    offered = part(await chat.say("doch lieber am Freitag"), "slots")["slots"]
    moved = part(await chat.say("der erste"), "booking")
    assert moved["when"] == offered[0]["label"]
    with desk.database.reading(SYSTEM) as session:
        (visit,) = session.exec(select(Appointment)).all()
    assert visit.moved_count == 1


async def test_an_unknown_work_is_asked_back_with_the_nearest_services(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    options = part(await chat.say("Ich brauche einen Termin"), "replies")["options"]
    chosen = options[0]
    answer = await chat.say(chosen["label"], Choice("reply", chosen["value"]))
    assert part(answer, "slots")


async def test_on_a_public_holiday_it_knows_that_nobody_is_there(desk: AssistantDesk) -> None:
    answer = await desk.open_chat().say("Habt ihr am 25. Dezember geöffnet?")
    assert answer is not None
    assert "geschlossen" in answer.text


async def test_small_talk_makes_no_lead(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    await chat.say("Hallo")
    await chat.say("Wo seid ihr?")
    with desk.database.reading(SYSTEM) as session:
        assert session.exec(select(Lead)).all() == []


async def test_another_workshop_sees_nothing_of_it(desk: AssistantDesk) -> None:
    other = open_assistant_desk(desk.database, desk.clock, MessageAnalyser.load(), slug="nebenan")
    chat = desk.open_chat()
    await chat.say(STORY)
    await chat.say("Jan Petersen, 0171 5550190")
    assert other.inbox.list_inbox(other.owner, view="all").rows == ()
    answer = await other.open_chat().say("Was kostet ein Ölwechsel? DO-AB 123")
    assert answer is not None
    assert "Golf" not in answer.text


async def test_a_switched_off_assistant_calls_the_team(desk: AssistantDesk) -> None:
    with desk.database.writing(SYSTEM) as session:
        row = session.get_one(Workshop, desk.workshop.id)
        row.assistant_on = False
        session.add(row)
    chat = desk.open_chat()
    await chat.say("Was kostet ein Ölwechsel?")
    assert chat.thread().mode == "human"


async def test_at_night_it_answers_and_offers_times_of_the_next_days(
    desk: AssistantDesk, clock: ManualClock
) -> None:
    clock.now = datetime(2026, 11, 23, 21, 40, tzinfo=UTC)
    offered = part(await desk.open_chat().say(STORY), "slots")["slots"]
    assert offered
    assert not any(slot["label"].startswith("Mo, 23.") for slot in offered)
