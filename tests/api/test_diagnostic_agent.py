"""The web socket of agents: everything once and in order, whoever is at the other end."""

import time
from datetime import timedelta

import orjson
import pytest
from starlette.testclient import TestClient

from carbot_app.api import diagnostics_agent, diagnostics_line
from carbot_app.bootstrap import Services
from carbot_app.domains.diagnostics import wire
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import Tenant
from tests.api.diagnostic_streams import AGENT, VIN, Line, agent_line, only_session, recorded, token_of


@pytest.fixture
def token(services: Services, tenant: Tenant) -> str:
    return token_of(services, tenant)[1]


def wait_for(condition: object) -> None:
    """Something happens in the server's own time."""
    deadline = time.monotonic() + 10
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_car_is_recorded_from_start_to_end(
    client: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    with agent_line(client, token) as line:
        line.greet()
        assert line.start() == wire.Ack("car1", 0)
        watch = line.hear_until(wire.Watch)
        assert watch.rates[0x0C] >= 5
        line.read(800, 805)
        line.read(810)
        assert line.end() == wire.Ack("car1", 2)
    session = only_session(services, tenant.owner.actor)
    assert (session.state, session.reason, session.vin, session.adapter) == (
        "ended",
        "unplugged",
        VIN,
        "ELM327 v1.5",
    )
    assert recorded(services, tenant.owner.actor, session.id) == [800, 805, 810]
    (seen,) = services.diagnostics.agents.list_agents(tenant.owner.actor)
    assert (seen.software, seen.last_seen_at) == ("agent 1.0", services.clock())


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer cba_wrong", "Bearer cb_" + "x" * 500, "Basic abc"])
def test_a_wrong_token_is_told_and_cut(client: TestClient, tenant: Tenant, header: str) -> None:
    with client.websocket_connect(AGENT, headers={"Authorization": header}) as socket:
        line = Line(socket)
        assert line.hear() == wire.Revoked()
        assert line.closed() == 4401


def test_who_tries_tokens_is_cut_off(client: TestClient, tenant: Tenant) -> None:
    codes = []
    for number in range(diagnostics_agent.ATTEMPTS_PER_MINUTE + 1):
        with client.websocket_connect(AGENT, headers={"Authorization": f"Bearer cba_{number}"}) as socket:
            codes.append(Line(socket).closed())
    assert set(codes[:-1]) == {4401}
    assert codes[-1] == 4429


def test_a_token_revoked_in_mid_stream_cuts_at_once_and_keeps_what_came(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    agent_id, token = token_of(services, tenant)
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        line.read(800)
        services.diagnostics.agents.revoke_agent(tenant.owner.actor, agent_id)
        line.hear_until(wire.Revoked)
        assert line.closed() == 4401
    wait_for(lambda: only_session(services, tenant.owner.actor).reason == "agent_offline")
    session = only_session(services, tenant.owner.actor)
    assert recorded(services, tenant.owner.actor, session.id) == [800]
    with agent_line(client, token) as line:
        assert line.hear() == wire.Revoked()


def test_a_lost_connection_goes_on_where_it_was(
    client: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        line.read(800)
        batch = line.read(810)
        line.send(wire.ReadCodes("car1", "x"))  # type: ignore[arg-type]  # makes sure that both have arrived
        line.hear_until(wire.Refusal)
    wait_for(lambda: only_session(services, tenant.owner.actor).state == "adapter_lost")
    with agent_line(client, token) as line:
        line.greet()
        assert line.start().seq == 2
        line.send(batch)  # the acknowledgement was lost: it comes again
        line.read(820)
        line.end()
    session = only_session(services, tenant.owner.actor)
    assert recorded(services, tenant.owner.actor, session.id) == [800, 810, 820]


def test_batches_out_of_order_are_asked_for_once_and_stored_in_order(
    client: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        for seq in (1, 3, 4, 2, 2, 3, 4):
            line.send(wire.Samples("car1", seq, 1_000 + seq * 100, ((0, 0x0C, 800.0 + seq),)))
        refused = line.hear_until(wire.Refusal)
        assert refused == wire.Refusal("samples_missing", "car1", 2)
        line.seq = 4
        assert line.end() == wire.Ack("car1", 4)
    session = only_session(services, tenant.owner.actor)
    assert recorded(services, tenant.owner.actor, session.id) == [801, 802, 803, 804]


def test_what_the_agent_has_lost_is_known_and_no_obstacle(
    client: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        line.read(800)
        line.send(wire.Lost("car1", 7))
        line.seq = 7
        line.read(900)
        assert line.end() == wire.Ack("car1", 8)
    session = only_session(services, tenant.owner.actor)
    assert (session.batches_lost, recorded(services, tenant.owner.actor, session.id)) == (6, [800, 900])


@pytest.mark.parametrize("jump_ms", [-3_600_000, 3_600_000, 10**12])
def test_a_jump_of_the_agents_clock_moves_no_reading(
    client: TestClient, services: Services, tenant: Tenant, token: str, clock: ManualClock, jump_ms: int
) -> None:
    began = clock()
    with agent_line(client, token) as line:
        line.greet(clock_ms=10**10)
        line.start()
        for number in range(6):
            clock.advance(timedelta(milliseconds=100))
            line.read(800 + number, base_ms=10**10 + number * 100 + (jump_ms if number >= 3 else 0))
            # The server has to have read it before its clock moves on
            line.send(wire.ReadCodes("car1", "x"))  # type: ignore[arg-type]
            line.hear_until(wire.Refusal)
        line.end()
    session = only_session(services, tenant.owner.actor)
    (piece,) = services.diagnostics.recordings.list_pieces(tenant.owner.actor, session.id)
    assert [value for _, _, value in piece.rows] == [800, 801, 802, 803, 804, 805]
    assert piece.starts_at - began <= timedelta(milliseconds=100)
    assert piece.rows[-1][0] <= 700


@pytest.mark.parametrize(
    "frame",
    ["", "{", '{"t":"samples","car":"car1","seq":3', "[]", "null", '{"t":"nonsense"}', "\x00\xff",
     '{"t":"samples","car":"car1","seq":1,"base_ms":0,"rows":[[0,12,"x"]]}'],
)  # fmt: skip
def test_half_frames_and_nonsense_are_refused_and_recorded_nowhere(
    client: TestClient, services: Services, tenant: Tenant, token: str, frame: str
) -> None:
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        line.hear_until(wire.Watch)
        line.socket.send_text(frame)
        assert isinstance(line.hear(), wire.Refusal)
        line.read(800)
        line.end()
    session = only_session(services, tenant.owner.actor)
    assert recorded(services, tenant.owner.actor, session.id) == [800]


def test_who_sends_only_nonsense_is_cut(client: TestClient, tenant: Tenant, token: str) -> None:
    with agent_line(client, token) as line:
        for _ in range(diagnostics_line.MISTAKES + 1):
            line.socket.send_bytes(b"\xde\xad\xbe\xef")
        assert line.closed() == 4400


def test_a_frame_beyond_the_limit_is_cut(client: TestClient, tenant: Tenant, token: str) -> None:
    with agent_line(client, token) as line:
        line.socket.send_text("x" * (wire.FRAME_LIMIT + 1))
        assert line.closed() == 1009


def test_a_flood_of_readings_is_cut_and_what_was_before_is_kept(
    client: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    rows = [[0, 0x0C, 800.0]] * wire.ROW_LIMIT
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        for seq in range(1, 60):
            flood = {"t": "samples", "car": "car1", "seq": seq, "base_ms": 1_000 + seq, "rows": rows}
            line.socket.send_text(orjson.dumps(flood).decode())
        assert line.hear_until(wire.Refusal) == wire.Refusal("too_fast", "car1")
        assert line.closed() == 4429
    session = only_session(services, tenant.owner.actor)
    assert 0 < session.sample_count <= 40_000


def test_a_flood_of_questions_is_cut(client: TestClient, tenant: Tenant, token: str) -> None:
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        for _ in range(200):
            line.send(wire.State("car1", "ignition_off"))
        assert line.closed() == 4429


def test_many_messages_are_slowed_down_and_none_is_lost(
    client: TestClient, services: Services, tenant: Tenant, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diagnostics_line, "MESSAGES_AT_ONCE", 50.0)
    monkeypatch.setattr(diagnostics_line, "MESSAGES_PER_SECOND", 1000.0)
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        for _ in range(300):
            line.read(800)
        line.send(wire.State("car1", "ended"))
        while line.hear_until(wire.Ack).seq != 300:
            pass
    assert only_session(services, tenant.owner.actor).sample_count == 300


def test_the_order_of_the_talk_is_kept(client: TestClient, tenant: Tenant, token: str) -> None:
    with agent_line(client, token) as line:
        line.send(wire.Start("car1", VIN))
        assert line.hear() == wire.Refusal("hello_first")
        line.greet()
        line.read(800)
        assert line.hear() == wire.Refusal("car_unknown", "car1")
        line.start()
        line.send(wire.Start("car1", "WVWZZZ6RZBY000002"))
        assert line.hear_until(wire.Refusal) == wire.Refusal("car_changed", "car1")
        line.send(wire.Hello("agent", 0, version=2))
        assert line.hear_until(wire.Refusal) == wire.Refusal("version")
        assert line.closed() == 4400


def test_the_same_agent_connected_again_replaces_the_older_line(
    client: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    with agent_line(client, token) as old:
        old.greet()
        old.start()
        old.read(800)
        old.send(wire.ReadCodes("car1", "x"))  # type: ignore[arg-type]
        old.hear_until(wire.Refusal)
        with agent_line(client, token) as new:
            new.greet()
            assert old.closed() == 4409
            assert new.start().seq == 1
            new.read(810)
            new.end()
    session = only_session(services, tenant.owner.actor)
    assert recorded(services, tenant.owner.actor, session.id) == [800, 810]


def test_staff_orders_reach_the_agent(
    client: TestClient, services: Services, tenant: Tenant, token: str
) -> None:
    owner, diagnostics = tenant.owner.actor, services.diagnostics
    with agent_line(client, token) as line:
        line.greet()
        line.start()
        line.hear_until(wire.Watch)
        session_id = only_session(services, owner).id
        diagnostics.sessions.set_rates(owner, session_id, {0x0C: 25.0})
        assert line.hear() == wire.Watch("car1", {0x0C: 25.0})
        diagnostics.sessions.pause(owner, session_id)
        assert line.hear() == wire.Watch("car1", {})
        diagnostics.codes.ask_for_codes(owner, session_id)
        asked = line.hear_until(wire.ReadCodes)
        line.send(wire.Codes("car1", 1_000, True, (wire.EcuCodes("7E8", ("P0301",)),), command=asked.command))
        wait_for(lambda: diagnostics.codes.list_readings(owner, session_id))
        (reading,) = diagnostics.codes.list_readings(owner, session_id)
        assert (reading.read_by, reading.findings[0].code) == (owner.name, "P0301")
        diagnostics.codes.clear_codes(owner, session_id, "Zündspule ersetzt")
        line.send(wire.Cleared("car1", line.hear_until(wire.ClearCodes).command, True))
        wait_for(lambda: diagnostics.codes.list_clearings(owner, session_id)[0].state == "done")
        diagnostics.sessions.end_session(owner, session_id)
        assert line.hear() == wire.Stop("car1")
        line.send(wire.Start("car1", VIN))
        assert line.hear_until(wire.Stop) == wire.Stop("car1")


def test_another_workshops_orders_do_not_reach_it(
    client: TestClient, services: Services, tenant: Tenant, neighbour: Tenant, token: str
) -> None:
    _, theirs = token_of(services, neighbour)
    with agent_line(client, token) as line, agent_line(client, theirs) as other:
        for one in (line, other):
            one.greet()
            one.start()
            one.hear_until(wire.Watch)
        session_id = only_session(services, neighbour.owner.actor).id
        services.diagnostics.sessions.pause(neighbour.owner.actor, session_id)
        assert other.hear() == wire.Watch("car1", {})
        line.send(wire.Lost("nothing", 1))
        assert line.hear() == wire.Refusal("car_unknown", "nothing")
