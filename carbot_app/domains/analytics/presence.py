"""How long technicians were there, and how much of that their visits took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, String, cast, extract, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from carbot_app.domains.analytics.rollups import table_of
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.domains.booking.availability import Calendar, booking_terms, opening_rules
from carbot_app.domains.booking.models import Absence, Appointment, Resource
from carbot_app.domains.booking.opening import OpeningRules, windows_of
from carbot_app.domains.booking.planning import TECHNICIAN
from carbot_app.domains.booking.slots import CELL_MINUTES, Window, cell_at_or_after, cell_before, minus
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.team.models import Workshop

_LONGEST_VISIT = timedelta(days=14)
Cells = NDArray[np.int64]


class Minutes(NamedTuple):
    """Of one technician on one day."""

    present: int
    booked: int


Presence = Mapping[date, Mapping[UUID | None, Minutes]]
"""Day → technician → minutes. None: visits whose technician is not known any more, since an erasure takes
that link; they count as booked, so that a figure does not change when somebody is forgotten."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who could be there and when the workshop is open; the same for every span that is asked about."""

    session: Session
    rules: OpeningRules
    filters: Filters
    began_on: date | None
    """Day of the first visit. Before it a workshop did not plan here, and nobody's time was empty."""
    people: Sequence[tuple[Resource, date | None]]
    """Technicians with their last day."""
    calendar: Calendar

    def presence(self, span: Span) -> Presence:
        """Minutes of every day of the span."""
        if self.began_on is None:
            return {}
        rules, filters = self.rules, self.filters
        opened = {
            day: _open(rules, day, filters) for day in Span(max(span.first, self.began_on), span.last).each()
        }
        opened = {day: windows for day, windows in opened.items() if windows}
        if not opened:
            return {}
        absent = _absences(self.session, rules, span)
        there: dict[UUID | None, dict[date, list[Window]]] = {
            one.id: _there(self.calendar, one, last_on, opened, absent.get(one.id, ()))
            for one, last_on in self.people
        }
        if filters.technician_id is None:
            there[None] = opened
        booked = _booked(self.session, rules, span, there)
        presence: dict[date, dict[UUID | None, Minutes]] = {day: {} for day in opened}
        for who, windows in there.items():
            taken = booked.get(who, {})
            for day, found in windows.items():
                if found:
                    presence[day][who] = Minutes(0 if who is None else _minutes(found), taken.get(day, 0))
        return presence


def read_staff(
    session: Session, workshop: Workshop, rules: OpeningRules, filters: Filters, *, now: datetime
) -> Staff:
    """The staff of the workshop, narrowed to a technician, weekday or hour."""
    began = session.exec(select(func.min(col(Appointment.starts_at)))).one()
    people = _technicians(session, rules, filters, now)
    calendar = Calendar(workshop, rules, booking_terms(session, workshop.id), [one for one, _ in people])
    began_on = rules.local_date(began) if began else None
    return Staff(session, rules, filters, began_on, people, calendar)


def read_presence(
    session: Session, workshop: Workshop, span: Span, filters: Filters, *, now: datetime
) -> Presence:
    """Minutes of every day of the span; narrowed to a technician, weekday or hour."""
    rules = opening_rules(session, workshop)
    return read_staff(session, workshop, rules, filters, now=now).presence(span)


def _open(rules: OpeningRules, day: date, filters: Filters) -> list[Window]:
    if filters.weekday is not None and day.weekday() != filters.weekday:
        return []
    windows = rules.windows_on(day)
    if filters.hour is None or not windows:
        return windows
    until = "24:00" if filters.hour == 23 else f"{filters.hour + 1:02}:00"
    return _both(windows, windows_of([(f"{filters.hour:02}:00", until)], day, rules.zone))


def _technicians(
    session: Session, rules: OpeningRules, filters: Filters, now: datetime
) -> list[tuple[Resource, date | None]]:
    """Technicians with their last day. Who was only switched off was there until their last visit."""
    query = select(Resource).where(Resource.kind == TECHNICIAN)
    if filters.technician_id is not None:
        query = query.where(Resource.id == filters.technician_id)
    people = session.exec(query).all()
    last_on: dict[UUID | None, date] = {}
    if gone := [one.id for one in people if not one.active and one.last_on is None]:
        visits = session.exec(
            select(Appointment.technician_id, func.max(col(Appointment.starts_at)))
            .where(col(Appointment.technician_id).in_(gone), Appointment.starts_at <= now)
            .group_by(col(Appointment.technician_id))
        )
        last_on = {who: rules.local_date(at) for who, at in visits}
    return [(one, one.last_on or (None if one.active else last_on.get(one.id, date.min))) for one in people]


