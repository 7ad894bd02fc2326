"""The Twilio adapter against a server that others wrote, in both directions, with its own signatures."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from carbot_app.adapters.messaging.twilio import TwilioSms
from carbot_app.domains.messaging.ports import DeliveryReport, Reply, Report, ShortMessage
from tests.peers.emulated_twilio import ACCOUNT, NUMBER, TOKEN, EmulatedTwilio
from tests.peers.npm_packages import running

MOBILE = "+4915112345678"


@dataclass
class Hook:
    """Our webhook: keeps what it was called with, and answers as ours does."""

    calls: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def start(self) -> None:
        """Listen on a free port."""
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                calls.append((self.path, headers, body))
                self.send_response(200)
                self.send_header("Content-Type", "text/xml")
                self.end_headers()
                self.wfile.write(b"<Response/>")

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/api/webhooks/twilio"

    def reports(self, provider: TwilioSms) -> list[Report]:
        """What all calls said, each with a valid signature."""
        return [
            report
            for _, headers, body in self.calls
            for report in provider.read_reports(method="POST", url=self.url, headers=headers, body=body)
        ]

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def hook() -> Iterator[Hook]:
    listening = Hook()
    listening.start()
    yield listening
    listening.stop()


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory, hook: Hook) -> Iterator[EmulatedTwilio]:
    with running(EmulatedTwilio(tmp_path_factory.mktemp("twilio"), hook.url)) as server:
        yield server


def wait_for(wanted: type[Report], hook: Hook, provider: TwilioSms) -> Report:
    """The first report of a kind; a call takes a moment."""
    for _ in range(100):
        found = [report for report in hook.reports(provider) if isinstance(report, wanted)]
        if found:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"no {wanted.__name__} came: {hook.calls}")


@pytest.fixture
def provider(peer: EmulatedTwilio) -> TwilioSms:
    return TwilioSms(account=ACCOUNT, token=TOKEN, sender=NUMBER, base_url=peer.origin)


def test_an_sms_is_sent_and_its_signed_report_read(
    peer: EmulatedTwilio, hook: Hook, provider: TwilioSms
) -> None:
    name = provider.send(ShortMessage(MOBILE, "Ihr Termin morgen 9 Uhr", "", (), "de", hook.url))
    httpx.post(
        f"{peer.origin}/_twilio/simulate/message-status",
        auth=(ACCOUNT, TOKEN),
        data={"Sid": name, "MessageSid": name, "Status": "delivered", "MessageStatus": "delivered"},
    ).raise_for_status()
    for _ in range(100):
        if DeliveryReport(name, "delivered") in hook.reports(provider):
            return
        time.sleep(0.1)
    raise AssertionError(hook.reports(provider))


def test_an_sms_that_comes_in_is_read_with_its_name(
    peer: EmulatedTwilio, hook: Hook, provider: TwilioSms
) -> None:
    httpx.post(
        f"{peer.origin}/_twilio/simulate/inbound-message",
        auth=(ACCOUNT, TOKEN),
        data={"To": NUMBER, "From": MOBILE, "Body": "Wann ist mein Auto fertig?"},
    ).raise_for_status()
    reply = wait_for(Reply, hook, provider)
    assert isinstance(reply, Reply)
    assert (reply.sender, reply.to_address, reply.text) == (MOBILE, NUMBER, "Wann ist mein Auto fertig?")
    assert reply.provider_id.startswith("SM")
