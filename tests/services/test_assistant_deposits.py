"""A visit booked in the chat that asks for money in advance, with both assistants; on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.adapters.ai.openai_assistant import OpenAIAssistant
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.answers import Choice
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.messaging.schemas import DepositView
from carbot_app.kit.clock import ManualClock
from tests.peers.openai_server import OpenAIStandIn
from tests.services.assistant_desk import AssistantDesk, Chat, open_assistant_desk, part
from tests.services.test_external_assistant import ledger_of

BRAKES = "Bremsen vorne quietschen, Golf, DO-AB 123"


@dataclass
class Till:
    """Asks 25.80 for every visit, or shows it in another state."""

    state: str = "open"
    asked: list[UUID] = field(default_factory=list)

    def find_for(self, appointment_id: UUID, *, language: str) -> DepositView:
        """See Deposits."""
        self.asked.append(appointment_id)
        return DepositView(self.state, f"/zahlen/{appointment_id}", 2_580, "25,80 €", "Mo, 9 Uhr")


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)


@pytest.fixture
def till() -> Till:
    return Till()


@pytest.fixture
def desk(database: Database, clock: ManualClock, analyser: MessageAnalyser, till: Till) -> AssistantDesk:
    return open_assistant_desk(database, clock, analyser, deposits=till)


@pytest.fixture
def model() -> Iterator[OpenAIStandIn]:
    server = OpenAIStandIn()
    server.start()
    yield server
    server.stop()


async def booked(chat: Chat) -> MessageView:
    """The answer to the contact that completes a booking."""
    offered = part(await chat.say(BRAKES), "slots")["slots"][0]
    await chat.say(offered["label"], Choice("slot", offered["id"]))
    answer = await chat.say("Jan Petersen, 0171 5550190")
    assert answer is not None
    return answer


async def test_the_deposit_is_said_with_the_link_to_its_page(desk: AssistantDesk, till: Till) -> None:
    answer = await booked(desk.open_chat())
    assert "Anzahlung von 25,80 €" in answer.text
    with desk.database.reading(SYSTEM) as session:
        (visit,) = session.exec(select(Appointment)).all()
    assert till.asked == [visit.id]
    assert part(answer, "link") == {
        "type": "link",
        "label": "25,80 € anzahlen",
        "url": f"/zahlen/{visit.id}",
    }
    assert part(answer, "booking")


@pytest.mark.parametrize("state", ["paid", "processing", "refunded"])
async def test_what_is_paid_already_is_not_asked_for(desk: AssistantDesk, till: Till, state: str) -> None:
    till.state = state
    answer = await booked(desk.open_chat())
    assert "25,80" not in answer.text
    assert [one["type"] for one in answer.parts] == ["booking"]


async def test_a_model_shows_the_link_too(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, till: Till, model: OpenAIStandIn
) -> None:
    engine = OpenAIAssistant(
        base_url=model.base_url,
        api_key="test",
        model="test",
        timeout_seconds=5,
        ledger=ledger_of(database, clock),
    )
    desk = open_assistant_desk(database, clock, analyser, external=engine, deposits=till)
    answer = await booked(desk.open_chat())
    assert [one["type"] for one in answer.parts] == ["booking", "link"]
    assert "deposit_to_pay" in str(model.requests)
