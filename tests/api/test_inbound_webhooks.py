"""What providers send reaches the thread once, and only with their signature."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from carbot_app.adapters.messaging.seven import SevenSms
from carbot_app.adapters.messaging.twilio import TwilioSms
from carbot_app.adapters.messaging.whatsapp import WhatsAppCloud
from carbot_app.bootstrap import Services, build_services
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import Message, MessageFile
from carbot_app.domains.team.schemas import SignUp
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import PUBLIC_URL, browser, settings_for
from tests.factories.pictures import jpeg
from tests.factories.team_services import CHEAP_HASHER, PASSWORD
from tests.peers.http_server import HttpServer
from tests.peers.seven import SevenIo
from tests.peers.twilio import Twilio
from tests.peers.whatsapp import WhatsApp

MOBILE = "+491715550142"
HOOK = f"{PUBLIC_URL}/api/webhooks"
SMS = {"From": MOBILE, "To": "+4923199", "Body": "Bremsen quietschen", "MessageSid": "SM1"}


@dataclass
class Line:
    """A browser that can also call like a provider."""

    client: TestClient
    services: Services
    twilio: Twilio
    seven: SevenIo
    whatsapp: WhatsApp

    def post(self, provider: str, call: tuple[dict[str, str], bytes]) -> int:
        """The status of a call."""
        headers, body = call
        return self.client.post(f"/api/webhooks/{provider}", content=body, headers=headers).status_code

    def texts(self) -> list[str]:
        """Of all messages, oldest first."""
        with self.services.db.reading(SYSTEM) as session:
            return [row.text for row in sorted(session.exec(select(Message)), key=lambda row: row.seq)]


@pytest.fixture
def line(sqlite_url: str, tmp_path: Path, clock: ManualClock) -> Iterator[Line]:
    twilio, seven = Twilio("AC1", "secret"), SevenIo("key", "signing")
    whatsapp = WhatsApp("token", "123", "app-secret")
    server = HttpServer(whatsapp.app)
    server.start()
    services = build_services(
        settings_for(tmp_path),
        db=Database(sqlite_url),
        clock=clock,
        passwords=CHEAP_HASHER,
        providers=[
            TwilioSms(account="AC1", token="secret", sender="+4923199"),
            SevenSms(api_key="key", sender="", signing_key="signing", clock=clock),
            WhatsAppCloud(token="token", phone_id="123", app_secret="app-secret", base_url=server.origin),
        ],
    )
    services.identity.sign_up(SignUp("Müller", "Dortmund", "Sabine Müller", "sabine@mueller.de", PASSWORD))
    yield Line(browser(services), services, twilio, seven, whatsapp)
    server.stop()
    services.db.close()


def message(**fields: Any) -> dict[str, Any]:
    told = {"from": MOBILE[1:], "id": "wamid.1", "timestamp": "1764000000", "type": "text", **fields}
    return {"messages": [told]}


def test_an_sms_reaches_the_thread_once_however_often_it_is_delivered(line: Line) -> None:
    call = line.twilio.call(f"{HOOK}/twilio", SMS)
    assert [line.post("twilio", call) for _ in range(3)] == [200, 200, 200]
    assert line.texts() == ["Bremsen quietschen"]


def test_every_provider_writes_into_the_same_thread(line: Line, clock: ManualClock) -> None:
    line.post("twilio", line.twilio.call(f"{HOOK}/twilio", SMS))
    data = {"sender": MOBILE[1:], "text": "und Ölwechsel", "id": "7"}
    line.post("seven", line.seven.call(f"{HOOK}/seven", "sms_mo", data, int(clock().timestamp())))
    line.post("whatsapp", line.whatsapp.call(message(text={"body": "Danke"})))
    assert line.texts() == ["Bremsen quietschen", "und Ölwechsel", "Danke"]


def test_a_forged_call_leaves_nothing(line: Line) -> None:
    headers, body = line.twilio.call(f"{HOOK}/twilio", SMS)
    forged = [
        ("twilio", ({}, body)),
        ("twilio", (headers, body.replace(b"quietschen", b"brennen"))),
        ("twilio", Twilio("AC1", "guessed").call(f"{HOOK}/twilio", SMS)),
        ("twilio", line.twilio.call("https://elsewhere.example/api/webhooks/twilio", SMS)),
        ("whatsapp", WhatsApp("token", "123", "guessed").call(message(text={"body": "x"}))),
    ]
    assert [line.post(provider, call) for provider, call in forged] == [403] * len(forged)
    assert line.texts() == []


def test_a_missed_call_reaches_the_thread(line: Line) -> None:
    fields = {"CallSid": "CA1", "From": MOBILE, "To": "+4923199", "CallStatus": "no-answer"}
    assert line.post("twilio", line.twilio.call(f"{HOOK}/twilio", fields)) == 200
    with line.services.db.reading(SYSTEM) as session:
        (row,) = session.exec(select(Message)).all()
    assert (row.channel, row.provider_id) == ("call", "CA1")


def test_a_photo_is_fetched_shown_to_staff_and_to_nobody_else(line: Line) -> None:
    line.whatsapp.media["M1"] = ("image/jpeg", jpeg(640, 480))
    told = message(type="image", image={"id": "M1", "mime_type": "image/jpeg", "caption": "so"})
    assert line.post("whatsapp", line.whatsapp.call(told)) == 200
    with line.services.db.reading(SYSTEM) as session:
        (file,) = session.exec(select(MessageFile)).all()
    address = f"/api/message-files/{file.id}"
    assert line.client.get(address).status_code == 401
    line.client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    photo, small = line.client.get(address), line.client.get(f"{address}/small")
    assert photo.headers["content-type"] == "image/jpeg"
    assert photo.headers["content-disposition"].startswith("inline")
    assert len(small.content) < len(photo.content)


def test_another_file_is_only_saved_whatever_the_sender_calls_it(line: Line) -> None:
    line.whatsapp.media["M1"] = ("text/html", b"<script>alert(1)</script>")
    told = message(type="document", document={"id": "M1", "mime_type": "text/html", "filename": "ä\r\nx.txt"})
    line.post("whatsapp", line.whatsapp.call(told))
    with line.services.db.reading(SYSTEM) as session:
        (file,) = session.exec(select(MessageFile)).all()
    line.client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    answer = line.client.get(f"/api/message-files/{file.id}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A4x.txt"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_media_that_cannot_be_fetched_now_make_meta_deliver_again(line: Line) -> None:
    told = message(type="image", image={"id": "M1", "mime_type": "image/jpeg"})
    cloud = line.services.answers._providers["whatsapp"]
    assert isinstance(cloud, WhatsAppCloud)
    cloud._base_url, there = "http://127.0.0.1:9", cloud._base_url
    assert line.post("whatsapp", line.whatsapp.call(told)) == 503
    assert line.texts() == []
    cloud._base_url = there
    line.whatsapp.media["M1"] = ("image/jpeg", jpeg(64, 48))
    assert line.post("whatsapp", line.whatsapp.call(told)) == 200
    assert line.texts() == [""]


def test_media_that_are_gone_lose_no_message(line: Line) -> None:
    told = message(type="image", image={"id": "gone", "mime_type": "image/jpeg", "caption": "Schaden"})
    assert line.post("whatsapp", line.whatsapp.call(told)) == 200
    assert line.texts() == ["Schaden"]
    with line.services.db.reading(SYSTEM) as session:
        (file,) = session.exec(select(MessageFile)).all()
    assert (file.kind, file.reason) == ("refused", "gone")


def test_stop_and_yes_never_become_messages_of_a_thread(line: Line) -> None:
    line.post("twilio", line.twilio.call(f"{HOOK}/twilio", {**SMS, "Body": "STOP", "MessageSid": "SM2"}))
    assert line.texts() == []
    line.post("twilio", line.twilio.call(f"{HOOK}/twilio", {**SMS, "Body": "Ja", "MessageSid": "SM3"}))
    assert line.texts() == ["Ja"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff\xfe", json.dumps({"entry": [{"changes": 1}]}).encode()]
)
def test_signed_nonsense_is_taken_and_ignored(line: Line, body: bytes) -> None:
    signature = "sha256=" + hmac.new(b"app-secret", body, hashlib.sha256).hexdigest()
    assert line.post("whatsapp", ({"x-hub-signature-256": signature}, body)) == 200
    assert line.texts() == []
