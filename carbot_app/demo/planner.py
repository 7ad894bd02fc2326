"""Places demo appointments so that nobody and no bay is taken twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.models import Allocation, Claim, OccupiedCell, Resource
from carbot_app.domains.team.hours import OpeningHours, intervals_on

CELL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Place:
    """A time with the people and bay it takes."""

    starts_at: datetime
    ends_at: datetime
    technician: Resource
    bay: Resource


@dataclass(slots=True)
class Planner:
    """Remembers what is taken while history is made up."""

    opening_hours: OpeningHours
    zone: ZoneInfo
    resources: list[Resource]
    is_holiday: Callable[[date], bool]
    away: list[tuple[UUID, datetime, datetime]] = field(default_factory=list)
    """Who is absent from when to when."""
    taken: set[tuple[UUID, datetime]] = field(default_factory=set)

    def place(self, day: date, minutes: int, skill: str, bay_type: str, *, offset: int = 0) -> Place | None:
        """First fitting place on ``day``, searched from ``offset`` quarters after opening."""
        if self.is_holiday(day):
            return None
        for start_time, end_time in intervals_on(self.opening_hours, day):
            start = datetime.combine(day, start_time, self.zone).astimezone(UTC) + offset * CELL
            closing = datetime.combine(day, end_time, self.zone).astimezone(UTC)
            while start + timedelta(minutes=minutes) <= closing:
                technician = self._free("technician", skill, start, minutes)
                bay = self._free("bay", bay_type, start, minutes)
                if technician and bay:
                    return Place(start, start + timedelta(minutes=minutes), technician, bay)
                start += CELL
        return None

    def take(
        self, place: Place, appointment_id: UUID, workshop_id: UUID
    ) -> list[Claim | Allocation | OccupiedCell]:
        """Mark a place as taken; returns the rows that make it so."""
        claim = Claim(workshop_id=workshop_id, appointment_id=appointment_id)
        rows: list[Claim | Allocation | OccupiedCell] = [claim]
        for resource in (place.technician, place.bay):
            rows.append(
                Allocation(
                    workshop_id=workshop_id,
                    claim_id=claim.id,
                    resource_id=resource.id,
                    starts_at=place.starts_at,
                    ends_at=place.ends_at,
                )
            )
            for cell_at in _cells(place.starts_at, place.ends_at):
                self.taken.add((resource.id, cell_at))
                rows.append(
                    OccupiedCell(
                        workshop_id=workshop_id,
                        resource_id=resource.id,
                        cell_at=cell_at,
                        claim_id=claim.id,
                    )
                )
        return rows

    def _free(self, kind: str, ability: str, start: datetime, minutes: int) -> Resource | None:
        cells = _cells(start, start + timedelta(minutes=minutes))
        for resource in self.resources:
            fits = resource.kind == kind and ability in resource.abilities
            if (
                fits
                and self._works(resource, start, start + timedelta(minutes=minutes))
                and not any((resource.id, cell) in self.taken for cell in cells)
            ):
                return resource
        return None

    def _works(self, resource: Resource, start: datetime, end: datetime) -> bool:
        if any(id_ == resource.id and first < end and last > start for id_, first, last in self.away):
            return False
        local = start.astimezone(self.zone), end.astimezone(self.zone)
        return not resource.hours or any(
            first <= local[0].time() and local[1].time() <= last
            for first, last in intervals_on(resource.hours, local[0].date())
        )


def _cells(start: datetime, end: datetime) -> list[datetime]:
    count = -(-int((end - start).total_seconds()) // int(CELL.total_seconds()))
    return [start + index * CELL for index in range(count)]
