"""Agents get a token once, lose it at once, and adapters of the server are for operators who allow them."""

from datetime import timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.agents import AgentService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import make_workshop, staff_of
from tests.services.diagnostics_bay import Bay, open_bay


@pytest.fixture
def bay(database: Database, clock: ManualClock) -> Bay:
    return open_bay(database, clock)


def test_a_token_is_shown_once_and_opens_only_streams(bay: Bay) -> None:
    made, token = bay.agents.create_agent(bay.staff, " Halle\t2 ")
    assert (made.name, token.startswith("cba_"), made.prefix) == ("Halle 2", True, token[:11])
    actor = bay.agents.resolve_agent(token)
    assert actor is not None
    assert (actor.kind, actor.workshop_id, actor.permissions) == (
        "agent", bay.workshop.id, frozenset({"diagnostics.stream"}),
    )  # fmt: skip
    assert token not in repr(bay.agents.list_agents(bay.staff))
    for wrong in ("", "cba_", token[:-1], token + "x", "cb_" + token[4:]):
        assert bay.agents.resolve_agent(wrong) is None


def test_a_revoked_token_opens_nothing_and_its_stream_is_told(bay: Bay) -> None:
    made, token = bay.agents.create_agent(bay.staff, "Halle 2")
    actor = bay.agents.resolve_agent(token)
    assert actor is not None
    ended = bay.agents.revoke_agent(bay.staff, made.id)
    bay.clock.advance(timedelta(days=1))
    assert bay.agents.revoke_agent(bay.staff, made.id).revoked_at == ended.revoked_at
    assert bay.agents.resolve_agent(token) is None
    assert not bay.agents.touch_agent(actor)
    assert bay.bus.heard[-1] == (f"diagnostics:{bay.workshop.id}", {"do": "revoked", "agent": str(made.id)})
    assert [one.revoked_at is None for one in bay.agents.list_agents(bay.staff)] == [True, False]


def test_an_agent_says_what_it_is_and_when_it_was_heard_of(bay: Bay) -> None:
    assert bay.agents.touch_agent(bay.agent, wire.Hello("carbot-agent 1.0", 0, "ELM327 v1.5"))
    (seen,) = bay.agents.list_agents(bay.staff)
    assert (seen.software, seen.adapter, seen.last_seen_at) == (
        "carbot-agent 1.0",
        "ELM327 v1.5",
        bay.clock(),
    )
    first = bay.clock()
    for seconds, expected in ((10, first), (25, first + timedelta(seconds=35))):
        bay.clock.advance(timedelta(seconds=seconds))
        bay.agents.touch_agent(bay.agent)
        assert bay.agents.list_agents(bay.staff)[0].last_seen_at == expected


def test_agents_are_the_owners_business(bay: Bay) -> None:
    technician = staff_of(bay.workshop, role="technician")
    for attempt in (
        lambda: bay.agents.create_agent(technician, "x"),
        lambda: bay.agents.revoke_agent(technician, bay.agent.subject_id),  # type: ignore[arg-type]
        lambda: bay.agents.add_adapter(technician, "x", "/dev/ttyUSB0"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert bay.agents.list_agents(technician)
    for _ in range(99):
        bay.agents.create_agent(bay.staff, "noch einer")
    with pytest.raises(Conflict, match="agents_full"):
        bay.agents.create_agent(bay.staff, "zu viel")
    with pytest.raises(Invalid, match="missing"):
        bay.agents.create_agent(bay.staff, " ")


@pytest.mark.parametrize(
    "address",
    ["socket://192.168.0.10:35000", "socket://obd.local:23", "socket://[fe80::1]:35000", "/dev/ttyUSB0",
     "/dev/rfcomm1", "/dev/cu.OBDII-Port", "/dev/serial/by-id/usb-FTDI_FT232R-if00-port0"],
)  # fmt: skip
def test_an_adapter_of_the_server_is_added_and_removed(bay: Bay, address: str) -> None:
    made = bay.agents.add_adapter(bay.staff, "Grube", f" {address} ")
    assert bay.agents.list_adapters(bay.staff) == [made]
    with pytest.raises(Conflict, match="adapter_known"):
        bay.agents.add_adapter(bay.staff, "Noch mal", address)
    bay.agents.remove_adapter(bay.staff, made.id)
    with pytest.raises(NotFound):
        bay.agents.remove_adapter(bay.staff, made.id)


@pytest.mark.parametrize(
    "address",
    ["", "socket://x", "socket://x:0", "socket://x:70000", "http://x:80", "/dev/sda", "/dev/../etc/passwd",
     "/etc/passwd", "/dev/ttyUSB0\n/dev/sda", "socket://a b:1"],
)  # fmt: skip
def test_what_is_no_adapter_is_refused(bay: Bay, address: str) -> None:
    with pytest.raises(Invalid, match="adapter_address"):
        bay.agents.add_adapter(bay.staff, "Grube", address)


def test_the_operator_decides_whether_the_server_has_adapters(bay: Bay) -> None:
    closed = AgentService(db=bay.db, clock=bay.clock, live=bay.bus, server_adapters=False)  # type: ignore[arg-type]
    with pytest.raises(Forbidden, match="server_adapters_off"):
        closed.add_adapter(bay.staff, "Grube", "/dev/ttyUSB0")


def test_another_workshops_agents_and_adapters_are_not_seen(bay: Bay, database: Database) -> None:
    adapter = bay.agents.add_adapter(bay.staff, "Grube", "/dev/ttyUSB0")
    stranger = staff_of(make_workshop(database, slug="nebenan"))
    assert bay.agents.list_agents(stranger) == []
    assert bay.agents.list_adapters(stranger) == []
    with pytest.raises(NotFound):
        bay.agents.remove_adapter(stranger, adapter.id)
    with pytest.raises(NotFound):
        bay.agents.revoke_agent(stranger, bay.agent.subject_id)  # type: ignore[arg-type]
