"""The first four figures, computed from the records themselves so that they always equal a recount."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from statistics import fmean, median
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, func, select

from carbot_app.db.session import Database
from carbot_app.domains.analytics.schemas import Kpi, Today
from carbot_app.domains.booking.models import Appointment, OccupiedCell, Resource
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.team.hours import working_minutes
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock

PERIODS = (7, 30, 90, 365)
"""Days a period may have."""
CELL_MINUTES = 15


class AnalyticsService:
    """Use cases of the dashboard and the Heute page."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def kpis(self, actor: Actor, *, days: int = 30) -> list[Kpi]:
        """Leads, first response, share solved by the assistant, bookings; each against the period before."""
        actor.require("analytics.read")
        days = days if days in PERIODS else 30
        with self._db.reading(actor.workshop_id) as session:
            zone = ZoneInfo(session.get_one(Workshop, actor.workshop_id).timezone)
            last_day = self._clock().astimezone(zone).date()
            first_day = last_day - timedelta(days=days - 1)
            start = datetime.combine(first_day - timedelta(days=days), time.min, zone)
            leads = session.execute(sa_select(col(Lead.created_at)).where(col(Lead.created_at) >= start))
            lead_days = _group((at.astimezone(zone).date(), 1.0) for (at,) in leads)
            threads = list(_answered_threads(session, start))
            booked = session.execute(
                sa_select(col(Appointment.created_at)).where(col(Appointment.created_at) >= start)
            )
            booking_days = _group((at.astimezone(zone).date(), 1.0) for (at,) in booked)
        answers = _group((at.astimezone(zone).date(), seconds) for at, seconds, _ in threads)
        solved = _group((at.astimezone(zone).date(), 100.0 if alone else 0.0) for at, _, alone in threads)
        window = _Window(first_day, days)
        return [
            window.kpi("new_leads", "count", "up", lead_days),
            window.kpi("first_response", "seconds", "down", answers, median),
            window.kpi("assistant_solved", "percent", "up", solved, fmean),
            window.kpi("bookings", "count", "up", booking_days),
        ]

    def today(self, actor: Actor) -> Today:
        """Figures of the Heute page: appointments, use of working time and planned value of this day."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            zone = ZoneInfo(workshop.timezone)
            day = self._clock().astimezone(zone).date()
            start = datetime.combine(day, time.min, zone)
            end = datetime.combine(day + timedelta(days=1), time.min, zone)
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
            threads = list(_answered_threads(session, start))
            leads = session.exec(select(func.count(col(Lead.id))).where(Lead.created_at >= start)).one()
        return Today(
            appointments=len(visits),
            arrived=sum(visit.state in {"arrived", "in_work", "done"} for visit in visits),
            utilisation_percent=min(100, round(100 * busy / open_minutes)) if open_minutes else 0,
            planned_cents=sum(visit.price_max_cents for visit in visits),
            currency=workshop.currency,
            solved_by_assistant=sum(alone for _, _, alone in threads),
            answered=len(threads),
            new_leads=leads,
            first_answer_seconds=median(seconds for _, seconds, _ in threads) if threads else None,
        )


class _Window:
    """A period and the equally long one before it, both in whole days of the workshop's zone."""

    def __init__(self, first_day: date, days: int) -> None:
        self.days = [first_day + timedelta(days=offset) for offset in range(days)]
        self.before = [first_day - timedelta(days=offset) for offset in range(days, 0, -1)]

    def kpi(
        self,
        code: str,
        unit: str,
        good_when: str,
        by_day: dict[date, list[float]],
        measure: Callable[[Sequence[float]], float] = sum,
    ) -> Kpi:
        """The figure over both periods and per day; an average of nothing is None, a count of nothing 0."""

        def over(days: Sequence[date]) -> float | None:
            values = [value for day in days for value in by_day.get(day, ())]
            if not values:
                return 0.0 if measure is sum else None
            return float(measure(values))

        series = tuple(over([day]) or 0.0 for day in self.days)
        return Kpi(code, unit, over(self.days), over(self.before), good_when, series)


def _group(pairs: Iterable[tuple[date, float]]) -> dict[date, list[float]]:
    grouped: dict[date, list[float]] = {}
    for day, value in pairs:
        grouped.setdefault(day, []).append(value)
    return grouped


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
