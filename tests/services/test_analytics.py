"""Figures follow the workshop's own calendar, and keep to themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.schemas import Kpi, Question, Span
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock, system_clock
from carbot_app.kit.errors import Forbidden
from tests.factories.actors import staff_of
from tests.factories.conversations import make_conversation
from tests.factories.leads import make_lead
from tests.factories.team import make_workshop
from tests.services.conftest import Talks


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


def make_answered(
    database: Database, workshop: Workshop, at: datetime, *, seconds: int = 2, handover: str = ""
) -> None:
    conversation = make_conversation(
        database,
        workshop,
        created_at=at,
        first_answer_at=at + timedelta(seconds=seconds),
        first_answer_by="assistant",
        handover_reason=handover,
    )
    make_lead(database, conversation, created_at=at)


def kpis(talks: Talks, database: Database, workshop: Workshop, days: int = 7) -> dict[str, Kpi]:
    """The figures after the night's look at the records."""
    actor = staff_of(workshop)
    EventCollector(db=database, clock=system_clock).collect(workshop.id)
    question = talks.analytics.last_days(actor, days)
    return {kpi.code: kpi for kpi in talks.analytics.kpis(actor, question)}


def test_figures_of_a_period_and_the_one_before(
    talks: Talks, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    for days_ago, seconds, handover in (
        (0, 2, ""),
        (1, 4, ""),
        (6, 60, "asked"),
        (7, 2, ""),
        (13, 8, "asked"),
    ):
        make_answered(
            database, workshop, clock() - timedelta(days=days_ago), seconds=seconds, handover=handover
        )
    make_answered(database, workshop, clock() - timedelta(days=14))
    found = kpis(talks, database, workshop)
    assert (found["new_leads"].value, found["new_leads"].previous) == (3, 2)
    assert (found["first_response"].value, found["first_response"].previous) == (4, 5)
    assert found["assistant_solved"].value == pytest.approx(200 / 3)
    assert found["assistant_solved"].previous == 50
    assert found["new_leads"].series == (1, 0, 0, 0, 0, 1, 1)


def test_today_counts_what_came_in_and_how_long_it_waited(
    talks: Talks, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    for days_ago, seconds in ((0, 2), (0, 4), (0, 90), (1, 500)):
        make_answered(database, workshop, clock() - timedelta(days=days_ago), seconds=seconds)
    today = talks.analytics.answers_today(staff_of(workshop))
    assert (today.new_leads, today.answered, today.first_answer_seconds) == (3, 3, 4)


def test_an_empty_workshop_has_zeros_and_unknowns_but_no_errors(
    talks: Talks, database: Database, workshop: Workshop
) -> None:
    found = kpis(talks, database, workshop, days=30)
    assert (found["new_leads"].value, found["bookings"].value) == (0, 0)
    nothing = {code for code, kpi in found.items() if kpi.value is None}
    assert nothing == {
        *("conversion", "first_response", "assistant_solved", "no_show", "utilisation", "average_order"),
        *("rating", "returning"),
    }
    assert all(value == 0 for kpi in found.values() for value in kpi.series), "no NaN, nothing invented"
    assert len(found["bookings"].series) == 30
    assert talks.analytics.today(staff_of(workshop)).utilisation_percent == 0


def test_a_day_ends_at_midnight_of_the_workshop(
    talks: Talks, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    clock.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    make_answered(database, workshop, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    make_answered(database, workshop, datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    assert kpis(talks, database, workshop)["new_leads"].series[-2:] == (1, 1)


def test_another_workshops_figures_stay_its_own(
    talks: Talks, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    make_answered(database, workshop, clock())
    assert kpis(talks, database, make_workshop(database, slug="andere"))["new_leads"].value == 0


def test_figures_need_the_permission(talks: Talks, workshop: Workshop) -> None:
    technician, day = staff_of(workshop, "technician"), date(2026, 11, 23)
    question = Question(Span(day, day))
    for ask in (
        lambda: talks.analytics.kpis(technician, question),
        lambda: talks.analytics.series(technician, question, "revenue"),
        lambda: talks.analytics.rows(technician, question, "revenue"),
        lambda: talks.analytics.technician_load(technician, question),
        lambda: talks.analytics.last_days(technician, 7),
    ):
        with pytest.raises(Forbidden):
            ask()
