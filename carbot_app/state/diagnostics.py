"""/diagnose: cars on the adapter now, recordings of before, and a car to plug in."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.diagnostics.schemas import SessionOpen
from carbot_app.domains.diagnostics.states import AGENT, RELAY, SERVER, WAYS
from carbot_app.state.diagnosis_rows import SessionRow, describe_line, session_href
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_TOPICS = {"diagnostic"}
_PAGE = 30


class DiagnosticsState(rx.State):
    """The list, and the pane that opens a session."""

    status: str = "loading"
    """loading, ready or failed."""
    live: list[SessionRow] = []
    rows: list[SessionRow] = []
    search: str = ""
    may_run: bool = False
    open: bool = False
    """The pane."""
    way: str = RELAY
    agents: list[tuple[str, str]] = []
    """Id and name of the programs near the cars."""
    adapters: list[tuple[str, str]] = []
    """Id and name of the adapters of the server itself."""
    problem: str = ""
    busy: bool = False

    @rx.event
    async def load(self):
        """Open the list."""
        self.search, self.open = "", False
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def find(self, text: str):
        """By plate, VIN or model."""
        async with staff_step(self) as step:
            self.search = text[:60]
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """A car came, went, or its codes were read."""
        if not is_about(topic, subject, _TOPICS) or self.status != "ready":
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def begin(self):
        """Open the pane with what there is to plug in."""
        async with staff_step(self) as step:
            actor, agents = await step.actor(), get_services().diagnostics.agents
            found = [one for one in await step.call(agents.list_agents, actor) if one.revoked_at is None]
            self.agents = [(str(one.id), one.name) for one in found]
            there = await step.call(agents.list_adapters, actor)
            self.adapters = [(str(one.id), one.name) for one in there]
            self.way = AGENT if found else SERVER if there else RELAY
            self.problem, self.open = "", True
        return step.outcome

    @rx.event
    async def close(self):
        """Leave without a car."""
        self.open = False

    @rx.event
    async def choose_way(self, way: str):
        """Where the adapter is plugged in."""
        self.way = way if way in WAYS else RELAY

    @rx.event
    async def start(self, form: dict[str, Any]):
        """A car is about to be plugged in."""
        self.busy, self.problem = True, ""
        yield
        async with staff_step(self) as step:
            actor, sessions = await step.actor(), get_services().diagnostics.sessions
            workshop = await step.call(get_services().team.get_workshop, actor)
            agent, adapter = str(form.get("agent", "")), str(form.get("adapter", ""))
            wanted = SessionOpen(
                way=self.way,
                agent_id=parse_id(agent) if self.way == AGENT and agent else None,
                adapter_id=parse_id(adapter) if self.way == SERVER and adapter else None,
                plate=str(form.get("plate", ""))[:20],
                plate_country=workshop.country,
            )
            found = await step.call(sessions.open_session, actor, wanted)
            self.open = False
            step.outcome = rx.redirect(session_href(found.id))
        if step.error:
            self.problem = step.text(step.error.message_key, **step.error.params)
        self.busy = False
        yield None if step.error else step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        sessions = get_services().diagnostics.sessions
        found = await step.call(sessions.list_sessions, actor, search=self.search, limit=_PAGE)
        rows = [describe_line(line, reader, step.language) for line in found]
        self.live = [row for row in rows if row.live]
        self.rows = [row for row in rows if not row.live]
        self.may_run = actor.can("diagnostics.run")
