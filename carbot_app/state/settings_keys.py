"""Keys of the REST API: a new one is shown once."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.team.roles import API_SCOPES
from carbot_app.domains.team.schemas import ApiKeyView
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

SCOPES = tuple(sorted(API_SCOPES))


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key without its secret."""

    id: str = ""
    name: str = ""
    prefix: str = ""
    scopes: tuple[str, ...] = ()
    created: str = ""
    used: str = ""
    """When it was last used; empty if never."""
    revoked: str = ""
    """When it was revoked; empty while it works."""


class KeysState(rx.State):
    """The list and the pane over it."""

    status: str = "loading"
    """loading, ready or failed."""
    keys: list[KeyLine] = []
    task: str = ""
    """What lies over the list: nothing, create, shown (the new secret) or revoke."""
    chosen: KeyLine = KeyLine()
    secret: str = ""
    """Of the key just made, until the pane is closed."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch the keys."""
        self.task, self.secret = "", ""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask_create(self):
        """Open the form for a new key."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.secret, self.problems = "create", "", {}
        return step.outcome

    @rx.event
    async def ask_revoke(self, key_id: str):
        """Ask before a key stops working."""
        async with staff_step(self) as step:
            await step.actor()
            self.chosen = next((line for line in self.keys if line.id == key_id), KeyLine())
            self.task = "revoke"
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane and forget the secret."""
        self.task, self.secret, self.chosen = "", "", KeyLine()

    @rx.event
    async def create(self, form: dict[str, Any]):
        """Make a key and show its secret."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            keys, actor = get_services().api_keys, await step.actor()
            scopes = [scope for scope in SCOPES if form.get(scope)]
            made = await step.call(keys.create_api_key, actor, name=str(form.get("name", "")), scopes=scopes)
            self.secret, self.task = made[1], "shown"
            await self._fetch(step)
        self.busy = False
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            step.outcome = None
        yield step.outcome

    @rx.event
    async def revoke(self):
        """End the chosen key at once."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            keys, actor = get_services().api_keys, await step.actor()
            ended = await step.call(keys.revoke_api_key, actor, parse_id(self.chosen.id))
            self.task = ""
            await self._fetch(step)
            step.outcome = toast("ok", step.text("settings.keys.ended", name=ended.name))
        self.busy = False
        yield step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().api_keys.list_api_keys, actor)
        self.keys = [_line(key, reader) for key in found]


def _line(key: ApiKeyView, reader: Reader) -> KeyLine:
    return KeyLine(
        id=str(key.id),
        name=key.name,
        prefix=key.prefix,
        scopes=key.scopes,
        created=reader.day(key.created_at),
        used=reader.day_and_clock(key.last_used_at) if key.last_used_at else "",
        revoked=reader.day_and_clock(key.revoked_at) if key.revoked_at else "",
    )
