"""Figures and series read together, with what they are compared with; and what is owed day by day."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.comparing import span_before, year_before
from carbot_app.domains.analytics.schemas import Question, Span
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import NotFound
from tests.factories import make_workshop, staff_of
from tests.factories.owed import make_invoice
from tests.services.busy_workshop import LAST, BusyWorkshop, fill_workshop


@pytest.fixture
def analytics(database: Database, clock: ManualClock) -> AnalyticsService:
    return AnalyticsService(db=database, clock=clock)


@pytest.fixture
def busy(database: Database, clock: ManualClock) -> BusyWorkshop:
    made = fill_workshop(database, Random(5))
    EventCollector(db=database, clock=clock).collect(made.workshop.id)
    return made


@pytest.mark.parametrize("compare", [span_before, year_before, lambda span: None])
def test_the_overview_is_the_figures_and_the_series_whatever_they_are_compared_with(
    analytics: AnalyticsService, busy: BusyWorkshop, compare: Callable[[Span], Span | None]
) -> None:
    actor, span = staff_of(busy.workshop), Span(LAST - timedelta(days=9), LAST)
    question = Question(span, compare(span))
    for code in ("revenue", "open_items", "utilisation", "first_response"):
        kpis, series = analytics.overview(actor, question, code)
        assert kpis == analytics.kpis(actor, question)
        assert series == analytics.series(actor, question, code)
        if question.compare:
            alone = analytics.kpis(actor, Question(question.compare))
            assert [kpi.value for kpi in alone] == [kpi.previous for kpi in kpis]
    with pytest.raises(NotFound):
        analytics.overview(actor, question, "nonsense")


def test_what_was_paid_too_much_or_too_soon_settles_nothing_else(
    database: Database, analytics: AnalyticsService
) -> None:
    workshop, may = make_workshop(database), date(2026, 5, 1)
    paid = {
        "RE-1": (10_000, [(3, 13_000), (5, -3_000), (7, -10_000)]),
        "RE-2": (20_000, [(2, 5_000), (4, 5_000)]),
        "RE-3": (-4_000, [(6, -5_000)]),
        "RE-4": (1_000, []),
        "RE-5": (3_000, [(3, 4_000)]),
    }
    expected = dict.fromkeys(range(1, 9), 0)
    for number, (due, payments) in paid.items():
        bill = make_invoice(database, workshop, number, due, issued_on=may.replace(day=2))
        with database.writing(workshop.id) as session:
            session.add_all(
                Payment(
                    workshop_id=workshop.id, invoice_id=bill.invoice_id, method="cash", amount_cents=cents,
                    currency="EUR", received_on=may.replace(day=day),
                )
                for day, cents in payments
            )  # fmt: skip
            session.get_one(Receivable, bill.id).settled_cents = sum(cents for _, cents in payments)
        for day in range(2, 9):
            left = due - sum(cents for on, cents in payments if on <= day)
            expected[day] += max(left, 0) if due >= 0 else min(left, 0)
    actor, days = staff_of(workshop), Span(may, may.replace(day=8))
    series = analytics.series(actor, Question(days), "open_items")
    assert series.values == tuple(expected.values())
    (late,) = analytics.series(actor, Question(Span(LAST, LAST)), "open_items").values
    assert late == expected[8]
