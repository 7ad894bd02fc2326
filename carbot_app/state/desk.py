"""What staff does with threads besides answering: on the open one, or on all selected rows."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.conversations.desk import MOST_AT_ONCE, Marks
from carbot_app.domains.conversations.response_clock import ResponseClock
from carbot_app.domains.conversations.snoozing import CHOICES, snooze_choices
from carbot_app.kit.errors import Invalid
from carbot_app.state.desk_rows import (
    LabelChip,
    PersonLine,
    SnoozeLine,
    label_chip,
    person_lines,
    snooze_lines,
)
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.thread import ThreadState
from carbot_app.state.wording import Reader

UNDOABLE = 3
"""Changes that can still be undone, as many as messages are shown."""


class DeskState(rx.State):
    """Menus of the desk and the selected rows; ``where`` is a thread's id, or empty for all selected."""

    people: list[PersonLine] = []
    labels: list[LabelChip] = []
    times: list[SnoozeLine] = []
    selecting: bool = False
    selected: list[str] = []
    dating: str = ""
    """What a date is chosen for: a thread's id or ``selected``; empty: nothing."""
    earliest: str = ""
    """Today, for the field of the date."""
    date_error: str = ""

    _undo: dict[str, Marks] = {}
    _clock: ResponseClock | None = None

    @rx.event
    async def load(self):
        """Fetch colleagues, labels and times."""
        self.selecting, self.selected, self.dating = False, [], ""
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """The team or the labels may have changed in the settings."""
        if not is_about(topic, subject, {"settings"}):
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def start(self, on: bool):
        """Begin or end selecting rows."""
        self.selecting, self.selected = on, []

    @rx.event
    async def select(self, conversation_id: str):
        """Select a row or leave it out again."""
        self.selecting = True
        if conversation_id in self.selected:
            self.selected.remove(conversation_id)
        elif conversation_id and len(self.selected) < MOST_AT_ONCE:
            self.selected.append(conversation_id)

    @rx.event
    async def select_all(self, on: bool):
        """Every row that is shown, or none."""
        inbox = await self.get_state(InboxState)
        self.selected = [row.id for row in inbox.rows][:MOST_AT_ONCE] if on else []

    @rx.event
    async def finish(self):
        """The selected threads are done."""

        def told(step: Step, count: int) -> str:
            return step.text("desk.toast.finished", n=count)

        return await self._change("", told, get_services().desk.finish)

    @rx.event
    async def assign(self, where: str, person_id: str):
        """Somebody sees to it, or nobody when empty."""
        name = next((line.name for line in self.people if line.id == person_id), "")

        def told(step: Step, count: int) -> str:
            key = "desk.toast.assigned" if person_id else "desk.toast.freed"
            return step.text(key, name=name)

        return await self._change(where, told, get_services().desk.assign, lambda: _maybe_id(person_id))

    @rx.event
    async def label(self, where: str, label_id: str, on: bool):
        """Put a label on or take it off."""
        name = next((chip.name for chip in self.labels if chip.id == label_id), "")

        def told(step: Step, count: int) -> str:
            return step.text("desk.toast.labelled" if on else "desk.toast.unlabelled", name=name)

        return await self._change(where, told, get_services().desk.label, lambda: parse_id(label_id), on=on)

    @rx.event
    async def snooze(self, where: str, choice: str):
        """Put away until later, tomorrow, next week; ``wake`` brings back, ``date`` asks for a day."""
        if choice == "date":
            self.dating, self.date_error = where or "selected", ""
            return None
        return await self._snooze(where, None if choice == "wake" else choice)

    @rx.event
    async def snooze_on(self, form: dict):
        """Put away until the chosen day and time."""
        where = "" if self.dating == "selected" else self.dating
        return await self._snooze(where, (str(form.get("day", "")), str(form.get("time", ""))))

    @rx.event
    async def close_date(self):
        """Choose no date after all."""
        self.dating, self.date_error = "", ""

    @rx.event
    async def undo(self, ticket: str):
        """From the message that told of a change."""
        if ticket not in self._undo:
            return InboxState.undo_finish(ticket)
        async with staff_step(self) as step:
            marks = self._undo.pop(ticket)
            await step.call(get_services().desk.restore, await step.actor(), marks)
            await self._show_again(step)
        return step.outcome

    async def _snooze(self, where: str, choice: str | tuple[str, str] | None):
        reader = await reader_for(self)
        shown: list[str] = []

        def until() -> datetime | None:
            if choice is None:
                return None
            instant = self._instant(choice, reader)
            shown.append(reader.day_and_clock(instant))
            return instant

        def told(step: Step, count: int) -> str:
            return step.text("desk.toast.snoozed", when=shown[0]) if shown else step.text("desk.toast.woken")

        return await self._change(where, told, get_services().desk.snooze, until)

    def _instant(self, choice: str | tuple[str, str], reader: Reader) -> datetime:
        if isinstance(choice, str):
            if choice not in CHOICES or self._clock is None:
                raise Invalid("snooze_invalid", field="until")
            choices = snooze_choices(self._clock.rules, reader.now)
            return choices.get(choice, choices["tomorrow"])
        try:
            day, clock = datetime.fromisoformat(choice[0]).date(), time.fromisoformat(choice[1])
        except ValueError:
            raise Invalid("snooze_invalid", field="until") from None
        return datetime.combine(day, clock.replace(tzinfo=None), reader.zone).astimezone(UTC)

    async def _change(
        self,
        where: str,
        told: Callable[[Step, int], str],
        act: Callable[..., Marks],
        value: Callable[[], Any] | None = None,
        **options: Any,
    ):
        async with staff_step(self) as step:
            actor = await step.actor()
            ids = [parse_id(one) for one in ([where] if where else self.selected)]
            if not ids:
                step.outcome = toast("info", step.text("desk.toast.nothing"))
                return step.outcome
            marks = await step.call(act, actor, ids, *([value()] if value else []), **options)
            ticket = uuid4().hex
            self._undo = {**dict(list(self._undo.items())[1 - UNDOABLE :]), ticket: marks}
            if not where:
                self.selecting, self.selected = False, []
            self.dating = self.date_error = ""
            await self._show_again(step)
            step.outcome = toast("ok", told(step, len(marks)), action=(step.text("ui.actions.undo"), ticket))
        if step.error is not None and self.dating:
            self.date_error = step.text(step.error.message_key, **step.error.params)
            return None
        return step.outcome

    async def _show_again(self, step: Step) -> None:
        inbox, thread = await self.get_state(InboxState), await self.get_state(ThreadState)
        await inbox._fetch(step)
        if thread.conversation_id:
            await thread._fetch(step, thread.conversation_id)

    async def _fetch(self, step: Step) -> None:
        actor, services = await step.actor(), get_services()
        reader = await reader_for(self)
        self._clock = await step.call(services.desk.get_clock, actor)
        people = await step.call(services.desk.list_colleagues, actor)
        labels = await step.call(services.desk_words.list_labels, actor)
        self.people = person_lines(people, actor.subject_id)
        self.labels = [label_chip(label) for label in labels]
        self.times = snooze_lines(snooze_choices(self._clock.rules, reader.now), reader)
        self.earliest = reader.today().isoformat()


def _maybe_id(text: str) -> UUID | None:
    return parse_id(text) if text else None
