"""Labels of the inbox: list, making, changing, deleting."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.desk_rows import LabelChip, label_chip
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, parse_id, staff_step


class LabelsState(rx.State):
    """The list and the pane over it."""

    status: str = "loading"
    """loading, ready or failed."""
    labels: list[LabelChip] = []
    open: bool = False
    chosen: LabelChip = LabelChip()
    """Without an id: a new one."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""

    @rx.event
    async def load(self):
        """Fetch the labels."""
        self.open = False
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def edit(self, label_id: str):
        """Open the form, for a new label when the id is empty."""
        self.chosen = next((chip for chip in self.labels if chip.id == label_id), LabelChip())
        self.open, self.problems = True, {}

    @rx.event
    async def close(self):
        """Leave the form."""
        self.open = False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store the label."""
        self.problems = {}
        async with staff_step(self) as step:
            await step.call(
                get_services().desk_words.save_label,
                await step.actor(),
                parse_id(self.chosen.id) if self.chosen.id else None,
                name=str(form.get("name", "")),
                category=str(form.get("category", "")),
                tone=str(form.get("tone", "")),
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
        """Remove the label, also from every thread."""
        async with staff_step(self) as step:
            words = get_services().desk_words
            await step.call(words.delete_label, await step.actor(), parse_id(self.chosen.id))
            self.open = False
            await self._fetch(step)
            step.outcome = toast("ok", step.text("desk.settings.deleted", name=self.chosen.name))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        found = await step.call(get_services().desk_words.list_labels, await step.actor())
        self.labels = [label_chip(label) for label in found]
