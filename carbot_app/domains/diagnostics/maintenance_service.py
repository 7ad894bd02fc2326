"""What is due on a car of this workshop: its visits, readings, codes and trends put together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.catalog.schemas import Quote
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.diagnostics import maintenance as rules
from carbot_app.domains.diagnostics.code_service import readings_of
from carbot_app.domains.diagnostics.evidence import LiveSummary, summarise, trim, voltage
from carbot_app.domains.diagnostics.explain import CodeView, explain_codes
from carbot_app.domains.diagnostics.maintenance_offers import Suggestion, read_suggestion
from carbot_app.domains.diagnostics.meaning import quote_first, recent_readings
from carbot_app.domains.diagnostics.mileage import MileageReading, project
from carbot_app.domains.diagnostics.models import DiagnosticSession
from carbot_app.domains.diagnostics.service import READ
from carbot_app.domains.orders.models import CheckIn, OrderJob, WorkOrder
from carbot_app.domains.orders.reckoning import DECLINED
from carbot_app.domains.orders.states import BILLED, PAID, PICKED_UP
from carbot_app.domains.orders.views import facts_of
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound

CODES_COUNT = timedelta(days=90)
"""Codes that were read longer ago say nothing of today."""
TREND_SESSIONS = 6
"""Newest sessions whose battery and mixture are compared; each is unpacked for it."""
_HANDED_OVER = (PICKED_UP, BILLED, PAID)


@dataclass(frozen=True, slots=True)
class DueView:
    """One thing to do."""

    work: str
    """maintenance.DueItem.work."""
    name: str
    urgency: str
    """overdue, now, soon or later."""
    why: str
    due_on: date | None
    due_km: int | None
    service: str
    quote: Quote | None
    """What it costs here for this car; None: the catalogue has no such service."""


@dataclass(frozen=True, slots=True)
class DueList:
    """Everything that is due on a car, most urgent first."""

    vehicle_id: UUID
    km: int | None
    """As projected for today."""
    km_assumed: bool
    """At the pace of an average car, because this one was not read twice."""
    items: tuple[DueView, ...]
    suggestion: Suggestion
    """Whether the owner is told of it by mail."""


class MaintenanceService:
    """Needs ``diagnostics.read``."""

    def __init__(self, *, db: Database, clock: Clock, catalog: CatalogService) -> None:
        self._db = db
        self._clock = clock
        self._catalog = catalog

    def list_due(self, actor: Actor, vehicle_id: UUID, *, language: str) -> DueList:
        """What is due, in the reader's language.

        Raises:
            NotFound: ``vehicle_unknown``.
        """
        actor.require(READ)
        now = self._clock()
        with self._db.reading(actor.workshop_id) as session:
            car = session.exec(select(Vehicle).where(Vehicle.id == vehicle_id)).first()
            if car is None:
                raise NotFound("vehicle_unknown")
            zone = ZoneInfo(session.get_one(Workshop, actor.workshop_id).timezone)
            today = now.astimezone(zone).date()
            sessions = _sessions(session, car.id)
            # The car's own figure has no day of its own; it counts where nothing else was read
            readings = [*_mileage(session, car, sessions, zone)] or [*_on_record(car, zone)]
            mileage = project(readings, today, car.fuel)
            items = rules.due_work(
                _facts(car),
                mileage,
                _done(session, car.id, zone),
                today,
                codes=_codes(session, sessions, now, language),
                trends=_trends(session, sessions[:TREND_SESSIONS], zone),
                intervals=rules.intervals_of(_own_intervals(session)),
            )
            facts, suggestion = facts_of(car), read_suggestion(session, car, now)
        return DueList(
            vehicle_id,
            mileage.km,
            mileage.assumed,
            tuple(
                DueView(
                    work=item.work,
                    name=item.name(language),
                    urgency=item.urgency,
                    why=item.text(language),
                    due_on=item.due_on,
                    due_km=item.due_km,
                    service=item.service,
                    quote=quote_first(self._catalog, actor, (item.service,), facts, language),
                )
                for item in items
            ),
            suggestion,
        )


def _sessions(session: Session, vehicle_id: UUID) -> Sequence[DiagnosticSession]:
    """The newest first."""
    query = select(DiagnosticSession).where(DiagnosticSession.vehicle_id == vehicle_id)
    return session.exec(query.order_by(col(DiagnosticSession.started_at).desc()).limit(50)).all()


def _mileage(
    session: Session, car: Vehicle, sessions: Sequence[DiagnosticSession], zone: ZoneInfo
) -> Iterator[MileageReading]:
    """What was read off at check-in, on the lift and written into orders."""
    for row in sessions:
        if row.km is not None:
            yield MileageReading(_day(row.started_at, zone), row.km)
    of_car = select(WorkOrder, CheckIn).join(CheckIn, col(CheckIn.order_id) == WorkOrder.id, isouter=True)
    for order, check_in in session.exec(of_car.where(WorkOrder.vehicle_id == car.id)):
        if order.km is not None:
            yield MileageReading(_day(order.created_at, zone), order.km)
        if check_in is not None and check_in.km is not None and check_in.signed_at is not None:
            yield MileageReading(_day(check_in.signed_at, zone), check_in.km)


def _on_record(car: Vehicle, zone: ZoneInfo) -> Iterator[MileageReading]:
    if car.km is not None:
        yield MileageReading(_day(car.created_at, zone), car.km)


def _done(session: Session, vehicle_id: UUID, zone: ZoneInfo) -> Iterator[rules.DoneWork]:
    query = (
        select(OrderJob, WorkOrder)
        .join(WorkOrder, col(WorkOrder.id) == OrderJob.order_id)
        .where(
            WorkOrder.vehicle_id == vehicle_id,
            col(WorkOrder.state).in_(_HANDED_OVER),
            OrderJob.service_code != "",
            OrderJob.decision != DECLINED,
        )
    )
    for job, order in session.exec(query):
        yield rules.DoneWork(job.service_code, _day(job.done_at or order.created_at, zone), order.km)


def _codes(
    session: Session, sessions: Sequence[DiagnosticSession], now: datetime, language: str
) -> tuple[CodeView, ...]:
    """Of the newest reading; codes that were cleared since are in a newer one no more."""
    for row in sessions:
        readings = readings_of(session, row.id, limit=1)
        if readings:
            recent = readings[0].read_at > now - CODES_COUNT
            found = [one.code for one in readings[0].findings if one.kind != "pending"] if recent else []
            return explain_codes(found, language)
    return ()


def _trends(session: Session, sessions: Sequence[DiagnosticSession], zone: ZoneInfo) -> rules.Trends:
    told = [
        (_day(row.started_at, zone), summarise(recent_readings(session, row))) for row in reversed(sessions)
    ]
    return rules.Trends(
        resting_volts=[(day, volts) for day, live in told if (volts := voltage(live.off)) is not None],
        fuel_trim=[(day, value) for day, live in told if (value := _trim(live)) is not None],
    )


def _trim(live: LiveSummary) -> float | None:
    found = [value for bank in (1, 2) if (value := trim(live.idle, bank)) is not None]
    return max(found, key=abs, default=None)


def _own_intervals(session: Session) -> dict[str, tuple[int | None, int | None]]:
    services = session.exec(select(Service).where(Service.active)).all()
    return {one.code: (one.interval_km, one.interval_months) for one in services}


def _facts(car: Vehicle) -> rules.Vehicle:
    return rules.Vehicle(
        fuel=car.fuel,
        kind=car.kind,
        registered_on=car.registered_on,
        inspected_on=car.inspected_on,
        inspection_due=car.inspection_due,
    )


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
