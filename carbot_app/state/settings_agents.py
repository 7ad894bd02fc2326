"""Ways to the car: agents, whose command is shown once, and adapters of the server itself."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.diagnostics.schemas import AdapterView, AgentView
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

_HEARD_WITHIN = timedelta(minutes=2)
"""An agent that is connected is heard of twice a minute."""


@dataclass(frozen=True, slots=True)
class AgentLine:
    """An agent without its token."""

    id: str = ""
    name: str = ""
    prefix: str = ""
    software: str = ""
    """What it says it is; empty if it never came."""
    seen: str = ""
    online: bool = False
    revoked: str = ""
    """When it was revoked; empty while it works."""


@dataclass(frozen=True, slots=True)
class AdapterLine:
    """An adapter of the server."""

    id: str = ""
    name: str = ""
    address: str = ""


class AgentsState(rx.State):
    """Both lists and the pane over them."""

    status: str = "loading"
    """loading, ready or failed."""
    agents: list[AgentLine] = []
    adapters: list[AdapterLine] = []
    server_adapters: bool = False
    """Whether this installation allows adapters of the server."""
    task: str = ""
    """What lies over the lists: nothing, create, shown (the command), revoke or adapter."""
    chosen: AgentLine = AgentLine()
    command: str = ""
    """How the agent just made is started, until the pane is closed."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch agents and adapters."""
        self.task, self.command = "", ""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask(self, task: str):
        """Open the form for an agent or an adapter."""
        async with staff_step(self) as step:
            await step.actor()
            self.task = task if task in {"create", "adapter"} else ""
            self.command, self.problems = "", {}
        return step.outcome

    @rx.event
    async def ask_revoke(self, agent_id: str):
        """Ask before an agent is cut off."""
        async with staff_step(self) as step:
            await step.actor()
            self.chosen = next((line for line in self.agents if line.id == agent_id), AgentLine())
            self.task = "revoke"
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane and forget the command."""
        self.task, self.command, self.chosen = "", "", AgentLine()

    @rx.event
    async def create(self, form: dict[str, Any]):
        """Make an agent and show how to start it."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            made = await step.call(services.diagnostics.agents.create_agent, actor, str(form.get("name", "")))
            self.command = _command(services.settings.effective_public_url, made[1])
            self.task = "shown"
            await self._fetch(step)
        self._settle(step)
        yield step.outcome

    @rx.event
    async def revoke(self):
        """Cut the chosen agent off at once."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            agents, actor = get_services().diagnostics.agents, await step.actor()
            ended = await step.call(agents.revoke_agent, actor, parse_id(self.chosen.id))
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("diagnostics_setup.ended", name=ended.name))
        self.busy = False
        yield step.outcome

    @rx.event
    async def add_adapter(self, form: dict[str, Any]):
        """Enter an adapter of the server."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            agents, actor = get_services().diagnostics.agents, await step.actor()
            name, address = (str(form.get(field, "")) for field in ("name", "address"))
            await step.call(agents.add_adapter, actor, name, address)
            self.task = ""
            await self._fetch(step)
        self._settle(step)
        yield step.outcome

    @rx.event
    async def remove_adapter(self, adapter_id: str):
        """Forget an adapter of the server."""
        async with staff_step(self) as step:
            agents, actor = get_services().diagnostics.agents, await step.actor()
            name = next((line.name for line in self.adapters if line.id == adapter_id), "")
            await step.call(agents.remove_adapter, actor, parse_id(adapter_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("diagnostics_setup.removed", name=name))
        return step.outcome

    def _settle(self, step: Step) -> None:
        """What is wrong with a field is said at the field."""
        self.busy = False
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            step.outcome = None

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        services = get_services()
        agents = services.diagnostics.agents
        now = services.clock()
        self.server_adapters = agents.server_adapters
        found = await step.call(agents.list_agents, actor)
        self.agents = [
            _line(agent, reader, bool(agent.last_seen_at and now - agent.last_seen_at < _HEARD_WITHIN))
            for agent in found
        ]
        self.adapters = [_adapter(one) for one in await step.call(agents.list_adapters, actor)]


def _command(server: str, token: str) -> str:
    return f"carbot obd-agent --server {server} --token {token} --adapter /dev/ttyUSB0"


def _line(agent: AgentView, reader: Reader, heard: bool) -> AgentLine:
    return AgentLine(
        id=str(agent.id),
        name=agent.name,
        prefix=agent.prefix,
        software=" · ".join(filter(None, (agent.software, agent.adapter))),
        seen=reader.day_and_clock(agent.last_seen_at) if agent.last_seen_at else "",
        online=heard and agent.revoked_at is None,
        revoked=reader.day_and_clock(agent.revoked_at) if agent.revoked_at else "",
    )


def _adapter(adapter: AdapterView) -> AdapterLine:
    return AdapterLine(str(adapter.id), adapter.name, adapter.address)
