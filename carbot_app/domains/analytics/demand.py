"""Reads what was, has it forecast, and keeps the answer until the next night."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.figures import DAY, EVERYTHING, sums
from carbot_app.domains.analytics.forecast import (
    NO_HISTORY,
    NONE,
    Calendar,
    Forecast,
    forecast,
)
from carbot_app.domains.analytics.outlook_models import DemandForecast
from carbot_app.domains.analytics.presence import read_presence
from carbot_app.domains.analytics.schemas import Band, Span
from carbot_app.domains.booking.availability import opening_rules
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound

VISITS, HOURS = "visits", "hours"
"""Planned for a day, and hours of technicians they take; closed days have none."""
BOOKINGS, NEW_LEADS, REVENUE = "bookings", "new_leads", "revenue"
"""KPIs of the same code, by the day they came in, revenue in cents; customers write on closed days, too."""
SERIES = (VISITS, HOURS, BOOKINGS, NEW_LEADS, REVENUE)
_COUNTED = {BOOKINGS: kinds.BOOKED, NEW_LEADS: kinds.LEAD, REVENUE: kinds.INVOICED}
_YEARS_BACK = timedelta(days=3 * 365)
_ALSO_CLOSED_DAYS = 0.1
"""Share of closed days with something on them, from which a series does not care for opening hours."""


@dataclass(frozen=True, slots=True)
class _Seen:
    session: Session
    workshop: Workshop
    rules: OpeningRules
    today: date
    now: datetime

    @property
    def span(self) -> Span:
        return Span(self.today - _YEARS_BACK, self.today - timedelta(days=1))


class DemandForecasts:
    """Used by the nightly job and the demo; acts for no person."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def run(self) -> int:
        """Forecast every series of every workshop anew; returns how many workshops."""
        with self._db.reading(SYSTEM) as session:
            workshops = session.exec(select(Workshop.id)).all()
        for workshop_id in workshops:
            self.forecast_all(workshop_id)
        return len(workshops)

    def forecast_all(self, workshop_id: UUID) -> None:
        """Forecast every series of one workshop; reading and computing keep no writer waiting."""
        with self._db.reading(workshop_id) as session:
            seen = _see(session, workshop_id, self._clock())
            made = {series: _forecast(seen, series) for series in SERIES}
        with self._db.writing(workshop_id) as session:
            wait_for_turn(session, f"forecast {workshop_id}")
            for series, found in made.items():
                _keep(session, seen, series, found)


def stored(session: Session, series: str, today: date) -> Forecast:
    """What was said last, from today on. Raises NotFound ``figure_unknown``."""
    if series not in SERIES:
        raise NotFound("figure_unknown")
    row = session.exec(select(DemandForecast).where(DemandForecast.series == series)).first()
    if row is None:
        return Forecast((), NONE, NO_HISTORY)
    bands = [Band(date.fromisoformat(day), low, mid, high) for day, low, mid, high in row.bands]
    return Forecast(tuple(band for band in bands if band.day >= today), row.method, row.reason, row.coverage)


def _see(session: Session, workshop_id: UUID, now: datetime) -> _Seen:
    workshop = session.get_one(Workshop, workshop_id)
    rules = opening_rules(session, workshop)
    return _Seen(session, workshop, rules, rules.local_date(now), now)


def _forecast(seen: _Seen, series: str) -> Forecast:
    history = _HISTORIES[series](seen)
    is_open = _open_days(seen.rules)
    if series in _COUNTED and _ignores_hours(history, seen, is_open):
        return forecast(history, seen.span.last, Calendar(lambda _: True))
    return forecast(history, seen.span.last, Calendar(is_open))


def _open_days(rules: OpeningRules) -> Callable[[date], bool]:
    # The same days are asked about for every feature and every origin of the back-test
    return lru_cache(maxsize=None)(lambda day: not rules.is_closed(day))


def _ignores_hours(history: Mapping[date, float], seen: _Seen, is_open: Callable[[date], bool]) -> bool:
    if not history:
        return False
    closed = [day for day in Span(min(history), seen.span.last).each() if not is_open(day)]
    busy = sum(history.get(day, 0) > 0 for day in closed)
    return bool(closed) and busy / len(closed) >= _ALSO_CLOSED_DAYS


def _visits(seen: _Seen) -> dict[date, float]:
    start = datetime.combine(seen.span.first, time.min, seen.rules.zone)
    end = datetime.combine(seen.today, time.min, seen.rules.zone)
    planned = seen.session.exec(
        select(Appointment.starts_at).where(
            Appointment.starts_at >= start,
            Appointment.starts_at < end,
            col(Appointment.state).not_in(FREE_STATES),
        )
    )
    counted: dict[date, float] = {}
    for at in planned:
        day = seen.rules.local_date(at)
        counted[day] = counted.get(day, 0) + 1
    return counted


def _hours(seen: _Seen) -> dict[date, float]:
    first = seen.session.exec(
        select(func.min(Appointment.starts_at)).where(col(Appointment.state).not_in(FREE_STATES))
    ).first()
    if first is None:
        return {}
    # Nobody's presence is worked out for years in which nothing was booked
    began = max(seen.span.first, first.astimezone(ZoneInfo(seen.workshop.timezone)).date())
    if began > seen.span.last:
        return {}
    span = Span(began, seen.span.last)
    presence = read_presence(seen.session, seen.workshop, span, EVERYTHING, now=seen.now)
    return {began: 0.0} | {
        day: sum(one.booked for one in people.values()) / 60 for day, people in presence.items()
    }


def _counted(kind: str) -> Callable[[_Seen], dict[date, float]]:
    def read(seen: _Seen) -> dict[date, float]:
        found = sums(seen.session, seen.span, (kind,), by=(DAY,))
        counted = "amount_cents" if kind == kinds.INVOICED else "events"
        return {day: float(getattr(one, counted)) for (_, day), one in found.items()}

    return read


_HISTORIES: Mapping[str, Callable[[_Seen], dict[date, float]]] = {
    VISITS: _visits,
    HOURS: _hours,
    **{series: _counted(kind) for series, kind in _COUNTED.items()},
}


def _keep(session: Session, seen: _Seen, series: str, found: Forecast) -> None:
    row = session.exec(select(DemandForecast).where(DemandForecast.series == series)).first()
    row = row or DemandForecast(
        workshop_id=seen.workshop.id, series=series, made_at=seen.now, until=seen.today, method=""
    )
    row.made_at, row.until = seen.now, seen.span.last
    row.method, row.reason, row.coverage = found.method, found.reason, found.coverage
    row.bands = [
        [band.day.isoformat(), round(band.low, 2), round(band.mid, 2), round(band.high, 2)]
        for band in found.bands
    ]
    session.add(row)
