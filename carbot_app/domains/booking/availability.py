"""Reads what is needed to tell free times: rules, resources and what is booked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Absence, Allocation, BookingTerms, Claim, Resource
from carbot_app.domains.booking.opening import OpeningRules, windows_of
from carbot_app.domains.booking.planning import BAY, LOANER, TECHNICIAN, Planning, Reservation
from carbot_app.domains.booking.slots import (
    MAX_SPAN,
    DayTimes,
    Occupancy,
    Window,
    cell_at_or_after,
    cell_before,
    days_from,
    instant_of,
    minus,
)
from carbot_app.domains.team.models import Closure, Workshop
from carbot_app.kit.errors import NotFound

_DAYS_AT_ONCE = 14


def opening_rules(session: Session, workshop: Workshop) -> OpeningRules:
    """The workshop's rules with its closures."""
    closures = session.exec(select(Closure).where(Closure.workshop_id == workshop.id)).all()
    return OpeningRules(
        hours=workshop.opening_hours,
        zone=ZoneInfo(workshop.timezone),
        country=workshop.country,
        region=workshop.region,
        closures=[(closure.starts_on, closure.ends_on, closure.hours) for closure in closures],
    )


def get_workshop(session: Session, workshop_id: UUID) -> Workshop:
    """The row; NotFound("workshop_unknown") otherwise."""
    workshop = session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound("workshop_unknown")
    return workshop


