"""Heute: who wants to be called, worked off in place."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.calls.schemas import CallbackView
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import NO_PLATE, PlateText, plate_text

LIVE_TOPICS = {"callback"}
_DONE, _NOT_REACHED = "done", "not_reached"


@dataclass(frozen=True, slots=True)
class CallbackRow:
    """Somebody to call."""

    id: str = ""
    name: str = ""
    phone: str = ""
    phone_href: str = ""
    when: str = ""
    overdue: bool = False
    attempts: int = 0
    note: str = ""
    plate: PlateText = NO_PLATE
    thread: str = ""
    """The conversation in which they asked."""


class CallbacksState(rx.State):
    """Open callbacks; people who may not see them have none."""

    rows: list[CallbackRow] = []
    can_change: bool = False

    @rx.event
    async def load(self):
        """Fetch who is to be called."""
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint."""
        if not is_about(topic, subject, LIVE_TOPICS):
            return None
        return await self.load()

    @rx.event
    async def mark_done(self, callback_id: str):
        """The customer was called."""
        return await self._mark(_DONE, callback_id)

    @rx.event
    async def mark_not_reached(self, callback_id: str):
        """Nobody answered; the row stays."""
        return await self._mark(_NOT_REACHED, callback_id)

    @rx.event
    async def undo(self, ticket: str):
        """From the message that said so."""
        step_name, _, callback_id = ticket.partition(":")
        async with staff_step(self) as step:
            calls = get_services().calls
            take_back = calls.reopen if step_name == _DONE else calls.forget_attempt
            await step.call(take_back, await step.actor(), parse_id(callback_id))
            await self._fetch(step)
        return step.outcome

    async def _mark(self, step_name: str, callback_id: str):
        async with staff_step(self) as step:
            calls = get_services().calls
            mark = calls.mark_done if step_name == _DONE else calls.mark_not_reached
            view = await step.call(mark, await step.actor(), parse_id(callback_id))
            await self._fetch(step)
            undo = (step.text("ui.actions.undo"), f"{step_name}:{view.id}")
            text = step.text(f"calls.toast.{step_name}", name=view.name)
            step.outcome = toast("ok", text, action=undo)
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor = await step.actor()
        self.can_change = actor.can("leads.manage")
        found = await step.call(get_services().calls.list_open, actor) if actor.can("inbox.read") else []
        self.rows = [_row(view) for view in found]


def _row(view: CallbackView) -> CallbackRow:
    return CallbackRow(
        id=str(view.id),
        name=view.name,
        phone=view.phone_text,
        phone_href=f"tel:{view.phone}",
        when=view.when,
        overdue=view.overdue,
        attempts=view.attempts,
        note=view.note,
        plate=plate_text(view.plate, view.plate_country),
        thread=_thread(view.conversation_id),
    )


def _thread(conversation_id: UUID | None) -> str:
    return str(conversation_id) if conversation_id else ""
