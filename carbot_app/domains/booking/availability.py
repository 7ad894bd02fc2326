"""Reads what is needed to tell free times: rules, resources and what is booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.slots import (
    FreeTime,
    Occupancy,
    Window,
    cell_at_or_after,
    cell_before,
    cells_of,
    days_from,
    free_times,
    spans_of_day,
)
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.team.models import Closure, Workshop
from carbot_app.kit.errors import NotFound

TECHNICIAN = "technician"
BAY = "bay"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a visit needs: cells of work, skills and bay types, those of the longest service first."""

    cells: int
    skills: tuple[str, ...]
    bays: tuple[str, ...]

    @classmethod
    def of(cls, services: Sequence[ServiceView]) -> "Demand":
        """Of the services of one visit, done one after the other."""
        by_length = sorted(services, key=lambda service: -service.minutes)
        return cls(
            cells_of(sum(service.minutes for service in services)),
            tuple(dict.fromkeys(service.skill for service in by_length)),
            tuple(dict.fromkeys(service.bay for service in by_length)),
        )


def opening_rules(session: Session, workshop: Workshop) -> OpeningRules:
    """The workshop's rules with its closures."""
    closures = session.exec(select(Closure).where(Closure.workshop_id == workshop.id)).all()
    return OpeningRules(
        hours=workshop.opening_hours,
        zone=ZoneInfo(workshop.timezone),
        country=workshop.country,
        region=workshop.region,
        closures=[(closure.starts_on, closure.ends_on) for closure in closures],
    )


def get_workshop(session: Session, workshop_id: UUID) -> Workshop:
    """The row; NotFound("workshop_unknown") otherwise."""
    workshop = session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound("workshop_unknown")
    return workshop


def fitting_resources(session: Session, workshop_id: UUID, kind: str, needs: Sequence[str]) -> list[Resource]:
    """Active technicians or bays for a visit, the least versatile first to keep the others free.

    One that can do everything is wanted; where nobody can, the longest service decides and the workshop
    arranges the rest among itself.
    """
    resources = session.exec(
        select(Resource)
        .where(Resource.workshop_id == workshop_id, Resource.kind == kind, col(Resource.active))
        .order_by(col(Resource.id))
    ).all()
    fitting = [r for r in resources if set(needs) <= set(r.abilities)]
    fitting = fitting or [r for r in resources if needs[0] in r.abilities]
    return sorted(fitting, key=lambda resource: len(resource.abilities))


def read_free_times(
    session: Session,
    workshop: Workshop,
    demand: Demand,
    *,
    first_on: date,
    days: int,
    earliest: datetime,
) -> dict[date, list[FreeTime]]:
    """Free times of each of ``days`` days from ``first_on`` on, none before ``earliest``."""
    rules = opening_rules(session, workshop)
    candidates = {
        day: list(spans_of_day(rules.windows_on(day), demand.cells)) for day in days_from(first_on, days)
    }
    times = [time for day_times in candidates.values() for time in day_times]
    if not times:
        return {day: [] for day in candidates}
    base = min(time.start for time in times)
    busy = _busy_windows(session, workshop.id, times[0].starts_at, times[-1].ends_at)
    occupancies = {
        kind: [
            Occupancy.of(base, busy.get(resource.id, ()))
            for resource in fitting_resources(session, workshop.id, kind, needs)
        ]
        for kind, needs in ((TECHNICIAN, demand.skills), (BAY, demand.bays))
    }
    return free_times(candidates, occupancies[TECHNICIAN], occupancies[BAY], base, cell_at_or_after(earliest))


def _busy_windows(
    session: Session, workshop_id: UUID, from_: datetime, to: datetime
) -> dict[UUID, list[Window]]:
    rows = session.exec(
        select(
            Appointment.technician_id, Appointment.bay_id, Appointment.starts_at, Appointment.ends_at
        ).where(
            Appointment.workshop_id == workshop_id,
            Appointment.starts_at < to,
            # No work lasts longer than a day; the lower bound lets the index do its part.
            Appointment.starts_at > from_ - timedelta(days=1),
            Appointment.ends_at > from_,
            col(Appointment.state).not_in(FREE_STATES),
        )
    ).all()
    busy: dict[UUID, list[Window]] = {}
    for technician_id, bay_id, starts_at, ends_at in rows:
        window = (cell_before(starts_at), cell_at_or_after(ends_at))
        busy.setdefault(technician_id, []).append(window)
        busy.setdefault(bay_id, []).append(window)
    return busy
