"""A plan being written: which report, to whom, when."""

from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.analytics.reports.planning import Rhythm
from carbot_app.domains.analytics.reports.schemas import ScheduleDraft
from carbot_app.domains.analytics.reports.templates import MONTHLY, PDF, TEMPLATES, WEEKLY
from carbot_app.kit.errors import Invalid, NotFound
from carbot_app.state.feedback import toast
from carbot_app.state.report_rows import (
    ColumnRow,
    PersonRow,
    chosen_of,
    columns_for,
    day_choices,
    templates_for,
)
from carbot_app.state.report_wish import toggled
from carbot_app.state.reports import ReportsState
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step

NEW = "new"
_MORNING = "07:00"
_LONGEST = 8_000
"""Letters taken from the field of addresses."""


class ReportPlanState(rx.State):
    """The pane; nothing is stored before ``save``."""

    opened: str = ""
    """Id of the plan, new, or empty: closed."""
    templates: list[list[str]] = []
    """Code and title of what may be planned."""
    template: str = ""
    columns: list[ColumnRow] = []
    form: str = PDF
    rhythm: str = WEEKLY
    day: str = "0"
    days: list[list[str]] = []
    at: str = _MORNING
    zone: str = ""
    people: list[PersonRow] = []
    addresses: str = ""
    problems: dict[str, str] = {}
    """Field → what is wrong with it."""
    busy: bool = False

    @rx.event
    async def plan(self, template: str):
        """A new plan of a report, for whoever writes it."""
        async with staff_step(self) as step:
            actor = await step.actor()
            await self._begin(step, {str(actor.subject_id)})
            self._take(template if template in TEMPLATES else self.templates[0][0], step.language)
            self.form, self.at, self.addresses, self.opened = PDF, _MORNING, "", NEW
            self._keep_rhythm(TEMPLATES[self.template].rhythm, step.language)
        return step.outcome

    @rx.event
    async def edit(self, schedule_id: str):
        """A plan that is there."""
        async with staff_step(self) as step:
            actor = await step.actor()
            plans = await step.call(get_services().reports.schedules.list_schedules, actor)
            view = next((one for one in plans if str(one.id) == schedule_id), None)
            if view is None:
                raise NotFound
            draft = view.draft
            await self._begin(step, {str(one) for one in draft.people})
            self._take(draft.template, step.language, draft.columns)
            self._keep_rhythm(draft.rhythm.kind, step.language)
            self.form, self.day, self.at = draft.form, str(draft.rhythm.day), draft.rhythm.at
            self.addresses, self.opened = "\n".join(draft.addresses), schedule_id
        return step.outcome

    @rx.event
    async def choose(self, template: str):
        """Another report, with its usual columns."""
        async with staff_step(self) as step:
            await step.actor()
            self._take(template, step.language)
        return step.outcome

    @rx.event
    async def toggle(self, key: str):
        """Take a column at the end, or leave it out."""
        self.columns = toggled(self.columns, key)

    @rx.event
    async def set_form(self, form: str):
        """PDF, workbook or CSV; checked when it is saved."""
        self.form = form[:4]

    @rx.event
    async def set_rhythm(self, kind: str):
        """Every week or every month."""
        async with staff_step(self) as step:
            await step.actor()
            self._keep_rhythm(kind, step.language)
        return step.outcome

    @rx.event
    async def pick_person(self, person_id: str):
        """Send to somebody of the team, or not."""
        self.people = [
            PersonRow(row.id, row.name, row.chosen != (row.id == person_id)) for row in self.people
        ]

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Keep the plan."""
        self.busy, self.problems = True, {}
        # What was typed stays while something is wrong with it
        self.addresses = str(form.get("addresses", ""))[:_LONGEST]
        self.day, self.at = str(form.get("day", ""))[:2], str(form.get("at", ""))[:5]
        yield
        async with staff_step(self) as step:
            known = None if self.opened == NEW else parse_id(self.opened)
            schedules, actor = get_services().reports.schedules, await step.actor()
            await step.call(schedules.save, actor, self._draft(), known)
            self.opened = ""
            page = await self.get_state(ReportsState)
            await page._fetch(step)
            step.outcome = toast("ok", step.text("reports.toast.saved"))
        self.busy = False
        if step.error and step.error.field:
            # An address that cannot be one stands in the field of all addresses
            field = "recipients" if step.error.field == "email" else step.error.field
            self.problems = {field: step.text(step.error.message_key, **step.error.params)}
            step.outcome = None
        yield step.outcome

    @rx.event
    async def close(self):
        """Leave everything as it was."""
        self.opened, self.problems, self.busy = "", {}, False

    async def _begin(self, step: Step, chosen: set[str]) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        actor.require("settings.manage")
        team = await step.call(get_services().team.list_members, actor)
        self.templates = [[row.code, row.title] for row in templates_for(actor.permissions, actor.language)]
        self.zone, self.problems, self.busy = reader.zone.key, {}, False
        self.people = [
            PersonRow(str(one.person_id), one.name, str(one.person_id) in chosen)
            for one in team
            if one.active
        ]

    def _take(self, template: str, language: str, chosen: tuple[str, ...] = ()) -> None:
        if template not in TEMPLATES:
            raise Invalid("report_template_unknown", field="template")
        found = TEMPLATES[template]
        self.template, self.columns = template, columns_for(found, chosen or found.usual, language)

    def _keep_rhythm(self, kind: str, language: str) -> None:
        self.rhythm = MONTHLY if kind == MONTHLY else WEEKLY
        self.days = day_choices(self.rhythm, language)
        self.day = self.days[0][0]

    def _draft(self) -> ScheduleDraft:
        day = int(self.day) if self.day.isascii() and self.day.isdecimal() else -1
        lines = self.addresses.replace(",", "\n").replace(";", "\n").splitlines()
        return ScheduleDraft(
            template=self.template,
            columns=tuple(chosen_of(self.columns)),
            form=self.form,
            rhythm=Rhythm(self.rhythm, day, self.at),
            people=tuple(UUID(row.id) for row in self.people if row.chosen),
            addresses=tuple(line.strip() for line in lines if line.strip()),
        )
