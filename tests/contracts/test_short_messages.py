"""One contract for every provider of SMS and WhatsApp: send, fail, report, answer, and trust no stranger."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from carbot_app.adapters.messaging.seven import SevenSms
from carbot_app.adapters.messaging.twilio import TwilioSms
from carbot_app.adapters.messaging.whatsapp import WhatsAppCloud
from carbot_app.domains.messaging.ports import (
    DeliveryError,
    DeliveryReport,
    Reply,
    ShortMessage,
    ShortMessageProvider,
    UntrustedReport,
)
from carbot_app.kit.clock import ManualClock
from tests.peers.http_server import HttpServer
from tests.peers.seven import SevenIo
from tests.peers.twilio import Twilio
from tests.peers.whatsapp import WhatsApp

HOOK = "https://carbot.example/api/webhooks/"
Call = tuple[dict[str, str], bytes]


@dataclass
class Line:
    """A provider, its stand-in, and what makes the stand-in call our webhook."""

    peer: Any
    connect: Callable[[str], ShortMessageProvider]
    with_wrong_key: Callable[[str], ShortMessageProvider]
    reply: Callable[[str, str], Call]
    report: Callable[[str, bool], Call]


def twilio(clock: ManualClock) -> Line:
    peer = Twilio("AC1", "secret")
    url = HOOK + "twilio"

    def connect(origin: str, token: str = "secret") -> TwilioSms:
        return TwilioSms(account="AC1", token=token, sender="+4915100000", base_url=origin)

    return Line(
        peer,
        connect,
        lambda origin: connect(origin, "wrong"),
        lambda sender, text: peer.call(url, {"From": sender, "Body": text, "MessageSid": "SM9"}),
        lambda name, ok: peer.call(
            url, {"MessageSid": name, "MessageStatus": "delivered" if ok else "undelivered"}
        ),
    )


def seven(clock: ManualClock) -> Line:
    peer = SevenIo("key", "signing")
    url, now = HOOK + "seven", int(clock().timestamp())

    def connect(origin: str, key: str = "key") -> SevenSms:
        return SevenSms(api_key=key, sender="CarBot", signing_key="signing", base_url=origin, clock=clock)

    return Line(
        peer,
        connect,
        lambda origin: connect(origin, "wrong"),
        lambda sender, text: peer.call(url, "sms_mo", {"sender": sender.lstrip("+"), "text": text}, now),
        lambda name, ok: peer.call(
            url, "dlr", {"msg_id": name, "status": "DELIVERED" if ok else "NOTDELIVERED"}, now
        ),
    )


def whatsapp(clock: ManualClock) -> Line:
    peer = WhatsApp("token", "123", "app-secret")

    def connect(origin: str, token: str = "token") -> WhatsAppCloud:
        return WhatsAppCloud(token=token, phone_id="123", app_secret="app-secret", base_url=origin)

    return Line(
        peer,
        connect,
        lambda origin: connect(origin, "wrong"),
        lambda sender, text: peer.call(
            {"messages": [{"from": sender.lstrip("+"), "id": "w1", "type": "text", "text": {"body": text}}]}
        ),
        lambda name, ok: peer.call({"statuses": [{"id": name, "status": "delivered" if ok else "failed"}]}),
    )


@pytest.fixture(params=[twilio, seven, whatsapp], ids=lambda make: make.__name__)
def line(request: pytest.FixtureRequest, clock: ManualClock) -> Line:
    return request.param(clock)


@pytest.fixture
def origin(line: Line) -> Iterator[str]:
    server = HttpServer(line.peer.app)
    server.start()
    yield server.origin
    server.stop()


def message(number: str = "+4917155501420") -> ShortMessage:
    return ShortMessage(
        to_number=number,
        text="Müller: Termin Do, 26. Nov., 9:00 Uhr. Kommen Sie? J/N",
        template="carbot_appointment_reminder",
        parameters=("Müller", "Do, 26. Nov.", "https://carbot.example/t/x"),
        language="de",
        report_url=HOOK,
    )


def read(line: Line, provider: ShortMessageProvider, call: Call) -> list[Any]:
    headers, body = call
    return list(provider.read_reports(method="POST", url=HOOK + provider.name, headers=headers, body=body))


def failure(provider: ShortMessageProvider, number: str = "+4917155501420") -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        provider.send(message(number))
    return caught.value


def test_a_message_arrives_once_and_has_a_name(line: Line, origin: str) -> None:
    name = line.connect(origin).send(message())
    assert name
    assert [sent["to"] for sent in line.peer.sent] == ["+4917155501420"]


def test_an_unknown_number_is_a_permanent_failure(line: Line, origin: str) -> None:
    error = failure(line.connect(origin), "+49171555000")
    assert (error.permanent, error.unsure) == (True, False)


def test_an_outage_is_worth_another_try(line: Line, origin: str) -> None:
    error = failure(line.connect(origin), "+49171555503")
    assert (error.permanent, error.unsure) == (False, False)


def test_a_wrong_key_loses_no_message(line: Line, origin: str) -> None:
    error = failure(line.with_wrong_key(origin))
    assert (error.permanent, error.unsure) == (False, False)
    assert line.peer.sent == []


def test_nobody_listening_is_worth_another_try(line: Line) -> None:
    error = failure(line.connect("http://127.0.0.1:9"))
    assert (error.permanent, error.unsure) == (False, False)


def test_a_connection_that_breaks_before_the_answer_leaves_us_unsure(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take_and_hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(65536)
            connection.close()

        thread = threading.Thread(target=take_and_hang_up)
        thread.start()
        error = failure(line.connect(f"http://127.0.0.1:{listener.getsockname()[1]}"))
        thread.join(5)
    assert (error.permanent, error.unsure) == (False, True)


def test_a_signed_reply_is_read(line: Line) -> None:
    provider = line.connect("http://127.0.0.1:9")
    (reply,) = read(line, provider, line.reply("+491715550142", "Ja"))
    assert isinstance(reply, Reply)
    assert (reply.sender, reply.text) == ("+491715550142", "Ja")
    assert reply.provider_id


def test_a_reply_delivered_again_has_the_same_name_and_another_one_has_not(line: Line) -> None:
    provider, call = line.connect("http://127.0.0.1:9"), line.reply("+491715550142", "Ja")
    first, again = (read(line, provider, call)[0].provider_id for _ in range(2))
    assert first == again


@pytest.mark.parametrize(("ok", "state"), [(True, "delivered"), (False, "failed")])
def test_a_signed_report_tells_what_became_of_the_message(line: Line, ok: bool, state: str) -> None:
    (report,) = read(line, line.connect("http://127.0.0.1:9"), line.report("id-1", ok))
    assert isinstance(report, DeliveryReport)
    assert (report.provider_id, report.state) == ("id-1", state)


def test_a_changed_body_or_a_missing_signature_is_refused(line: Line) -> None:
    provider = line.connect("http://127.0.0.1:9")
    headers, body = line.reply("+491715550142", "Nein")
    for call in ((headers, body.replace(b"Nein", b"Ja")), ({}, body), (dict.fromkeys(headers, ""), body)):
        with pytest.raises(UntrustedReport):
            read(line, provider, call)


def test_a_signed_call_that_makes_no_sense_is_ignored(line: Line) -> None:
    provider = line.connect("http://127.0.0.1:9")
    assert read(line, provider, line.report("id-1", True))
    call = line.reply("+491715550142", "")
    assert all(not reply.text for reply in read(line, provider, call))


def test_an_old_call_of_seven_is_not_taken_again(clock: ManualClock) -> None:
    peer = SevenIo("key", "signing")
    provider = SevenSms(api_key="key", sender="", signing_key="signing", clock=clock)
    headers, body = peer.call(
        HOOK, "sms_mo", {"sender": "49171", "text": "Ja"}, int(clock().timestamp()) - 60
    )
    with pytest.raises(UntrustedReport):
        provider.read_reports(method="POST", url=HOOK, headers=headers, body=body)
