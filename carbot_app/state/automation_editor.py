"""One automation being built: the sentence, its conditions and steps, and the dry run."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.automations.ready_made import READY_MADE, ready_made
from carbot_app.domains.automations.schemas import Action, AutomationDraft, Condition
from carbot_app.domains.automations.vocabulary import ACTIONS, FIELDS, OPERATORS, REPLY, TRIGGERS
from carbot_app.kit.errors import NotFound
from carbot_app.state.automation_rows import (
    ActionRow,
    ConditionRow,
    RunRow,
    action_row,
    condition_row,
    delay_choices,
    dry_row,
    field_choices,
    first_condition,
    hour_choices,
    read_action,
    trigger_choices,
)
from carbot_app.state.automations import AutomationsState
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

NEW = "new"
Row = TypeVar("Row", ConditionRow, ActionRow)
_TYPED = {"person", "label", "text", "template", "advertising", "hours", "url", "urgent"}
_LONGEST = 2000
"""Characters taken from a field before anything looks at them."""


class AutomationEditorState(rx.State):
    """The open editor; nothing is stored before ``save``."""

    opened: str = ""
    """Id of the automation, new, or empty: the list is shown."""
    name: str = ""
    trigger: str = "lead_hot"
    delay: str = "0"
    conditions: list[ConditionRow] = []
    actions: list[ActionRow] = []
    choices: dict[str, list[list[str]]] = {}
    """triggers, delays, fields, people and labels to choose from."""
    problems: dict[str, str] = {}
    """name, delay or actions → what is wrong with it."""
    busy: str = ""
    """save or dry."""
    secret: str = ""
    dry: list[RunRow] = []
    dry_result: str = ""
    """What the dry run came to, in words; empty before one."""
    version: int = 0
    """Grows when the form is filled anew."""

    _serial: int = 0

    @rx.event
    async def open(self, what: str):
        """Show an automation (id), an empty one (``new``) or a template (its name)."""
        async with staff_step(self) as step:
            actor, service = await step.actor(), get_services().automations
            people = await step.call(service.list_people, actor)
            labels = await step.call(get_services().desk_words.list_labels, actor)
            if what in READY_MADE or what == NEW:
                draft = ready_made(what, actor.language) if what != NEW else AutomationDraft("", "lead_hot")
                self.opened, self.secret = NEW, ""
            else:
                views = await step.call(service.list_automations, actor)
                view = next((one for one in views if str(one.id) == what), None)
                if view is None:
                    raise NotFound("automation_unknown")
                draft, self.opened, self.secret = view.draft, what, view.webhook_secret
            self.choices = {
                "triggers": trigger_choices(actor.language),
                "fields": field_choices(actor.language),
                "people": [[str(one.id), one.name] for one in people],
                "labels": [[str(one.id), one.name] for one in labels],
            }
            self._show(draft, actor.language)
        return step.outcome

    @rx.event
    async def close(self):
        """Back to the list; what was not saved is gone."""
        self.opened = ""
        return AutomationsState.load

    @rx.event
    async def change(self, field: str, value: str):
        """Name, event or delay."""
        async with staff_step(self) as step:
            actor = await step.actor()
            if field == "name":
                self.name = value[:_LONGEST]
            elif field == "trigger" and value in TRIGGERS:
                self.trigger, self.delay = value, str(TRIGGERS[value].delay)
            elif field == "delay" and value.isdecimal() and len(value) < 8:
                self.delay = value
            self._refresh(actor.language)
        return step.outcome

    @rx.event
    async def add_condition(self):
        """One more, about the first thing that is not asked yet."""
        async with staff_step(self) as step:
            actor = await step.actor()
            asked = {row.asks for row in self.conditions}
            name = next((one for one in FIELDS if one not in asked), next(iter(FIELDS)))
            row = condition_row(self._key(), first_condition(name), actor.language)
            self.conditions = [*self.conditions, row]
        return step.outcome

    @rx.event
    async def change_condition(self, key: str, member: str, value: str):
        """What is asked, how it is compared, or with what."""
        async with staff_step(self) as step:
            actor = await step.actor()

            def changed(row: ConditionRow) -> ConditionRow:
                condition = Condition(row.asks, row.op, row.value)
                if member == "asks" and value in FIELDS:
                    condition = first_condition(value)
                elif member == "op" and value in OPERATORS[row.kind]:
                    condition = replace(condition, op=value)
                elif member == "value":
                    condition = replace(condition, value=value[:_LONGEST])
                return condition_row(row.key, condition, actor.language)

            self.conditions = [changed(row) if row.key == key else row for row in self.conditions]
        return step.outcome

    @rx.event
    async def add_action(self, kind: str):
        """One more step at the end."""
        async with staff_step(self) as step:
            actor = await step.actor()
            if kind in ACTIONS:
                action = Action(kind, template="follow_up" if kind == REPLY else "")
                self.actions = [*self.actions, action_row(self._key(), action, actor.language)]
                self.problems = {name: text for name, text in self.problems.items() if name != "actions"}
        return step.outcome

    @rx.event
    async def change_action(self, key: str, member: str, value: str | bool):
        """A member of a step."""
        async with staff_step(self) as step:
            await step.actor()
            if member in _TYPED and isinstance(value, bool) == (member == "urgent"):
                kept = value if isinstance(value, bool) else value[:_LONGEST]
                change = {member: kept, "problem": ""}
                self.actions = [replace(row, **change) if row.key == key else row for row in self.actions]
        return step.outcome

    @rx.event
    async def drop(self, key: str):
        """Take a condition or step away."""
        async with staff_step(self) as step:
            await step.actor()
            self.conditions = [row for row in self.conditions if row.key != key]
            self.actions = [row for row in self.actions if row.key != key]
        return step.outcome

    @rx.event
    async def try_out(self):
        """Show what it would have done; nothing is stored or sent."""
        self.busy = "dry"
        yield
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            found = await step.call(get_services().automations.dry_run, actor, self._draft())
            self.dry = [dry_row(number, line, reader) for number, line in enumerate(found.lines)]
            key = "automations.dry.result" if found.looked_at else "automations.dry.none"
            self.dry_result = step.text(key, count=found.matched, total=found.looked_at)
        yield self._after(step)

    @rx.event
    async def save(self):
        """Store it and go back to the list."""
        self.busy = "save"
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            known: UUID | None = None if self.opened == NEW else parse_id(self.opened)
            await step.call(get_services().automations.save, actor, self._draft(), known)
            words = "saved_new" if known is None else "saved"
            self.opened = ""
            step.outcome = [toast("ok", step.text(f"automations.toast.{words}")), AutomationsState.load]
        yield self._after(step)

    def _show(self, draft: AutomationDraft, language: str) -> None:
        self.name, self.trigger, self.delay = draft.name, draft.trigger, str(draft.delay_minutes)
        self.conditions = [condition_row(self._key(), one, language) for one in draft.conditions]
        self.actions = [action_row(self._key(), one, language) for one in draft.actions]
        self.problems, self.dry, self.dry_result, self.busy = {}, [], "", ""
        self.version += 1
        self._refresh(language)

    def _refresh(self, language: str) -> None:
        needs = TRIGGERS[self.trigger].needs_delay
        self.choices = {
            **self.choices,
            "delays": delay_choices(int(self.delay), needs, language),
            "hours": hour_choices([row.hours for row in self.actions], language),
        }

    def _draft(self) -> AutomationDraft:
        return AutomationDraft(
            name=self.name,
            trigger=self.trigger,
            delay_minutes=int(self.delay),
            conditions=tuple(Condition(row.asks, row.op, row.value) for row in self.conditions),
            actions=tuple(read_action(row) for row in self.actions),
        )

    def _key(self) -> str:
        self._serial += 1
        return f"p{self._serial}"

    def _after(self, step: Step):
        self.busy, self.problems = "", {}
        self.conditions = [replace(row, problem="") for row in self.conditions]
        self.actions = [replace(row, problem="") for row in self.actions]
        if step.error is None or not step.error.field:
            return step.outcome
        text = step.text(step.error.message_key, **step.error.params)
        part, _, number = step.error.field.partition("-")
        if part == "condition":
            self.conditions = _mark(self.conditions, int(number), text)
        elif part == "action":
            self.actions = _mark(self.actions, int(number), text)
        else:
            self.problems = {part: text}
        return None


def _mark(rows: Sequence[Row], position: int, text: str) -> list[Row]:
    return [replace(row, problem=text) if at == position else row for at, row in enumerate(rows)]
