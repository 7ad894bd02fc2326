"""What only WhatsApp has: free text within a day, media, and messages of many kinds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from carbot_app.adapters.messaging.whatsapp import WhatsAppCloud
from carbot_app.adapters.messaging.whatsapp import provider as provider_module
from carbot_app.domains.messaging.ports import (
    DeliveryError,
    DeliveryReport,
    Media,
    MediaProvider,
    Reply,
    Report,
    ShortMessage,
)
from tests.peers.http_server import HttpServer
from tests.peers.whatsapp import WhatsApp

PLAIN = ShortMessage("+4917155501420", "Ihr Auto ist fertig", "", (), "de", "")


@pytest.fixture
def peer() -> WhatsApp:
    return WhatsApp("token", "123", "app-secret")


@pytest.fixture
def cloud(peer: WhatsApp) -> Iterator[WhatsAppCloud]:
    server = HttpServer(peer.app)
    server.start()
    yield WhatsAppCloud(token="token", phone_id="123", app_secret="app-secret", base_url=server.origin)
    server.stop()


def read(value: dict[str, Any]) -> list[Report]:
    peer = WhatsApp("token", "123", "app-secret")
    headers, body = peer.call(value)
    cloud = WhatsAppCloud(
        token="token", phone_id="123", app_secret="app-secret", base_url="http://127.0.0.1:9"
    )
    return list(cloud.read_reports(method="POST", url="", headers=headers, body=body))


def said(kind: str, content: Any) -> Reply:
    message = {
        "from": "4917155501420",
        "id": "wamid.1",
        "timestamp": "1764000000",
        "type": kind,
        kind: content,
    }
    (reply,) = read({"messages": [message]})
    assert isinstance(reply, Reply)
    return reply


def test_without_a_template_plain_text_is_sent(cloud: WhatsAppCloud, peer: WhatsApp) -> None:
    assert cloud.send(PLAIN)
    assert peer.sent == [{"to": "+4917155501420", "text": "Ihr Auto ist fertig"}]


def test_plain_text_after_a_day_is_a_permanent_failure_that_says_so(cloud: WhatsAppCloud) -> None:
    with pytest.raises(DeliveryError, match="131047") as caught:
        cloud.send(replace(PLAIN, to_number="+49171555024"))
    assert (caught.value.permanent, caught.value.unsure) == (True, False)


def test_a_message_brings_name_time_and_the_number_written_to() -> None:
    (reply,) = read(
        {
            "metadata": {"display_phone_number": "4923199", "phone_number_id": "123"},
            "contacts": [{"wa_id": "4917155501420", "profile": {"name": "Ayşe"}}],
            "messages": [
                {
                    "from": "4917155501420",
                    "id": "wamid.1",
                    "timestamp": "1764000000",
                    "type": "text",
                    "text": {"body": "Merhaba"},
                }
            ],
        }
    )
    assert reply == Reply(
        "+4917155501420",
        "Merhaba",
        "wamid.1",
        "+4923199",
        "Ayşe",
        datetime(2025, 11, 24, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("button", {"text": "Ja"}, "Ja"),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "1", "title": "9 Uhr"}}, "9 Uhr"),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": "Ölwechsel"}}, "Ölwechsel"),
        ("location", {"latitude": 51.5, "longitude": 7.4, "name": "A40"}, "📍 51.5, 7.4 A40"),
        ("reaction", {"message_id": "wamid.0", "emoji": "👍"}, "👍"),
        ("image", {"id": "M1", "mime_type": "image/jpeg", "caption": "so sieht es aus"}, "so sieht es aus"),
        ("unsupported", {}, "[unsupported]"),
    ],
)
def test_every_kind_of_message_says_something(kind: str, content: Any, text: str) -> None:
    assert said(kind, content).text == text


def test_media_are_named_and_fetched(cloud: WhatsAppCloud, peer: WhatsApp) -> None:
    peer.media["M1"] = ("audio/ogg", b"OggS")
    (media,) = said("audio", {"id": "M1", "mime_type": "audio/ogg; codecs=opus"}).media
    assert media == Media("M1", "audio.ogg", "audio/ogg; codecs=opus")
    assert isinstance(cloud, MediaProvider)
    assert cloud.fetch(media) == b"OggS"


def test_a_document_keeps_its_name() -> None:
    (media,) = said("document", {"id": "M1", "mime_type": "application/pdf", "filename": "kva.pdf"}).media
    assert media.name == "kva.pdf"


def test_media_that_are_gone_are_a_permanent_failure(cloud: WhatsAppCloud) -> None:
    with pytest.raises(DeliveryError) as caught:
        cloud.fetch(Media("unknown", "a.jpg", "image/jpeg"))
    assert caught.value.permanent


def test_media_without_a_server_are_worth_another_try() -> None:
    cloud = WhatsAppCloud(token="t", phone_id="1", app_secret="s", base_url="http://127.0.0.1:9")
    with pytest.raises(DeliveryError) as caught:
        cloud.fetch(Media("M1", "a.jpg", "image/jpeg"))
    assert not caught.value.permanent


def test_media_that_are_too_large_come_empty(
    cloud: WhatsAppCloud, peer: WhatsApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_module, "MEDIA_BYTES", 1000)
    peer.media["M1"] = ("video/mp4", b"x" * 5000)
    assert cloud.fetch(Media("M1", "a.mp4", "video/mp4")) == b""


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "failed"])
def test_what_became_of_a_message_is_told(state: str) -> None:
    assert read({"statuses": [{"id": "wamid.1", "status": state}]}) == [DeliveryReport("wamid.1", state)]


@pytest.mark.parametrize(
    "value", [{"messages": [{"type": "text"}]}, {"messages": "x"}, {"statuses": [1]}, {}]
)
def test_a_signed_call_that_makes_no_sense_is_ignored(value: dict[str, Any]) -> None:
    assert read(value) == []
