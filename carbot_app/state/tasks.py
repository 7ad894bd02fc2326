"""Heute: what is to be done, worked off in place."""

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.tasks.schemas import TaskView
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something to do."""

    id: str = ""
    title: str = ""
    due: str = ""
    overdue: bool = False
    detail: str = ""
    """Whose it is and where it comes from."""
    thread: str = ""


class TasksState(rx.State):
    """Open tasks of this person and of nobody; people who may not see them have none."""

    rows: list[TaskRow] = []
    of_thread: list[TaskRow] = []
    """Those of the conversation in the address (?c=), whoever has them."""
    can_change: bool = False

    @rx.event
    async def load(self):
        """Fetch what is to be done."""
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """A task was given, changed or done."""
        if not is_about(topic, subject, {"task"}):
            return None
        return await self.load()

    @rx.event
    async def mark_done(self, task_id: str):
        """It is done."""
        async with staff_step(self) as step:
            view = await step.call(get_services().tasks.mark_done, await step.actor(), parse_id(task_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("automations.tasks.toast_done", title=view.title))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        self.can_change = actor.can("leads.manage")
        self.rows, self.of_thread = [], []
        if not actor.can("inbox.read"):
            return
        tasks = get_services().tasks
        self.rows = [_row(view, reader) for view in await step.call(tasks.list_open, actor)]
        if thread := _thread(self.router.url.query_parameters.get("c", "")):
            found = await step.call(tasks.list_for_thread, actor, thread)
            self.of_thread = [_row(view, reader) for view in found]


def _row(view: TaskView, reader: Reader) -> TaskRow:
    return TaskRow(
        id=str(view.id),
        title=view.title,
        due=reader.day_and_clock(view.due_at),
        overdue=view.overdue,
        detail=" · ".join(filter(None, (view.customer_name, view.assignee_name, view.made_by))),
        thread=str(view.conversation_id or ""),
    )


def _thread(text: str) -> UUID | None:
    # That an address names no conversation is said where the conversation would be
    try:
        return UUID(text)
    except ValueError:
        return None
