"""One suite for the port AssistantEngine: the built-in one, and the OpenAI client before real servers."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from carbot_app.adapters.ai.openai_assistant import OpenAIAssistant
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.answers import Choice
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.ports import AssistantEngine
from carbot_app.domains.conversations.usage import UsageLedger
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.metrics import CHAT_ANSWERS
from tests.peers.aimock import AiMock
from tests.peers.npm_packages import running
from tests.peers.openai_server import OpenAIStandIn
from tests.services.assistant_desk import AssistantDesk, open_assistant_desk, part, streamed

BRAKES = "Was kosten neue Bremsbeläge für meinen Golf 7 und wann geht es?"


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture(scope="module")
def stand_in() -> Iterator[OpenAIStandIn]:
    server = OpenAIStandIn()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def aimock() -> Iterator[AiMock]:
    with running(AiMock()) as server:
        yield server


@pytest.fixture(params=["local", "stand_in", "aimock"])
def desk(
    request: pytest.FixtureRequest, sqlite_url: str, clock: ManualClock, analyser: MessageAnalyser
) -> Iterator[AssistantDesk]:
    database = Database(sqlite_url)
    external: AssistantEngine | None = None
    if request.param != "local":
        peer = request.getfixturevalue(request.param)
        ledger = UsageLedger(
            db=database, clock=clock, limit_cents=100, input_cents_per_million=15, output_cents_per_million=60
        )
        external = OpenAIAssistant(
            base_url=peer.base_url, api_key="test", model="test", timeout_seconds=10, ledger=ledger
        )
    yield open_assistant_desk(database, clock, analyser, external=external)
    database.close()


@pytest.fixture(autouse=True)
def _no_fallback(desk: AssistantDesk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every answer comes from the engine under test."""
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)
    fell_back = CHAT_ANSWERS.labels("local", "fell_back")
    before = fell_back._value.get()
    yield
    assert fell_back._value.get() == before


async def test_a_price_and_free_times_come_from_the_workshops_records(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    events = await chat.events(BRAKES)
    answer = chat.thread().messages[-1]
    assert "129,00" in answer.text
    assert len(part(answer, "slots")["slots"]) == 3
    assert {fact["tool"] for fact in answer.facts} >= {"quote", "find_slots"}
    assert streamed(events).strip() == answer.text


async def test_a_chosen_time_is_booked_once_the_customer_can_be_reached(desk: AssistantDesk) -> None:
    chat = desk.open_chat()
    offered = part(await chat.say(BRAKES), "slots")["slots"][1]
    asked = await chat.say(offered["label"], Choice("slot", offered["id"]))
    assert part(asked, "contact")["fields"] == ["name", "phone", "email"]
    booked = part(await chat.say("Jan Petersen, 0171 5550190"), "booking")
    assert booked["when"] == offered["label"]
    with desk.database.reading(desk.workshop.id) as session:
        (visit,) = session.exec(select(Appointment)).all()
    assert visit.conversation_id == chat.id
    thread = chat.thread()
    assert thread.customer.name == "Jan Petersen"
    assert (thread.lead.state, thread.lead.temperature) == ("booked", "hot")


async def test_opening_hours_come_from_the_settings(desk: AssistantDesk) -> None:
    answer = await desk.open_chat().say("Wann habt ihr geöffnet?")
    assert answer is not None
    assert "17:30" in answer.text
    assert [fact["tool"] for fact in answer.facts] == ["opening_hours"]


async def test_danger_never_reaches_an_engine(desk: AssistantDesk) -> None:
    answer = await desk.open_chat().say("Die Bremsen haben gerade versagt, das Pedal geht ins Leere")
    assert part(answer, "danger")["phone"] == desk.workshop.phone
    assert answer is not None
    assert answer.facts == ()
