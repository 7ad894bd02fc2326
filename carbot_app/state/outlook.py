"""What is ahead, on the Auswertung page: performance score with its next steps, and the weeks' capacity."""

from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.score import PARTS
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.outlook_rows import (
    NO_SCORE,
    PartRow,
    ScoreShown,
    StepRow,
    WeekRow,
    describe_parts,
    describe_plan,
    describe_score,
    describe_steps,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, staff_step

DIALOG = "score-weights"
"""Id of the dialog that explains and weighs."""
_TOPICS = {"analytics", "orders", "appointment"}


class OutlookState(rx.State):
    """The score of the last 30 days and six weeks of hours, whatever span the page shows."""

    status: str = "loading"
    """Of the score: loading, ready or failed; what was shown stays while failed."""
    score: ScoreShown = NO_SCORE
    parts: list[PartRow] = []
    steps: list[StepRow] = []
    weeks: list[WeekRow] = []
    """Empty until they are read."""
    note: str = ""
    """Why the weeks are less sure than usual; empty when they are not."""
    may_weigh: bool = False
    problem: str = ""
    """What is wrong with the weights as typed."""

    @rx.event
    async def reach_score(self):
        """Read the score, which is about to be seen."""
        return await self._read_score()

    @rx.event
    async def reach_weeks(self):
        """Read the weeks, which are about to be seen."""
        return await self._read_weeks()

    @rx.event
    async def weigh(self, form: dict[str, Any]):
        """Count the parts as typed from now on."""
        self.problem = ""
        async with staff_step(self) as step:
            weights = {code: _number(form.get(code)) for code in PARTS}
            await step.call(get_services().outlook.weigh, await step.actor(), weights)
            await self._fetch_score(step)
            step.outcome = [
                rx.call_script(f"document.getElementById('{DIALOG}').close()"),
                toast("ok", step.text("outlook.weights.saved")),
            ]
        if step.error is not None and step.error.code.startswith("score_weights"):
            self.problem = step.text(step.error.message_key, **step.error.params)
            return None
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Read again after a hint what has been read."""
        if not is_about(topic, subject, _TOPICS):
            return
        if self.status != "loading":
            yield await self._read_score()
        if self.weeks:
            yield await self._read_weeks()

    async def _read_score(self) -> Any:
        async with staff_step(self) as step:
            await self._fetch_score(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    async def _read_weeks(self) -> Any:
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            plan = await step.call(get_services().outlook.capacity, actor)
            self.weeks, self.note = describe_plan(plan, reader)
        return step.outcome

    async def _fetch_score(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        card = await step.call(get_services().outlook.score_card, actor)
        self.may_weigh = actor.can("settings.manage")
        self.score = describe_score(card, reader)
        self.parts = describe_parts(card.score, reader)
        self.steps = describe_steps(card, reader)


def _number(typed: Any) -> int:
    """A weight as typed; what is none is refused by the service."""
    text = str(typed if typed is not None else "").strip()
    return int(text) if text.isdecimal() and len(text) <= 4 else -1
