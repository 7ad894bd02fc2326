"""The link of the screen on the workshop's wall."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.wall.schemas import WallTerms
from carbot_app.state.feedback import toast
from carbot_app.state.steps import staff_step


class WallState(rx.State):
    """The link, and the question over it."""

    status: str = "loading"
    """loading, ready or failed."""
    path: str = ""
    """Empty: there is no link."""
    url: str = ""
    shows_names: bool = False
    task: str = ""
    """What is asked before it is done: renew or revoke."""

    @rx.event
    async def load(self):
        """Fetch the link."""
        self.task = ""
        async with staff_step(self) as step:
            self._show(await step.call(get_services().wall.get_terms, await step.actor()))
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask(self, task: str):
        """Ask before screens go dark."""
        self.task = task if task in {"renew", "revoke"} else ""

    @rx.event
    async def close(self):
        """Leave the link as it is."""
        self.task = ""

    @rx.event
    async def make(self):
        """A new link; one that was there opens nothing any more."""
        async with staff_step(self) as step:
            self._show(await step.call(get_services().wall.make_link, await step.actor()))
            self.task, step.outcome = "", toast("ok", step.text("wall.settings.made"))
        return step.outcome

    @rx.event
    async def revoke(self):
        """Screens with the link show nothing any more."""
        async with staff_step(self) as step:
            self._show(await step.call(get_services().wall.revoke_link, await step.actor()))
            self.task, step.outcome = "", toast("ok", step.text("wall.settings.revoked"))
        return step.outcome

    @rx.event
    async def show_names(self, shown: bool):
        """Whole names, or an initial."""
        async with staff_step(self) as step:
            self._show(await step.call(get_services().wall.show_names, await step.actor(), bool(shown)))
            said = "named" if self.shows_names else "unnamed"
            step.outcome = toast("ok", step.text(f"wall.settings.{said}"))
        return step.outcome

    def _show(self, terms: WallTerms) -> None:
        self.path = f"/werkstatt-tv/{terms.token}" if terms.token else ""
        self.url = f"{get_services().settings.effective_public_url}{self.path}" if self.path else ""
        self.shows_names = terms.shows_names
