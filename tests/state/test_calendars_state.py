"""The calendars of the settings: connected against a real Radicale, and what never reaches the browser."""

from typing import Any

import pytest

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.session import SessionState
from carbot_app.state.settings_calendars import CalendarsState
from tests.contracts.calendar_peers import RadicalePeer
from tests.factories import make_calendar_feed, make_calendar_link, make_resource, make_workshop
from tests.peers.radicale_server import PASSWORD, USER, Radicale
from tests.state.tabs import Tab, open_tab, words_of


@pytest.fixture
def form(radicale: Radicale) -> dict[str, Any]:
    return {"address": radicale.origin, "user": USER, "password": PASSWORD}


@pytest.fixture
def nearby(services: Services, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The same, and servers of this machine may be connected."""
    settings = Settings(
        data_dir=services.settings.data_dir, calendar_private_hosts=True, google_client_id="carbot"
    )
    built = build_services(settings, db=services.db, clock=clock)
    monkeypatch.setattr("carbot_app.state.settings_calendars.get_services", lambda: built)
    return built


async def test_an_account_is_tried_then_a_calendar_chosen_and_the_password_stays_in_the_form(
    nearby: Services, workshop: Workshop, tab: Tab, radicale: Radicale, form: dict[str, Any]
) -> None:
    technician = make_resource(nearby.db, workshop, name="Emre")
    peer = RadicalePeer(radicale)
    await tab.call(CalendarsState.load)
    await tab.call(CalendarsState.ask, "caldav", "")
    await tab.call(CalendarsState.connect_caldav, form)
    state = await tab.state(CalendarsState)
    assert (peer.calendar_id, "Werkstatt") in state.choices
    assert (state.problems, state.task, state.busy) == ({}, "caldav", False)
    chosen = {**form, "calendar": peer.calendar_id, "technician": str(technician.id)}
    outcomes = await tab.call(CalendarsState.connect_caldav, chosen)
    assert "verbunden" in words_of(outcomes)
    assert [(line.title, line.state, line.problem) for line in state.lines] == [
        ("Emre · Werkstatt", "ok", "")
    ]
    assert PASSWORD not in str(vars(state))
    assert nearby.calendar_sync.sync_due() == 1
    await tab.call(CalendarsState.load)
    assert state.lines[0].synced == "Heute, 09:00"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "falsch"}, "password"),
        ({"password": ""}, "password"),
        ({"user": " "}, "user"),
        ({"address": "kein kalender"}, "address"),
        ({"address": "http://127.0.0.1:9/"}, "address"),
        ({"address": "file:///etc/passwd"}, "address"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    nearby: Services, tab: Tab, form: dict[str, Any], change: dict[str, str], field: str
) -> None:
    await tab.call(CalendarsState.ask, "caldav", "")
    await tab.call(CalendarsState.connect_caldav, {**form, **change})
    state = await tab.state(CalendarsState)
    assert list(state.problems) == [field]
    assert (state.choices, state.busy, bool(state.problems[field])) == ([], False, True)


async def test_servers_of_this_machine_are_refused_unless_the_settings_allow_them(
    tab: Tab, form: dict[str, Any]
) -> None:
    await tab.call(CalendarsState.ask, "caldav", "")
    await tab.call(CalendarsState.connect_caldav, form)
    assert list((await tab.state(CalendarsState)).problems) == ["address"]


async def test_only_providers_that_are_set_up_can_be_connected(
    nearby: Services, workshop: Workshop, tab: Tab
) -> None:
    technician = make_resource(nearby.db, workshop)
    await tab.call(CalendarsState.load)
    state = await tab.state(CalendarsState)
    assert dict(state.providers) == {"caldav": True, "google": True, "microsoft": False}
    await tab.call(CalendarsState.ask, "google", "")
    outcomes = await tab.call(CalendarsState.begin_consent, {"technician": str(technician.id)})
    assert "https://accounts.google.com/o/oauth2/v2/auth?client_id=carbot" in words_of(outcomes)
    await tab.call(CalendarsState.ask, "microsoft", "")
    await tab.call(CalendarsState.begin_consent, {"technician": str(technician.id)})
    assert list(state.problems) == ["provider"]


async def test_lost_access_is_told_in_words_and_can_be_tried_again(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    technician = make_resource(services.db, workshop, name="Emre")
    link = make_calendar_link(services.db, technician, state="revoked", error="revoked")
    await tab.call(CalendarsState.load)
    state = await tab.state(CalendarsState)
    assert "entzogen" in state.lines[0].problem
    await tab.call(CalendarsState.try_again, str(link.id))
    assert state.lines[0].state == "failing"


async def test_a_refused_move_is_told_with_its_reason_until_it_is_read(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    notice = {
        "appointment_id": str(workshop.id),
        "title": "Ölwechsel",
        "at": "2026-11-24T08:00:00+00:00",
        "wanted": "2026-11-24T23:00:00+00:00",
        "code": "outside_hours",
    }
    link = make_calendar_link(services.db, make_resource(services.db, workshop), notices=[notice])
    await tab.call(CalendarsState.load)
    state = await tab.state(CalendarsState)
    (text,) = state.lines[0].notices
    assert "Ölwechsel" in text
    assert "Morgen, 09:00" in text
    await tab.call(CalendarsState.dismiss, str(link.id))
    assert state.lines[0].notices == ()


async def test_a_calendar_is_disconnected_after_a_question(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    link = make_calendar_link(services.db, make_resource(services.db, workshop))
    await tab.call(CalendarsState.load)
    await tab.call(CalendarsState.ask, "disconnect", str(link.id))
    state = await tab.state(CalendarsState)
    assert (state.task, state.chosen.id) == ("disconnect", str(link.id))
    await tab.call(CalendarsState.disconnect)
    assert (state.lines, state.task) == ([], "")


async def test_links_are_made_renewed_and_ended(services: Services, workshop: Workshop, tab: Tab) -> None:
    technician = make_resource(services.db, workshop, name="Emre")
    await tab.call(CalendarsState.load)
    state = await tab.state(CalendarsState)
    assert [(feed.name, feed.url) for feed in state.feeds] == [("Ganze Werkstatt", ""), ("Emre", "")]
    for key in ("all", str(technician.id)):
        await tab.call(CalendarsState.renew_feed, key)
    first = state.feeds[0].url
    assert first.startswith("http://localhost:3000/kalender/")
    await tab.call(CalendarsState.renew_feed, "all")
    assert first != state.feeds[0].url != state.feeds[1].url
    await tab.call(CalendarsState.ask, "end", "all")
    await tab.call(CalendarsState.end_feed)
    assert (state.feeds[0].url, bool(state.feeds[1].url)) == ("", True)


@pytest.mark.parametrize(("result", "word"), [("calendar_consent_denied", "abgelehnt"), ("<b>", "antwortet")])
async def test_how_a_consent_page_ended_is_told(tab: Tab, result: str, word: str) -> None:
    await tab.at(f"/einstellungen/?bereich=kalender&ergebnis={result}").call(CalendarsState.load)
    assert word in (await tab.state(CalendarsState)).outcome


async def test_others_calendars_and_links_are_neither_seen_nor_touched(services: Services, tab: Tab) -> None:
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    technician = make_resource(services.db, other, name="Geheim")
    link = make_calendar_link(services.db, technician, name="Geheim")
    make_calendar_feed(services.db, technician)
    await tab.call(CalendarsState.load)
    state = await tab.state(CalendarsState)
    assert "Geheim" not in str({name: getattr(state, name) for name in CalendarsState.base_vars})
    for handler in (CalendarsState.try_again, CalendarsState.dismiss):
        assert "gibt es nicht" in words_of(await tab.call(handler, str(link.id)))
    assert "gibt es nicht" in words_of(await tab.call(CalendarsState.renew_feed, str(technician.id)))


async def test_a_technician_may_not_even_look(services: Services, workshop: Workshop) -> None:
    make_calendar_link(services.db, make_resource(services.db, workshop), name="Geheim")
    opened = open_tab(services, workshop, "technician")
    await opened.call(SessionState.load)
    assert "Berechtigung" in words_of(await opened.call(CalendarsState.load))
    assert (await opened.state(CalendarsState)).lines == []
