"""A click on a step of the funnel opens its enquiries and tells its course."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import translate
from carbot_app.kit.languages import LANGUAGES
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_choice import KNOWN, STEPS
from carbot_app.state.dashboard_rows import DashboardRowsState
from carbot_app.state.dashboard_shares import SharesState
from tests.factories import make_conversation, make_lead
from tests.state.tabs import Tab


def answer(services: Services, workshop: Workshop, *, answered: bool) -> None:
    at = services.clock() - timedelta(days=1)
    thread = make_conversation(
        services.db,
        workshop,
        channel="chat",
        created_at=at,
        first_answer_at=at + timedelta(seconds=5) if answered else None,
        first_answer_by="assistant",
    )
    make_lead(services.db, thread, created_at=at)


async def open_board(services: Services, workshop: Workshop, tab: Tab) -> None:
    for answered in (True, True, False):
        answer(services, workshop, answered=answered)
    services.event_collector.collect(workshop.id)
    await tab.call(DashboardState.load)
    await tab.call(DashboardState.reach_shares)


async def test_a_step_opens_as_many_rows_as_it_says(services: Services, workshop: Workshop, tab: Tab) -> None:
    await open_board(services, workshop, tab)
    shares, rows = await tab.state(SharesState), await tab.state(DashboardRowsState)
    board = await tab.state(DashboardState)
    for bar in shares.funnel:
        await tab.call(DashboardRowsState.open_step, bar.key)
        assert (rows.code, board.kpi, board.story.code) == (STEPS[bar.key],) * 3
        assert str(rows.total) == bar.count
    assert [bar.count for bar in shares.funnel][:2] == ["3", "2"]


async def test_the_first_step_of_a_service_are_enquiries_for_it(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await open_board(services, workshop, tab)
    await tab.call(DashboardState.pick, "leistung", "SAF-BRK-001")
    await tab.call(DashboardRowsState.open_step, "lead")
    rows = await tab.state(DashboardRowsState)
    assert (rows.code, rows.total) == ("leads_asked", 3)


async def test_what_is_no_step_opens_nothing(tab: Tab) -> None:
    for name in ("", "leads_came", "__class__"):
        await tab.call(DashboardRowsState.open_step, name)
    assert (await tab.state(DashboardRowsState)).code == ""


async def test_a_step_can_be_linked_to(services: Services, workshop: Workshop, tab: Tab) -> None:
    await open_board(services, workshop, tab)
    await tab.call(DashboardState.pick_kpi, "leads_answered")
    board = await tab.state(DashboardState)
    assert "kennzahl=leads_answered" in (board._choice().query())
    assert sum(point.value or 0 for point in board.story.points) == 2


def test_every_language_has_words_for_every_step() -> None:
    for language in LANGUAGES:
        names = {translate(language, f"dashboard.figure.{code}") for code in KNOWN}
        assert len(names) == len(KNOWN)
        assert all(translate(language, f"analytics.definition.{code}") for code in KNOWN)
