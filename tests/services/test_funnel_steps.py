"""Steps of the funnel as figures of their own equal a plain recount, and have their leads behind them."""

from random import Random
from typing import Any

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.drilling import BEHIND
from carbot_app.domains.analytics.kpis import STEPS
from carbot_app.domains.analytics.schemas import Filters, Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.kit.clock import ManualClock
from tests.factories import staff_of
from tests.services.busy_workshop import FIRST, LAST, BusyWorkshop, fill_workshop
from tests.services.test_figures import Recount

WEEKS = Span(FIRST, LAST)
LEADS = (
    "FROM lead l JOIN conversation c ON c.id = l.conversation_id "
    "WHERE l.workshop_id = :w AND l.created_at >= :start AND l.created_at < :end"
)
CAME = "EXISTS (SELECT 1 FROM appointment a WHERE a.conversation_id = l.conversation_id AND a.state = 'done')"
BOOKED = f"({CAME} OR l.state IN ('booked', 'won'))"
PRICED = f"({BOOKED} OR c.first_answer_at IS NOT NULL AND l.value_max_cents > 0)"
ANSWERED = f"({BOOKED} OR c.first_answer_at IS NOT NULL)"
RECOUNTS = {
    "leads_answered": ANSWERED,
    "leads_priced": PRICED,
    "leads_booked": BOOKED,
    "leads_came": CAME,
}
STEP_CODES = ("answered", "priced", "booked", "visited")
OIL = "ENG-OIL-001"


@pytest.fixture(params=[1, 2])
def busy(database: Database, clock: ManualClock, request: pytest.FixtureRequest) -> BusyWorkshop:
    made = fill_workshop(database, Random(request.param))
    EventCollector(db=database, clock=clock).collect(made.workshop.id)
    return made


@pytest.fixture
def analytics(database: Database, clock: ManualClock) -> AnalyticsService:
    return AnalyticsService(db=database, clock=clock)


def asked(**filters: Any) -> Question:
    return Question(WEEKS, None, Filters(**filters))


def total(analytics: AnalyticsService, busy: BusyWorkshop, code: str, question: Question) -> float:
    return sum(value or 0 for value in analytics.series(staff_of(busy.workshop), question, code).values)


def test_every_step_equals_a_plain_recount_and_the_funnel(
    database: Database, analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    recount = Recount(database, busy, WEEKS)
    shown = {step.code: step.count for step in analytics.funnel(staff_of(busy.workshop), asked())}
    for (code, condition), step in zip(RECOUNTS.items(), STEP_CODES, strict=True):
        expected = recount.one(f"SELECT count(*) {LEADS} AND {condition}")
        assert total(analytics, busy, code, asked()) == expected == shown[step] > 0, code


def test_every_day_of_a_step_equals_a_plain_recount(
    database: Database, analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    for code, condition in RECOUNTS.items():
        series = analytics.series(staff_of(busy.workshop), asked(), code)
        for day, value in zip(series.days, series.values, strict=True):
            alone = Recount(database, busy, Span(day, day))
            assert value == alone.one(f"SELECT count(*) {LEADS} AND {condition}"), (code, day)


@pytest.mark.parametrize(
    "filters", [{}, {"channel": "mail"}, {"service_code": OIL}, {"weekday": 1}, {"hour": 9}], ids=str
)
def test_rows_behind_a_step_are_its_leads(
    analytics: AnalyticsService, busy: BusyWorkshop, filters: dict[str, Any]
) -> None:
    actor, question = staff_of(busy.workshop), asked(**filters)
    steps = {step.code: step.count for step in analytics.funnel(actor, question)}
    for code, step in zip(RECOUNTS, STEP_CODES, strict=True):
        page = analytics.rows(actor, question, code, 200)
        assert page.total == steps[step] == total(analytics, busy, code, question), code
        assert len(page.rows) == min(page.total, 200)
        assert all(row.title and row.href for row in page.rows), code


def test_the_first_step_of_a_service_are_the_enquiries_for_it(
    analytics: AnalyticsService, busy: BusyWorkshop
) -> None:
    actor, question = staff_of(busy.workshop), asked(service_code=OIL)
    first = analytics.funnel(actor, question)[0].count
    assert analytics.rows(actor, question, "leads_asked").total == first > 0
    assert total(analytics, busy, "leads_asked", question) == first


def test_no_step_can_be_narrowed_to_a_technician(analytics: AnalyticsService, busy: BusyWorkshop) -> None:
    actor, question = staff_of(busy.workshop), asked(technician_id=busy.technicians[0].id)
    for code in STEPS:
        assert analytics.series(actor, question, code).reason == "technician_id"
        assert analytics.rows(actor, question, code).rows == ()
    assert BEHIND.keys() >= STEPS.keys()
