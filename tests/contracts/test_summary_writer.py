"""The port SummaryWriter before a stand-in that speaks the published API, with the checks around it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.adapters.ai.openai_summary import OpenAISummaryWriter
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import AssistantUsage
from carbot_app.domains.conversations.usage import UsageLedger
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.diagnostics.ports import SummaryUnavailable
from carbot_app.domains.diagnostics.summary_service import SummaryService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Unavailable
from carbot_app.kit.ids import new_id
from tests.peers.openai_server import OpenAIStandIn
from tests.services.report_desk import ReportDesk, meaning_of, open_report_desk

TOLD = {"codes": [{"code": "P0301", "title": "Zündaussetzer", "may_drive": "Nur kurz", "advice": "Bald."}]}


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIStandIn]:
    server = OpenAIStandIn()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def model(server: OpenAIStandIn) -> OpenAIStandIn:
    server.reset()
    return server


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


def writer_of(db: Database, clock: ManualClock, model: OpenAIStandIn, **ledger: int) -> OpenAISummaryWriter:
    prices = {"limit_cents": 100, "input_cents_per_million": 15, "output_cents_per_million": 60, **ledger}
    return OpenAISummaryWriter(
        base_url=model.base_url, api_key="test", model="m", timeout_seconds=1,
        ledger=UsageLedger(db=db, clock=clock, **prices),
    )  # fmt: skip


@pytest.fixture
def writer(db: Database, clock: ManualClock, model: OpenAIStandIn) -> OpenAISummaryWriter:
    return writer_of(db, clock, model)


@pytest.fixture
def desk(db: Database, clock: ManualClock, tmp_path: Path) -> ReportDesk:
    return open_report_desk(db, clock, tmp_path)


@pytest.fixture
def summaries(
    db: Database, clock: ManualClock, desk: ReportDesk, writer: OpenAISummaryWriter
) -> SummaryService:
    return SummaryService(db=db, clock=clock, meaning=meaning_of(desk), writer=writer)


def test_both_readers_get_a_text_from_the_facts_alone_in_their_own_language(
    db: Database, desk: ReportDesk, summaries: SummaryService, model: OpenAIStandIn
) -> None:
    with db.writing(SYSTEM) as session:
        session.get_one(Customer, desk.customer.id).language = "tr"
    written = summaries.write(desk.bay.staff, desk.read("P0301", "P0171"))
    assert written.thrown_away == ()
    mechanic, customer = written.summaries
    assert ("Zündaussetzer Zylinder 1" in mechanic.text, "ateşleme" in customer.text) == (True, True)
    rules = [asked["messages"][0]["content"] for asked in model.requests]
    assert ["German" in rules[0], "Turkish" in rules[1]] == [True, True]
    sent = " ".join(asked["messages"][1]["content"] for asked in model.requests)
    person = (desk.customer.name, desk.customer.phone, desk.desk.desk.vehicle.plate, "WVWZZZ1KZAW000001")
    assert [word for word in person if word in sent] == []
    with db.reading(SYSTEM) as session:
        (row,) = session.exec(select(AssistantUsage)).all()
    assert (row.input_tokens, row.output_tokens) == (1800, 80)


@pytest.mark.parametrize("trouble", ["invented_price", "invented_code", "plays_down", "empty"])
def test_what_the_model_makes_up_is_thrown_away(
    desk: ReportDesk, summaries: SummaryService, model: OpenAIStandIn, trouble: str
) -> None:
    session_id = desk.read("P0301")
    model.behave(trouble)
    written = summaries.write(desk.bay.staff, session_id)
    assert (written.summaries, written.thrown_away) == ((), ("mechanic", "customer"))
    assert summaries.list_of_session(desk.bay.staff, session_id) == ()


@pytest.mark.parametrize("trouble", ["error_500", "slow", "cut_off"])
def test_an_endpoint_in_trouble_is_unavailable_and_changes_nothing(
    desk: ReportDesk, summaries: SummaryService, model: OpenAIStandIn, trouble: str
) -> None:
    session_id = desk.read("P0301")
    before = summaries.write(desk.bay.staff, session_id).summaries
    model.behave(trouble)
    with pytest.raises(Unavailable, match="summary_unavailable"):
        summaries.write(desk.bay.staff, session_id)
    assert summaries.list_of_session(desk.bay.staff, session_id) == before


def test_beyond_the_months_limit_nobody_is_asked(
    db: Database, clock: ManualClock, model: OpenAIStandIn
) -> None:
    with pytest.raises(SummaryUnavailable, match="monthly_limit"):
        writer_of(db, clock, model, limit_cents=0).write(new_id(), TOLD, "customer", "de")
    assert model.requests == []


def test_an_endpoint_without_usage_is_estimated(
    db: Database, desk: ReportDesk, writer: OpenAISummaryWriter, model: OpenAIStandIn
) -> None:
    model.behave("no_usage")
    told: dict[str, Any] = TOLD
    assert "P0301" in writer.write(desk.bay.workshop.id, told, "mechanic", "de")
    with db.reading(SYSTEM) as session:
        (row,) = session.exec(select(AssistantUsage)).all()
    assert (row.input_tokens > 0, row.output_tokens > 0) == (True, True)