def booking_terms(session: Session, workshop_id: UUID) -> BookingTerms:
    """How the workshop plans; the defaults when it has not said."""
    row = session.exec(select(BookingTerms).where(BookingTerms.workshop_id == workshop_id)).first()
    return row or BookingTerms(workshop_id=workshop_id)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What stays the same while free times of one workshop are looked for."""

    workshop: Workshop
    rules: OpeningRules
    terms: BookingTerms
    resources: Sequence[Resource]

    @classmethod
    def read(cls, session: Session, workshop: Workshop) -> "Calendar":
        """Everything but what is booked; resources in order of entry."""
        resources = session.exec(
            select(Resource)
            .where(Resource.workshop_id == workshop.id, col(Resource.active))
            .order_by(col(Resource.id))
        ).all()
        return cls(workshop, opening_rules(session, workshop), booking_terms(session, workshop.id), resources)

    def fitting(self, demand: Demand) -> dict[str, list[Resource]]:
        """Who and what can do it, by kind, the least versatile first to keep the others free.

        One that can do everything is wanted; where nobody can, the longest service decides and the workshop
        arranges the rest among itself.
        """
        bays = self._able(BAY, demand.bays)
        if demand.lift and any(bay.lift for bay in bays):
            bays = [bay for bay in bays if bay.lift]
        elif not demand.lift:
            bays.sort(key=lambda bay: bay.lift)
        found = {TECHNICIAN: self._able(TECHNICIAN, demand.skills), BAY: bays}
        if demand.loaner:
            found[LOANER] = [resource for resource in self.resources if resource.kind == LOANER]
        return found

    def _able(self, kind: str, needs: Sequence[str]) -> list[Resource]:
        of_kind = [resource for resource in self.resources if resource.kind == kind]
        able = [resource for resource in of_kind if set(needs) <= set(resource.abilities)]
        able = able or [resource for resource in of_kind if needs[0] in resource.abilities]
        return sorted(able, key=lambda resource: len(resource.abilities))

    def longest_day(self) -> int:
        """Open cells of the longest ordinary day."""
        # Any week without a clock change tells it
        days = days_from(date(2026, 6, 15), 7)
        by_day = (
            windows_of(self.rules.hours.get(str(day.isoweekday())) or [], day, self.rules.zone)
            for day in days
        )
        return max(sum(end - start for start, end in windows) for windows in by_day)

    def _off_duty(
        self, resource: Resource, demand: Demand, opened: Mapping[date, Sequence[Window]]
    ) -> Iterator[Window]:
        """Open cells in which the resource does not work, or works for something else."""
        seasons = [
            season
            for season in self.terms.seasons
            if str(resource.id) in season["resources"] and set(demand.bays) != {season["bay"]}
        ]
        for on, windows in opened.items():
            if (resource.last_on and on > resource.last_on) or any(
                _in_season(season, on) for season in seasons
            ):
                yield from windows
            elif resource.hours:
                own = windows_of(resource.hours.get(str(on.isoweekday())) or [], on, self.rules.zone)
                yield from minus(windows, own)

    def plan(
        self,
        session: Session,
        demand: Demand,
        opened: Mapping[date, Sequence[Window]],
        *,
        now: datetime,
        besides: UUID | None = None,
        ahead: int = 0,
        everybody: bool = False,
    ) -> Planning:
        """When fitting resources are free on the days of ``opened`` and ``ahead`` cells after them.

        ``besides``: a claim that does not count, because it is the one to be changed. ``everybody``: also
        who cannot do the work; staff may know better.
        """
        cells = [edge for windows in opened.values() for window in windows for edge in window]
        base, end = min(cells), max(cells) + ahead + demand.buffer
        busy = _busy_windows(
            session, self.workshop.id, instant_of(base), instant_of(end), now=now, besides=besides
        )
        fitting = self.fitting(demand)
        if everybody:
            for kind, resources in fitting.items():
                others = [one for one in self.resources if one.kind == kind and one not in resources]
                resources.extend(others)
        reservations = {
            kind: [
                Reservation(
                    resource,
                    Occupancy.of(
                        base, (*busy.get(resource.id, ()), *self._off_duty(resource, demand, opened))
                    ),
                )
                for resource in resources
            ]
            for kind, resources in fitting.items()
        }
        return Planning(
            base=base,
            end=end,
            opened=[window for windows in opened.values() for window in windows],
            demand=demand,
            reservations=reservations,
        )


def _in_season(season: Mapping[str, Any], on: date) -> bool:
    day = f"{on:%m-%d}"
    if season["from"] <= season["to"]:
        return season["from"] <= day <= season["to"]
    return day >= season["from"] or day <= season["to"]


def read_free_times(
    session: Session,
    calendar: Calendar,
    demand: Demand,
    *,
    first_on: date,
    days: int,
    earliest: datetime,
    now: datetime,
    besides: UUID | None = None,
) -> Iterator[tuple[date, DayTimes]]:
    """Each of ``days`` days from ``first_on`` on with its free times, none before ``earliest``.

    Bookings are read two weeks at a time: most customers find something in the first.
    """
    first_cell = cell_at_or_after(earliest)
    carries_over = demand.cells > calendar.longest_day()
    for skipped in range(0, days, _DAYS_AT_ONCE):
        count = min(_DAYS_AT_ONCE, days - skipped)
        start = first_on + timedelta(days=skipped)
        # Work that is carried over may end on days that are not asked for
        seen = days_from(start, count + (_DAYS_AT_ONCE if carries_over else 0))
        opened = {day: calendar.rules.windows_on(day) for day in seen}
        asked = list(opened)[:count]
        if not any(opened[day] for day in asked):
            yield from ((day, DayTimes((), (), 1)) for day in asked)
            continue
        planning = calendar.plan(session, demand, opened, now=now, besides=besides)
        for number, day in enumerate(asked):
            following = (
                [window for later in seen[number + 1 :] for window in opened[later]] if carries_over else ()
            )
            yield day, planning.times_of(opened[day], following, first_cell)


def _busy_windows(
    session: Session, workshop_id: UUID, from_: datetime, to: datetime, *, now: datetime, besides: UUID | None
) -> dict[UUID, list[Window]]:
    expired = select(Claim.id).where(Claim.workshop_id == workshop_id, col(Claim.expires_at) <= now)
    taken = select(Allocation.resource_id, Allocation.starts_at, Allocation.ends_at).where(
        Allocation.workshop_id == workshop_id,
        Allocation.ends_at > from_,
        # The upper bound lets the index do its part.
        Allocation.ends_at < to + timedelta(minutes=MAX_SPAN * 15 + 24 * 60),
        Allocation.starts_at < to,
        col(Allocation.claim_id).not_in(expired),
    )
    if besides is not None:
        taken = taken.where(Allocation.claim_id != besides)
    absent = select(Absence.resource_id, Absence.starts_at, Absence.ends_at).where(
        Absence.workshop_id == workshop_id, Absence.ends_at > from_, Absence.starts_at < to
    )
    busy: dict[UUID, list[Window]] = {}
    for query in (taken, absent):
        for resource_id, starts_at, ends_at in session.exec(query):
            busy.setdefault(resource_id, []).append((cell_before(starts_at), cell_at_or_after(ends_at)))
    return busy
