"""Browsers watch a session live and play it again; nobody else does."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from carbot_app.api import diagnostics_live, diagnostics_replay
from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.recording import pack
from carbot_app.domains.diagnostics.schemas import Recorded, SessionView
from carbot_app.kit.ids import new_id
from tests.api.conftest import Tenant, browser
from tests.api.diagnostic_streams import (
    PIDS,
    VIN,
    Line,
    agent_line,
    browser_on,
    only_session,
    token_of,
)

SECONDS = 6


@pytest.fixture
def token(services: Services, tenant: Tenant) -> str:
    return token_of(services, tenant)[1]


@pytest.fixture
def other(services: Services) -> TestClient:
    """A browser beside the agent."""
    return browser(services)


def live(session: SessionView) -> str:
    return f"/api/diagnostics/sessions/{session.id}/live"


def connected(line: Line) -> None:
    line.greet()
    line.start()
    line.hear_until(wire.Watch)


def kinds_until(socket: object, kind: str) -> list[dict]:  # type: ignore[type-arg]
    """Messages up to and including the first of this kind."""
    heard = []
    while not heard or heard[-1].get("t") != kind:
        heard.append(socket.receive_json())  # type: ignore[attr-defined]
    return heard


def test_a_browser_sees_what_the_car_says(
    client: TestClient, other: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    owner = tenant.owner.actor
    with agent_line(client, token) as line:
        connected(line)
        line.read(790)
        session = only_session(services, owner)
        with browser_on(other, tenant, live(session)) as screen:
            first = screen.receive_json()
            assert (first["t"], first["state"], first["ended_ms"]) == ("session", "connected", None)
            latest = screen.receive_json()
            assert (latest["t"], latest["rows"]) == ("latest", [[0, 0x0C, 790.0]])
            batch = line.read(800, 805)
            shown = screen.receive_json()
            assert (shown["t"], shown["rows"]) == ("samples", [list(row) for row in batch.rows])
            assert abs(shown["base_ms"] - services.clock().timestamp() * 1000) < 1_000
            services.diagnostics.sessions.mark(owner, session.id, "Ruckeln")
            assert kinds_until(screen, "mark")[-1]["text"] == "Ruckeln"
            line.send(wire.Codes("car1", 1_000, True, (wire.EcuCodes("7E8", ("P0301",)),)))
            assert screen.receive_json() == {"t": "codes"}
            line.send(wire.State("car1", "ignition_off", "silent"))
            assert screen.receive_json() == {"t": "state", "state": "ignition_off", "reason": "silent"}
            line.end()
            assert kinds_until(screen, "state")[-1]["state"] == "ended"


def test_nothing_is_published_while_nobody_looks(
    client: TestClient, services: Services, tenant: Tenant, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    publish = services.live.publish

    def listen(channel: str, message: dict[str, object]) -> None:
        told.append(str(message.get("t") or message.get("do")))
        publish(channel, message)

    monkeypatch.setattr(services.live, "publish", listen)
    with agent_line(client, token) as line:
        connected(line)
        line.read(800)
        line.read(810)
        line.end()
    assert "samples" not in told
    assert "state" in told


@pytest.mark.parametrize("way", ["live", "replay"])
def test_only_staff_of_this_workshop_watches(
    other: TestClient,
    client: TestClient,
    services: Services,
    tenant: Tenant,
    neighbour: Tenant,
    token: str,
    way: str,
) -> None:
    with agent_line(client, token) as line:
        connected(line)
        session = only_session(services, tenant.owner.actor)
    path = f"/api/diagnostics/sessions/{session.id}/{way}"

    def code(path: str, **headers: str) -> int:
        with other.websocket_connect(path, headers=headers) as socket:
            message = socket.receive()
        assert message["type"] == "websocket.close"
        return message["code"]

    mine = f"carbot_session={tenant.owner.token}"
    assert code(path, Cookie="carbot_session=forged") == 4401
    assert code(path) == 4401
    assert code(path, Cookie=mine, Origin="https://evil.example") == 4403
    assert code(path, Cookie=f"carbot_session={neighbour.owner.token}") == 4404
    assert code(path.replace(str(session.id), str(new_id())), Cookie=mine) == 4404


def test_who_signs_out_loses_the_stream(
    client: TestClient, other: TestClient, services: Services, tenant: Tenant, token: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(diagnostics_live, "LOOK_EVERY_SECONDS", 0.02)
    with agent_line(client, token) as line:
        connected(line)
        with browser_on(other, tenant, live(only_session(services, tenant.owner.actor))) as screen:
            screen.receive_json()
            services.identity.sign_out(tenant.owner.token)
            while (message := screen.receive())["type"] != "websocket.close":
                pass
            assert message["code"] == 4401


def a_recording(services: Services, tenant: Tenant) -> SessionView:
    """Two stretches of ten readings a second with an hour between them."""
    intake, owner = services.diagnostics.intake, tenant.owner.actor
    agent = services.diagnostics.agents.resolve_agent(token_of(services, tenant, "Aufnahme")[1])
    assert agent is not None
    started = intake.start(agent, wire.Start("tape", VIN, PIDS))
    rows = [(number * 100, 0x0C, 800.0 + number) for number in range(SECONDS * 10)]
    for number in range(2):
        block = Recorded(
            started.session_id, number + 1, number + 1, services.clock() + timedelta(hours=number),
            rows[-1][0], len(rows), pack(rows),
        )  # fmt: skip
        intake.store(agent, [block])
    intake.set_state(agent, started.session_id, "ended")
    return services.diagnostics.sessions.get_session(owner, started.session_id)


def test_a_recording_is_played_faster_and_leaves_nothing_out(
    other: TestClient, services: Services, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnostics_replay, "FRAME_SECONDS", 0.02)
    session = a_recording(services, tenant)
    path = f"/api/diagnostics/sessions/{session.id}/replay?speed=20"
    began = round(session.started_at.timestamp() * 1000)
    with browser_on(other, tenant, path) as screen:
        heard = kinds_until(screen, "end")
    assert heard[0]["t"] == "session"
    assert [one["t"] for one in heard if one["t"] != "samples"] == ["session", "gap", "end"]
    gap = next(one for one in heard if one["t"] == "gap")
    assert gap["to_ms"] == began + 3_600_000
    frames = [one for one in heard if one["t"] == "samples"]
    assert len(frames) > 10
    played = [(one["base_ms"] + after, value) for one in frames for after, _, value in one["rows"]]
    expected = [
        (began + hour * 3_600_000 + number * 100, 800.0 + number)
        for hour in range(2)
        for number in range(SECONDS * 10)
    ]
    assert played == expected


def test_a_recording_is_paused_sought_and_played_again(
    other: TestClient, services: Services, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnostics_replay, "FRAME_SECONDS", 0.02)
    session = a_recording(services, tenant)
    began = round(session.started_at.timestamp() * 1000)
    path = f"/api/diagnostics/sessions/{session.id}/replay?speed=1&from_ms={began + 3_000}"
    with browser_on(other, tenant, path) as screen:
        assert kinds_until(screen, "samples")[-1]["base_ms"] == began + 3_000
        screen.send_json({"paused": True})
        screen.send_text("nonsense")
        screen.send_json({"speed": 900, "seek_ms": "x", "paused": "maybe"})
        screen.send_json([1])
        screen.send_json({"seek_ms": began + 5_000, "speed": 20, "paused": False})
        while (frame := screen.receive_json()).get("base_ms") != began + 5_000:
            assert frame["t"] == "samples"
        kinds_until(screen, "end")
        screen.send_json({"seek_ms": began})
        assert kinds_until(screen, "samples")[-1]["base_ms"] == began


def test_a_session_without_readings_ends_its_replay_at_once(
    client: TestClient, other: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    with agent_line(client, token) as line:
        connected(line)
    session = only_session(services, tenant.owner.actor)
    with browser_on(other, tenant, f"/api/diagnostics/sessions/{session.id}/replay") as screen:
        assert [one["t"] for one in kinds_until(screen, "end")] == ["session", "end"]


def test_a_recording_is_downloaded_by_its_workshop_alone(
    other: TestClient, services: Services, tenant: Tenant, neighbour: Tenant
) -> None:
    session = a_recording(services, tenant)
    mine, theirs = ({"Cookie": f"carbot_session={one.owner.token}"} for one in (tenant, neighbour))
    path = f"/api/diagnostics/sessions/{session.id}/recording"
    answer = other.get(f"{path}.csv", headers=mine)
    assert (answer.status_code, len(answer.text.splitlines())) == (200, 1 + 2 * SECONDS * 10)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert f"{session.id}.csv" in answer.headers["content-disposition"]
    assert other.get(f"{path}.parquet", headers=mine).content[:4] == b"PAR1"
    assert other.get(f"{path}.csv", headers=theirs).status_code == 404
    assert other.get(f"{path}.csv").status_code == 401
    assert other.get(f"{path}.exe", headers=mine).status_code in {404, 422}
