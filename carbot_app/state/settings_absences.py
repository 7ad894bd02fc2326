"""Absences of one technician, bay or loaner."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.resource_rules import REASONS
from carbot_app.domains.booking.resource_schemas import AbsenceDraft, AbsenceSaved, AbsenceView
from carbot_app.kit.errors import NotFound
from carbot_app.state.affected_visits import AffectedMixin
from carbot_app.state.feedback import toast
from carbot_app.state.session import reader_for
from carbot_app.state.settings_places import PlacesState
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_day

FIRST_REASON = REASONS[0]


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """An absence as a row."""

    id: str
    when: str
    reason: str
    note: str
    external: bool


class AbsenceState(AffectedMixin, rx.State):
    """The pane with the list and, below it, the form. ``task``: list or affected."""

    resource_id: str = ""
    name: str = ""
    kind: str = ""
    lines: list[AbsenceLine] = []
    chosen_id: str = ""
    """The absence being changed; empty: a new one."""
    texts: dict[str, str] = {}
    reason: str = FIRST_REASON
    whole_days: bool = True
    may_plan: bool = False
    version: int = 0
    """Counts openings, so that the fields start from what is stored."""

    @rx.event
    async def open_absences(self, resource_id: str):
        """Show the absences of one resource and a form for the next."""
        async with staff_step(self) as step:
            await self._fetch(step, parse_id(resource_id))
            self.task, self.affected = "list", []
            await self._start(None)
        return step.outcome

    @rx.event
    async def pick_reason(self, reason: str):
        """Why."""
        async with staff_step(self) as step:
            await step.actor()
            self.reason = reason if reason in REASONS else self.reason
        return step.outcome

    @rx.event
    async def set_whole_days(self, on: bool):
        """Whole days, or from one time to another."""
        async with staff_step(self) as step:
            await step.actor()
            self.whole_days = on
        return step.outcome

    @rx.event
    async def edit(self, absence_id: str):
        """Put an absence into the form; without an id the form is for a new one."""
        async with staff_step(self) as step:
            found = await self._fetch(step, parse_id(self.resource_id))
            chosen = next((one for one in found if str(one.id) == absence_id and not one.external), None)
            if absence_id and chosen is None:
                raise NotFound("absence_unknown")
            await self._start(chosen)
        return step.outcome

    @rx.event
    async def remove(self, absence_id: str):
        """They are there after all."""
        async with staff_step(self) as step:
            resources, actor = get_services().resources, await step.actor()
            await step.call(resources.remove_absence, actor, parse_id(absence_id))
            await self._fetch(step, parse_id(self.resource_id))
            await self._start(None)
            step.outcome = [toast("ok", step.text("places.absence.removed")), PlacesState.load]
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store, and ask about the visits within it."""
        self.busy = True
        yield
        self.problems = {}
        async with staff_step(self) as step:
            resources, actor = get_services().resources, await step.actor()
            draft = self._draft({name: str(value) for name, value in form.items()})
            if self.chosen_id:
                saved = await step.call(resources.change_absence, actor, parse_id(self.chosen_id), draft)
            else:
                saved = await step.call(resources.add_absence, actor, parse_id(self.resource_id), draft)
            self._ask(saved.affected)
            step.outcome = [_told(step, saved), PlacesState.load]
        self.busy = False
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            step.outcome = None
        yield step.outcome

    async def _fetch(self, step: Step, resource_id: UUID) -> tuple[AbsenceView, ...]:
        actor = await step.actor()
        found = await step.call(get_services().resources.list_resources, actor)
        chosen = next((one for one in found if one.id == resource_id), None)
        if chosen is None:
            raise NotFound("resource_unknown")
        self.resource_id, self.name, self.kind = str(chosen.id), chosen.name, chosen.kind
        self.may_plan = actor.can("bookings.manage")
        self.lines = [
            AbsenceLine(str(one.id), one.when, one.reason, one.note, one.external) for one in chosen.absences
        ]
        return chosen.absences

    async def _start(self, chosen: AbsenceView | None) -> None:
        reader = await reader_for(self)
        today = reader.today().isoformat()
        self.texts = {"starts_on": today, "ends_on": today, "starts_at": "08:00", "ends_at": "12:00"}
        self.chosen_id, self.reason, self.whole_days = "", FIRST_REASON, True
        if chosen:
            local = [at.astimezone(reader.zone) for at in (chosen.starts_at, chosen.ends_at)]
            self.chosen_id, self.reason = str(chosen.id), chosen.reason
            self.whole_days = chosen.whole_days
            self.texts = {
                "starts_on": chosen.first_on.isoformat(),
                "ends_on": chosen.last_on.isoformat(),
                "starts_at": f"{local[0]:%H:%M}",
                "ends_at": f"{local[1]:%H:%M}",
                "note": chosen.note,
            }
        self.problems = {}
        self.version += 1

    def _draft(self, form: dict[str, str]) -> AbsenceDraft:
        starts_on = read_day(form.get("starts_on", ""), field="starts_on")
        last = form.get("ends_on", "")
        return AbsenceDraft(
            starts_on=starts_on,
            ends_on=read_day(last, field="ends_on") if last else starts_on,
            starts_at="" if self.whole_days else form.get("starts_at", ""),
            ends_at="" if self.whole_days else form.get("ends_at", ""),
            reason=self.reason,
            note=form.get("note", ""),
        )


def _told(step: Step, saved: AbsenceSaved) -> Any:
    if saved.overlapping:
        others = ", ".join(one.when for one in saved.overlapping)
        return toast(
            "info",
            step.text("places.absence.saved"),
            detail=step.text("places.absence.overlaps", others=others),
        )
    return toast("ok", step.text("places.absence.saved"), detail=saved.absence.when)
