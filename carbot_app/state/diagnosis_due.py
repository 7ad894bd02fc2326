"""What is due on the car of the opened session."""

from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.due_rows import DueSheet, describe_due
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_TOPICS = {"diagnostic"}
_KINDS_OF_NEWS = {"", "diagnostic.codes", "diagnostic.identified"}


class DiagnosisDueState(rx.State):
    """Beside the codes."""

    status: str = "loading"
    """loading, none (no car), ready or failed."""
    sheet: DueSheet = DueSheet()

    @rx.event
    async def load(self):
        """The list of the car."""
        self.reset()
        return await self._again()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """The car was named, or its codes were read."""
        if not is_about(topic, subject, _TOPICS, self._session_text()) or kind not in _KINDS_OF_NEWS:
            return None
        return await self._again()

    def _session_text(self) -> str:
        return self.router.url.query_parameters.get("id", "")

    async def _again(self):
        async with staff_step(self) as step:
            actor, sessions = await step.actor(), get_services().diagnostics.sessions
            session = await step.call(sessions.get_session, actor, parse_id(self._session_text()))
            if session.car is None:
                self.status = "none"
            else:
                await self._fetch(step, session.car.id)
        if step.error:
            self.status = "failed"
        # The page itself says that there is no such session

    async def _fetch(self, step: Step, vehicle_id: UUID) -> None:
        reader, maintenance = await reader_for(self), get_services().diagnostics.maintenance
        found = await step.call(maintenance.list_due, await step.actor(), vehicle_id, language=step.language)
        self.sheet = describe_due(found, reader)
        self.status = "ready"
