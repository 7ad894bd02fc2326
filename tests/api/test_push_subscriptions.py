"""Subscribing a browser to notifications over HTTP."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from tests.api.conftest import Tenant, browser
from tests.factories.team_services import PASSWORD

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
SUBSCRIPTION: dict[str, Any] = {
    "endpoint": ENDPOINT,
    "expirationTime": None,
    "keys": {"p256dh": "BOr" + "x" * 84, "auth": "a" * 22},
    "language": "de",
}
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def signed_in(services: Services, email: str = "sabine@mueller.de") -> TestClient:
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": email, "password": PASSWORD})
    return client


def test_a_browser_subscribes_is_named_and_leaves_again(services: Services, tenant: Tenant) -> None:
    client = signed_in(services)
    answer = client.get("/api/push/key")
    assert answer.json() == {"key": services.push.public_key}
    assert len(answer.json()["key"]) == 87
    for _ in range(2):
        subscribed = client.post("/api/push/subscriptions", json=SUBSCRIPTION, headers={"User-Agent": CHROME})
        assert (subscribed.status_code, subscribed.content) == (204, b"")
    assert [d.device for d in services.push.list_devices(tenant.owner.actor)] == ["Chrome · Windows"]
    for _ in range(2):
        left = client.request("DELETE", "/api/push/subscriptions", json={"endpoint": ENDPOINT})
        assert left.status_code == 204
    assert services.push.list_devices(tenant.owner.actor) == []


def test_a_subscription_the_browser_renewed_takes_the_place_of_the_old_one(
    services: Services, tenant: Tenant
) -> None:
    client = signed_in(services)
    client.post("/api/push/subscriptions", json=SUBSCRIPTION)
    renewed = {**SUBSCRIPTION, "endpoint": f"{ENDPOINT}-new", "replaces": ENDPOINT}
    assert client.post("/api/push/subscriptions", json=renewed).status_code == 204
    assert len(services.push.list_devices(tenant.owner.actor)) == 1


def test_who_is_not_signed_in_gets_neither_key_nor_notifications(client: TestClient) -> None:
    assert client.get("/api/push/key").status_code == 401
    assert client.post("/api/push/subscriptions", json=SUBSCRIPTION).status_code == 401
    assert client.request("DELETE", "/api/push/subscriptions", json={"endpoint": ENDPOINT}).status_code == 401


def test_another_site_cannot_subscribe_a_browser(services: Services, tenant: Tenant) -> None:
    client = signed_in(services)
    evil = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/push/subscriptions", json=SUBSCRIPTION, headers=evil).status_code == 403
    assert client.post("/api/push/subscriptions", data={"endpoint": ENDPOINT}).status_code == 422
    assert services.push.list_devices(tenant.owner.actor) == []


@pytest.mark.parametrize(
    "change",
    [
        {"endpoint": "http://169.254.169.254/latest/meta-data"},
        {"endpoint": "https://evil.example/fcm.googleapis.com"},
        {"endpoint": ""},
        {"endpoint": "https://fcm.googleapis.com/" + "x" * 2000},
        {"keys": {"p256dh": "", "auth": ""}},
        {"keys": None},
    ],
)
def test_a_subscription_that_leads_elsewhere_is_refused(
    services: Services, tenant: Tenant, change: dict[str, Any]
) -> None:
    answer = signed_in(services).post("/api/push/subscriptions", json={**SUBSCRIPTION, **change})
    assert answer.status_code == 422
    assert services.push.list_devices(tenant.owner.actor) == []


def test_nobody_ends_the_notifications_of_another_workshop(
    services: Services, tenant: Tenant, neighbour: Tenant
) -> None:
    signed_in(services).post("/api/push/subscriptions", json=SUBSCRIPTION)
    other = signed_in(services, "nora@nebenan.de")
    other.request("DELETE", "/api/push/subscriptions", json={"endpoint": ENDPOINT})
    assert len(services.push.list_devices(tenant.owner.actor)) == 1
    assert services.push.list_devices(neighbour.owner.actor) == []
