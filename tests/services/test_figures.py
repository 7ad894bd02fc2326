"""Every figure equals a plain recount of the business tables, on random weeks and both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from statistics import median
from typing import Any

import pytest
from sqlalchemy import Date, bindparam, text
from sqlalchemy.types import TypeEngine

from carbot_app.db.base import UtcDateTime
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.comparing import span_before
from carbot_app.domains.analytics.kpis import CODES
from carbot_app.domains.analytics.schemas import Filters, Kpi, Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.kit.clock import ManualClock
from tests.factories import staff_of
from tests.services.busy_workshop import FIRST, HOLIDAY, LAST, ZONE, BusyWorkshop, fill_workshop

SPAN = Span(FIRST + timedelta(days=14), LAST)
BEFORE = Span(FIRST, FIRST + timedelta(days=13))
OPEN_MINUTES = {**dict.fromkeys(range(5), 540), 5: 240, 6: 0}
"""Of tests.factories.team, by weekday."""


@dataclass(frozen=True, slots=True)
class Recount:
    """Plain SQL over the business tables for some days."""

    database: Database
    busy: BusyWorkshop
    span: Span

    def rows(self, sql: str) -> list[Any]:
        """``:w`` the workshop, ``:start`` and ``:end`` instants, ``:first`` and ``:last`` days."""
        types: dict[str, tuple[Any, TypeEngine[Any]]] = {
            "start": (datetime.combine(self.span.first, time.min, ZONE), UtcDateTime()),
            "end": (datetime.combine(self.span.last + timedelta(days=1), time.min, ZONE), UtcDateTime()),
            "first": (self.span.first, Date()),
            "last": (self.span.last, Date()),
        }
        given = [bindparam(name, value, kind) for name, (value, kind) in types.items() if f":{name}" in sql]
        workshop_id = self.busy.workshop.id
        known = workshop_id.hex if self.database.is_sqlite else workshop_id
        statement = text(sql).bindparams(*given, w=known)
        with self.database.reading(SYSTEM) as session:
            return list(session.connection().execute(statement))

    def one(self, sql: str) -> float:
        return float(self.rows(sql)[0][0] or 0)

    def share(self, part: str, whole: str) -> float | None:
        total = self.one(whole)
        return 100 * self.one(part) / total if total else None

    def present(self) -> int:
        minutes = 0
        began = _instant(self.rows("SELECT min(starts_at) FROM appointment WHERE workshop_id = :w")[0][0])
        for day in self.span.each():
            if day < began.astimezone(ZONE).date():
                continue
            people = 1 if day == self.busy.away_on else 2
            minutes += 0 if day == HOLIDAY else people * OPEN_MINUTES[day.weekday()]
        return minutes


CAME = "FROM lead WHERE workshop_id = :w AND created_at >= :start AND created_at < :end"
ANSWERED = (
    "FROM conversation WHERE workshop_id = :w AND created_at >= :start AND created_at < :end "
    "AND first_answer_at IS NOT NULL"
)
PLANNED = "FROM appointment WHERE workshop_id = :w AND starts_at >= :start AND starts_at < :end"
ISSUED = "FROM invoice i WHERE workshop_id = :w AND kind <> 'deposit' AND issued_on BETWEEN :first AND :last"
DONE = f"SELECT count(*) {PLANNED} AND state = 'done'"
OWED = """
    SELECT sum(CASE WHEN due >= 0 AND due > paid OR due < 0 AND due < paid THEN due - paid ELSE 0 END) FROM (
        SELECT r.due_cents AS due, (
            SELECT coalesce(sum(p.amount_cents), 0) FROM payment p
            WHERE p.invoice_id = r.invoice_id AND p.received_on <= :last
        ) AS paid
        FROM receivable r WHERE r.workshop_id = :w AND r.issued_on <= :last
    ) AS documents
"""
AGAIN = """
    SELECT count(*) FROM appointment a WHERE workshop_id = :w AND starts_at >= :start AND starts_at < :end
    AND state = 'done' AND EXISTS (
        SELECT 1 FROM appointment b WHERE b.customer_id = a.customer_id AND b.state = 'done'
        AND (b.starts_at < a.starts_at OR b.starts_at = a.starts_at AND b.id < a.id)
    )
"""


def first_response(recount: Recount) -> float | None:
    """Whole seconds, as an event has them."""
    raw = recount.rows(f"SELECT created_at, first_answer_at {ANSWERED}")
    waits = [int((_instant(answered) - _instant(created)).total_seconds()) for created, answered in raw]
    return median(waits) if waits else None


def utilisation(recount: Recount) -> float | None:
    """Visits on the day their technician was away take nobody's time."""
    booked = 0.0
    for starts_at, ends_at, technician in recount.rows(
        f"SELECT starts_at, ends_at, technician_id {PLANNED} AND state IN ('done', 'confirmed')"
    ):
        start = _instant(starts_at)
        is_away = str(technician) == _key(recount) and start.astimezone(ZONE).date() == recount.busy.away_on
        booked += 0 if is_away else (_instant(ends_at) - start).total_seconds() / 60
    return 100 * booked / recount.present() if recount.present() else None


