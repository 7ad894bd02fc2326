"""Categories of the workshop's own: add, rename, remove."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.kit.errors import AppError
from carbot_app.state.catalog import CatalogState
from carbot_app.state.steps import Step, staff_step


@dataclass(frozen=True, slots=True)
class ShelfTask:
    """What the dialog asks: add (below ``parent``) or rename; empty: it is closed."""

    kind: str = ""
    key: str = ""
    parent: str = ""
    name: str = ""


class ShelfState(rx.State):
    """The dialog with a category's name."""

    task: ShelfTask = ShelfTask()
    error: str = ""

    @rx.event
    async def ask_add(self, parent: str):
        """Ask for the name of a new category."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.error = ShelfTask("add", parent=parent), ""
        return step.outcome

    @rx.event
    async def ask_rename(self, key: str):
        """Ask for another name."""
        async with staff_step(self) as step:
            await step.actor()
            shelves = (await self.get_state(CatalogState)).shelves
            name = next((shelf.name for shelf in shelves if shelf.key == key), "")
            self.task, self.error = ShelfTask("rename", key=key, name=name), ""
        return step.outcome

    @rx.event
    async def submit(self, form: dict[str, str]):
        """Add or rename."""
        async with staff_step(self) as step:
            await self._write(step, form.get("name", ""))
            self.task, self.error = ShelfTask(), ""
        if isinstance(step.error, AppError) and step.error.field == "name":
            self.error = step.text(step.error.message_key, **step.error.params)
            return None
        return step.outcome

    @rx.event
    async def remove(self, key: str):
        """Remove an empty category of one's own."""
        async with staff_step(self) as step:
            editing, catalog = get_services().catalog_editing, await self.get_state(CatalogState)
            change = await step.call(editing.remove_category, await step.actor(), key)
            await catalog._fetch(step)
            catalog._say(step, step.text("catalog.toast.shelf_removed"), change)
        return step.outcome

    @rx.event
    async def close(self):
        """Leave it as it was."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.error = ShelfTask(), ""
        return step.outcome

    async def _write(self, step: Step, name: str) -> None:
        actor, editing = await step.actor(), get_services().catalog_editing
        catalog = await self.get_state(CatalogState)
        if self.task.kind == "add":
            catalog.category = await step.call(editing.add_category, actor, name, parent=self.task.parent)
            catalog.search = ""
        else:
            change = await step.call(editing.rename_category, actor, self.task.key, name)
            catalog._say(step, step.text("catalog.toast.shelf_renamed"), change)
        await catalog._fetch(step)
