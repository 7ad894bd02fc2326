"""Webhooks against a real server: what arrives can be checked, and nothing inside can be reached."""

import hashlib
import hmac
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from carbot_app.adapters.webhooks.signed_post import SignedPost
from carbot_app.domains.automations.ports import WebhookError

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


@dataclass
class Site:
    """Answers with the status its path names; keeps what it got."""

    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                site.received.append((self.path, headers, body))
                self.send_response(int(self.path.strip("/") or 204))
                self.send_header("Location", "/204")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def address(self, status: int) -> str:
        return f"http://localhost:{self._server.server_port}/{status}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def post(url: str, *, private_hosts: bool = True) -> None:
    SignedPost(private_hosts=private_hosts).send(
        url, body=b'{"id":1}', secret="geheim", delivery="run-0", at=AT
    )


def test_the_receiver_can_check_who_sent_it_and_when(site: Site) -> None:
    post(site.address(204))
    [(_, headers, body)] = site.received
    seconds = str(int(AT.timestamp()))
    expected = hmac.new(b"geheim", f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["x-carbot-signature"] == f"t={seconds},v1={expected}"
    assert (headers["x-carbot-delivery"], headers["content-type"]) == ("run-0", "application/json")
    assert headers["host"].startswith("localhost:")


@pytest.mark.parametrize(("status", "permanent"), [(404, True), (429, False), (500, False), (302, True)])
def test_an_answer_says_whether_to_try_again_and_nothing_is_followed(
    site: Site, status: int, permanent: bool
) -> None:
    with pytest.raises(WebhookError, match=str(status)) as caught:
        post(site.address(status))
    assert caught.value.permanent is permanent
    assert len(site.received) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://10.1.2.3/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://0x7f000001/x",
        "http://example.com/x",
    ],
)
def test_addresses_inside_and_without_tls_are_refused_for_good(url: str) -> None:
    with pytest.raises(WebhookError, match="not allowed") as caught:
        post(url, private_hosts=False)
    assert caught.value.permanent


def test_a_server_that_is_away_is_tried_again() -> None:
    with pytest.raises(WebhookError) as caught:
        post("http://127.0.0.1:9/x")
    assert not caught.value.permanent
