"""The list of automations, the templates and the log."""

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.automations.ready_made import READY_MADE
from carbot_app.state.automation_rows import AutomationRow, ReadyRow, RunRow, list_row, run_row
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step


class AutomationsState(rx.State):
    """Everything beside the editor."""

    status: str = "loading"
    """loading, ready or failed."""
    rows: list[AutomationRow] = []
    ready: list[ReadyRow] = []
    runs: list[RunRow] = []
    asking: str = ""
    """The automation whose deletion is asked about."""

    @rx.event
    async def load(self):
        """Fetch list and log."""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after any hint: of several at once the page passes on only the last one."""
        if topic == "signed_out" or self.status != "ready":
            return None
        return await self.load()

    @rx.event
    async def switch(self, automation_id: str, on: bool):
        """Switch one on or off, effective at once."""
        async with staff_step(self) as step:
            view = await step.call(
                get_services().automations.set_enabled, await step.actor(), parse_id(automation_id), on
            )
            await self._fetch(step)
            text = step.text(f"automations.toast.{'on' if on else 'off'}", name=view.draft.name)
            step.outcome = toast("ok", text)
        return step.outcome

    @rx.event
    async def ask(self, automation_id: str):
        """Ask before one is deleted, or take the question back with an empty id."""
        async with staff_step(self) as step:
            await step.actor()
            self.asking = automation_id
        return step.outcome

    @rx.event
    async def remove(self):
        """Delete what was asked about."""
        async with staff_step(self) as step:
            asked, self.asking = self.asking, ""
            await step.call(get_services().automations.remove, await step.actor(), parse_id(asked))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("automations.toast.removed"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader, service = await step.actor(), await reader_for(self), get_services().automations
        found = await step.call(service.list_automations, actor)
        self.rows = [list_row(view, reader) for view in found]
        self.runs = [run_row(run, reader) for run in await step.call(service.list_runs, actor)]
        used = {view.draft.name for view in found}
        offered = [
            ReadyRow(
                name,
                step.text(f"automations.ready.{name}.name"),
                step.text(f"automations.ready.{name}.text"),
            )
            for name in READY_MADE
        ]
        self.ready = [row for row in offered if row.name not in used]
