"""The menu of workshops, the settings' list of them, and the card that compares them."""

from datetime import timedelta
from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.locations import LocationFiguresState
from carbot_app.state.session import SessionState
from carbot_app.state.settings_locations import LocationsState
from carbot_app.state.settings_place import SettingsState
from tests.factories import make_membership, make_workshop
from tests.state.tabs import Tab, make_thread, open_tab, words_of


@pytest.fixture
def bochum(services: Services, tab: Tab) -> Workshop:
    """A second workshop of the person."""
    made = make_workshop(services.db, "bochum", name="Kfz Müller Bochum", short_name="", city="Bochum")
    make_membership(services.db, made, tab.person)
    return made


async def figures(tab: Tab, query: str = "") -> Any:
    """The card once it has come into view."""
    await tab.at(f"/auswertung/?{query}").call(DashboardState.load)
    await tab.call(LocationFiguresState.reach)
    return await tab.state(LocationFiguresState)


async def test_who_works_in_one_workshop_has_nothing_to_choose(services: Services, tab: Tab) -> None:
    make_workshop(services.db, "fremd", name="Fremde Werkstatt")
    session = await tab.state(SessionState)
    assert [line.name for line in session.locations] == ["Müller Dortmund"]
    assert not session.compares_locations


async def test_the_menu_names_every_workshop_with_its_city(tab: Tab, bochum: Workshop) -> None:
    await tab.call(SessionState.load)
    session = await tab.state(SessionState)
    assert [(line.name, line.current) for line in session.locations] == [
        ("Müller Dortmund", True),
        ("Kfz Müller Bochum", False),
    ]
    assert session.compares_locations


async def test_figures_are_compared_only_by_who_reads_them_in_several(
    services: Services, workshop: Workshop
) -> None:
    tab = open_tab(services, workshop)
    for number, (role, fields) in enumerate(
        (("technician", {}), ("owner", {"active": False, "invited_as": "Jana"}))
    ):
        make_membership(services.db, make_workshop(services.db, f"w-{number}"), tab.person, role, **fields)
    await tab.call(SessionState.load)
    session = await tab.state(SessionState)
    assert [line.invited for line in session.locations] == [False, False, True]
    assert not session.compares_locations


async def test_the_card_shows_the_days_of_the_page_and_leads_to_the_same_days_there(
    services: Services, workshop: Workshop, tab: Tab, bochum: Workshop
) -> None:
    foreign = make_workshop(services.db, "fremd")
    for place, count in ((workshop, 1), (bochum, 2), (foreign, 4)):
        for number in range(count):
            make_thread(services, place, name=f"Kunde {number}")
        make_thread(services, place, created_at=services.clock() - timedelta(days=20))
        services.event_collector.collect(place.id)
    card = await figures(tab, "zeitraum=7&kanal=chat&person=3fa85f64-5717-4562-b3fc-2c963f66afa6")
    assert [(row.name, row.figures[0]) for row in card.rows] == [
        ("Müller Dortmund", "1"),
        ("Kfz Müller Bochum", "2"),
    ]
    assert (card.total.figures[0], card.status, card.is_mixed) == ("3", "ready", False)
    assert card.target == "/auswertung/?zeitraum=7", "filters are each workshop's own"
    await tab.call(DashboardState.pick_period, "30")
    await tab.call(LocationFiguresState.reach)
    assert card.total.figures[0] == "5"


async def test_rates_without_a_basis_and_sums_of_two_currencies_are_dashes(
    services: Services, tab: Tab
) -> None:
    basel = make_workshop(services.db, "basel", city="Basel", currency="CHF", short_name="Müller Basel")
    make_membership(services.db, basel, tab.person)
    card = await figures(tab)
    assert card.rows[1].figures == ("0", "0", "0 CHF", "–", "–", "–")
    assert card.total.figures == ("0", "0", "–", "–", "–", "–")
    assert card.is_mixed


async def test_a_hint_moves_a_card_that_was_seen(
    services: Services, workshop: Workshop, tab: Tab, bochum: Workshop
) -> None:
    await tab.at("/auswertung/").call(DashboardState.load)
    await tab.call(LocationFiguresState.on_live, "analytics", "", "lead.created")
    card = await tab.state(LocationFiguresState)
    assert (card.status, card.rows) == ("loading", [])
    await tab.call(LocationFiguresState.reach)
    make_thread(services, workshop)
    services.event_collector.collect(workshop.id)
    await tab.call(LocationFiguresState.on_live, "analytics", "", "lead.created")
    assert card.rows[0].figures[0] == "1"


async def test_an_owner_opens_a_further_location(services: Services, tab: Tab) -> None:
    await tab.at("/einstellungen/?bereich=standorte").call(SettingsState.load)
    await tab.call(LocationsState.load)
    page = await tab.state(LocationsState)
    assert (page.status, page.region, len(page.locations)) == ("ready", "DE-NW", 1)
    await tab.call(LocationsState.ask)
    await tab.call(
        LocationsState.add, {"name": "Müller Hagen", "city": "", "country": "DE", "region": "DE-NW"}
    )
    assert (list(page.problems), page.is_open, page.busy) == (["city"], True, False)
    form = {"name": "Müller Hagen", "city": "Hagen", "country": "AT", "region": "DE-NW"}
    await tab.call(LocationsState.add, form)
    assert list(page.problems) == ["region"]
    told = words_of(await tab.call(LocationsState.add, {**form, "country": "DE"}))
    assert "Müller Hagen" in told
    assert ([line.name for line in page.locations], page.is_open) == (
        ["Müller Dortmund", "Müller Hagen"],
        False,
    )
    await tab.call(SessionState.load)
    assert (await tab.state(SessionState)).compares_locations


async def test_only_owners_see_the_section(services: Services, workshop: Workshop) -> None:
    manager = open_tab(services, workshop, "manager")
    await manager.call(SessionState.load)
    await manager.at("/einstellungen/").call(SettingsState.load)
    assert "standorte" not in (await manager.state(SettingsState)).sections
    await manager.call(LocationsState.load)
    assert (await manager.state(LocationsState)).status == "failed"
    await manager.call(LocationsState.add, {"name": "X", "city": "Y", "country": "DE", "region": ""})
    await manager.call(SessionState.load)
    assert len((await manager.state(SessionState)).locations) == 1
