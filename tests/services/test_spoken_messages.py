"""A voice message on WhatsApp is written down before it is answered, as the worker of production does it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from carbot_app.bootstrap import Services, build_services
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.inbound_schemas import InboundFile, InboundMessage
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.jobs.runtime import Runtime
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import Tenant, make_tenant, settings_for
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.openai_server import OpenAIStandIn
from tests.services.thread_desk import MOBILE, Line

SPOKEN = "Ich möchte mit einem Menschen sprechen"


@pytest.fixture
def model() -> Iterator[OpenAIStandIn]:
    server = OpenAIStandIn()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def services(database: Database, clock: ManualClock, tmp_path: Path, model: OpenAIStandIn) -> Services:
    return build_services(
        settings_for(tmp_path, ai_base_url=model.base_url, ai_transcription_model="whisper-1"),
        db=database,
        clock=clock,
        passwords=CHEAP_HASHER,
        providers=[Line("whatsapp", "whatsapp")],
    )


@pytest.fixture
def tenant(services: Services) -> Tenant:
    return make_tenant(services, "Kfz-Meisterbetrieb Müller", "sabine@mueller.de")


@pytest.mark.parametrize(("trouble", "reason"), [("", "asked"), ("error_500", "unsure")])
def test_a_voice_message_is_answered_by_what_it_says_or_goes_to_a_person(
    services: Services, tenant: Tenant, clock: ManualClock, model: OpenAIStandIn, trouble: str, reason: str
) -> None:
    if trouble:
        model.behave(trouble)
    sound = InboundFile("audio.ogg", "audio/ogg; codecs=opus", b"OggS" + SPOKEN.encode())
    message = InboundMessage(
        "whatsapp", "whatsapp", "wamid.1", MOBILE, "Ayşe", "", "", clock(), attachments=(sound,)
    )
    services.inbound.receive(tenant.owner.actor.workshop_id, message)
    runtime = Runtime(services)
    runtime.outbox.drain()
    runtime.answers.drain()
    with services.db.reading(SYSTEM) as session:
        (thread,) = session.exec(select(Conversation)).all()
        texts = {one.author: one.text for one in session.exec(select(Message))}
    assert thread.handover_reason == reason
    assert texts["customer"] == ("" if trouble else SPOKEN)
    assert bool(texts.get("assistant")) is not bool(trouble)
