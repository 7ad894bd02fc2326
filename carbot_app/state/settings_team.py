"""Members of the workshop: inviting, roles, ending access."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.team.roles import ROLES
from carbot_app.domains.team.schemas import MemberView
from carbot_app.kit.errors import Invalid, NotFound
from carbot_app.state.feedback import toast
from carbot_app.state.session import SessionState, reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader, initials, tint

ROLE_NAMES = ROLES
FIRST_ROLE = "front_desk"


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as a row."""

    id: str = ""
    name: str = ""
    email: str = ""
    initials: str = ""
    tint: int = 0
    role: str = ""
    state: str = ""
    """active, invited (has never been here, or not accepted yet) or ended."""
    seen: str = ""
    """When they were last here; empty if never."""
    own: bool = False


class TeamState(rx.State):
    """The list and the pane over it."""

    status: str = "loading"
    """loading, ready or failed."""
    members: list[MemberLine] = []
    task: str = ""
    """What the pane shows: nothing, invite, change or end (the question before it)."""
    chosen: MemberLine = MemberLine()
    role: str = FIRST_ROLE
    may_name_owners: bool = False
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    problem: str = ""
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch the members."""
        async with staff_step(self) as step:
            self.task = ""
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask_invite(self):
        """Open the form for somebody new."""
        async with staff_step(self) as step:
            await step.actor()
            self._open("invite", MemberLine(), FIRST_ROLE)
        return step.outcome

    @rx.event
    async def open_member(self, person_id: str):
        """Open a member."""
        async with staff_step(self) as step:
            await step.actor()
            chosen = next((line for line in self.members if line.id == person_id), None)
            if chosen is None:
                raise NotFound
            self._open("change", chosen, chosen.role)
        return step.outcome

    @rx.event
    async def ask_end(self):
        """Ask before ending somebody's access."""
        async with staff_step(self) as step:
            await step.actor()
            self.task = "end"
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane."""
        async with staff_step(self) as step:
            await step.actor()
            self._open("", MemberLine(), FIRST_ROLE)
        return step.outcome

    @rx.event
    async def pick_role(self, role: str):
        """Choose a role in the pane."""
        async with staff_step(self) as step:
            await step.actor()
            self.role = role if role in ROLES else self.role
        return step.outcome

    @rx.event
    async def invite(self, form: dict[str, Any]):
        """Add somebody and mail them a link."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            name, email = str(form.get("name", "")), str(form.get("email", ""))
            await self._invite(step, name, email, self.role)
        yield self._after(step)

    @rx.event
    async def invite_again(self):
        """Mail a new link to somebody who has not used theirs."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            await self._invite(step, self.chosen.name, self.chosen.email, self.chosen.role)
        yield self._after(step)

    @rx.event
    async def save_role(self):
        """Give the chosen member the chosen role."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            await self._change(step, "settings.team.changed", role=self.role)
        yield self._after(step)

    @rx.event
    async def set_active(self, active: bool):
        """End or renew the chosen member's access."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            word = "renewed" if active else "ended"
            await self._change(step, f"settings.team.{word}", active=active)
        yield self._after(step)

    async def _invite(self, step: Step, name: str, email: str, role: str) -> None:
        team, actor = get_services().team, await step.actor()
        invited = await step.call(team.invite_member, actor, name=name, email=email, role=role)
        await self._fetch(step)
        self.task = ""
        step.outcome = toast("ok", step.text("settings.team.invited", email=invited.email))

    async def _change(
        self, step: Step, word: str, *, role: str | None = None, active: bool | None = None
    ) -> None:
        team, actor = get_services().team, await step.actor()
        changed = await step.call(
            team.change_member, actor, parse_id(self.chosen.id), role=role, active=active
        )
        self.task = ""
        told = toast("ok", step.text(word, name=changed.name))
        if changed.person_id == actor.subject_id:
            # Own rights may be gone by now: the page starts over with those that are left.
            step.outcome = [told, rx.redirect("/einstellungen/"), SessionState.load]
            return
        await self._fetch(step)
        step.outcome = told

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().team.list_members, actor)
        self.may_name_owners = actor.can("team.owners")
        self.members = [_line(member, reader, own=member.person_id == actor.subject_id) for member in found]

    def _open(self, task: str, chosen: MemberLine, role: str) -> None:
        self.task, self.chosen, self.role = task, chosen, role
        self.problems, self.problem = {}, ""

    def _after(self, step: Step):
        self.busy, self.problems, self.problem = False, {}, ""
        if step.error:
            text = step.text(step.error.message_key, **step.error.params)
            if isinstance(step.error, Invalid) or step.error.field:
                self.problems = {step.error.field or "": text}
                return None
            self.problem = text
        return step.outcome


def _state(member: MemberView) -> str:
    if member.invited:
        return "invited"
    return "ended" if not member.active else "active" if member.last_seen_at else "invited"


def _line(member: MemberView, reader: Reader, *, own: bool) -> MemberLine:
    seen = member.last_seen_at
    return MemberLine(
        id=str(member.person_id),
        name=member.name,
        email=member.email,
        initials=initials(member.name),
        tint=tint(member.name),
        role=member.role,
        state=_state(member),
        seen=reader.day_and_clock(seen) if seen else "",
        own=own,
    )
