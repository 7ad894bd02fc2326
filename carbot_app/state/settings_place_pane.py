"""The pane for one technician, bay or loaner: adding, changing, retiring."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.planning import TECHNICIAN
from carbot_app.domains.booking.resource_rules import ABILITIES, KINDS
from carbot_app.domains.booking.resource_schemas import ResourceDraft, ResourceView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import NotFound
from carbot_app.state.affected_visits import AffectedMixin
from carbot_app.state.feedback import toast
from carbot_app.state.settings_places import PlacesState
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.typed import read_day

_WEEK = ("1", "2", "3", "4", "5", "6", "7")
_NOTHING = {"name": "", "remark": "", "plate": "", "person_id": "", "last_on": ""}


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Own hours of a weekday; breaks are those of the workshop."""

    day: str
    begins: str = ""
    ends: str = ""


class PlacePaneState(AffectedMixin, rx.State):
    """One resource. ``task``: edit, retire (the question before it) or affected."""

    kind: str = TECHNICIAN
    chosen_id: str = ""
    """Empty while it is being added."""
    texts: dict[str, str] = _NOTHING
    abilities: list[str] = []
    lift: bool = False
    own_hours: bool = False
    week: list[DaySpan] = []
    people: list[list[str]] = []
    """Members (id, name) who may be linked."""
    version: int = 0
    """Counts openings, so that the fields start from what is stored."""

    @rx.event
    async def ask_add(self, kind: str):
        """Open the form for a new one."""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("settings.manage")
            self._show(None, kind if kind in KINDS else TECHNICIAN)
            await self._list_people(step, actor)
        return step.outcome

    @rx.event
    async def open_resource(self, resource_id: str):
        """Open a stored one."""
        async with staff_step(self) as step:
            actor = await step.actor()
            actor.require("settings.manage")
            found = await step.call(get_services().resources.list_resources, actor)
            chosen = next((one for one in found if str(one.id) == resource_id), None)
            if chosen is None:
                raise NotFound("resource_unknown")
            self._show(chosen, chosen.kind)
            await self._list_people(step, actor)
        return step.outcome

    @rx.event
    async def toggle_ability(self, name: str):
        """A skill or type of bay was switched."""
        async with staff_step(self) as step:
            await step.actor()
            wished = set(self.abilities) ^ {name}
            self.abilities = [known for known in ABILITIES[self.kind] if known in wished]
        return step.outcome

    @rx.event
    async def set_own_hours(self, on: bool):
        """The technician works other hours than the workshop opens, or just those."""
        async with staff_step(self) as step:
            actor = await step.actor()
            self.own_hours = on
            if on and not any(day.begins for day in self.week):
                opened = (await step.call(get_services().team.get_workshop, actor)).opening_hours
                self.week = _week(opened)
                self.version += 1
        return step.outcome

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Store; a technician's last day may concern visits."""
        self.busy = True
        yield
        self.problems = {}
        async with staff_step(self) as step:
            resources, actor = get_services().resources, await step.actor()
            draft = self._draft({name: str(value) for name, value in form.items()})
            if self.chosen_id:
                saved = await step.call(resources.change_resource, actor, parse_id(self.chosen_id), draft)
                self._ask(saved.affected)
                name = saved.resource.name
            else:
                name = (await step.call(resources.add_resource, actor, self.kind, draft)).name
                self.task = ""
            step.outcome = [toast("ok", step.text("places.saved", name=name)), PlacesState.load]
        yield self._after(step)

    @rx.event
    async def ask_retire(self):
        """Ask before nobody plans with it any more, naming the visits still to come."""
        async with staff_step(self) as step:
            resources, actor = get_services().resources, await step.actor()
            affected = await step.call(resources.list_affected, actor, parse_id(self.chosen_id))
            self._ask(affected)
            self.task = "retire"
        return step.outcome

    @rx.event
    async def retire(self):
        """Put its visits on the list to plan, then plan with it no more."""
        self.busy = True
        yield
        async with staff_step(self) as step:
            resources, actor = get_services().resources, await step.actor()
            actor.require("settings.manage")
            await self._unplan(step)
            gone = await step.call(resources.retire, actor, parse_id(self.chosen_id))
            self.task = ""
            step.outcome = [toast("ok", step.text("places.retired", name=gone.name)), PlacesState.load]
        self.busy = False
        yield step.outcome

    def _show(self, chosen: ResourceView | None, kind: str) -> None:
        self.task, self.kind, self.problems, self.affected = "edit", kind, {}, []
        self.chosen_id = str(chosen.id) if chosen else ""
        self.texts = dict(_NOTHING)
        self.abilities, self.lift, self.own_hours, self.week = [], False, False, _week({})
        if chosen:
            self.texts = {
                "name": chosen.name,
                "remark": chosen.remark,
                "plate": chosen.plate,
                "person_id": str(chosen.person_id or ""),
                "last_on": chosen.last_on.isoformat() if chosen.last_on else "",
            }
            self.abilities, self.lift = list(chosen.abilities), chosen.lift
            self.own_hours, self.week = bool(chosen.hours), _week(chosen.hours)
        self.version += 1

    async def _list_people(self, step: Step, actor: Actor) -> None:
        members = await step.call(get_services().team.list_members, actor)
        self.people = [[str(one.person_id), one.name] for one in members if one.active]

    def _draft(self, form: dict[str, str]) -> ResourceDraft:
        person, last_on = form.get("person_id", ""), form.get("last_on", "")
        spans = {day: (form.get(f"begins-{day}", ""), form.get(f"ends-{day}", "")) for day in _WEEK}
        return ResourceDraft(
            name=form.get("name", ""),
            remark=form.get("remark", ""),
            plate=form.get("plate", ""),
            abilities=tuple(self.abilities),
            lift="lift" in form,
            hours={day: [span] for day, span in spans.items() if any(span)} if self.own_hours else {},
            person_id=parse_id(person) if person else None,
            last_on=read_day(last_on, field="last_on") if last_on else None,
        )

    def _after(self, step: Step) -> Any:
        self.busy = False
        if step.error and step.error.field:
            self.problems = {step.error.field: step.text(step.error.message_key, **step.error.params)}
            return None
        return step.outcome


def _week(hours: Any) -> list[DaySpan]:
    spans = {day: [time for span in hours.get(day, ()) for time in span] for day in _WEEK}
    return [DaySpan(day, min(times), max(times)) if times else DaySpan(day) for day, times in spans.items()]
