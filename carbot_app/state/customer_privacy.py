"""Telling a customer what is stored, and forgetting them: in a pane over the customer's file."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.privacy_rows import (
    ExportLine,
    KeptLine,
    describe_export,
    describe_kept,
    describe_obstacle,
    describe_thing,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step


class CustomerPrivacyState(rx.State):
    """One pane at a time."""

    task: str = ""
    """What the pane shows: nothing, export or erase."""
    exports: list[ExportLine] = []
    link: str = ""
    """For the person, just made; shown until the pane is closed."""
    link_of: str = ""
    name: str = ""
    """To be typed before somebody is forgotten."""
    goes: list[str] = []
    stays: list[KeptLine] = []
    obstacles: list[str] = []
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    @rx.event
    async def open_export(self):
        """Show what waits, and the form for a new disclosure."""
        async with staff_step(self) as step:
            await self._fetch_exports(step)
            self.task, self.problems, self.link, self.link_of = "export", {}, "", ""
        return step.outcome

    @rx.event
    async def open_erase(self):
        """Show what would go and what would stay."""
        async with staff_step(self) as step:
            erasures, reader = get_services().privacy.erasures, await reader_for(self)
            found = await step.call(erasures.preview, await step.actor(), await self._customer_id())
            self.name = found.name
            self.goes = [describe_thing(thing, reader) for thing in found.goes]
            self.stays = describe_kept(found.stays, reader)
            self.obstacles = [describe_obstacle(one, reader) for one in found.obstacles]
            self.task, self.problems = "erase", {}
        return step.outcome

    @rx.event
    async def close(self):
        """Close the pane and forget the link."""
        self.task, self.problems, self.link, self.link_of, self.busy = "", {}, "", "", False

    @rx.event
    async def request(self, form: dict[str, Any]):
        """Have a disclosure built."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            exports, actor = get_services().privacy.exports, await step.actor()
            customer_id, check = await self._customer_id(), str(form.get("checked_by", ""))
            await step.call(exports.request, actor, customer_id, checked_by=check)
            await self._fetch_exports(step)
        yield self._after(step)

    @rx.event
    async def make_link(self, export_id: str):
        """A link to send to the person."""
        async with staff_step(self) as step:
            exports, actor = get_services().privacy.exports, await step.actor()
            self.link = await step.call(exports.make_link, actor, parse_id(export_id))
            self.link_of = export_id
            await self._fetch_exports(step)
        return step.outcome

    @rx.event
    async def erase(self, form: dict[str, Any]):
        """Forget the person for good, and go back to the list."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            gone = await step.call(
                get_services().privacy.erasures.erase,
                await step.actor(),
                await self._customer_id(),
                checked_by=str(form.get("checked_by", "")),
                typed=str(form.get("typed", "")),
            )
            self.task = ""
            told = toast("ok", step.text("privacy.person.erased", pseudonym=gone.pseudonym))
            step.outcome = [told, rx.redirect("/kunden/")]
        yield self._after(step)

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """A disclosure on its way has got further."""
        if self.task != "export" or not is_about(topic, subject, {"privacy"}):
            return None
        async with staff_step(self) as step:
            await self._fetch_exports(step)
        return step.outcome

    async def _customer_id(self) -> Any:
        return parse_id((await self.get_state(CustomerFileState)).head.id)

    async def _fetch_exports(self, step: Step) -> None:
        exports, actor, reader = get_services().privacy.exports, await step.actor(), await reader_for(self)
        found = await step.call(exports.list_exports, actor, await self._customer_id())
        self.exports = [describe_export(view, reader) for view in found]

    def _after(self, step: Step) -> Any:
        self.busy = False
        if step.error and step.error.field:
            text = step.text(step.error.message_key, **step.error.params)
            self.problems = {step.error.field: text}
            return None
        return step.outcome
