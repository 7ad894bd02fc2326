"""Reads what is needed to tell free times: rules, resources and what is booked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import type_coerce
from sqlmodel import Session, col, select

from carbot_app.domains.booking.allocation_columns import CellColumn, KnownId
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Absence, Allocation, BookingTerms, Claim, Resource
from carbot_app.domains.booking.opening import OpeningRules, windows_of
from carbot_app.domains.booking.planning import BAY, LOANER, TECHNICIAN, Planning, Reservation
from carbot_app.domains.booking.slots import (
    CELL_MINUTES,
    MAX_SPAN,
    DayTimes,
    FreeTime,
    Occupancy,
    Window,
    cell_at_or_after,
    cell_before,
    days_from,
    instant_of,
    minus,
    spans_of_day,
)
from carbot_app.domains.catalog.schemas import ServiceView
from carbot_app.domains.team.models import Closure, Workshop
from carbot_app.kit.errors import Invalid, NotFound

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

    def demand_of(
        self,
        services: Sequence[ServiceView],
        *,
        minutes: int = 0,
        waiting: bool = False,
        loaner: bool = False,
    ) -> Demand:
        """What the services need here. Raises Invalid waiting_too_long or loaner_unknown."""
        demand = Demand.of(
            services,
            minutes=minutes,
            waiting=waiting,
            loaner=loaner,
            buffer_minutes=self.terms.buffer_minutes,
        )
        if waiting and demand.cells * CELL_MINUTES > self.terms.waiting_limit_minutes:
            raise Invalid("waiting_too_long", field="waiting", minutes=self.terms.waiting_limit_minutes)
        if loaner and not any(resource.kind == LOANER for resource in self.resources):
            raise Invalid("loaner_unknown", field="loaner")
        return demand

    def windows_from(self, on: date, days: int = 1) -> dict[date, list[Window]]:
        """Opening windows of the days and of those that work begun on them may be carried over to."""
        return {day: self.rules.windows_on(day) for day in days_from(on, days - 1 + _DAYS_AT_ONCE)}

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

    def spans_on(self, on: date, demand: Demand) -> Iterator[FreeTime]:
        """Every time on the day at which the work could be done if everybody were free."""
        opened = self.windows_from(on)
        windows = opened.pop(on)
        carried_over = (
            [window for later in opened.values() for window in later] if self.carries_over(demand) else ()
        )
        return spans_of_day(windows, demand.cells, carried_over)

    def carries_over(self, demand: Demand) -> bool:
        """Whether the work is longer than the longest ordinary day, so that it takes several."""
        # Any week without a clock change tells it
        days = days_from(date(2026, 6, 15), 7)
        by_day = (
            windows_of(self.rules.hours.get(str(day.isoweekday())) or [], day, self.rules.zone)
            for day in days
        )
        return demand.cells > max(sum(end - start for start, end in windows) for windows in by_day)

    def off_duty(
        self, resource: Resource, opened: Mapping[date, Sequence[Window]], bays: Sequence[str] = ()
    ) -> Iterator[Window]:
        """Open cells in which the resource does not work, or not for work that needs these ``bays``."""
        seasons = [
            season
            for season in self.terms.seasons
            if bays and str(resource.id) in season["resources"] and season["bay"] not in bays
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
        between = (session, self.workshop.id, instant_of(base), instant_of(end))
        taken, absent = _taken_windows(*between, now=now, besides=besides), _absent_windows(*between)

        def reserve(resource: Resource, able: bool) -> Reservation:
            away = Occupancy.of(
                base, (*absent.get(resource.id, ()), *self.off_duty(resource, opened, demand.bays))
            )
            busy = Occupancy.of(base, taken.get(resource.id, ())).busy | away.busy
            return Reservation(resource, Occupancy(base, busy), away, able)

        fitting = self.fitting(demand)
        reservations = {kind: [reserve(one, True) for one in able] for kind, able in fitting.items()}
        if everybody:
            for kind, able in fitting.items():
                others = [one for one in self.resources if one.kind == kind and one not in able]
                reservations[kind] += [reserve(one, False) for one in others]
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
    carries_over = calendar.carries_over(demand)
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


def _taken_windows(
    session: Session, workshop_id: UUID, from_: datetime, to: datetime, *, now: datetime, besides: UUID | None
) -> dict[UUID, list[Window]]:
    expired = select(Claim.id).where(Claim.workshop_id == workshop_id, col(Claim.expires_at) <= now)
    query = select(
        type_coerce(Allocation.resource_id, KnownId()),
        type_coerce(Allocation.starts_at, CellColumn()),
        type_coerce(Allocation.ends_at, CellColumn()),
    ).where(
        Allocation.workshop_id == workshop_id,
        Allocation.ends_at > from_,
        # The upper bound lets the index do its part; a loaner may be out for a night longer
        Allocation.ends_at < to + timedelta(minutes=MAX_SPAN * CELL_MINUTES, days=1),
        Allocation.starts_at < to,
        col(Allocation.claim_id).not_in(expired),
    )
    if besides is not None:
        query = query.where(Allocation.claim_id != besides)
    windows: dict[UUID, list[Window]] = {}
    for resource_id, start, end in session.exec(query):
        windows.setdefault(resource_id, []).append((start, end))
    return windows


def _absent_windows(
    session: Session, workshop_id: UUID, from_: datetime, to: datetime
) -> dict[UUID, list[Window]]:
    query = select(Absence.resource_id, Absence.starts_at, Absence.ends_at).where(
        Absence.workshop_id == workshop_id, Absence.ends_at > from_, Absence.starts_at < to
    )
    windows: dict[UUID, list[Window]] = {}
    for resource_id, starts_at, ends_at in session.exec(query):
        windows.setdefault(resource_id, []).append((cell_before(starts_at), cell_at_or_after(ends_at)))
    return windows
