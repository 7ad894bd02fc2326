"""The live channel of staff browsers."""

import contextlib
import time
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from carbot_app.bootstrap import Services
from carbot_app.kit.live import workshop_channel
from tests.api.conftest import Tenant, browser

HINT = {"topic": "lead", "id": "0198", "kind": "lead.created"}


@contextlib.contextmanager
def channel(client: TestClient, tenant: Tenant, **headers: str) -> Iterator[WebSocketTestSession]:
    cookie = {"Cookie": f"carbot_session={tenant.owner.token}"}
    with client.websocket_connect("/api/live", headers={**cookie, **headers}) as socket:
        yield socket


def publish_until_received(services: Services, tenant: Tenant, socket: WebSocketTestSession) -> object:
    """The subscription stands a moment after the connection; hints before it are lost by design."""
    time.sleep(0.2)
    services.live.publish(workshop_channel(tenant.owner.actor.workshop_id), HINT)
    return socket.receive_json()


def test_staff_hears_of_changes_in_their_workshop(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    with channel(client, tenant) as socket:
        assert publish_until_received(services, tenant, socket) == HINT


def test_another_workshops_changes_are_not_heard(
    client: TestClient, services: Services, tenant: Tenant, neighbour: Tenant
) -> None:
    client.app.state.live_ping_seconds = 0.5  # type: ignore[attr-defined]
    with channel(client, tenant) as socket:
        time.sleep(0.2)
        services.live.publish(workshop_channel(neighbour.owner.actor.workshop_id), HINT)
        assert socket.receive_json() == {}


@pytest.mark.parametrize("cookie", ["", "carbot_session=forged"])
def test_without_a_session_the_channel_closes_with_4401(client: TestClient, cookie: str) -> None:
    with client.websocket_connect("/api/live", headers={"Cookie": cookie}) as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 4401


def test_pages_of_other_sites_are_closed_out(client: TestClient, tenant: Tenant) -> None:
    with channel(client, tenant, Origin="https://evil.example") as socket:
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 4403


def test_a_revoked_session_loses_its_channel(client: TestClient, services: Services, tenant: Tenant) -> None:
    client.app.state.live_ping_seconds = 0.1  # type: ignore[attr-defined]
    with channel(client, tenant) as socket:
        assert socket.receive_json() == {}
        services.identity.sign_out(tenant.owner.token)
        messages = iter(socket.receive, {"type": "websocket.send", "text": "never sent"})
        closed = next(message for message in messages if message["type"] == "websocket.close")
        assert closed["code"] == 4401


def test_messages_of_the_browser_are_ignored_and_leaving_is_noticed(
    services: Services, tenant: Tenant
) -> None:
    client = browser(services)
    with channel(client, tenant) as socket:
        socket.send_text("x" * 10_000)
        socket.send_bytes(b"\x00")
        assert publish_until_received(services, tenant, socket) == HINT
    line = next(
        line
        for line in client.get("/metrics").text.splitlines()
        if line.startswith("carbot_live_connections ")
    )
    assert float(line.split()[1]) == 0
