"""Withdrawals somebody has to look at."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.contract_schemas import WithdrawalView
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.steps import Step, parse_id, staff_step

LIVE_TOPICS = {"appointment"}


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """One declaration."""

    id: str
    name: str
    email: str
    contract: str
    received: str
    why: str
    """What keeps it from being settled by itself."""
    visit: str
    """Id of the appointment; empty: no contract was found."""


class WithdrawalsState(rx.State):
    """What the top of Heute lists; usually nothing."""

    rows: list[WithdrawalRow] = []
    may_settle: bool = False

    @rx.event
    async def load(self):
        """Fetch what waits."""
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint about an appointment or a contract."""
        if not is_about(topic, subject, LIVE_TOPICS):
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def settle(self, withdrawal_id: str):
        """Somebody has dealt with it."""
        async with staff_step(self) as step:
            withdrawals = get_services().withdrawals
            await step.call(withdrawals.settle, await step.actor(), parse_id(withdrawal_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("contracts.today.settled"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor = await step.actor()
        self.may_settle = actor.can("bookings.manage")
        found = await step.call(get_services().withdrawals.list_open, actor)
        self.rows = [_row(view, step) for view in found]


def _row(view: WithdrawalView, step: Step) -> WithdrawalRow:
    return WithdrawalRow(
        id=str(view.id),
        name=view.name,
        email=view.email,
        contract=step.text("contracts.today.contract", number=view.contract),
        received=step.text("contracts.today.received", when=view.received),
        why=step.text(f"contracts.today.{view.outcome}"),
        visit=str(view.appointment_id) if view.appointment_id else "",
    )
