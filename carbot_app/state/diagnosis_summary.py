"""What the assistant wrote about the opened session: for the mechanic, and for the customer once accepted."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.diagnostics.summary_facts import CUSTOMER, MECHANIC
from carbot_app.domains.diagnostics.summary_service import SummaryView
from carbot_app.kit.i18n import translate
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

_TOPICS = {"diagnostic"}
_KINDS_OF_NEWS = {"", *(f"diagnostic.{kind}" for kind in ("codes", "summary", "identified"))}


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One text."""

    id: str = ""
    """Empty: there is none."""
    text: str = ""
    detail: str = ""
    """When it was written or accepted, in which language."""
    accepted: bool = False


class DiagnosisSummaryState(rx.State):
    """Nothing of it is shown where no model is set up."""

    status: str = "loading"
    """loading, off (no model, or codes unread), ready or failed."""
    mechanic: SummaryRow = SummaryRow()
    customer: SummaryRow = SummaryRow()
    editing: bool = False
    may_write: bool = False
    busy: bool = False
    problem: str = ""
    """Why the customer's text cannot be accepted."""

    @rx.event
    async def load(self):
        """Summaries of the session in the address."""
        self.reset()
        return await self._again()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """One was written, accepted or made out of date."""
        if not is_about(topic, subject, _TOPICS, self._session_text()) or kind not in _KINDS_OF_NEWS:
            return None
        return await self._again()

    @rx.event(background=True)
    async def write(self):
        """Have both written; that takes a model some seconds."""
        async with self:
            self.busy, self.editing = True, False
            async with staff_step(self) as step:
                actor, session_id = await step.actor(), parse_id(self._session_text())
        if step.error is None:
            async with step:
                summaries = get_services().diagnostics.summaries
                written = await step.call(summaries.write, actor, session_id)
                if written.thrown_away:
                    step.outcome = toast("warn", step.text("summary.thrown_away"))
        async with self:
            self.busy = False
            if step.error is None:
                await self._again()
        return step.outcome

    @rx.event
    async def edit(self):
        """Open the customer's text for words of one's own."""
        self.editing, self.problem = True, ""

    @rx.event
    async def cancel(self):
        """Leave it as it is."""
        self.editing, self.problem = False, ""

    @rx.event
    async def accept(self, form: dict[str, Any]):
        """Let the text into the report, as it is or as it was edited."""
        async with staff_step(self) as step:
            text = str(form.get("text", "")) if self.editing else self.customer.text
            summaries = get_services().diagnostics.summaries
            await step.call(summaries.accept, await step.actor(), parse_id(self.customer.id), text)
            await self._fetch(step)
            self.editing, self.problem = False, ""
            step.outcome = toast("ok", step.text("summary.accepted"))
        if step.error is not None and self.editing:
            self.problem = step.text(step.error.message_key, **step.error.params)
            return None
        return step.outcome

    @rx.event
    async def discard(self, summary_id: str):
        """Throw one away."""
        async with staff_step(self) as step:
            summaries = get_services().diagnostics.summaries
            await step.call(summaries.discard, await step.actor(), parse_id(summary_id))
            self.editing = False
            await self._fetch(step)
        return step.outcome

    def _session_text(self) -> str:
        return self.router.url.query_parameters.get("id", "")

    async def _again(self):
        async with staff_step(self) as step:
            await self._fetch(step)
        if step.error:
            self.status = "failed"
        # The page itself says that there is no such session

    async def _fetch(self, step: Step) -> None:
        diagnostics = get_services().diagnostics
        actor, reader = await step.actor(), await reader_for(self)
        if not diagnostics.summaries.is_available:
            self.status = "off"
            return
        session_id = parse_id(self._session_text())
        found = await step.call(diagnostics.summaries.list_of_session, actor, session_id)
        rows = {one.audience: _row(one, reader) for one in found}
        self.mechanic = rows.get(MECHANIC, SummaryRow())
        self.customer = rows.get(CUSTOMER, SummaryRow())
        self.may_write = actor.can("diagnostics.run")
        self.status = "ready"


def _row(one: SummaryView, reader: Reader) -> SummaryRow:
    word = "accepted_by" if one.accepted_at else "written_at"
    at = one.accepted_at or one.written_at
    said = translate(reader.language, f"summary.{word}", when=reader.day_and_clock(at), name=one.accepted_by)
    spoken = translate(reader.language, f"summary.language.{one.language}")
    return SummaryRow(
        id=str(one.id),
        text=one.text,
        detail=f"{said} · {spoken}" if one.audience == CUSTOMER else said,
        accepted=one.accepted_at is not None,
    )
