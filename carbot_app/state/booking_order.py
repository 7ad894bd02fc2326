"""What the button of the last step means: a free request, or an order that owes payment."""

from typing import TypedDict

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.contract_schemas import OrderConsent
from carbot_app.domains.team.online_booking import BINDING
from carbot_app.state.booking_hold import BookingTimes
from carbot_app.state.booking_visit import VisitState
from carbot_app.state.steps import Step, public_workshop


class OrderRow(TypedDict):
    """A service above the button."""

    name: str
    included: str
    price: str


class OrderState(rx.State):
    """The order as it is shown; empty for a free request."""

    binding: bool = False
    price_open: bool = False
    """It stays a request because a price is not settled yet."""
    lines: list[OrderRow] = []
    total: str = ""
    withdrawal: bool = False
    early_start: bool = False
    """The customer has to ask for a start before the withdrawal period ends."""
    unticked: bool = False
    """They pressed the button without doing so."""

    _gross_cents: int = 0

    async def _prepare(self, step: Step) -> None:
        """Find out what the button means for what is chosen now."""
        visit, times = await self.get_state(VisitState), await self.get_state(BookingTimes)
        if (await public_workshop(visit._workshop_slug())).online_booking != BINDING:
            self.reset()
            return
        shown = await step.call(
            get_services().booking.preview_order,
            await step.actor(),
            visit.codes,
            times.slot,
            vehicle=visit._vehicle,
            language=visit._language,
        )
        self.binding, self.price_open = shown.binding, shown.price_open
        self.lines = [OrderRow(name=one.name, included=one.included, price=one.price) for one in shown.lines]
        self.total, self._gross_cents = shown.total, shown.gross_cents
        self.withdrawal, self.early_start = shown.withdrawal, shown.early_start
        self.unticked = False

    def _consent(self, *, early_start: bool) -> OrderConsent | None:
        """What pressing the button says; None for a free request."""
        if not self.binding:
            return None
        return OrderConsent(gross_cents=self._gross_cents, early_start=early_start)
