"""The figures of one day for the Heute page, from the records themselves."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from statistics import median
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from carbot_app.domains.analytics.schemas import AnswersToday, Today
from carbot_app.domains.booking.models import Appointment, OccupiedCell, Resource
from carbot_app.domains.booking.slots import CELL_MINUTES
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.team.hours import working_minutes
from carbot_app.domains.team.models import Workshop


def read_today(session: Session, workshop: Workshop, now: datetime) -> Today:
    """Appointments, use of working time and planned value of this day."""
    day, start, end = _day(workshop, now)
    visits = session.exec(
        select(Appointment).where(
            Appointment.starts_at >= start,
            Appointment.starts_at < end,
            Appointment.state != "cancelled",
        )
    ).all()
    technicians = session.exec(
        select(Resource.id).where(Resource.kind == "technician", Resource.active)
    ).all()
    busy = _busy_minutes(session, list(technicians), start, end)
    open_minutes = working_minutes(workshop.opening_hours, day) * len(technicians)
    return Today(
        appointments=len(visits),
        arrived=sum(visit.state in {"arrived", "in_work", "done"} for visit in visits),
        utilisation_percent=min(100, round(100 * busy / open_minutes)) if open_minutes else 0,
        planned_cents=sum(visit.price_max_cents for visit in visits),
        currency=workshop.currency,
    )


def read_answers(session: Session, workshop: Workshop, now: datetime) -> AnswersToday:
    """Leads and answers since this day began."""
    _, start, _ = _day(workshop, now)
    threads = list(_answered_threads(session, start))
    leads = session.exec(select(func.count(col(Lead.id))).where(Lead.created_at >= start)).one()
    return AnswersToday(
        solved_by_assistant=sum(alone for _, _, alone in threads),
        answered=len(threads),
        new_leads=leads,
        first_answer_seconds=median(seconds for _, seconds, _ in threads) if threads else None,
    )


def _day(workshop: Workshop, now: datetime) -> tuple[date, datetime, datetime]:
    """The workshop's day with its beginning and its end."""
    zone = ZoneInfo(workshop.timezone)
    day = now.astimezone(zone).date()
    return (
        day,
        datetime.combine(day, time.min, zone),
        datetime.combine(day + timedelta(days=1), time.min, zone),
    )


def _answered_threads(session: Session, start: datetime) -> Iterable[tuple[datetime, float, bool]]:
    """(created, seconds to the first answer, solved without a person) of threads since ``start``."""
    query = sa_select(
        col(Conversation.created_at), col(Conversation.first_answer_at), col(Conversation.handover_reason)
    ).where(col(Conversation.created_at) >= start, col(Conversation.first_answer_at).is_not(None))
    for created, answered, handover in session.execute(query):
        if answered is not None:
            yield created, (answered - created).total_seconds(), not handover


def _busy_minutes(session: Session, technicians: list[UUID], start: datetime, end: datetime) -> int:
    query = select(func.count(col(OccupiedCell.id))).where(
        col(OccupiedCell.resource_id).in_(technicians),
        OccupiedCell.cell_at >= start,
        OccupiedCell.cell_at < end,
    )
    return session.exec(query).one() * CELL_MINUTES
