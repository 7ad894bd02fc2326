"""The ways to the car in the settings: a command shown once, and who may see it."""

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.session import SessionState
from carbot_app.state.settings_agents import AgentsState
from tests.state.tabs import Tab, open_tab, words_of


async def test_a_new_agent_shows_its_command_until_the_pane_is_closed(tab: Tab, services: Services) -> None:
    await tab.call(AgentsState.load)
    await tab.call(AgentsState.ask, "create")
    await tab.call(AgentsState.create, {"name": "Hebebühne 1"})
    state = await tab.state(AgentsState)
    assert (state.task, state.status) == ("shown", "ready")
    assert state.command.startswith("carbot obd-agent --server http")
    token = state.command.split("--token ")[1].split()[0]
    actor = services.diagnostics.agents.resolve_agent(token)
    assert actor is not None
    (line,) = state.agents
    assert (line.name, line.prefix, line.seen, line.online) == ("Hebebühne 1", token[:11], "", False)
    services.diagnostics.agents.touch_agent(actor)
    await tab.call(AgentsState.close)
    await tab.call(AgentsState.load)
    state = await tab.state(AgentsState)
    assert (state.command, state.task, state.agents[0].online) == ("", "", True)
    assert token not in repr(state.agents)


async def test_a_name_that_is_missing_is_said_at_the_field(tab: Tab) -> None:
    await tab.call(AgentsState.ask, "create")
    await tab.call(AgentsState.create, {"name": " "})
    state = await tab.state(AgentsState)
    assert set(state.problems) == {"name"}
    assert (state.task, state.command, state.busy) == ("create", "", False)


async def test_a_revoked_agent_stays_in_the_list_as_revoked(tab: Tab) -> None:
    await tab.call(AgentsState.create, {"name": "Halle 2"})
    state = await tab.state(AgentsState)
    await tab.call(AgentsState.ask_revoke, state.agents[0].id)
    outcomes = await tab.call(AgentsState.revoke)
    state = await tab.state(AgentsState)
    assert "Halle 2" in words_of(outcomes)
    assert state.agents[0].revoked
    assert state.task == ""


async def test_adapters_of_the_server_are_the_operators_decision(tab: Tab, services: Services) -> None:
    await tab.call(AgentsState.load)
    state = await tab.state(AgentsState)
    assert not state.server_adapters
    refused = await tab.call(AgentsState.add_adapter, {"name": "Grube", "address": "/dev/ttyUSB0"})
    assert "ausgeschaltet" in words_of(refused)
    services.diagnostics.agents.server_adapters = True
    await tab.call(AgentsState.add_adapter, {"name": "Grube", "address": "/etc/passwd"})
    assert set((await tab.state(AgentsState)).problems) == {"address"}
    await tab.call(AgentsState.add_adapter, {"name": "Grube", "address": "/dev/ttyUSB0"})
    state = await tab.state(AgentsState)
    assert [(one.name, one.address) for one in state.adapters] == [("Grube", "/dev/ttyUSB0")]
    await tab.call(AgentsState.remove_adapter, state.adapters[0].id)
    assert (await tab.state(AgentsState)).adapters == []


async def test_a_technician_adds_and_revokes_nothing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(AgentsState.create, {"name": "Halle 2"})
    agent_id = (await tab.state(AgentsState)).agents[0].id
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    outcomes = await technician.call(AgentsState.create, {"name": "heimlich"})
    assert "Berechtigung" in words_of(outcomes)
    assert (await technician.state(AgentsState)).command == ""
    await technician.call(AgentsState.load)
    await technician.call(AgentsState.ask_revoke, agent_id)
    assert "Berechtigung" in words_of(await technician.call(AgentsState.revoke))
    await tab.call(AgentsState.load)
    assert (await tab.state(AgentsState)).agents[0].revoked == ""
