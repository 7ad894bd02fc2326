"""The page of season campaigns: plan, start, progress, and what came of invitations."""

from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.consents import TYRES
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.state.season import SeasonState
from carbot_app.state.session import SessionState
from tests.factories import (
    make_customer,
    make_resource,
    make_vehicle,
    make_wheel_set,
    make_workshop,
    staff_of,
)
from tests.factories.catalog import stock
from tests.state.tabs import Tab, open_tab, words_of

PAGE = "/reifenhotel/saison/"
FORM = {
    "season": "winter",
    "service": "TYR-CHG-001",
    "starts_on": "2026-11-23",
    "ends_on": "2026-12-18",
    "per_day": "1",
}


@pytest.fixture(autouse=True)
def shop(services: Services, workshop: Workshop) -> None:
    """A catalogue, a tyre fitter and a tyre bay."""
    stock(services.db, workshop)
    make_resource(services.db, workshop, abilities=["tyre_fitter"])
    make_resource(services.db, workshop, "bay", abilities=["tyre"])


def guest(services: Services, workshop: Workshop, of: int, *, agreed: bool = True, **wheels: Any) -> Customer:
    customer = make_customer(services.db, workshop, name=f"Gast {of}", email=f"gast{of}@example.org")
    car = make_vehicle(services.db, workshop, customer, plate=f"DO-AB {of}")
    stored = {"code": f"R{of:05d}", "location": f"R{of}-1", **wheels}
    make_wheel_set(services.db, workshop, car, **stored)
    if agreed:
        services.consents.give(staff_of(workshop), customer.id, TYRES)
    return customer


async def opened(tab: Tab) -> SeasonState:
    await tab.at(PAGE).call(SeasonState.load)
    return await tab.state(SeasonState)


async def test_the_page_opens_with_the_coming_season_and_who_would_be_invited(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    guest(services, workshop, 1, season="summer")
    guest(services, workshop, 2, season="summer", agreed=False)
    state = await opened(tab)
    assert (state.status, state.form.season, state.form.starts_on) == ("ready", "summer", "2027-03-01")
    assert (state.campaign.id, state.plan.planned, state.plan.left_out) == ("", 1, 1)
    assert state.plan.reasons == (("Keine Einwilligung", "1"),)
    (wave,) = state.waves
    assert (wave.day, wave.names) == ("Mo., 1. März", "Gast 1")
    (left,) = state.left_out
    assert (left.name, left.place, left.word) == ("Gast 2", "R2-1", "Keine Einwilligung")
    assert left.href == "/reifenhotel/?satz=R00002"


async def test_each_change_of_the_form_shows_its_plan_and_stores_nothing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    guest(services, workshop, 1)
    state = await opened(tab)
    assert state.plan.planned == 0
    for field in FORM:
        await tab.call(SeasonState.change, field, FORM[field])
    assert (state.plan.planned, state.waves[0].day) == (1, "Heute")
    await tab.call(SeasonState.change, "per_day", "0")
    assert state.problems["per_day"].startswith("Bitte eine Zahl von 1")
    await tab.call(SeasonState.change, "starts_on", "morgen")
    assert list(state.problems) == ["starts_on"]
    await tab.call(SeasonState.change, "busy", "yes")
    assert state.busy is False
    assert services.campaigns.latest(staff_of(workshop)) is None


async def test_starting_asks_first_then_shows_progress_and_invitations(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for of in (1, 2):
        guest(services, workshop, of)
    state = await opened(tab)
    await tab.call(SeasonState.review, FORM)
    assert (state.asking, state.plan.planned, state.campaign.id) == ("start", 2, "")
    assert "läuft" in words_of(await tab.call(SeasonState.start))
    assert (state.asking, state.busy, state.campaign.badge) == ("", False, "progress")
    assert (state.campaign.planned, state.campaign.sent) == (2, 0)
    services.season_waves.send_due()
    await tab.call(SeasonState.on_live, "season", "", "season.changed")
    assert (state.campaign.planned, state.campaign.sent) == (1, 1)
    (sent,) = state.invitations
    assert (sent.name, sent.badge, sent.word) == ("Gast 1", "waiting", "Im Ausgang")
    assert sent.detail == "Heute · Vorschlag Do., 26. Nov., 07:30"


async def test_a_campaign_is_paused_resumed_and_ended(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    guest(services, workshop, 1)
    state = await opened(tab)
    await tab.call(SeasonState.review, FORM)
    await tab.call(SeasonState.start)
    for handler, badge in ((SeasonState.pause, "paused"), (SeasonState.resume, "progress")):
        await tab.call(handler)
        assert state.campaign.badge == badge
    await tab.call(SeasonState.ask, "stop")
    assert state.asking == "stop"
    await tab.call(SeasonState.stop)
    assert (state.asking, state.campaign.is_open, state.campaign.badge) == ("", False, "cancelled")
    assert state.form.season == "summer", "the form for the next one is there again"


async def test_a_form_in_somebodys_hands_is_not_overwritten_by_hints(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    state = await opened(tab)
    await tab.call(SeasonState.change, "per_day", "3")
    await tab.call(SeasonState.on_live, "season", "", "season.changed")
    assert (state.form.per_day, state.version) == ("3", 1)


async def test_who_may_not_manage_sees_the_plan_and_starts_nothing(
    services: Services, workshop: Workshop
) -> None:
    guest(services, workshop, 1)
    technician = open_tab(services, workshop, role="technician")
    await technician.call(SessionState.load)
    state = await opened(technician)
    assert (state.status, state.may_manage) == ("ready", False)
    for handler, arguments in ((SeasonState.review, (FORM,)), (SeasonState.start, ())):
        outcomes = await technician.call(handler, *arguments)
        assert "fehlt Ihnen die Berechtigung" in words_of(outcomes)
    assert state.asking == ""
    assert services.campaigns.latest(staff_of(workshop)) is None


async def test_another_workshops_campaign_is_not_there(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    guest(services, workshop, 1)
    await opened(tab)
    await tab.call(SeasonState.review, FORM)
    await tab.call(SeasonState.start)
    campaign = (await tab.state(SeasonState)).campaign.id
    other = make_workshop(services.db, "schmidt-essen")
    stranger = open_tab(services, other)
    await stranger.call(SessionState.load)
    state = await opened(stranger)
    assert (state.campaign.id, state.services) == ("", [])
    state.campaign = (await tab.state(SeasonState)).campaign
    await stranger.call(SeasonState.stop)
    assert services.campaigns.latest(staff_of(workshop)).state == "running"  # type: ignore[union-attr]
    assert campaign
