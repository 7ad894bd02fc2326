"""Visits that a change in the settings concerns, and what becomes of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.resource_schemas import AffectedVisit
from carbot_app.kit.errors import Gone
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, parse_id, staff_step


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as a row."""

    id: str
    title: str
    customer: str
    when: str


class AffectedMixin(rx.State, mixin=True):
    """A pane whose last question is: leave the visits in the calendar or put them on the list to plan?"""

    task: str = ""
    """What the pane shows; empty: it is closed."""
    affected: list[VisitLine] = []
    busy: bool = False
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""

    @rx.event
    async def close(self):
        """Close the pane; nothing is stored."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.affected, self.problems = "", [], {}
        return step.outcome

    @rx.event
    async def leave_visits(self):
        """They stay where they are and show as conflicts in the calendar."""
        async with staff_step(self) as step:
            await step.actor()
            self.task, self.affected = "", []
        return step.outcome

    @rx.event
    async def unplan_visits(self):
        """Put them all on the list of work without a time."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            count = await self._unplan(step)
            self.task = ""
            step.outcome = toast("ok", step.text("places.unplanned", count=count))
        self.busy = False
        yield step.outcome

    async def _unplan(self, step: Step) -> int:
        """Each visit on its own; one that has changed meanwhile stays."""
        booking, actor, moved = get_services().booking, await step.actor(), 0
        for line in self.affected:
            try:
                await step.call(booking.unplan, actor, parse_id(line.id))
                moved += 1
            except Gone:
                continue
        self.affected = []
        return moved

    def _ask(self, visits: Iterable[AffectedVisit]) -> None:
        self.affected = [VisitLine(str(one.id), one.title, one.customer, one.when) for one in visits]
        self.task = "affected" if self.affected else ""
