"""What staff keeps beside the open thread: whose it is, labels, wait, draft, canned replies."""

from datetime import datetime

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.conversations.desk_schemas import ThreadDesk
from carbot_app.domains.conversations.response_clock import ResponseClock
from carbot_app.state.desk_rows import (
    LabelChip,
    PersonLine,
    ReplyLine,
    Wait,
    label_chip,
    reply_lines,
    wait_of,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.thread_rows import ThreadHead
from carbot_app.state.thread_side import ThreadSide
from carbot_app.state.wording import Reader, initials, tint


class BesideState(rx.State):
    """Belongs to the thread that ThreadState shows, which fills it."""

    conversation_id: str = ""
    assignee: PersonLine = PersonLine()
    labels: list[LabelChip] = []
    label_ids: list[str] = []
    snoozed: str = ""
    """Until when; empty while it is not put away."""
    wait: Wait = Wait()
    draft: str = ""
    replies: list[ReplyLine] = []
    composing: str = "reply"
    """reply or note."""
    note_error: str = ""
    busy: bool = False
    noted_count: int = 0
    """Goes up with every note; the field empties then and only then."""

    _since: datetime | None = None
    _clock: ResponseClock | None = None

    @rx.event
    async def compose(self, what: str):
        """Write an answer or a note."""
        self.composing, self.note_error = ("note" if what == "note" else "reply"), ""

    @rx.event
    async def keep_draft(self, conversation_id: str, text: str):
        """Remember what is being written, for this person alone."""
        async with staff_step(self) as step:
            actor = await step.actor()
            await step.call(get_services().drafts.keep, actor, parse_id(conversation_id), text)
            if conversation_id == self.conversation_id:
                self.draft = text
        return step.outcome

    @rx.event
    async def tick(self):
        """Every minute: the wait moves on."""
        async with staff_step(self) as step:
            await step.actor()
            self._tell_wait(await reader_for(self))
        return step.outcome

    async def _show(
        self, step: Step, conversation_id: str, desk: ThreadDesk, head: ThreadHead, side: ThreadSide
    ) -> None:
        """Take over what ThreadState has read; texts are filled in anew for every opening."""
        reader = await reader_for(self)
        if conversation_id != self.conversation_id:
            self.composing, self.note_error = "reply", ""
            await self._load_replies(step, head, side)
        self.conversation_id = conversation_id
        self.draft = desk.draft
        name = desk.assigned_name
        person_id = str(desk.assigned_to or "")
        self.assignee = PersonLine(person_id, name, initials(name), tint(name)) if name else PersonLine()
        self.labels = [label_chip(label) for label in desk.labels]
        self.label_ids = [chip.id for chip in self.labels]
        self.snoozed = reader.day_and_clock(desk.snoozed_until) if desk.snoozed_until else ""
        self._since, self._clock = desk.waiting_since, desk.clock
        self._tell_wait(reader)

    async def _load_replies(self, step: Step, head: ThreadHead, side: ThreadSide) -> None:
        actor, services = await step.actor(), get_services()
        workshop = await step.call(services.team.get_workshop, actor)
        replies = await step.call(services.desk_words.list_replies, actor)
        values = {
            "name": head.name,
            "plate": f"{side.plate.city} {side.plate.rest}".strip(),
            "vehicle": side.vehicle,
            "appointment": side.visit.when if side.visit.kind == "appointment" else "",
            "workshop": workshop.name,
            "workshop_phone": workshop.phone,
            "me": actor.name,
        }
        self.replies = reply_lines(replies, values, step.language)

    def _tell_wait(self, reader: Reader) -> None:
        self.wait = wait_of(self._since, self._clock, reader)
