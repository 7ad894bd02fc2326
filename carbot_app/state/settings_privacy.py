"""What is kept how long, what the job of the night did, who was told and who was forgotten."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.kit.errors import Invalid
from carbot_app.state.feedback import toast
from carbot_app.state.privacy_rows import (
    ErasureLine,
    ExportLine,
    PeriodLine,
    RunLine,
    describe_erasure,
    describe_export,
    describe_period,
    describe_run,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step

_DIGITS = 4


class PrivacySettingsState(rx.State):
    """The section and the question for a period over it."""

    status: str = "loading"
    """loading, ready or failed."""
    periods: list[PeriodLine] = []
    next_run: str = ""
    last_run: str = ""
    """Empty before the first one."""
    runs: list[RunLine] = []
    exports: list[ExportLine] = []
    erasures: list[ErasureLine] = []
    chosen: PeriodLine = PeriodLine()
    """The kind whose period is asked for."""
    problem: str = ""
    """What is wrong with the period."""
    busy: bool = False

    @rx.event
    async def load(self):
        """Fetch everything of the section."""
        self.chosen, self.problem = PeriodLine(), ""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def ask(self, kind: str):
        """Ask for another period of a kind."""
        async with staff_step(self) as step:
            await step.actor()
            self.chosen = next((line for line in self.periods if line.kind == kind), PeriodLine())
            self.problem = ""
        return step.outcome

    @rx.event
    async def close(self):
        """Leave the period as it is."""
        self.chosen, self.problem, self.busy = PeriodLine(), "", False

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Keep the chosen kind for another time."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            retention, actor = get_services().privacy.retention, await step.actor()
            await step.call(retention.set_period, actor, self.chosen.kind, _count(form))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("privacy.settings.saved"))
        self.busy = False
        if step.error is None:
            self.chosen, self.problem = PeriodLine(), ""
        elif step.error.field:
            self.problem, step.outcome = step.text(step.error.message_key, **step.error.params), None
        yield step.outcome

    async def _fetch(self, step: Step) -> None:
        privacy, actor, reader = get_services().privacy, await step.actor(), await reader_for(self)
        found = await step.call(privacy.retention.get_overview, actor)
        self.periods = [describe_period(view, reader) for view in found.periods]
        self.next_run = reader.day_and_clock(found.next_run_at)
        self.last_run = reader.day_and_clock(found.last_run_at) if found.last_run_at else ""
        self.runs = [describe_run(view, reader) for view in found.runs]
        exports = await step.call(privacy.exports.list_exports, actor)
        self.exports = [describe_export(view, reader) for view in exports]
        erasures = await step.call(privacy.erasures.list_erasures, actor)
        self.erasures = [describe_erasure(view, reader) for view in erasures]


def _count(form: dict[str, Any]) -> int:
    text = str(form.get("period", "")).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise Invalid("retention_no_number", field="period")
    return int(text)
