"""Unplanned work on phones: the list, and one of the best times for a visit of it."""

from datetime import datetime

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.board_schemas import Placement
from carbot_app.domains.booking.slots import decode_slot, instant_of
from carbot_app.kit.errors import Invalid
from carbot_app.state.board import BoardState
from carbot_app.state.desk_times import TimeChoice
from carbot_app.state.feedback import toast
from carbot_app.state.steps import Step, parse_id, staff_step

_OFFERED = 6


class PlanVisitState(rx.State):
    """The sheet "Ungeplant"; its visits are those of the BoardState."""

    open: bool = False
    visit: str = ""
    """Id of the visit a time is chosen for; empty: the list."""
    name: str = ""
    times: list[TimeChoice] = []
    problem: str = ""

    @rx.event
    async def show(self):
        """Open the list."""
        self.open, self.visit, self.problem = True, "", ""

    @rx.event
    async def close(self):
        """Close the sheet."""
        self.open, self.visit = False, ""

    @rx.event
    async def choose(self, visit_id: str):
        """Offer the best times for a visit; empty goes back to the list."""
        self.visit, self.problem, self.times = "", "", []
        if not visit_id:
            return None
        async with staff_step(self) as step:
            await self._offer(step, visit_id)
        return step.outcome

    @rx.event
    async def plan(self, slot_id: str):
        """Give the visit this time; when it has gone meanwhile others are offered."""
        async with staff_step(self) as step:
            actor, booking = await step.actor(), get_services().booking
            placed = await step.call(
                booking.place, actor, parse_id(self.visit), Placement(_start_of(slot_id))
            )
            who = placed.technician or placed.bay
            self.open, self.visit = False, ""
            text = step.text("calendar.toast.placed", when=placed.when, who=who)
            step.outcome = [toast("ok", text), BoardState.refresh]
        if step.error and self.visit:
            async with staff_step(self) as again:
                await self._offer(again, self.visit)
                self.problem = again.text(step.error.message_key, **step.error.params)
            return again.outcome
        return step.outcome

    async def _offer(self, step: Step, visit_id: str) -> None:
        actor, booking = await step.actor(), get_services().booking
        found = await step.call(booking.get_appointment, actor, parse_id(visit_id))
        slots = await step.call(booking.suggest_places, actor, found.id, limit=_OFFERED)
        self.visit, self.name = str(found.id), found.customer.name
        self.times = [TimeChoice(value=slot.id, label=slot.label, best=slot.recommended) for slot in slots]


def _start_of(slot_id: str) -> datetime:
    decoded = decode_slot(slot_id)
    if decoded is None:
        raise Invalid("slot_unknown")
    return instant_of(decoded[0])
