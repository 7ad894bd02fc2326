"""How the booking page ends: a free request, or an order that owes payment."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.team.online_booking import REQUEST
from carbot_app.state.feedback import toast
from carbot_app.state.steps import staff_step


class OnlineBookingState(rx.State):
    """Two answers; choosing one takes effect at once."""

    status: str = "loading"
    """loading, ready or failed."""
    mode: str = REQUEST
    problem: str = ""
    """Why binding is not possible."""
    version: int = 0
    """Grows when the server refused a choice; the answers are made anew then."""

    @rx.event
    async def load(self):
        """Fetch what is set."""
        self.problem = ""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("settings.manage")
            self.mode = (await step.call(get_services().team.get_workshop, actor)).online_booking
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def choose(self, mode: str):
        """Set it; bookings made before stay what they are."""
        self.problem = ""
        async with staff_step(self) as step:
            saved = await step.call(get_services().team.set_online_booking, await step.actor(), mode)
            self.mode = saved.online_booking
            step.outcome = toast("ok", step.text("settings.saved"))
        if step.error and step.error.field:
            self.version += 1
            self.problem = step.text(step.error.message_key, **step.error.params)
            return None
        return step.outcome
