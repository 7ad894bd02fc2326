"""Files customers send along are fetched from the provider before a message has its turn. Both engines."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Message, MessageFile
from carbot_app.domains.messaging.answers import AT_ONCE
from carbot_app.domains.messaging.ports import DeliveryError, Media, Reply, Report
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Unavailable
from tests.services.bookings import rows
from tests.services.message_desk import MessageDesk, Phones, open_message_desk

PDF = b"%PDF-1.4\n%%EOF\n"
PATIENCE = 30.0


@dataclass
class Cloud(Phones):
    """A provider whose messages each carry the file named in their text."""

    name: str = "whatsapp"
    channel: str = "whatsapp"
    kept: dict[str, bytes | DeliveryError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hanging: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)

    def read_reports(self, **call: Any) -> Sequence[Report]:
        """See Phones.read_reports."""
        (reply,) = super().read_reports(**call)
        assert isinstance(reply, Reply)
        if reply.text == "ohne":
            return [reply]
        media = Media(reply.text, f"{reply.text}.pdf", "application/pdf")
        return [Reply(reply.sender, "", provider_id=reply.provider_id, media=(media,))]

    def fetch(self, media: Media) -> bytes:
        """See MediaProvider.fetch; the file ``hangs`` comes when ``released``."""
        self.asked.append(media.ref)
        if media.ref == "hangs":
            if self.asked.count("hangs") == AT_ONCE + 1:
                self.hanging.set()
            assert self.released.wait(PATIENCE)
        found = self.kept[media.ref]
        if isinstance(found, DeliveryError):
            raise found
        return found


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    cloud = Cloud(kept={"hangs": PDF, "da": PDF})
    yield cloud
    cloud.released.set()


@pytest.fixture
def desk(database: Database, clock: ManualClock, cloud: Cloud) -> MessageDesk:
    return open_message_desk(database, clock, cloud)


def send(desk: MessageDesk, text: str, number: int) -> None:
    desk.answers.receive(
        "whatsapp",
        method="POST",
        url="",
        headers={"signed": "yes", "name": f"wa-{number}"},
        body=f"+49171555{number:04}:{text}".encode(),
    )


def test_a_file_comes_with_its_message(desk: MessageDesk) -> None:
    send(desk, "da", 1)
    (message,), (file,) = rows(desk.database, Message), rows(desk.database, MessageFile)
    assert file.message_id == message.id
    assert (file.name, file.size) == ("da.pdf", len(PDF))


def test_a_file_that_is_gone_is_told_and_the_message_kept(desk: MessageDesk, cloud: Cloud) -> None:
    cloud.kept["weg"] = DeliveryError("expired", permanent=True)
    send(desk, "weg", 1)
    (file,) = rows(desk.database, MessageFile)
    assert file.reason == "gone"


def test_a_file_that_does_not_come_now_has_the_call_repeated(desk: MessageDesk, cloud: Cloud) -> None:
    cloud.kept["später"] = DeliveryError("timed out", permanent=False)
    with pytest.raises(Unavailable):
        send(desk, "später", 1)
    assert rows(desk.database, Message) == []
    cloud.kept["später"] = PDF
    send(desk, "später", 1)
    assert len(rows(desk.database, MessageFile)) == 1


def test_hosts_that_hang_hold_nobody_up(desk: MessageDesk, cloud: Cloud) -> None:
    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        waiting = [pool.submit(send, desk, "hangs", number) for number in range(1, AT_ONCE + 2)]
        assert cloud.hanging.wait(PATIENCE)
        with ThreadPoolExecutor(1) as another:
            another.submit(send, desk, "ohne", 9).result(PATIENCE / 2)
        assert [message.text for message in rows(desk.database, Message)] == ["ohne"]
        cloud.released.set()
        for each in waiting:
            each.result(PATIENCE)
    assert len(rows(desk.database, MessageFile)) == AT_ONCE + 1
