"""Reports of the opened session: what a customer would read, sending it, and what became of those sent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.diagnostics.report_schemas import ReportContent, ReportView, ReportWish
from carbot_app.kit.i18n import translate
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.order_rows import order_href
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

_TOPICS = {"diagnostic"}
_KINDS_OF_NEWS = {"", "diagnostic.report"}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report that was issued."""

    id: str
    when: str
    state: str
    """issued, expired or revoked."""
    told: str
    """Condition, codes, who issued it."""
    sent: str
    """On which way, and whether it was opened."""
    link: str
    order: str
    """Address of the order the customer made of it; empty: none."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What a report would say now."""

    stop: str = ""
    level: str = ""
    tone: str = "neutral"
    codes: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    """Work and price."""
    slot: str = ""
    summary: str = ""
    """What the assistant wrote and staff let pass; empty: nothing."""


_TONES = {"good": "ok", "watch": "warn", "act": "warn", "stop": "err"}


class DiagnosisReportState(rx.State):
    """The list and the dialog that sends."""

    status: str = "loading"
    """loading, ready or failed."""
    reports: list[ReportRow] = []
    asking: bool = False
    language: str = ""
    """As chosen in the dialog; empty: the customer's."""
    lamp: str = ""
    preview: PreviewRow = PreviewRow()
    problem: str = ""
    """Why no report can be made now."""
    busy: bool = False

    @rx.event
    async def load(self):
        """Reports of the session in the address."""
        self.reset()
        return await self._again()

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """A report was issued, opened or answered."""
        if not is_about(topic, subject, _TOPICS, self._session_text()) or kind not in _KINDS_OF_NEWS:
            return None
        return await self._again()

    @rx.event
    async def ask(self):
        """Open the dialog with what the customer would read."""
        self.asking, self.language, self.lamp = True, "", ""
        await self._preview()

    @rx.event
    async def close(self):
        """Leave it."""
        self.asking = False

    @rx.event
    async def choose_language(self, language: str):
        """Read it in another language."""
        self.language = language
        await self._preview()

    @rx.event
    async def choose_lamp(self, lamp: str):
        """A lamp somebody saw stands above everything the car said."""
        self.lamp = lamp
        await self._preview()

    @rx.event
    async def send(self, form: dict[str, Any]):
        """Issue it; the link leaves on the chosen way."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            wish = replace(self._wish(), channel=_text(form, "channel"), note=_text(form, "note"))
            reports = get_services().diagnostics.reports
            made = await step.call(reports.issue, await step.actor(), self._session_id(), wish)
            self.asking = False
            await self._fetch(step)
            step.outcome = toast(
                "ok", step.text("report.staff.sent" if made.sent_on else "report.staff.made")
            )
        self.busy = False
        yield step.outcome

    @rx.event
    async def revoke(self, report_id: str):
        """Close the link of a report."""
        async with staff_step(self) as step:
            reports = get_services().diagnostics.reports
            await step.call(reports.revoke, await step.actor(), parse_id(report_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("report.staff.revoked"))
        return step.outcome

    def _session_text(self) -> str:
        return self.router.url.query_parameters.get("id", "")

    def _session_id(self) -> UUID:
        return parse_id(self._session_text())

    def _wish(self) -> ReportWish:
        return ReportWish(language=self.language, lamps=(self.lamp,) if self.lamp else ())

    async def _again(self):
        async with staff_step(self) as step:
            await self._fetch(step)
        if step.error:
            self.status = "failed"
        # The page itself says that there is no such session

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        reports = get_services().diagnostics.reports
        found = await step.call(reports.list_of_session, actor, self._session_id())
        self.reports, self.status = _rows(found, reader, step.language), "ready"

    async def _preview(self) -> None:
        self.problem, self.preview = "", PreviewRow()
        async with staff_step(self) as step:
            reports = get_services().diagnostics.reports
            found = await step.call(reports.preview, await step.actor(), self._session_id(), self._wish())
            self.preview = _preview(found)
        if step.error:
            self.problem = step.text(step.error.message_key, **step.error.params)


def _text(form: dict[str, Any], name: str) -> str:
    return str(form.get(name, ""))


def _rows(found: Sequence[ReportView], reader: Reader, language: str) -> list[ReportRow]:
    return [_row(one, reader, language) for one in found]


def _row(one: ReportView, reader: Reader, language: str) -> ReportRow:
    content = one.content
    told = (
        translate(language, "report.staff.score", score=content.score),
        translate(language, "report.staff.codes", count=len(content.codes)),
        one.issued_by,
    )
    way = f"inbox.channel.{one.sent_on}" if one.sent_on else "report.staff.sent_none"
    opened = "opened" if one.opened_at else "unopened"
    sent = (translate(language, way), translate(language, f"report.staff.{opened}"))
    return ReportRow(
        id=str(one.id),
        when=reader.day_and_clock(one.issued_at),
        state=one.state,
        told=" · ".join(filter(None, told)),
        sent=" · ".join(sent),
        link=one.link,
        order=order_href(one.order_id) if one.order_id else "",
    )


def _preview(content: ReportContent) -> PreviewRow:
    return PreviewRow(
        stop=content.stop,
        level=f"{content.score} · {content.level_text}",
        tone=_TONES[content.level],
        codes=tuple(f"{one.code} {one.title}" for one in content.codes),
        offers=tuple((one.name, one.price) for one in content.offers),
        slot="" if content.stop else content.slot,
        summary=content.summary,
    )
