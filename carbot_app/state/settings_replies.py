"""Canned replies of the inbox: list, making, changing, deleting."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.conversations.desk_schemas import CannedReplyView
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, parse_id, staff_step


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """A canned reply with its placeholders."""

    id: str = ""
    title: str = ""
    category: str = ""
    text: str = ""


class RepliesState(rx.State):
    """The list and the pane over it."""

    status: str = "loading"
    """loading, ready or failed."""
    replies: list[ReplyRow] = []
    open: bool = False
    chosen: ReplyRow = ReplyRow()
    """Without an id: a new one."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""

    @rx.event
    async def load(self):
        """Fetch the texts."""
        self.open = False
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def edit(self, reply_id: str):
        """Open the form, for a new text when the id is empty."""
        self.chosen = next((row for row in self.replies if row.id == reply_id), ReplyRow())
        self.open, self.problems = True, {}

    @rx.event
    async def close(self):
        """Leave the form."""
        self.open = False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store the text."""
        self.problems = {}
        async with staff_step(self) as step:
            await step.call(
                get_services().desk_words.save_reply,
                await step.actor(),
                parse_id(self.chosen.id) if self.chosen.id else None,
                title=str(form.get("title", "")),
                category=str(form.get("category", "")),
                text=str(form.get("text", "")),
            )
            self.open = False
            await self._fetch(step)
            step.outcome = toast("ok", step.text("desk.settings.saved"))
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return None
        return step.outcome

    @rx.event
    async def delete(self):
        """Remove the text."""
        async with staff_step(self) as step:
            words = get_services().desk_words
            await step.call(words.delete_reply, await step.actor(), parse_id(self.chosen.id))
            self.open = False
            await self._fetch(step)
            step.outcome = toast("ok", step.text("desk.settings.deleted", name=self.chosen.title))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        found = await step.call(get_services().desk_words.list_replies, await step.actor())
        self.replies = [_row(view) for view in found]


def _row(view: CannedReplyView) -> ReplyRow:
    return ReplyRow(str(view.id), view.title, view.category, view.text)
