"""Whole scripted conversations, customer's side given, with a real database and real free times."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.slots import decode_slot
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.pricing import class_price_cents
from carbot_app.domains.catalog.vehicle_classes import CLASS_FACTORS
from carbot_app.domains.conversations import assistant as assistant_module
from carbot_app.domains.conversations.claims import read_claims
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.knowledge.starters import starter_articles
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.i18n import list_words
from tests.services.assistant_desk import AssistantDesk, Chat, open_assistant_desk

SCRIPTS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "evaluation" / "dialogues.yaml").read_text(encoding="utf-8")
)
SOLVED_SHARE = 0.85
REFUSALS = ("refusal",)


@dataclass
class Outcome:
    """What a script came to, in the words of its ``expect``."""

    id: str
    wrong: list[str]
    wrong_prices: int
    invented_slots: int


def play(desk: AssistantDesk, script: dict[str, Any], refusal_texts: set[str]) -> Outcome:
    """Say every turn; compare the end with what the script expects."""
    chat = desk.open_chat(script["lang"])
    answers = [answer for turn in script["turns"] if (answer := chat.ask(turn)) is not None]
    thread = chat.thread()
    visits = _visits(desk, chat)
    expected = script["expect"]
    found = {
        "booked": bool(visits),
        "handed_over": thread.mode == "human",
        "refused": any(answer.text in refusal_texts for answer in answers),
        "danger": any(part["type"] == "danger" for answer in answers for part in answer.parts),
        "service": _service(thread, visits, expected["service"]),
    }
    wrong = [name for name, value in expected.items() if found[name] != value]
    return Outcome(script["id"], wrong, _wrong_prices(desk, answers), _invented(answers))


def _visits(desk: AssistantDesk, chat: Chat) -> list[Appointment]:
    with desk.database.reading(desk.workshop.id) as session:
        return list(session.exec(select(Appointment).where(Appointment.conversation_id == chat.id)))


def _service(thread: Any, visits: list[Appointment], wanted: str | None) -> str | None:
    codes = [code for visit in visits for code in visit.service_codes]
    codes = codes or (list(thread.lead.service_codes) if thread.lead else [])
    groups = [code.rpartition("-")[0] for code in codes]
    return wanted if wanted in groups or (wanted is None) else next(iter(groups), None)


def _wrong_prices(desk: AssistantDesk, answers: list[Any]) -> int:
    """Amounts in answers that are no price of this workshop's catalogue."""
    known: set[int] = set()
    with desk.database.reading(SYSTEM) as session:
        for row in session.exec(select(Service)):
            known |= {row.price_min_cents, row.price_max_cents}
            known |= {class_price_cents(row.price_min_cents, percent) for percent in CLASS_FACTORS.values()}
    sums = {one + other for one in known for other in known}
    wrong = 0
    for answer in answers:
        for cents in read_claims(answer.text, desk.clock().date()).money_cents:
            wrong += cents not in known | sums
    return wrong


def _invented(answers: list[Any]) -> int:
    """Offered slots that the calendar does not know."""
    offered = [slot for answer in answers for part in answer.parts for slot in part.get("slots", ())]
    return sum(decode_slot(slot["id"]) is None for slot in offered)


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


def _refusal_texts() -> set[str]:
    return {
        text
        for language in ("de", "en", "tr", "pl")
        for key, text in list_words(language, "assistant").items()
        if key.startswith(REFUSALS)
    }


def test_scripted_conversations_are_solved_without_a_wrong_price_or_an_invented_slot(
    database: Database, clock: ManualClock, analyser: MessageAnalyser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant_module, "DELTA_PAUSE", 0)
    texts = _refusal_texts()
    desk = open_assistant_desk(database, clock, analyser)
    for draft in starter_articles():
        desk.knowledge.save_article(desk.owner, draft)
    outcomes = [play(desk, script, texts) for script in SCRIPTS]
    solved = sum(not outcome.wrong for outcome in outcomes)
    report = {
        "solved": solved,
        "of": len(outcomes),
        "unsolved": {outcome.id: outcome.wrong for outcome in outcomes if outcome.wrong},
        "wrong_prices": sum(outcome.wrong_prices for outcome in outcomes),
        "invented_slots": sum(outcome.invented_slots for outcome in outcomes),
    }
    print(json.dumps(report, indent=2))
    assert report["wrong_prices"] == 0
    assert report["invented_slots"] == 0
    assert solved / len(outcomes) >= SOLVED_SHARE, report["unsolved"]
