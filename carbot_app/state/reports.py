"""The page of reports: templates, plans and the archive."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.report_rows import (
    RunRow,
    ScheduleRow,
    TemplateRow,
    describe_run,
    describe_schedule,
    templates_for,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

_PAGE = 20


class ReportsState(rx.State):
    """Everything beside the panes."""

    status: str = "loading"
    """loading, ready or failed."""
    templates: list[TemplateRow] = []
    runs: list[RunRow] = []
    has_more: bool = False
    schedules: list[ScheduleRow] = []
    may_plan: bool = False
    asking: ScheduleRow = ScheduleRow("", "", "", "", False, ())
    """The plan whose deletion is asked about; without an id: none."""

    _shown: int = _PAGE

    @rx.event
    async def load(self):
        """Fetch everything."""
        self._shown = _PAGE
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Something was built, sent or planned."""
        if self.status == "loading" or not is_about(topic, subject, {"report"}):
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def more(self):
        """Older reports."""
        self._shown = min(self._shown + _PAGE, 100)
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def cancel(self, run_id: str):
        """Stop one being built."""
        return await self._do("cancelled", get_services().reports.runs.cancel, run_id)

    @rx.event
    async def retry(self, run_id: str):
        """Build one again."""
        return await self._do("started", get_services().reports.runs.retry, run_id)

    @rx.event
    async def resend(self, run_id: str):
        """Mail one again."""
        return await self._do("sent", get_services().reports.runs.resend, run_id)

    @rx.event
    async def send_now(self, schedule_id: str):
        """Build and send a plan's report beside its turns."""
        return await self._do("started", get_services().reports.schedules.send_now, schedule_id)

    @rx.event
    async def switch(self, schedule_id: str, on: bool):
        """Switch a plan on or off."""
        schedules = get_services().reports.schedules
        return await self._do("on" if on else "off", schedules.set_enabled, schedule_id, on)

    @rx.event
    async def ask_again(self, email: str):
        """Ask an address once more."""
        async with staff_step(self) as step:
            await step.call(get_services().reports.schedules.ask_again, await step.actor(), email[:254])
            step.outcome = toast("ok", step.text("reports.recipient.asked"))
        return step.outcome

    @rx.event
    async def ask(self, schedule_id: str):
        """Ask before a plan is deleted, or take the question back with an empty id."""
        none = ScheduleRow("", "", "", "", False, ())
        async with staff_step(self) as step:
            await step.actor()
            self.asking = next((row for row in self.schedules if row.id == schedule_id), none)
        return step.outcome

    @rx.event
    async def remove(self):
        """Delete the plan that was asked about."""
        asked, self.asking = self.asking.id, ScheduleRow("", "", "", "", False, ())
        return await self._do("removed", get_services().reports.schedules.remove, asked)

    async def _do(self, told: str, service: Any, subject: str, *more: Any) -> Any:
        async with staff_step(self) as step:
            await step.call(service, await step.actor(), parse_id(subject), *more)
            await self._fetch(step)
            step.outcome = toast("ok", step.text(f"reports.toast.{told}"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        reports, actor, reader = get_services().reports, await step.actor(), await reader_for(self)
        page = await step.call(reports.runs.list_runs, actor, limit=self._shown)
        self.runs = [describe_run(view, reader) for view in page.runs]
        self.has_more = page.before is not None and self._shown < 100
        self.templates = templates_for(actor.permissions, actor.language)
        self.may_plan = actor.can("settings.manage")
        if self.may_plan:
            plans = await step.call(reports.schedules.list_schedules, actor)
            self.schedules = [describe_schedule(view, reader) for view in plans]
