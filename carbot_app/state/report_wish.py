"""Asking for a report: over the figures with their days, or over the archive."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.reports.schemas import Wish
from carbot_app.domains.analytics.reports.templates import MONTHLY, PDF, TEMPLATES, Template
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.kit.errors import Invalid
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_choice import NO_COMPARISON, compared
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.report_rows import (
    ColumnRow,
    RunRow,
    chosen_of,
    columns_for,
    describe_run,
    preview_of,
    templates_for,
    title_of,
)
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

WEEK = 7
_TO_THE_TOP = rx.call_script(
    "requestAnimationFrame(() => document.querySelector('[data-report-started]')"
    "?.scrollIntoView({block: 'center'}))"
)
"""What was started is where the eyes are."""


class ReportWishState(rx.State):
    """The pane, and the report it started."""

    opened: bool = False
    templates: list[list[str]] = []
    """Code and title of what may be asked for."""
    template: str = ""
    title: str = ""
    """What the report is called."""
    form: str = PDF
    first: str = ""
    last: str = ""
    columns: list[ColumnRow] = []
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False
    run: RunRow = RunRow()
    """What was started here; without an id: nothing yet."""
    preview: str = ""
    """Address of the picture; empty: not asked for."""
    preview_failed: bool = False
    narrowed: str = ""
    """What the figures are narrowed to, in words; empty: nothing."""
    narrows: bool = True
    """Whether this report can be narrowed."""

    _filters: Filters = Filters()
    _compare: str = ""
    """As the figures have it; empty: over the archive, where the days before are compared with."""

    @rx.event
    async def open_here(self):
        """Over the figures: their days, filters and comparison."""
        board = await self.get_state(DashboardState)
        async with staff_step(self) as step:
            await self._open(step, "", board.first, board.last)
            choice = board._choice()
            self._filters, self._compare = choice.filters, choice.compare
            self.narrowed = ", ".join(chip.label for chip in board.chips)
        return step.outcome

    @rx.event
    async def open_for(self, template: str):
        """Over the archive: the week or month before."""
        async with staff_step(self) as step:
            await self._open(step, template, "", "")
        return step.outcome

    @rx.event
    async def widen(self):
        """Everything, not what the figures are narrowed to."""
        self._filters, self.narrowed, self.preview = Filters(), "", ""

    @rx.event
    async def choose(self, template: str):
        """Another report, with its usual columns."""
        async with staff_step(self) as step:
            await step.actor()
            self._take(template, step.language)
        return step.outcome

    @rx.event
    async def set_days(self, first: str, last: str):
        """Other days; checked when it is started."""
        self.first, self.last, self.preview = first[:10], last[:10], ""

    @rx.event
    async def set_form(self, form: str):
        """PDF, workbook or CSV; checked when it is started."""
        self.form = form[:4]

    @rx.event
    async def toggle(self, key: str):
        """Take a column at the end, or leave it out."""
        self.columns, self.preview = toggled(self.columns, key), ""

    @rx.event
    async def show_preview(self):
        """The first page as it would be."""
        async with staff_step(self) as step:
            await step.actor()
            self.preview_failed = False
            self.preview = preview_of(self._wish())
        return self._after(step)

    @rx.event
    async def note_no_preview(self):
        """The picture did not come."""
        self.preview, self.preview_failed = "", True

    @rx.event
    async def start(self):
        """Have it built."""
        self.busy, self.problems = True, {}
        yield
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            view = await step.call(get_services().reports.runs.request, actor, self._wish())
            self.run = describe_run(view, reader)
            step.outcome = [toast("ok", step.text("reports.toast.started")), _TO_THE_TOP]
        yield self._after(step)

    @rx.event
    async def cancel(self):
        """Stop what was started."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            view = await step.call(get_services().reports.runs.cancel, actor, parse_id(self.run.id))
            self.run = describe_run(view, reader)
        return step.outcome

    @rx.event
    async def close(self):
        """What was started goes on."""
        self.opened, self.busy, self.problems, self.run, self.preview = False, False, {}, RunRow(), ""

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """It has got further."""
        if not self.run.id or not is_about(topic, subject, {"report"}, self.run.id):
            return None
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            view = await step.call(get_services().reports.runs.get_run, actor, parse_id(self.run.id))
            self.run = describe_run(view, reader)
        return step.outcome

    async def _open(self, step: Step, template: str, first: str, last: str) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        actor.require("analytics.read")
        self.templates = [[row.code, row.title] for row in templates_for(actor.permissions, actor.language)]
        known = [code for code, _ in self.templates]
        code = template if template in known else known[0]
        days = last_days(TEMPLATES[code], reader.today())
        self.first, self.last = first or days[0].isoformat(), last or days[1].isoformat()
        self._filters, self._compare, self.narrowed = Filters(), "", ""
        self._take(code, actor.language)
        self.form, self.run, self.opened, self.busy = PDF, RunRow(), True, False

    def _take(self, template: str, language: str) -> None:
        if template not in TEMPLATES:
            raise Invalid("report_template_unknown", field="template")
        self.template, self.problems, self.preview, self.preview_failed = template, {}, "", False
        self.title, self.narrows = title_of(template, language), TEMPLATES[template].narrows
        self.columns = columns_for(TEMPLATES[template], TEMPLATES[template].usual, language)

    def _wish(self) -> Wish:
        span = Span(_day(self.first, "first"), _day(self.last, "last"))
        return Wish(
            self.template,
            tuple(chosen_of(self.columns)),
            span.first,
            span.last,
            self.form,
            self._filters,
            compared(span, self._compare) if span.days else None,
            self._compare != NO_COMPARISON,
        )

    def _after(self, step: Step) -> Any:
        self.busy = False
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return None
        return step.outcome


def toggled(columns: list[ColumnRow], key: str) -> list[ColumnRow]:
    """The columns with one taken at the end of the chosen ones, or left out of them."""
    chosen = chosen_of(columns)
    known = {row.key for row in columns}
    if key in chosen:
        chosen.remove(key)
    elif key in known:
        chosen.append(key)
    return [replace(row, place=chosen.index(row.key) + 1 if row.key in chosen else 0) for row in columns]


def last_days(template: Template, today: date) -> tuple[date, date]:
    """The month before, or the seven days to yesterday, as the report is usually made."""
    yesterday = today - timedelta(days=1)
    if template.rhythm == MONTHLY:
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    return yesterday - timedelta(days=WEEK - 1), yesterday


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("missing", field=field) from None