def _absences(session: Session, rules: OpeningRules, span: Span) -> dict[UUID, list[Window]]:
    start, end = _instants(rules, span)
    query = select(Absence).where(Absence.starts_at < end, Absence.ends_at > start)
    absent: dict[UUID, list[Window]] = {}
    for row in session.exec(query):
        window = (cell_before(row.starts_at), cell_at_or_after(row.ends_at))
        absent.setdefault(row.resource_id, []).append(window)
    return absent


def _there(
    calendar: Calendar,
    one: Resource,
    last_on: date | None,
    opened: Mapping[date, list[Window]],
    absent: Sequence[Window],
) -> dict[date, list[Window]]:
    worked = opened if last_on is None else {day: found for day, found in opened.items() if day <= last_on}
    if not one.hours and not absent:
        return dict(worked)
    return {
        day: minus(windows, sorted([*calendar.off_duty(one, {day: windows}), *absent]))
        for day, windows in worked.items()
    }


def _booked(
    session: Session,
    rules: OpeningRules,
    span: Span,
    there: Mapping[UUID | None, Mapping[date, list[Window]]],
) -> dict[UUID | None, dict[date, int]]:
    """Minutes visits take of the time somebody is there: breaks and nights they span are no work."""
    start, end = _instants(rules, span)
    visit = table_of(Appointment).c
    # A row for each technician: a year of visits is thousands
    query = (
        sa_select(visit.technician_id, _listed(_cell(visit.starts_at)), _listed(_cell(visit.ends_at)))
        .where(
            visit.workshop_id == session.info["workshop_id"],
            visit.starts_at >= start - _LONGEST_VISIT,
            visit.starts_at < end,
            visit.ends_at > start,
            visit.state.not_in(FREE_STATES),
        )
        .group_by(visit.technician_id)
    )
    booked: dict[UUID | None, dict[date, int]] = {}
    for who, *listed in session.connection().execute(query):
        first, until = (np.fromstring(cells, np.int64, sep=",") for cells in listed)
        windows = [(day, *window) for day, some in there.get(who, {}).items() for window in some]
        opens, closes = np.array([window[1:] for window in windows], np.int64).reshape(-1, 2).T
        taken = _spent_before(closes, first, until) - _spent_before(opens, first, until)
        minutes = booked[who] = {}
        for (day, *_), cells in zip(windows, taken.tolist(), strict=True):
            minutes[day] = minutes.get(day, 0) + cells * CELL_MINUTES
    return booked


def _listed(cells: ColumnElement[int]) -> ColumnElement[str]:
    return func.aggregate_strings(cast(cells, String), ",")


def _spent_before(cells: Cells, first: Cells, until: Cells) -> Cells:
    """Cells of all visits together that lie before each of ``cells``."""
    return _gone_since(first, cells) - _gone_since(until, cells)


def _gone_since(instants: Cells, cells: Cells) -> Cells:
    """The sum of cells from each of the instants to each of ``cells``; those that come later add nothing."""
    ordered = np.sort(instants)
    earlier = np.searchsorted(ordered, cells)
    return earlier * cells - np.concatenate(([0], np.cumsum(ordered)))[earlier]


def _cell(instant: ColumnElement[datetime]) -> ColumnElement[int]:
    """slots.cell_before, as the database counts it."""
    return cast(extract("epoch", instant), BigInteger) // (CELL_MINUTES * 60)


def _instants(rules: OpeningRules, span: Span) -> tuple[datetime, datetime]:
    after = span.last + timedelta(days=1)
    return datetime.combine(span.first, time.min, rules.zone), datetime.combine(after, time.min, rules.zone)


def _both(one: Sequence[Window], other: Sequence[Window]) -> list[Window]:
    return [
        (max(start, begin), min(end, until))
        for start, end in one
        for begin, until in other
        if start < until and begin < end
    ]


def _minutes(windows: Sequence[Window]) -> int:
    return sum(end - start for start, end in windows) * CELL_MINUTES
