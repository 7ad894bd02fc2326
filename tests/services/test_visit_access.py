"""A chat that did not book proves who writes before a visit is shown, moved or cancelled."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.domains.visit_access.models import VisitProof
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories import customer_of
from tests.services.assistant_desk import AssistantDesk, Chat, open_assistant_desk, part

PLATE = "DO-KL 77"
PHONE = "+491715550142"


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture
def desk(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, monkeypatch: pytest.MonkeyPatch
) -> AssistantDesk:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)
    return open_assistant_desk(database, clock, analyser)


def book(desk: AssistantDesk, *, plate: str = PLATE, phone: str = PHONE, day: int = 0) -> BookingConfirmation:
    actor = customer_of(desk.workshop)
    slots = desk.booking.suggest_slots(
        actor, ["ENG-OIL-001"], after=desk.clock() + timedelta(days=2 + day), language="de"
    )
    return desk.booking.book(
        actor,
        BookingRequest(
            slot_id=slots[0].id,
            service_codes=("ENG-OIL-001",),
            contact=Contact(name="Ayşe Yılmaz", phone=phone),
            vehicle=VehicleFacts(plate=plate, make="VW", model="Golf 7"),
            source="page",
            language="tr",
            request_key=new_id().hex,
        ),
    )


def sent(desk: AssistantDesk) -> list[OutgoingMessage]:
    with desk.database.reading(SYSTEM) as session:
        rows = session.exec(select(OutgoingMessage).where(OutgoingMessage.kind == "visit_code"))
        return sorted(rows, key=lambda row: row.id)


def code_in(message: OutgoingMessage) -> str:
    found = re.search(r"\d{6}", message.text)
    assert found
    return found[0]


def visit_of(desk: AssistantDesk, booking: BookingConfirmation) -> Appointment:
    with desk.database.reading(SYSTEM) as session:
        return session.get_one(Appointment, booking.appointment_id)


def german(desk: AssistantDesk, booking: BookingConfirmation) -> str:
    return desk.booking.get_by_link(booking.manage_token, language="de").when


def set_state(desk: AssistantDesk, booking: BookingConfirmation, state: str) -> None:
    with desk.database.writing(desk.workshop.id) as session:
        session.get_one(Appointment, booking.appointment_id).state = state


async def say(chat: Chat, text: str) -> str:
    answer = await chat.say(text)
    assert answer is not None
    return answer.text


async def prove(desk: AssistantDesk, chat: Chat, wish: str) -> str:
    await say(chat, wish)
    await say(chat, PLATE)
    return await say(chat, code_in(sent(desk)[-1]))


async def test_a_code_to_the_contact_on_record_opens_the_visit_and_it_is_cancelled(
    desk: AssistantDesk,
) -> None:
    booking, chat = book(desk), desk.open_chat()
    first = await say(chat, "Ich möchte meinen Termin absagen")
    assert booking.title not in first
    await say(chat, PLATE)
    (message,) = sent(desk)
    assert (message.channel, message.to_address, message.language) == ("sms", PHONE, "tr")
    asked = await say(chat, code_in(message))
    assert german(desk, booking) in asked
    assert visit_of(desk, booking).state != "cancelled"
    done = await say(chat, "ja")
    assert visit_of(desk, booking).state == "cancelled"
    assert german(desk, booking) in done
    assert chat.thread().mode == "assistant"


async def test_a_proven_visit_is_moved_to_a_time_that_is_offered(desk: AssistantDesk) -> None:
    booking, chat = book(desk), desk.open_chat()
    await say(chat, "Ich muss meinen Termin verschieben")
    await say(chat, PLATE)
    answer = await chat.say(code_in(sent(desk)[-1]))
    slots = part(answer, "slots")["slots"]
    moved = part(await chat.say("der zweite"), "booking")
    assert moved["when"] == slots[1]["label"]
    row = visit_of(desk, booking)
    assert (row.moved_count, row.state) == (1, "requested")
    with desk.database.reading(SYSTEM) as session:
        assert len(session.exec(select(Appointment)).all()) == 1


async def test_unknown_plates_are_answered_like_known_ones_and_nothing_is_sent(desk: AssistantDesk) -> None:
    book(desk)
    known, unknown = desk.open_chat(), desk.open_chat()
    answers = []
    for chat, plate in ((known, PLATE), (unknown, "DO-XX 999")):
        said = [await say(chat, "Termin absagen bitte"), await say(chat, plate), await say(chat, "000000")]
        answers.append(said)
    assert answers[0] == answers[1]
    assert len(sent(desk)) == 1


async def test_five_wrong_codes_end_it_and_the_right_one_comes_too_late(desk: AssistantDesk) -> None:
    book(desk)
    chat = desk.open_chat()
    await say(chat, "Termin absagen bitte")
    await say(chat, PLATE)
    code = code_in(sent(desk)[0])
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(4):
        await say(chat, wrong)
    last = await say(chat, wrong)
    assert desk.workshop.phone in last
    visits = desk.access
    assert visits.check_code(chat.actor, code) == "over"
    assert not visits.look(chat.actor, language="de").proven


async def test_after_ten_minutes_a_code_opens_nothing(desk: AssistantDesk) -> None:
    book(desk)
    chat = desk.open_chat()
    await say(chat, "Termin absagen bitte")
    await say(chat, PLATE)
    desk.clock.advance(timedelta(minutes=10))
    assert desk.access.check_code(chat.actor, code_in(sent(desk)[0])) == "over"


async def test_a_customer_gets_three_codes_an_hour_however_many_chats_ask(desk: AssistantDesk) -> None:
    book(desk)
    for _ in range(5):
        chat = desk.open_chat()
        assert desk.access.send_code(chat.actor, VehicleFacts(plate=PLATE), "", "") == "sent"
    assert len(sent(desk)) == 3
    desk.clock.advance(timedelta(minutes=61))
    desk.access.send_code(desk.open_chat().actor, VehicleFacts(plate=PLATE), "", "")
    assert len(sent(desk)) == 4


async def test_a_chat_asks_for_three_codes_an_hour_known_or_not(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    results = [desk.access.send_code(chat.actor, VehicleFacts(plate="DO-XX 999"), "", "") for _ in range(4)]
    assert results == ["sent", "sent", "sent", "limit"]


async def test_a_code_of_one_chat_opens_nothing_in_another(desk: AssistantDesk) -> None:
    book(desk)
    chat, other = desk.open_chat(), desk.open_chat()
    desk.access.send_code(chat.actor, VehicleFacts(plate=PLATE), "", "")
    code = code_in(sent(desk)[0])
    assert desk.access.check_code(other.actor, code) == "over"
    assert desk.access.check_code(chat.actor, code) == "opened"
    assert not desk.access.look(other.actor, language="de").visits


async def test_codes_are_kept_as_hashes(desk: AssistantDesk) -> None:
    book(desk)
    chat = desk.open_chat()
    desk.access.send_code(chat.actor, VehicleFacts(plate=PLATE), "", "")
    code = code_in(sent(desk)[0])
    with desk.database.reading(SYSTEM) as session:
        (proof,) = session.exec(select(VisitProof)).all()
    assert code not in proof.code_hash


async def test_the_secret_of_a_link_opens_that_visit_and_no_other(desk: AssistantDesk) -> None:
    booking, other = book(desk), book(desk, day=1)
    chat = desk.open_chat()
    answer = await say(chat, f"Bitte absagen: https://carbot.example/t/{booking.manage_token}")
    assert german(desk, booking) in answer
    assert german(desk, other) not in answer
    await say(chat, "ja bitte")
    assert visit_of(desk, booking).state == "cancelled"
    assert visit_of(desk, other).state != "cancelled"


async def test_a_link_of_another_workshop_opens_nothing(
    desk: AssistantDesk, database: Database, clock: ManualClock, analyser: MessageAnalyser
) -> None:
    foreign = book(open_assistant_desk(database, clock, analyser, slug="huber-wien"))
    chat = desk.open_chat()
    assert not desk.access.open_link(chat.actor, foreign.manage_token)
    assert not desk.access.look(chat.actor, language="de").proven


async def test_whoever_writes_from_a_verified_number_needs_no_code(desk: AssistantDesk) -> None:
    booking, chat = book(desk), desk.open_chat()
    with desk.database.writing(desk.workshop.id) as session:
        customer = session.exec(select(Customer).where(Customer.phone == PHONE)).one()
        thread = session.get_one(Conversation, chat.id)
        thread.customer_id, thread.contact_verified = customer.id, True
    chat.actor = desk.conversations.resolve_token(chat.id, chat.token)
    answer = await say(chat, "Wann ist mein Termin?")
    assert german(desk, booking) in answer
    assert sent(desk) == []


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Ist mein Auto schon fertig?"),
        ("en", "Is my car ready yet?"),
        ("tr", "Arabam hazır mı?"),
        ("pl", "Czy moje auto jest gotowe?"),
    ],
)
async def test_the_state_of_the_visit_answers_whether_the_car_is_ready(
    desk: AssistantDesk, language: str, question: str
) -> None:
    booking, chat = book(desk), desk.open_chat(language)
    set_state(desk, booking, "in_work")
    in_work = await prove(desk, chat, question)
    assert desk.workshop.phone in in_work
    set_state(desk, booking, "done")
    ready = await say(chat, question)
    assert ready != in_work
    assert desk.workshop.phone in ready
    assert chat.thread().mode == "assistant"


async def test_anything_but_a_clear_yes_keeps_the_visit(desk: AssistantDesk) -> None:
    booking, chat = book(desk), desk.open_chat()
    await prove(desk, chat, "Termin absagen bitte")
    await say(chat, "nein, doch nicht")
    assert visit_of(desk, booking).state == "requested"


async def test_of_several_visits_it_asks_which_one(desk: AssistantDesk) -> None:
    first, second = book(desk), book(desk, day=3)
    chat = desk.open_chat()
    await say(chat, "Termin absagen bitte")
    await say(chat, PLATE)
    answer = await chat.say(code_in(sent(desk)[-1]))
    assert len(part(answer, "replies")["options"]) == 2
    asked = await say(chat, "den zweiten")
    assert german(desk, second) in asked
    await say(chat, "ja")
    assert visit_of(desk, second).state == "cancelled"
    assert visit_of(desk, first).state == "requested"


async def test_a_visit_that_has_begun_is_not_cancelled_in_a_chat(desk: AssistantDesk) -> None:
    booking, chat = book(desk), desk.open_chat()
    set_state(desk, booking, "arrived")
    answer = await prove(desk, chat, "Termin absagen bitte")
    assert desk.workshop.phone in answer
    assert visit_of(desk, booking).state == "arrived"


async def test_stored_wheels_are_named_after_the_proof_and_a_change_is_offered(desk: AssistantDesk) -> None:
    book(desk)
    with desk.database.writing(desk.workshop.id) as session:
        customer = session.exec(select(Customer).where(Customer.phone == PHONE)).one()
        session.add(
            WheelSet(
                workshop_id=desk.workshop.id, code="R00001", customer_id=customer.id, season="winter",
                size="205/55 R16", location="R1-1", stored_on=desk.clock().date(),
            )
        )  # fmt: skip
    chat = desk.open_chat()
    first = await say(chat, "Habt ihr meine Winterreifen noch bei euch eingelagert?")
    assert "205/55" not in first
    await say(chat, PLATE)
    answer = await chat.say(code_in(sent(desk)[-1]))
    assert answer is not None
    assert "205/55 R16" in answer.text
    assert part(answer, "slots")["slots"]
