"""The customer's photos on the booking page: sent beside the form, the visit's when it is booked."""

import reflex as rx
import structlog

from carbot_app.bootstrap import get_services
from carbot_app.kit.errors import AppError
from carbot_app.state.booking_hold import HoldState
from carbot_app.state.booking_visit import VisitState
from carbot_app.state.steps import Step

_log = structlog.get_logger()


class BookingPhotos(rx.State):
    """Where the browser sends photos to; the photos themselves pass by this state."""

    token: str = ""
    """Secret of the basket; empty until somebody adds the first photo."""

    @rx.event
    async def start(self):
        """The first photo was chosen; only who has a time reserved, or had, may send any."""
        hold = await self.get_state(HoldState)
        if self.token or not (hold._token or hold.over):
            return None
        async with (await self.get_state(VisitState))._step() as step:
            self.token = await step.call(get_services().photo_baskets.open, await step.actor())
        return step.outcome

    async def _claim(self, step: Step, manage_token: str) -> None:
        """Give the photos to the visit; a booking never fails because of its photos."""
        if not self.token:
            return
        try:
            claim = get_services().photo_baskets.claim
            await step.call(claim, await step.actor(), self.token, manage_token)
        except AppError as error:
            _log.warning("photos.not_claimed", reason=error.code)
