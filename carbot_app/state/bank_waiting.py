"""How much money on the account waits for an invoice; one line for other pages."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.kit.money import format_cents
from carbot_app.state.session import reader_for
from carbot_app.state.steps import staff_step


class BankWaitingState(rx.State):
    """The banner; nobody sees it who may not assign."""

    count: int = 0
    amount: str = ""

    @rx.event
    async def load(self):
        """Count again."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            self.count = 0
            if actor.can("payments.manage") or actor.can("accounting.manage"):
                waiting = await step.call(get_services().bank.count_waiting, actor)
                self.count = waiting.count
                self.amount = format_cents(waiting.incoming_cents, waiting.currency, reader.language)
        # The page itself says when nobody is signed in or the line is down; this one line keeps quiet