def _key(recount: Recount) -> str:
    technician = recount.busy.technicians[0].id
    return technician.hex if recount.database.is_sqlite else str(technician)


def _instant(value: Any) -> datetime:
    """SQLite gives text."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


RECOUNTS: dict[str, Callable[[Recount], float | None]] = {
    "new_leads": lambda r: r.one(f"SELECT count(*) {CAME}"),
    "conversion": lambda r: r.share(
        f"SELECT count(*) {CAME} AND state IN ('booked', 'won')", f"SELECT count(*) {CAME}"
    ),
    "chat_volume": lambda r: r.one(
        "SELECT count(*) FROM message WHERE workshop_id = :w AND created_at >= :start AND created_at < :end "
        "AND author <> 'system' AND state = 'complete'"
    ),
    "first_response": first_response,
    "assistant_solved": lambda r: r.share(
        f"SELECT count(*) {ANSWERED} AND handover_reason = ''", f"SELECT count(*) {ANSWERED}"
    ),
    "bookings": lambda r: r.one(
        "SELECT count(*) FROM appointment WHERE workshop_id = :w "
        "AND created_at >= :start AND created_at < :end"
    ),
    "no_show": lambda r: r.share(
        f"SELECT count(*) {PLANNED} AND state = 'no_show'",
        f"SELECT count(*) {PLANNED} AND state IN ('done', 'no_show')",
    ),
    "utilisation": utilisation,
    "revenue": lambda r: r.one(f"SELECT sum(gross_cents) {ISSUED}"),
    "average_order": lambda r: next(
        (
            float(total) / count
            for total, count in r.rows(
                "SELECT sum(i.gross_cents), count(*) FROM invoice i "
                "JOIN work_order o ON o.invoice_id = i.id "
                "WHERE i.workshop_id = :w AND i.issued_on BETWEEN :first AND :last"
            )
            if count
        ),
        None,
    ),
    "open_items": lambda r: r.one(OWED),
    "hours_sold": lambda r: r.one(
        f"SELECT sum(l.minutes) FROM invoice_line l WHERE l.invoice_id IN (SELECT i.id {ISSUED})"
    ),
    "declined_value": lambda r: r.one(
        "SELECT sum(round(CAST(l.unit_price AS NUMERIC) * 100)) FROM order_line l "
        "JOIN order_job j ON j.id = l.job_id WHERE l.workshop_id = :w AND j.decision = 'declined' "
        "AND j.decided_at >= :start AND j.decided_at < :end"
    ),
    "rating": lambda r: next(
        (
            float(total) / count
            for total, count in r.rows(
                "SELECT sum(stars), count(*) FROM visit_rating WHERE workshop_id = :w "
                "AND rated_at >= :start AND rated_at < :end"
            )
            if count
        ),
        None,
    ),
    "returning": lambda r: r.share(AGAIN, DONE),
}


@pytest.fixture(params=[1, 2, 3])
def busy(database: Database, clock: ManualClock, request: pytest.FixtureRequest) -> BusyWorkshop:
    return make_busy(database, clock, request.param)


def make_busy(database: Database, clock: ManualClock, seed: int) -> BusyWorkshop:
    """Random weeks, collected as the nightly job collects them."""
    made = fill_workshop(database, Random(seed))
    EventCollector(db=database, clock=clock).collect(made.workshop.id)
    return made


def ask(
    database: Database, clock: ManualClock, busy: BusyWorkshop, span: Span = SPAN, **filters: Any
) -> dict[str, Kpi]:
    analytics = AnalyticsService(db=database, clock=clock)
    question = Question(span, span_before(span), Filters(**filters))
    return {kpi.code: kpi for kpi in analytics.kpis(staff_of(busy.workshop), question)}


def test_every_figure_has_a_recount() -> None:
    assert set(RECOUNTS) == set(CODES)


def test_every_figure_and_its_comparison_equal_a_plain_recount(
    database: Database, clock: ManualClock, busy: BusyWorkshop
) -> None:
    found = ask(database, clock, busy)
    for code, recount in RECOUNTS.items():
        now, before = recount(Recount(database, busy, SPAN)), recount(Recount(database, busy, BEFORE))
        assert found[code].value == pytest.approx(now), code
        assert found[code].previous == pytest.approx(before), code
    assert all(kpi.value for kpi in found.values()), "the weeks have something of everything"
    assert found["hours_sold"].beside == Recount(database, busy, SPAN).present()


def test_every_day_of_every_series_equals_a_plain_recount(database: Database, clock: ManualClock) -> None:
    busy = make_busy(database, clock, 4)
    found = ask(database, clock, busy)
    for place, day in enumerate(SPAN.each()):
        alone = Recount(database, busy, Span(day, day))
        for code, recount in RECOUNTS.items():
            assert found[code].series[place] == pytest.approx(recount(alone) or 0), (code, day)
