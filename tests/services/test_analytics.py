"""The four figures equal a plain recount and follow the workshop's own calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
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


def kpis(talks: Talks, workshop: Workshop, days: int = 7) -> dict:
    return {kpi.code: kpi for kpi in talks.analytics.kpis(staff_of(workshop), days=days)}


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
    found = kpis(talks, workshop)
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
    today = talks.analytics.today(staff_of(workshop))
    assert (today.new_leads, today.answered, today.first_answer_seconds) == (3, 3, 4)


def test_an_empty_workshop_has_zeros_and_unknowns_but_no_errors(talks: Talks, workshop: Workshop) -> None:
    found = kpis(talks, workshop, days=30)
    assert (found["new_leads"].value, found["bookings"].value) == (0, 0)
    assert (found["first_response"].value, found["assistant_solved"].value) == (None, None)
    assert len(found["bookings"].series) == 30
    assert talks.analytics.today(staff_of(workshop)).utilisation_percent == 0


def test_a_day_ends_at_midnight_of_the_workshop(
    talks: Talks, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    clock.now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    make_answered(database, workshop, datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    make_answered(database, workshop, datetime(2026, 11, 22, 22, 30, tzinfo=UTC))
    assert kpis(talks, workshop)["new_leads"].series[-2:] == (1, 1)


def test_another_workshops_figures_stay_its_own(
    talks: Talks, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    make_answered(database, workshop, clock())
    assert kpis(talks, make_workshop(database, slug="andere"))["new_leads"].value == 0


def test_figures_need_the_permission(talks: Talks, workshop: Workshop) -> None:
    with pytest.raises(Forbidden):
        talks.analytics.kpis(staff_of(workshop, "technician"))
