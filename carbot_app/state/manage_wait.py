"""/t/<token>: waiting for an earlier time, and the time that is kept meanwhile."""

from collections.abc import Callable

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.waitlist import WaitlistView
from carbot_app.kit.errors import Gone
from carbot_app.state.manage import ManageState, OneLinkMixin
from carbot_app.state.steps import Step


class WaitState(OneLinkMixin, rx.State):
    """What changed since the page was served; empty as long as its HTML is right."""

    view: str = ""
    """no, waiting or offered."""
    offered: str = ""
    until: str = ""

    @rx.event
    async def join(self):
        """Wait for an earlier time."""
        return await self._change(get_services().waitlist.join)

    @rx.event
    async def leave(self):
        """Wait no longer."""
        return await self._change(get_services().waitlist.leave)

    @rx.event
    async def decline(self):
        """Let the kept time go to the next."""
        return await self._change(get_services().waitlist.decline)

    @rx.event
    async def accept(self):
        """Take the kept time."""
        manage = await self.get_state(ManageState)
        async with manage._step() as step:
            await step.call(get_services().waitlist.accept, manage._token())
            await manage._fetch(step)
            manage.view, manage.comes, self.view = "moved", "no", "no"
        return await self._outcome(step)

    async def _change(self, change: Callable[[str], WaitlistView]):
        manage = await self.get_state(ManageState)
        async with manage._step() as step:
            await step.call(change, manage._token())
            await self._look(step)
        return await self._outcome(step)

    async def _look(self, step: Step) -> None:
        manage = await self.get_state(ManageState)
        waitlist = get_services().waitlist
        seen = await step.call(waitlist.get_by_token, manage._token(), language=manage._language)
        self.view, self.offered, self.until = seen.state, seen.offered, seen.until

    async def _outcome(self, step: Step):
        if isinstance(step.error, Gone) and step.error.code == "offer_over":
            manage = await self.get_state(ManageState)
            async with manage._step() as again:
                await self._look(again)
        return step.outcome
