"""Beside a thread: where an answer goes, who may be the same person, what is out of order."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.domains.conversations.inbound_schemas import InboundFile, InboundMessage
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.messaging.health import OUT_AFTER, note_outage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from carbot_app.state.settings_outbox import OutboxState
from carbot_app.state.thread import ThreadState
from carbot_app.state.thread_ways import ThreadWaysState
from tests.factories import make_customer
from tests.state.tabs import Tab, foreign_thread, words_of

MOBILE = "+491715550142"


@pytest.fixture(autouse=True)
def _every_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    every = property(lambda _: frozenset({"mail", "sms", "whatsapp"}))
    monkeypatch.setattr(MessagingService, "channels", every)


def write(services: Services, workshop: Workshop, channel: str = "sms", **fields: object) -> str:
    """The customer writes; the thread."""
    defaults: dict[str, object] = {
        "channel": channel,
        "provider": "twilio",
        "provider_id": new_id().hex,
        "from_address": MOBILE,
        "from_name": "Ayşe",
        "to_address": "",
        "text": "Hallo",
        "sent_at": services.clock(),
    }
    message = InboundMessage(**{**defaults, **fields})  # pyright: ignore[reportArgumentType]
    assert services.inbound.receive(workshop.id, message)
    with services.db.reading(workshop.id) as session:
        return str(session.exec(select(Conversation.id).order_by(col(Conversation.id).desc())).first())


async def test_an_answer_leaves_on_the_channel_that_was_chosen(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    write(services, workshop)
    thread = write(services, workshop, "whatsapp")
    await tab.call(ThreadState.open_thread, thread)
    ways = await tab.state(ThreadWaysState)
    assert [way.channel for way in ways.ways] == ["whatsapp", "sms"]
    assert ways.ways[1].label == f"SMS · {MOBILE}"
    await tab.call(ThreadState.send, {"text": "Guten Tag", "channel": "sms"})
    state = await tab.state(ThreadState)
    assert state.entries[-1].foot.endswith("SMS · wird gesendet")
    assert state.entries[1].foot.endswith("SMS")


async def test_after_a_day_on_whatsapp_the_composer_says_why_and_what_is_possible(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    thread = write(services, workshop, "whatsapp")
    clock.advance(timedelta(days=1))
    await tab.call(ThreadState.open_thread, thread)
    ways = await tab.state(ThreadWaysState)
    assert "24 Stunden" in ways.refused
    assert ways.ask_to_write
    assert [way.channel for way in ways.ways] == ["sms"]
    await tab.call(ThreadState.send, {"text": "Guten Tag", "channel": "whatsapp"})
    assert "24 Stunden" in (await tab.state(ThreadState)).reply_error
    assert "nicht zugestimmt" in words_of(await tab.call(ThreadWaysState.ask))


async def test_a_call_a_photo_and_a_refused_file_are_shown(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    write(services, workshop, "call", text="")
    files = (InboundFile("kva.pdf", "application/pdf", b"%PDF-1"), InboundFile("a.exe", "", b"MZ"))
    thread = write(services, workshop, "mail", from_address=MOBILE, subject="KVA", attachments=files)
    await tab.call(ThreadState.open_thread, thread)
    _, call, mail = (await tab.state(ThreadState)).entries
    assert call.runs == ["Verpasster Anruf"]
    assert mail.runs == ["KVA\n\nHallo"]
    assert [(file.kind, file.name, file.note) for file in mail.files] == [
        ("file", "kva.pdf", "1 kB"),
        ("refused", "a.exe", "ausführbares Programm, nicht gespeichert"),
    ]


async def test_who_gave_the_same_number_is_suggested_merged_and_taken_apart_again(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    typed = make_customer(services.db, workshop, name="Jan Petersen", phone=MOBILE)
    await tab.call(ThreadState.open_thread, write(services, workshop))
    ways = await tab.state(ThreadWaysState)
    assert [(one.id, one.name) for one in ways.same] == [(str(typed.id), "Jan Petersen")]
    assert ways.change_id == ""
    assert "Zusammengeführt mit Jan Petersen" in words_of(
        await tab.call(ThreadWaysState.merge, str(typed.id))
    )
    assert ways.same == []
    assert ways.change_id
    assert "Rückgängig" in words_of(await tab.call(ThreadWaysState.undo))
    assert [one.name for one in ways.same] == ["Jan Petersen"]
    assert ways.change_id == ""


async def test_a_thread_of_somebody_else_is_split_off(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(ThreadState.open_thread, write(services, workshop))
    ways = await tab.state(ThreadWaysState)
    assert ways.can_split
    before = ways._customer_id
    assert "Getrennt" in words_of(await tab.call(ThreadWaysState.split))
    assert ways._customer_id != before
    await tab.call(ThreadWaysState.undo)
    assert ways._customer_id == before


async def test_nothing_of_another_workshop_can_be_merged_split_or_written_to(
    services: Services, tab: Tab
) -> None:
    ways = await tab.state(ThreadWaysState)
    ways.conversation_id = str(foreign_thread(services))
    ways.change_id = ways._customer_id = str(new_id())
    for handler, arguments in (
        (ThreadWaysState.merge, [str(new_id())]),
        (ThreadWaysState.split, []),
        (ThreadWaysState.undo, []),
        (ThreadWaysState.ask, []),
    ):
        assert words_of(await tab.call(handler, *arguments))
    assert ways.same == []


async def test_a_provider_out_of_order_is_told_in_the_thread_and_in_the_outbox(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    with services.db.writing(SYSTEM) as session:
        for _ in range(OUT_AFTER):
            note_outage(session, "sms", "HTTP 503", services.clock())
    await tab.call(ThreadState.open_thread, write(services, workshop))
    assert [found.title for found in (await tab.state(ThreadWaysState)).outages] == ["SMS ist gestört"]
    await tab.call(OutboxState.load)
    assert [found.title for found in (await tab.state(OutboxState)).outages] == ["SMS ist gestört"]
