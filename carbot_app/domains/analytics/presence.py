"""How long technicians were there, and how much of that their visits took."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, type_coerce
from sqlmodel import Session, col, select

from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.domains.booking.allocation_columns import CellColumn, KnownId
from carbot_app.domains.booking.availability import Calendar, booking_terms, opening_rules
from carbot_app.domains.booking.models import Absence, Appointment, Resource
from carbot_app.domains.booking.opening import OpeningRules, windows_of
from carbot_app.domains.booking.planning import TECHNICIAN
from carbot_app.domains.booking.slots import CELL_MINUTES, Window, cell_at_or_after, cell_before, minus
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.team.models import Workshop

_LONGEST_VISIT = timedelta(days=14)


class Minutes(NamedTuple):
    """Of one technician on one day."""

    present: int
    booked: int


Presence = Mapping[date, Mapping[UUID | None, Minutes]]
"""Day → technician → minutes. None: visits whose technician is not known any more, since an erasure takes
that link; they count as booked, so that a figure does not change when somebody is forgotten."""


def read_presence(
    session: Session, workshop: Workshop, span: Span, filters: Filters, *, now: datetime
) -> Presence:
    """Minutes of every day of the span; narrowed to a technician, weekday or hour."""
    rules = opening_rules(session, workshop)
    began = session.exec(select(func.min(col(Appointment.starts_at)))).one()
    if began is None:
        return {}
    # Before its first visit a workshop did not plan here, and nobody's time was empty
    first = max(span.first, rules.local_date(began))
    opened = {day: _open(rules, day, filters) for day in Span(first, span.last).each()}
    opened = {day: windows for day, windows in opened.items() if windows}
    if not opened:
        return {}
    people = _technicians(session, rules, filters, now)
    calendar = Calendar(workshop, rules, booking_terms(session, workshop.id), [one for one, _ in people])
    absent = _absences(session, rules, span)
    there: dict[UUID | None, dict[date, list[Window]]] = {
        one.id: _there(calendar, one, last_on, opened, absent.get(one.id, ())) for one, last_on in people
    }
    if filters.technician_id is None:
        there[None] = opened
    booked = _booked(session, rules, span, there)
    return {
        day: {
            who: Minutes(0 if who is None else _minutes(windows[day]), booked.get((day, who), 0))
            for who, windows in there.items()
            if windows.get(day)
        }
        for day in opened
    }


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
    gone = [one.id for one in people if not one.active and one.last_on is None]
    visits = session.exec(
        select(Appointment.technician_id, func.max(col(Appointment.starts_at)))
        .where(col(Appointment.technician_id).in_(gone), Appointment.starts_at <= now)
        .group_by(col(Appointment.technician_id))
    )
    last_on = {who: rules.local_date(at) for who, at in visits} if gone else {}
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
    away = sorted([*calendar.off_duty(one, worked), *absent])
    return {day: minus(windows, away) for day, windows in worked.items()}


def _booked(
    session: Session,
    rules: OpeningRules,
    span: Span,
    there: Mapping[UUID | None, Mapping[date, list[Window]]],
) -> dict[tuple[date, UUID | None], int]:
    """Minutes visits take of the time somebody is there: breaks and nights they span are no work."""
    start, end = _instants(rules, span)
    query = select(
        type_coerce(Appointment.technician_id, KnownId()),
        type_coerce(Appointment.starts_at, CellColumn()),
        type_coerce(Appointment.ends_at, CellColumn()),
    ).where(
        Appointment.starts_at >= start - _LONGEST_VISIT,
        Appointment.starts_at < end,
        Appointment.ends_at > start,
        col(Appointment.state).not_in(FREE_STATES),
    )
    days = span.each()
    # Days are found by their first cell: a year of visits is too much for calendar arithmetic
    midnights = [cell_before(datetime.combine(day, time.min, rules.zone)) for day in days]
    booked: dict[tuple[date, UUID | None], int] = {}
    for who, first, until in session.exec(query):
        windows = there.get(who, {})
        place = max(bisect_right(midnights, first) - 1, 0)
        while place < len(days) and midnights[place] < until:
            day, place = days[place], place + 1
            opened = windows.get(day)
            minutes = _minutes(_both(opened, [(first, until)])) if opened else 0
            if minutes:
                booked[day, who] = booked.get((day, who), 0) + minutes
    return booked


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
