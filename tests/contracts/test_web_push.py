"""Web push against a push service that decrypts like a browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from carbot_app.adapters.push.webpush import WebPushTransport
from carbot_app.domains.messaging.ports import DeliveryError
from tests.contracts.push_service import PushService


@pytest.fixture
def service() -> Iterator[PushService]:
    service = PushService()
    yield service
    service.close()


@pytest.fixture
def transport(tmp_path: Path) -> WebPushTransport:
    return WebPushTransport(tmp_path / "keys" / "vapid.pem", subject="mailto:a@b.example")


def push(transport: WebPushTransport, service: PushService, name: str) -> None:
    payload = json.dumps({"title": "Heiße Anfrage: Ayşe"}, ensure_ascii=False)
    transport.push(
        endpoint=service.endpoint(name),
        p256dh=service.p256dh,
        auth=service.auth,
        payload=payload,
        urgent=True,
        topic="lead1",
    )


def test_a_push_arrives_encrypted_signed_and_urgent(
    transport: WebPushTransport, service: PushService
) -> None:
    push(transport, service, "phone")
    (received,) = service.received
    assert json.loads(received.text) == {"title": "Heiße Anfrage: Ayşe"}
    assert received.headers["content-encoding"] == "aes128gcm"
    assert received.headers["urgency"] == "high"
    assert received.headers["topic"] == "lead1"
    assert received.headers["authorization"].startswith("vapid t=")
    assert f"k={transport.public_key}" in received.headers["authorization"]


def test_a_gone_subscription_fails_for_good_and_a_busy_service_does_not(
    transport: WebPushTransport, service: PushService
) -> None:
    for name, permanent in (("gone", True), ("busy", False)):
        with pytest.raises(DeliveryError) as caught:
            push(transport, service, name)
        assert caught.value.permanent is permanent


def test_the_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    key_file = tmp_path / "keys" / "vapid.pem"
    first = WebPushTransport(key_file, subject="mailto:a@b.example")
    second = WebPushTransport(key_file, subject="mailto:a@b.example")
    assert first.public_key == second.public_key
    assert key_file.stat().st_mode & 0o077 == 0
    assert [path.name for path in key_file.parent.iterdir()] == ["vapid.pem"]
