"""The workshops of an owner, and opening a further one."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.team.schemas import NewLocation
from carbot_app.kit.errors import Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.session import LocationLine, SessionState, location_line
from carbot_app.state.settings_workshop import region_code
from carbot_app.state.steps import Step, staff_step


class LocationsState(rx.State):
    """The list and the pane over it."""

    status: str = "loading"
    """loading, ready or failed."""
    locations: list[LocationLine] = []
    country: str = "DE"
    region: str = ""
    """Of the present workshop, where another one is likely too; the region as in REGION_CHOICES."""
    is_open: bool = False
    """The pane with the form."""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch the list."""
        async with staff_step(self) as step:
            self.is_open = False
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask(self):
        """Open the form."""
        async with staff_step(self) as step:
            await step.actor()
            self.is_open, self.problems = True, {}
        return step.outcome

    @rx.event
    async def close(self):
        """Close the form."""
        async with staff_step(self) as step:
            await step.actor()
            self.is_open = False
        return step.outcome

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Open a further location like the present one."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor = await step.actor()
            name, city, country = (str(form.get(field, "")) for field in ("name", "city", "country"))
            wish = NewLocation(name, city, country, region_code(str(form.get("region", "")), country))
            made = await step.call(get_services().locations.open_location, actor, wish)
            await self._fetch(step)
            self.is_open = False
            told = toast("ok", step.text("settings.locations.added", name=made.name))
            step.outcome = [told, SessionState.load]
        self.busy = False
        if isinstance(step.error, Invalid) and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return
        yield step.outcome

    async def _fetch(self, step: Step) -> None:
        services, actor = get_services(), await step.actor()
        actor.require("team.owners")
        workshop = await step.call(services.team.get_workshop, actor)
        self.country = workshop.country
        self.region = f"{workshop.country}-{workshop.region}" if workshop.region else ""
        found = await step.call(services.locations.list_locations, actor)
        self.locations = [location_line(location) for location in found]
