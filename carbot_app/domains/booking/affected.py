"""Which booked visits a change of resources or hours concerns."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.booking.models import Allocation, Appointment, Claim
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.resource_rules import outside
from carbot_app.domains.booking.resource_schemas import AffectedVisit
from carbot_app.domains.booking.slots import CELL_MINUTES, MAX_SPAN, cell_at_or_after, cell_before, days_from
from carbot_app.domains.booking.states import CHANGEABLE
from carbot_app.domains.customers.models import Customer


def visits_with(
    session: Session,
    calendar: Calendar,
    resource_id: UUID,
    start: datetime,
    end: datetime | None,
    *,
    now: datetime,
    language: str,
) -> tuple[AffectedVisit, ...]:
    """Visits that are not over and have the resource between two instants; ``end`` None: for ever."""
    query = (
        select(Appointment, Customer.name)
        .join(Customer, col(Customer.id) == col(Appointment.customer_id))
        .join(Claim, col(Claim.appointment_id) == col(Appointment.id))
        .join(Allocation, col(Allocation.claim_id) == col(Claim.id))
        .where(
            Allocation.resource_id == resource_id,
            Allocation.ends_at > max(start, now),
            # The buffer after the work is nobody's appointment
            or_(col(Appointment.ends_at) > start, col(Appointment.loaner_id) == resource_id),
        )
    )
    if end is not None:
        query = query.where(Allocation.starts_at < end)
    return _visits(session, calendar, query, language)


def visits_outside_hours(
    session: Session, calendar: Calendar, rules: OpeningRules, days: int, first: datetime, *, now: datetime
) -> list[UUID]:
    """Ids of visits between ``first`` and ``days`` days later that begin or end when ``rules`` say closed."""
    last = first + timedelta(days=days, hours=1)
    rows = session.exec(
        select(Appointment.id, Appointment.starts_at, Appointment.ends_at).where(
            Appointment.workshop_id == calendar.workshop.id,
            col(Appointment.state).in_(CHANGEABLE),
            Appointment.starts_at > first - timedelta(minutes=MAX_SPAN * CELL_MINUTES),
            Appointment.starts_at < last,
            Appointment.ends_at > max(first, now),
        )
    ).all()
    found = []
    for id_, starts_at, ends_at in rows:
        span = (rules.local_date(ends_at) - rules.local_date(starts_at)).days + 1
        windows = [w for on in days_from(rules.local_date(starts_at), span) for w in rules.windows_on(on)]
        if outside(windows, cell_before(starts_at), cell_at_or_after(ends_at)):
            found.append(id_)
    return found


def describe_visits(
    session: Session, calendar: Calendar, ids: Sequence[UUID], *, language: str
) -> tuple[AffectedVisit, ...]:
    """The visits for people, in order of start."""
    if not ids:
        return ()
    query = (
        select(Appointment, Customer.name)
        .join(Customer, col(Customer.id) == col(Appointment.customer_id))
        .where(col(Appointment.id).in_(ids))
    )
    return _visits(session, calendar, query, language)


def _visits(session: Session, calendar: Calendar, query: Any, language: str) -> tuple[AffectedVisit, ...]:
    rows = session.exec(
        query.where(
            Appointment.workshop_id == calendar.workshop.id, col(Appointment.state).in_(CHANGEABLE)
        ).order_by(col(Appointment.starts_at), col(Appointment.id))
    ).all()
    return tuple(
        AffectedVisit(
            id=visit.id,
            title=visit.title,
            customer=name,
            starts_at=visit.starts_at,
            when=slot_label(visit.starts_at, calendar.rules.zone, language),
        )
        for visit, name in rows
    )
