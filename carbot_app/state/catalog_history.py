"""Who changed what in the catalogue, and taking it back."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.editing_schemas import ChangeView
from carbot_app.state.catalog import CatalogState
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One value before and after."""

    thing: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change in the list."""

    id: str
    kind: str
    title: str
    count: int
    by: str
    when: str
    undone: bool
    can_undo: bool
    fields: tuple[FieldLine, ...]


class HistoryState(rx.State):
    """The pane behind the clock: of one service, or of the whole catalogue."""

    open: bool = False
    code: str = ""
    name: str = ""
    lines: list[ChangeLine] = []

    @rx.event
    async def show(self, code: str, name: str):
        """Open the pane; without a code for everything."""
        async with staff_step(self) as step:
            self.code, self.name, self.lines = code, name, []
            await self._fetch(step)
            self.open = True
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane."""
        async with staff_step(self) as step:
            await step.actor()
            self.open, self.lines = False, []
        return step.outcome

    @rx.event
    async def undo(self, change_id: str):
        """Take a change back and show the list as it is then."""
        async with staff_step(self) as step:
            editing = get_services().catalog_editing
            await step.call(editing.undo, await step.actor(), parse_id(change_id))
            await self._fetch(step)
            await (await self.get_state(CatalogState))._fetch(step)
            step.outcome = toast("ok", step.text("catalog.toast.undone"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, editing = await step.actor(), get_services().catalog_editing
        found = await step.call(editing.history, actor, code=self.code)
        reader = await reader_for(self)
        self.lines = [_line(change, reader, actor.can("catalog.manage")) for change in found]


def _line(change: ChangeView, reader: Reader, may_undo: bool) -> ChangeLine:
    return ChangeLine(
        id=str(change.id),
        kind=change.kind,
        title=change.title,
        count=change.count,
        by=change.by,
        when=reader.day_and_clock(change.at),
        undone=change.undone,
        can_undo=change.can_undo and may_undo,
        fields=tuple(FieldLine(one.thing, one.field, one.before, one.after) for one in change.fields),
    )
