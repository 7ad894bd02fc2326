"""Technicians, bays and loaners: the lists of the settings."""

from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.resource_rules import KINDS
from carbot_app.domains.booking.resource_schemas import AbsenceView, ResourceView
from carbot_app.state.feedback import toast
from carbot_app.state.hints import is_about
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import PlateText, initials, plate_text, tint

LIVE_TOPICS = {"appointment"}
_LIVE_KINDS = ("resources.", "")
_SHOWN_ABILITIES = 3


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """A technician, bay or loaner as a row."""

    id: str
    kind: str
    name: str
    initials: str
    tint: int
    remark: str
    abilities: list[str]
    """Keys of the first few; the words are in the catalogue's files."""
    more: int
    """How many abilities are not shown."""
    lift: bool
    plate: PlateText
    own_hours: bool
    leaves: str
    """Last day; empty: stays."""
    absence: str
    """The absence of now or the next one."""
    reason: str
    absent: bool
    """It is going on today."""
    absences: int


@dataclass(frozen=True, slots=True)
class _Board:
    lines: dict[str, list[ResourceLine]] = field(default_factory=dict)
    retired: list[ResourceLine] = field(default_factory=list)


class PlacesState(rx.State):
    """The lists; what opens over them is in PlacePaneState and AbsenceState."""

    status: str = "loading"
    """loading, ready or failed."""
    technicians: list[ResourceLine] = []
    bays: list[ResourceLine] = []
    loaners: list[ResourceLine] = []
    retired: list[ResourceLine] = []
    may_edit: bool = False
    may_plan: bool = False
    """May enter absences."""

    @rx.event
    async def load(self):
        """Fetch everybody and everything."""
        async with staff_step(self) as step:
            await self._fetch(step)
        self.status = "failed" if step.error else "ready"
        return step.outcome

    @rx.event
    async def on_live(self, topic: str, subject: str, kind: str):
        """Fetch again after a hint that resources changed."""
        if not is_about(topic, subject, LIVE_TOPICS) or self.status != "ready":
            return None
        if topic != "resync" and not kind.startswith(_LIVE_KINDS):
            return None
        async with staff_step(self) as step:
            await self._fetch(step)
        return step.outcome

    @rx.event
    async def restore(self, resource_id: str):
        """Plan with a retired one again."""
        async with staff_step(self) as step:
            actor = await step.actor()
            back = await step.call(get_services().resources.restore, actor, parse_id(resource_id))
            await self._fetch(step)
            step.outcome = toast("ok", step.text("places.restored", name=back.name))
        return step.outcome

    async def _fetch(self, step: Step) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(get_services().resources.list_resources, actor)
        country = (await step.call(get_services().team.get_workshop, actor)).country
        self.may_edit, self.may_plan = actor.can("settings.manage"), actor.can("bookings.manage")
        active = {
            kind: [_line(one, reader.today(), country) for one in found if one.kind == kind and one.active]
            for kind in KINDS
        }
        self.technicians, self.bays, self.loaners = (active[kind] for kind in KINDS)
        self.retired = [_line(one, reader.today(), country) for one in found if not one.active]


def _line(one: ResourceView, today: date, country: str) -> ResourceLine:
    nearest: AbsenceView | None = next(islice(one.absences, 1), None)
    return ResourceLine(
        id=str(one.id),
        kind=one.kind,
        name=one.name,
        initials=initials(one.name),
        tint=tint(one.name),
        remark=one.remark,
        abilities=list(one.abilities[:_SHOWN_ABILITIES]),
        more=max(0, len(one.abilities) - _SHOWN_ABILITIES),
        lift=one.lift,
        plate=plate_text(one.plate, country) if one.plate else PlateText(),
        own_hours=bool(one.hours),
        leaves=one.last_on.isoformat() if one.last_on else "",
        absence=nearest.when if nearest else "",
        reason=nearest.reason if nearest else "",
        absent=bool(nearest and nearest.first_on <= today <= nearest.last_on),
        absences=len(one.absences),
    )
