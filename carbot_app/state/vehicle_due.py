"""What is due on one car, unfolded inside whatever shows the car."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.due_rows import DueSheet, describe_due
from carbot_app.state.session import reader_for
from carbot_app.state.steps import parse_id, staff_step


class VehicleDueState(rx.State):
    """One car opened at a time: its recordings are looked through for it."""

    vehicle_id: str = ""
    status: str = "loading"
    """loading, ready or failed."""
    sheet: DueSheet = DueSheet()

    @rx.event
    async def open(self, vehicle_id: str):
        """Unfold the list of a car."""
        self.vehicle_id, self.status, self.sheet = vehicle_id, "loading", DueSheet()
        yield
        async with staff_step(self) as step:
            reader, maintenance = await reader_for(self), get_services().diagnostics.maintenance
            found = await step.call(
                maintenance.list_due, await step.actor(), parse_id(vehicle_id), language=step.language
            )
            self.sheet = describe_due(found, reader)
        self.status = "failed" if step.error else "ready"
        yield step.outcome

    @rx.event
    async def close(self):
        """Fold it up again."""
        self.vehicle_id, self.sheet = "", DueSheet()
