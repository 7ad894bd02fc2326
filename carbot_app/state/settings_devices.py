"""Where the person is signed in, and which devices ring."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.messaging.schemas import PushDeviceView
from carbot_app.domains.team.schemas import LoginSessionView
from carbot_app.kit.browsers import describe_browser, is_handheld
from carbot_app.state.feedback import toast
from carbot_app.state.session import SessionState, reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A signed-in browser; ``name`` is empty when it does not say what it is."""

    id: str
    name: str
    icon: str
    seen: str
    current: bool


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device that gets notifications."""

    id: str
    name: str
    since: str
    rang: str
    """When a notification last arrived; empty if none yet."""


class DevicesState(rx.State):
    """Sessions and devices of the signed-in person."""

    status: str = "loading"
    """loading, ready or failed."""
    sessions: list[SessionLine] = []
    devices: list[DeviceLine] = []
    gets_pushes: bool = False
    """Only those who read the inbox are told about it."""

    @rx.event
    async def load(self):
        """Fetch both lists."""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def sign_out(self, session_id: str):
        """End one of the person's sessions."""
        async with staff_step(self) as step:
            identity, actor = get_services().identity, await step.actor()
            await step.call(identity.revoke_session, actor, parse_id(session_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("settings.sessions.ended"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        services, actor, reader = get_services(), await step.actor(), await reader_for(self)
        session = await self.get_state(SessionState)
        sessions = await step.call(services.identity.list_sessions, actor, current_token=session._token())
        self.sessions = [_session_line(found, reader) for found in sessions]
        self.gets_pushes = actor.can("inbox.read")
        devices = await step.call(services.push.list_devices, actor) if self.gets_pushes else []
        self.devices = [_device_line(found, reader) for found in devices]


def _session_line(found: LoginSessionView, reader: Reader) -> SessionLine:
    return SessionLine(
        id=str(found.id),
        name=describe_browser(found.user_agent),
        icon="smartphone" if is_handheld(found.user_agent) else "monitor",
        seen=reader.day_and_clock(found.last_seen_at),
        current=found.current,
    )


def _device_line(found: PushDeviceView, reader: Reader) -> DeviceLine:
    rang = found.last_success_at
    return DeviceLine(
        id=str(found.id),
        name=found.device,
        since=reader.day(found.created_at),
        rang=reader.day_and_clock(rang) if rang else "",
    )
