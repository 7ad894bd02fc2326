"""Rating a visit behind its link, and the link of the wall in the settings."""

from datetime import timedelta

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.session import SessionState
from carbot_app.state.settings_wall import WallState
from carbot_app.state.visit_rating import VisitRatingState
from tests.factories import make_appointment, make_customer, make_resource
from tests.state.tabs import Tab, open_tab, words_of


@pytest.fixture
def visit(services: Services, workshop: Workshop, clock: ManualClock) -> Appointment:
    technician, bay = make_resource(services.db, workshop), make_resource(services.db, workshop, "bay")
    customer = make_customer(services.db, workshop)
    start = clock() - timedelta(days=1)
    return make_appointment(services.db, workshop, customer, technician, bay, starts_at=start, state="done")


@pytest.fixture
def link(tab: Tab, visit: Appointment) -> Tab:
    return tab.at(f"/t/{visit.manage_token}/")


async def test_stars_are_given_and_changed(link: Tab, services: Services, visit: Appointment) -> None:
    await link.call(VisitRatingState.send, {"stars": "4", "comment": "Schnell."})
    state = await link.state(VisitRatingState)
    assert (state.view, state.stars, state.comment, state.busy) == ("given", 4, "Schnell.", False)
    await link.call(VisitRatingState.edit)
    assert (await link.state(VisitRatingState)).view == "edit"
    await link.call(VisitRatingState.send, {"stars": "2", "comment": ""})
    state = await link.state(VisitRatingState)
    assert (state.view, state.stars, state.callback) == ("given", 2, "offer")
    await link.call(VisitRatingState.wish_call)
    assert (await link.state(VisitRatingState)).callback == "asked"
    assert services.ratings.get_by_link(visit.manage_token).stars == 2


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({}, "missing"),
        ({"stars": ""}, "missing"),
        ({"stars": "9"}, "missing"),
        ({"stars": "²"}, "missing"),
        ({"stars": "5", "comment": "x" * 5000}, "too_long"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_form(link: Tab, form: dict[str, str], problem: str) -> None:
    await link.call(VisitRatingState.send, form)
    state = await link.state(VisitRatingState)
    assert (state.problem, state.view, state.busy) == (problem, "", False)


async def test_too_late_is_said(link: Tab, clock: ManualClock) -> None:
    await link.call(VisitRatingState.send, {"stars": "5"})
    clock.advance(timedelta(days=8))
    await link.call(VisitRatingState.send, {"stars": "1"})
    assert (await link.state(VisitRatingState)).problem == "over"
    await link.call(VisitRatingState.edit)
    state = await link.state(VisitRatingState)
    assert (state.view, state.stars) == ("final", 5)


async def test_the_wall_has_a_link_that_is_made_renewed_and_revoked(tab: Tab, services: Services) -> None:
    await tab.call(WallState.load)
    assert ((await tab.state(WallState)).path, (await tab.state(WallState)).status) == ("", "ready")
    assert "erstellt" in words_of(await tab.call(WallState.make))
    first = (await tab.state(WallState)).path
    assert services.wall.get_screen(first.rpartition("/")[2]).lanes == ()
    await tab.call(WallState.ask, "renew")
    assert (await tab.state(WallState)).task == "renew"
    await tab.call(WallState.make)
    state = await tab.state(WallState)
    assert state.path != first
    assert (state.task, state.url.endswith(state.path)) == ("", True)
    await tab.call(WallState.show_names, True)
    assert (await tab.state(WallState)).shows_names
    await tab.call(WallState.revoke)
    assert ((await tab.state(WallState)).path, (await tab.state(WallState)).url) == ("", "")


async def test_who_may_not_change_settings_gets_no_link(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, role="front_desk")
    await desk.call(SessionState.load)
    for handler in (WallState.load, WallState.make, WallState.revoke):
        await desk.call(handler)
    await desk.call(WallState.show_names, True)
    state = await desk.state(WallState)
    assert (state.path, state.shows_names, state.status) == ("", False, "failed")
