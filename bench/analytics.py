"""The dashboard over a year of two million events, on SQLite and PostgreSQL."""

import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from bench.busy_year import LAST, SERVICES, BusyYear
from bench.harness import machine, milliseconds, record
from bench.inbox import opened_databases, took
from carbot_app.db.session import Database
from carbot_app.domains.analytics import kinds
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.analytics.rollups import table_of
from carbot_app.domains.analytics.schemas import Filters, Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from carbot_app.kit.memory import collect_rarely

ROUNDS = 5
NOW = datetime(LAST.year, LAST.month, LAST.day, 18, tzinfo=UTC)
SPANS = {
    "year": Span(LAST - timedelta(days=364), LAST),
    "half_year_compared": Span(LAST - timedelta(days=182), LAST),
    "month_compared": Span(LAST - timedelta(days=29), LAST),
}
Calls = Mapping[str, Callable[[AnalyticsService, Actor, Question], object]]
CALLS: Calls = {
    "kpis": lambda service, actor, question: service.kpis(actor, question),
    "series": lambda service, actor, question: service.series(actor, question, "revenue"),
    "series_median": lambda service, actor, question: service.series(actor, question, "first_response"),
    "funnel": lambda service, actor, question: service.funnel(actor, question),
    "heat_map": lambda service, actor, question: service.heat_map(actor, question),
    "service_mix": lambda service, actor, question: service.service_mix(actor, question),
    "channel_mix": lambda service, actor, question: service.channel_mix(actor, question),
    "cohorts": lambda service, actor, question: service.cohorts(actor, question),
    "technician_load": lambda service, actor, question: service.technician_load(actor, question),
    "rows": lambda service, actor, question: service.rows(actor, question, "bookings"),
    "rows_of_messages": lambda service, actor, question: service.rows(actor, question, "chat_volume"),
    "rows_of_documents": lambda service, actor, question: service.rows(actor, question, "revenue"),
}


def analytics() -> None:
    """In-process, as the page calls it."""
    # As the server does; the sums of two million events are looked through for garbage otherwise
    collect_rarely()
    setting = machine()
    results = {}
    for engine, opened in opened_databases():
        with opened() as db:
            results[engine] = _measure(db)
    record(
        "analytics_2m",
        load=f"2,000,000 events over a year in one workshop; {len(CALLS)} questions over {len(SPANS)} spans, "
        f"without and with five filters, {ROUNDS} times each, in one process that collects garbage as rarely "
        "as the server",
        target="every question p95 <= 100 ms on PostgreSQL, <= 150 ms on SQLite",
        baseline="result.baseline: the leads, messages and revenue of the year counted over the events",
        result=results,
        setting=setting,
    )


def _measure(db: Database) -> dict[str, Any]:
    year = BusyYear(db)
    began = time.perf_counter()
    events = year.fill()
    filled = time.perf_counter()
    sums = year.sum_up()
    summed = time.perf_counter()
    year.settle()
    actor = Actor(
        kind="person", workshop_id=year.workshop.id, subject_id=new_id(), permissions=PERMISSIONS["owner"]
    )
    service = AnalyticsService(db=db, clock=ManualClock(NOW))
    result: dict[str, Any] = {
        "events": events,
        "sums": sums,
        "fill_s": round(filled - began, 1),
        "sum_up_s": round(summed - filled, 1),
        "verify_s": round(took(EventCollector(db=db, clock=ManualClock(NOW)).verify), 1),
    }
    questions = _questions(db, actor)
    for name, call in CALLS.items():
        # The server has worked before: its statements are compiled
        call(service, actor, questions["month_compared, all"])
        times = {
            label: [took(partial(call, service, actor, question)) for _ in range(ROUNDS)]
            for label, question in questions.items()
        }
        result[name] = milliseconds([each for some in times.values() for each in some])
        slowest = max(times, key=lambda label: sorted(times[label])[len(times[label]) // 2])
        result[name]["slowest"] = {slowest: milliseconds(times[slowest])["p50_ms"]}
    result["baseline"] = milliseconds([took(lambda: _count_events(db, actor)) for _ in range(3)])
    result["load_average_after"] = [round(value, 1) for value in os.getloadavg()]
    return result


def _questions(db: Database, actor: Actor) -> dict[str, Question]:
    with db.reading(actor.workshop_id) as session:
        technician = session.execute(select(table_of(Resource).c.id).limit(1)).scalar_one()
    narrowed = {
        "all": Filters(),
        "channel": Filters(channel="chat"),
        "service": Filters(service_code=SERVICES[0]),
        "technician": Filters(technician_id=technician),
        "weekday_hour": Filters(weekday=0, hour=9),
        "channel_service_hour": Filters(channel="chat", service_code=SERVICES[0], hour=9),
    }
    return {
        f"{span_name}, {name}": Question(span, _before(span) if "compared" in span_name else None, filters)
        for span_name, span in SPANS.items()
        for name, filters in narrowed.items()
    }


def _before(span: Span) -> Span:
    return Span(span.first - timedelta(days=span.days), span.first - timedelta(days=1))


def _count_events(db: Database, actor: Actor) -> None:
    table = table_of(AnalyticsEvent)
    query = (
        select(table.c.kind, table.c.day, func.sum(table.c.sign), func.sum(table.c.amount_cents))
        .where(
            table.c.workshop_id == actor.workshop_id,
            table.c.kind.in_((kinds.LEAD, kinds.MESSAGE_IN, kinds.INVOICED)),
            table.c.part == "",
        )
        .group_by(table.c.kind, table.c.day)
    )
    with db.reading(actor.workshop_id) as session:
        session.connection().execute(query).all()
