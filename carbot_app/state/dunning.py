"""The dunning run: a list a person goes through and releases."""

from decimal import Decimal
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.kit.errors import Invalid
from carbot_app.state.dunning_rows import (
    HeldRow,
    NoticeRow,
    ProposalRow,
    held_row,
    notice_row,
    proposal_row,
)
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_day, read_decimal


class DunningState(rx.State):
    """Proposals with check boxes, what rests, and what was sent."""

    status: str = "loading"
    """loading, ready or failed."""
    proposals: list[ProposalRow] = []
    chosen: list[str] = []
    held: list[HeldRow] = []
    finished: list[HeldRow] = []
    notices: list[NoticeRow] = []
    missing_rate: str = ""
    """First day of the half year whose base rate has to be entered."""
    missing_day: str = ""
    """The same for people."""
    may_change: bool = False
    may_set_rate: bool = False
    busy: bool = False

    @rx.event
    async def load(self):
        """Show what could be sent today; everything that can go is chosen."""
        async with staff_step(self) as step:
            await self._fetch(step)
            self.chosen = [row.key for row in self.proposals if not row.waits]
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again when money came or letters went."""
        if not is_about(topic, subject, {"bank"}):
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def choose(self, key: str, on: bool):
        """Take a proposal or leave it for later."""
        async with staff_step(self) as step:
            await step.actor()
            rest = [one for one in self.chosen if one != key]
            known = {row.key for row in self.proposals}
            self.chosen = [*rest, key] if on and key in known else rest
        return step.outcome

    @rx.event
    async def release(self):
        """Send what is chosen."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            sent = await step.call(services.dunning.release, actor, list(self.chosen))
            await self._fetch(step)
            mails = sum(notice.way == "mail" for notice in sent)
            counts = {"mails": mails, "letters": len(sent) - mails}
            step.outcome = toast("ok", step.text("dunning.toast.released", **counts))
        self.busy = False
        yield step.outcome

    @rx.event
    async def stop(self, invoice_id: str, reason: str):
        """Hold an invoice back for a reason."""
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            await step.call(services.dunning.stop, actor, parse_id(invoice_id), reason)
            await self._fetch(step)
            step.outcome = toast("ok", step.text("dunning.toast.stopped"))
        return step.outcome

    @rx.event
    async def resume(self, invoice_id: str):
        """It may be reminded of again."""
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            await step.call(services.dunning.resume, actor, parse_id(invoice_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("dunning.toast.resumed"))
        return step.outcome

    @rx.event
    async def enter_rate(self, form: dict[str, Any]):
        """Store the base rate that is missing."""
        async with staff_step(self) as step:
            services, actor = get_services(), await step.actor()
            day, percent = read_day(self.missing_rate, field="valid_from"), _percent(form)
            await step.call(services.dunning.enter_base_rate, actor, day, percent)
            await self._fetch(step)
            self.chosen = [row.key for row in self.proposals if not row.waits]
            step.outcome = toast("ok", step.text("dunning.toast.rate"))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        services, actor, reader = get_services(), await step.actor(), await reader_for(self)
        run = await step.call(services.dunning.run, actor)
        sent = await step.call(services.dunning.list_notices, actor)
        self.proposals = [proposal_row(view, reader) for view in run.proposals]
        self.held = [held_row(view, reader) for view in run.held]
        self.finished = [held_row(view, reader) for view in run.finished]
        self.notices = [notice_row(view, reader) for view in sent]
        self.missing_rate = run.missing_rate.isoformat() if run.missing_rate else ""
        self.missing_day = f"{run.missing_rate:%d.%m.%Y}" if run.missing_rate else ""
        known = {row.key for row in self.proposals}
        self.chosen = [key for key in self.chosen if key in known]
        self.may_change = actor.can("invoices.manage")
        self.may_set_rate = actor.can("billing.settings")
        self.status = "ready"


def _percent(form: dict[str, Any]) -> Decimal:
    try:
        value = read_decimal(str(form.get("percent") or ""))
    except ValueError:
        value = None
    if value is None:
        raise Invalid("dunning_rate_percent", field="percent")
    return value
