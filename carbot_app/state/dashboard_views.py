"""Saved views of the dashboard: keep, show, open with, forget."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.kit.errors import Conflict, Invalid
from carbot_app.kit.i18n import translate
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.steps import parse_id, staff_step


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A saved view; ``address`` is its query string."""

    id: str
    name: str
    address: str
    opens_first: bool


class DashboardViewsState(rx.State):
    """The signed-in person's own."""

    views: list[ViewLine] = []
    problem: str = ""
    """Why the last name was refused."""

    @rx.event
    async def load(self):
        """What there is."""
        self.problem = ""
        return await self._list()

    @rx.event
    async def save(self, form: dict):
        """Keep what is shown under a name."""
        board = await self.get_state(DashboardState)
        self.problem = ""
        async with staff_step(self) as step:
            actor = await step.actor()
            try:
                await step.call(
                    get_services().saved_views.save_view,
                    actor,
                    str(form.get("name", "")),
                    board._choice().query(),
                )
            except (Invalid, Conflict) as error:
                self.problem = translate(step.language, error.message_key, **error.params)
        return step.outcome or await self._list()

    @rx.event
    async def show(self, view_id: str):
        """Show a view."""
        found = next((view for view in self.views if view.id == view_id), None)
        return DashboardState.show_view(dict(parse_qsl(found.address))) if found else None

    @rx.event
    async def open_first(self, view_id: str, first: bool):
        """Let the page open with it, or no longer."""
        async with staff_step(self) as step:
            actor = await step.actor()
            await step.call(get_services().saved_views.open_first, actor, parse_id(view_id), first=first)
        return step.outcome or await self._list()

    @rx.event
    async def forget(self, view_id: str):
        """Delete a view."""
        async with staff_step(self) as step:
            actor = await step.actor()
            await step.call(get_services().saved_views.delete_view, actor, parse_id(view_id))
        return step.outcome or await self._list()

    async def _list(self) -> Any:
        async with staff_step(self) as step:
            actor = await step.actor()
            found = await step.call(get_services().saved_views.list_views, actor)
            self.views = [ViewLine(str(one.id), one.name, one.address, one.opens_first) for one in found]
        return step.outcome
