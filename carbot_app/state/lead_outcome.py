"""How the open thread's lead ended, as staff says it."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.leads.outcomes import LOST, OPEN, WON
from carbot_app.state.feedback import toast
from carbot_app.state.steps import parse_id, staff_step
from carbot_app.state.thread import ThreadState


class LeadOutcomeState(rx.State):
    """The buttons below the reasons of a score; the thread shows the result."""

    @rx.event
    async def win(self):
        """It became a job."""
        return await self._set(WON)

    @rx.event
    async def lose(self, reason: str):
        """It did not; why is one of outcomes.SAID_REASONS."""
        return await self._set(LOST, reason)

    @rx.event
    async def reopen(self):
        """It is undecided again."""
        return await self._set(OPEN)

    async def _set(self, state: str, reason: str = ""):
        thread = await self.get_state(ThreadState)
        async with staff_step(self) as step:
            lead_id, leads = parse_id(thread.side.lead_id), get_services().leads
            await step.call(leads.set_state, await step.actor(), lead_id, state, reason=reason)
            said = toast("ok", step.text(f"leads.outcome.saved_{state}"))
            step.outcome = [said, ThreadState.open_thread(thread.conversation_id)]
        return step.outcome
