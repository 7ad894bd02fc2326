"""Reads what is needed to tell free times: rules, resources and what is booked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.slots import (
    FreeStarts,
    FreeTime,
    Occupancy,
    Window,
    cell_at_or_after,
    cell_before,
    cells_of,
    days_from,
    instant_of,
    spans_of_day,
)
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.team.models import Closure, Workshop
from carbot_app.kit.errors import NotFound

TECHNICIAN = "technician"
BAY = "bay"
_DAYS_AT_ONCE = 14


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


def fitting_resources(
    session: Session, workshop_id: UUID, demand: Demand
) -> tuple[list[Resource], list[Resource]]:
    """Active technicians and bays for a visit, the least versatile first to keep the others free.

    One that can do everything is wanted; where nobody can, the longest service decides and the workshop
    arranges the rest among itself.
    """
    resources = session.exec(
        select(Resource)
        .where(Resource.workshop_id == workshop_id, col(Resource.active))
        .order_by(col(Resource.id))
    ).all()
    return _fitting(resources, TECHNICIAN, demand.skills), _fitting(resources, BAY, demand.bays)


def _fitting(resources: Sequence[Resource], kind: str, needs: Sequence[str]) -> list[Resource]:
    of_kind = [resource for resource in resources if resource.kind == kind]
    fitting = [resource for resource in of_kind if set(needs) <= set(resource.abilities)]
    fitting = fitting or [resource for resource in of_kind if needs[0] in resource.abilities]
    return sorted(fitting, key=lambda resource: len(resource.abilities))


def read_free_times(
    session: Session,
    workshop: Workshop,
    demand: Demand,
    *,
    first_on: date,
    days: int,
    earliest: datetime,
) -> Iterator[tuple[date, list[FreeTime]]]:
    """Each of ``days`` days from ``first_on`` on with its free times, none before ``earliest``.

    Bookings are read two weeks at a time: most customers find something in the first.
    """
    rules = opening_rules(session, workshop)
    technicians, bays = fitting_resources(session, workshop.id, demand)
    first_cell = cell_at_or_after(earliest)
    for skipped in range(0, days, _DAYS_AT_ONCE):
        count = min(_DAYS_AT_ONCE, days - skipped)
        opened = {day: rules.windows_on(day) for day in days_from(first_on + timedelta(days=skipped), count)}
        cells = [cell for windows in opened.values() for window in windows for cell in window]
        if not cells:
            yield from ((day, []) for day in opened)
            continue
        base, end = min(cells), max(cells)
        busy = _busy_windows(session, workshop.id, instant_of(base), instant_of(end))
        free = FreeStarts(
            base,
            end,
            [Occupancy.of(base, busy.get(resource.id, ())) for resource in technicians],
            [Occupancy.of(base, busy.get(resource.id, ())) for resource in bays],
        )
        for day, windows in opened.items():
            spans = spans_of_day(windows, demand.cells)
            yield day, [span for span in spans if span.start >= first_cell and free.holds(span)]


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
