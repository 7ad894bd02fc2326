"""How this person is told about things, and who is rung when nobody answers."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.messaging.notice_wishes import WAYS
from carbot_app.state.automation_rows import Pair
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

_HEAR = rx.call_script("window.dispatchEvent(new Event('carbot:sounds'))")
_HOURS = ("06:00", "06:30", "07:00", "07:30", "08:00", "12:00", "17:00", "18:00")
_MINUTES = (0, 5, 10, 15, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of thing and on which ways this person is told about it."""

    kind: str = ""
    name: str = ""
    push: bool = False
    mail: bool = False
    sound: bool = False


class NoticesState(rx.State):
    """One's own wishes; the escalation for those who manage the workshop."""

    status: str = "loading"
    """loading, ready or failed."""
    rows: list[KindRow] = []
    digest_at: str = ""
    digest_choices: list[Pair] = []
    may_manage: bool = False
    minutes: str = "0"
    person: str = ""
    minute_choices: list[Pair] = []
    people: list[Pair] = []

    @rx.event
    async def load(self):
        """Fetch everything."""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def set_way(self, kind: str, way: str, on: bool):
        """Turn one on or off, effective at once."""
        async with staff_step(self) as step:
            if way in WAYS:
                await step.call(get_services().notices.set_way, await step.actor(), kind, way, on)
            await self._fetch(step)
            step.outcome = [toast("ok", step.text("settings.saved")), _HEAR]
        return step.outcome

    @rx.event
    async def set_digest(self, send_at: str):
        """When the mail about what waits comes; empty: never."""
        async with staff_step(self) as step:
            await step.call(get_services().notices.set_digest, await step.actor(), send_at)
            await self._fetch(step)
            step.outcome = toast("ok", step.text("settings.saved"))
        return step.outcome

    @rx.event
    async def set_minutes(self, minutes: str):
        """After how long somebody else is rung."""
        return await self._set_escalation(minutes, self.person)

    @rx.event
    async def set_person(self, person: str):
        """Who is rung first."""
        return await self._set_escalation(self.minutes, person)

    async def _set_escalation(self, minutes: str, person: str):
        async with staff_step(self) as step:
            person_id: UUID | None = parse_id(person) if person else None
            await step.call(
                get_services().notices.set_escalation,
                await step.actor(),
                minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 6 else -1,
                person_id=person_id,
            )
            await self._fetch(step)
            step.outcome = toast("ok", step.text("settings.saved"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, notices = await step.actor(), await reader_for(self), get_services().notices
        wishes = await step.call(notices.get_wishes, actor)
        self.rows = [
            KindRow(kind, step.text(f"settings.notices.kind.{kind}"), ways.push, ways.mail, ways.sound)
            for kind, ways in wishes.ways.items()
        ]
        self.digest_at = wishes.digest_at
        hours = sorted({*_HOURS, wishes.digest_at} - {""})
        self.digest_choices = [["", step.text("settings.notices.never")], *([at, at] for at in hours)]
        self.may_manage = actor.can("settings.manage")
        if self.may_manage:
            view = await step.call(notices.get_escalation, actor)
            self.minutes, self.person = str(view.minutes), str(view.person_id or "")
            self.people = [[str(person_id), name] for person_id, name in view.people]
            self.minute_choices = [
                [str(count), _minutes(count, step, reader)] for count in sorted({*_MINUTES, view.minutes})
            ]


def _minutes(count: int, step: Step, reader: Reader) -> str:
    return reader.duration(timedelta(minutes=count)) if count else step.text("settings.notices.off")
