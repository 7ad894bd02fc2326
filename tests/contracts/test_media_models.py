"""The ports PhotoAssessor and Transcriber before a stand-in that speaks the published API."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.adapters.ai.openai_media import OpenAIPhotoAssessor, OpenAITranscriber
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import AssistantUsage
from carbot_app.domains.conversations.usage import UsageLedger
from carbot_app.domains.conversations.warning_lamps import LAMPS
from carbot_app.domains.media.findings import KINDS
from carbot_app.domains.media.ports import MediaUnavailable, PhotoFinding
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop
from tests.peers.openai_server import OpenAIStandIn
from tests.services.media_desk import plain


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


@pytest.fixture
def endpoint(db: Database, clock: ManualClock, model: OpenAIStandIn) -> dict[str, Any]:
    prices = {"limit_cents": 100, "input_cents_per_million": 15, "output_cents_per_million": 60}
    ledger = UsageLedger(db=db, clock=clock, **prices)
    return {
        "base_url": model.base_url,
        "api_key": "test",
        "model": "m",
        "timeout_seconds": 1,
        "ledger": ledger,
    }


def usage(db: Database) -> tuple[int, int]:
    with db.reading(SYSTEM) as session:
        (row,) = session.exec(select(AssistantUsage)).all()
    return row.input_tokens, row.output_tokens


@pytest.mark.parametrize(
    ("colour", "found"),
    [
        ("red", PhotoFinding("warning_lamp", "Rote Ölkanne leuchtet", 0.93, "oil")),
        ("grey", PhotoFinding("damage", "Delle am Kotflügel", 0.75)),
        ("black", PhotoFinding("tyre", "Profil etwa 3 mm, innen mehr", 0.7)),
    ],
)
def test_a_photo_becomes_a_finding_and_costs_what_it_says(
    db: Database, endpoint: dict[str, Any], model: OpenAIStandIn, colour: str, found: PhotoFinding
) -> None:
    assessor = OpenAIPhotoAssessor(**endpoint)
    assert assessor.assess(make_workshop(db).id, plain(colour), "tr") == found
    (asked,) = model.requests
    schema = asked["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["properties"]["kind"]["enum"] == list(KINDS)
    assert schema["schema"]["properties"]["lamp"]["enum"] == ["none", *LAMPS]
    assert "Turkish" in asked["messages"][0]["content"]
    assert usage(db) == (900, 40)


def test_an_endpoint_without_usage_is_estimated(
    db: Database, endpoint: dict[str, Any], model: OpenAIStandIn
) -> None:
    model.behave("no_usage")
    OpenAIPhotoAssessor(**endpoint).assess(make_workshop(db).id, plain("red"), "de")
    assert all(usage(db))


@pytest.mark.parametrize(
    ("media_type", "name"),
    [("audio/ogg", "voice.ogg"), ("audio/webm", "voice.webm"), ("audio/mp4", "voice.mp4")],
)
def test_speech_is_written_down_in_the_format_it_came_in(
    db: Database, endpoint: dict[str, Any], model: OpenAIStandIn, media_type: str, name: str
) -> None:
    transcriber = OpenAITranscriber(**endpoint)
    said = transcriber.transcribe(make_workshop(db).id, b"OggS Guten Tag ", media_type, "pl")
    assert said == "Guten Tag"
    (asked,) = model.requests
    assert asked == {"model": "m", "language": "pl", "response_format": "json", "file": (name, media_type)}


@pytest.mark.parametrize("trouble", ["error_500", "slow"])
def test_an_endpoint_in_trouble_is_unavailable_and_asked_once(
    db: Database, endpoint: dict[str, Any], model: OpenAIStandIn, trouble: str
) -> None:
    model.behave(trouble)
    with pytest.raises(MediaUnavailable):
        OpenAITranscriber(**endpoint).transcribe(new_id(), b"OggS", "audio/ogg", "de")
    with pytest.raises(MediaUnavailable):
        OpenAIPhotoAssessor(**endpoint).assess(new_id(), plain("red"), "de")
    assert len(model.requests) == 2


def test_a_sound_the_endpoint_cannot_read_is_unavailable(endpoint: dict[str, Any]) -> None:
    with pytest.raises(MediaUnavailable):
        OpenAITranscriber(**endpoint).transcribe(new_id(), b"RIFF", "audio/wav", "de")
