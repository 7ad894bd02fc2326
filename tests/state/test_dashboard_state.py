"""The Auswertung page: figures, what narrows them, the rows behind them and saved views."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.analytics.service import AnalyticsService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Invalid
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.dashboard_choice import CODES
from carbot_app.state.dashboard_rows import DashboardRowsState
from carbot_app.state.dashboard_shares import SharesState
from carbot_app.state.dashboard_views import DashboardViewsState
from carbot_app.state.first_figures import COLUMNS, first_figures
from carbot_app.state.session import SessionState
from tests.factories import make_workshop
from tests.state.tabs import Tab, foreign_thread, make_thread, open_tab, words_of

PAGE = "/auswertung/"


def happened(services: Services, workshop: Workshop) -> None:
    """The events of what the factories have made."""
    services.event_collector.collect(workshop.id)


async def opened(tab: Tab, query: str = "") -> Any:
    """The page's state after its load, read to its end."""
    await tab.at(f"{PAGE}?{query}").call(DashboardState.load)
    await tab.call(DashboardState.reach_shares)
    return await tab.state(DashboardState)


def tile(state: Any, code: str = "new_leads") -> Any:
    return next(tile for tile in state.tiles if tile.code == code)


async def test_an_empty_workshop_has_every_tile_and_a_way_on(tab: Tab) -> None:
    state = await opened(tab)
    assert [tile.code for tile in state.tiles] == list(CODES)
    assert (state.status, state.has_history) == ("ready", False)
    assert {tile.figure for tile in state.tiles} <= {"0", "–"}
    assert "NaN" not in json.dumps([tile.spark for tile in state.tiles])


async def test_what_lies_below_is_read_when_it_comes_near_or_names_a_filter(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_thread(services, workshop, channel="chat")
    happened(services, workshop)
    await tab.at(PAGE).call(DashboardState.load)
    shares = await tab.state(SharesState)
    assert (shares.status, shares.channels) == ("loading", [])
    await tab.call(DashboardState.pick, "kanal", "chat")
    assert ([bar.key for bar in shares.channels], (await tab.state(DashboardState)).chips[0].label) == (
        ["chat"],
        "Chat",
    )
    other = open_tab(services, workshop)
    await other.call(SessionState.load)
    await other.at(PAGE).call(DashboardState.load)
    await other.call(DashboardState.reach_shares)
    assert (await other.state(SharesState)).status == "ready"


async def test_a_hint_moves_the_figures_and_marks_those_that_moved(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    state = await opened(tab)
    make_thread(services, workshop)
    happened(services, workshop)
    await tab.call(DashboardState.on_live, "analytics", "", "lead.created")
    assert (tile(state).figure, tile(state).moved, state.has_history) == ("1", True, True)
    assert not tile(state, "rating").moved
    await tab.call(DashboardState.on_live, "analytics", "", "lead.created")
    assert tile(state).moved, "a second hint must not cut the tint short"


async def test_another_question_is_no_move(services: Services, workshop: Workshop, tab: Tab) -> None:
    make_thread(services, workshop, created_at=services.clock() - timedelta(days=20))
    happened(services, workshop)
    state = await opened(tab)
    await tab.call(DashboardState.pick_period, "7")
    assert (tile(state).figure, tile(state).moved) == ("0", False)


async def test_changes_are_good_or_bad_not_up_or_down(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for days in (10, 1, 2):
        make_thread(services, workshop, created_at=services.clock() - timedelta(days=days))
    happened(services, workshop)
    leads = tile(await opened(tab, "zeitraum=7"))
    assert (leads.figure, leads.delta, leads.direction, leads.verdict) == ("2", "100 %", "up", "good")


@pytest.mark.parametrize(
    ("query", "period", "days"),
    [
        ("zeitraum=7", "7", 7),
        ("zeitraum=quartal", "quartal", 91),
        ("zeitraum=365000", "30", 30),
        ("zeitraum=%3Cb%3E", "30", 30),
        ("von=2026-11-01&bis=2026-11-10", "", 10),
        ("von=2026-11-10&bis=2026-11-01", "", 10),
        ("von=2026-11-10&bis=gestern", "30", 30),
    ],
)
async def test_the_range_of_the_address_decides_and_nonsense_is_thirty_days(
    tab: Tab, query: str, period: str, days: int
) -> None:
    state = await opened(tab, query)
    assert state.period == period
    assert (date.fromisoformat(state.last) - date.fromisoformat(state.first)).days + 1 == days


async def test_a_click_narrows_everything_and_a_second_one_lets_go(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_thread(services, workshop, channel="chat")
    make_thread(services, workshop, channel="mail")
    happened(services, workshop)
    state, shares = await opened(tab), await tab.state(SharesState)
    assert tile(state).figure == "2"
    outcomes = await tab.call(DashboardState.pick, "kanal", "mail")
    assert '"kanal": "mail"' in words_of(outcomes).replace('\\"', '"')
    assert (tile(state).figure, [chip.name for chip in state.chips]) == ("1", ["kanal"])
    assert {bar.key: bar.chosen for bar in shares.channels} == {"chat": False, "mail": True}
    assert shares.funnel[0].count == "1"
    await tab.call(DashboardState.pick, "kanal", "mail")
    assert (tile(state).figure, state.chips) == ("2", [])


async def test_an_hour_of_a_weekday_narrows_and_is_let_go_of_one_by_one(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_thread(services, workshop)
    happened(services, workshop)
    at = services.clock().astimezone(UTC) + timedelta(hours=1)
    state, shares = await opened(tab), await tab.state(SharesState)
    await tab.call(DashboardState.pick_hour, at.weekday(), at.hour)
    assert (tile(state).figure, [chip.name for chip in state.chips]) == ("1", ["tag", "stunde"])
    assert [cell.chosen for row in shares.heat.cells for cell in row].count(True) == 1
    await tab.call(DashboardState.pick_hour, (at.weekday() + 1) % 7, at.hour)
    assert tile(state).figure == "0"
    await tab.call(DashboardState.clear, "tag")
    assert (tile(state).figure, [chip.name for chip in state.chips]) == ("1", ["stunde"])
    await tab.call(DashboardState.clear, "")
    assert state.chips == []


async def test_a_filter_that_no_figure_knows_is_left_out(tab: Tab) -> None:
    state = await opened(tab, "person=nobody&tag=9&stunde=%D9%A3")
    assert (state.status, state.chips) == ("ready", [])


async def test_a_day_of_the_story_becomes_the_range(services: Services, workshop: Workshop, tab: Tab) -> None:
    for days in (0, 3):
        make_thread(services, workshop, created_at=services.clock() - timedelta(days=days))
    happened(services, workshop)
    state = await opened(tab, "kennzahl=new_leads")
    point = next(point for point in state.story.points[:-1] if point.value)
    await tab.call(DashboardState.pick_days, point.day, point.last)
    assert (state.first, state.last, state.period) == (point.day, point.last, "")
    assert len(state.story.points) == 1


async def test_closed_days_are_no_days_of_the_story(services: Services, workshop: Workshop, tab: Tab) -> None:
    make_thread(services, workshop)
    happened(services, workshop)
    state = await opened(tab, "kennzahl=new_leads")
    weekdays = {date.fromisoformat(point.day).isoweekday() for point in state.story.points}
    assert (state.story.grain, weekdays) == ("workday", {1, 2, 3, 4, 5, 6})


async def test_the_chosen_figure_tells_its_story(tab: Tab) -> None:
    state = await opened(tab, "kennzahl=bookings")
    assert (state.kpi, state.story.code) == ("bookings", "bookings")
    outcomes = await tab.call(DashboardState.pick_kpi, "no_such_figure")
    assert (state.story.code, "kennzahl" in words_of(outcomes)) == ("revenue", True)


async def test_a_year_stays_small(services: Services, workshop: Workshop, tab: Tab) -> None:
    for days in range(0, 360, 7):
        make_thread(services, workshop, created_at=services.clock() - timedelta(days=days))
    happened(services, workshop)
    state = await opened(tab, "zeitraum=jahr&kennzahl=new_leads")
    assert (state.story.grain, len(state.story.points)) == ("week", 52)
    assert await tab.size(DashboardState) < 48_000
    assert await tab.size(SharesState) < 40_000


async def test_a_failed_load_keeps_the_old_figures(
    services: Services, workshop: Workshop, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_thread(services, workshop)
    happened(services, workshop)
    state = await opened(tab)

    def refuse(*_: Any) -> Any:
        raise Invalid("figures_span_too_long", days=1)

    with monkeypatch.context() as broken:
        broken.setattr(AnalyticsService, "overview", refuse)
        await tab.call(DashboardState.pick_period, "7")
    assert (state.status, tile(state).figure) == ("failed", "1")
    await tab.call(DashboardState.pick_period, "7")
    assert state.status == "ready"


async def test_francs_and_millions_fit_a_tile(services: Services) -> None:
    workshop = make_workshop(services.db, slug="zuerich", country="CH", currency="CHF")
    swiss = open_tab(services, workshop)
    await swiss.call(SessionState.load)
    revenue = tile(await opened(swiss), "revenue")
    assert (revenue.figure, revenue.unit) == ("0", "CHF")


async def test_the_rows_behind_a_figure_come_in_pages_and_lead_to_their_records(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for number in range(35):
        make_thread(
            services,
            workshop,
            name=f"Kunde {number}",
            created_at=services.clock() - timedelta(minutes=number),
        )
    happened(services, workshop)
    state = await opened(tab)
    outcomes = await tab.call(DashboardRowsState.open, "new_leads")
    rows = await tab.state(DashboardRowsState)
    assert "zeilen" in words_of(outcomes)
    assert (rows.status, rows.total, len(rows.lines), rows.has_more) == ("ready", 35, 30, True)
    assert rows.lines[0].title == "Kunde 0"
    assert rows.lines[0].href.startswith("/posteingang/")
    assert state.story.code == "new_leads"
    await tab.call(DashboardRowsState.load_more)
    assert (len(rows.lines), rows.has_more) == (35, False)
    assert len({line.title for line in rows.lines}) == 35
    await tab.call(DashboardRowsState.close)
    assert rows.code == ""


async def test_rows_of_no_figure_are_not_asked_for(tab: Tab) -> None:
    await opened(tab)
    assert await tab.call(DashboardRowsState.open, "password_hash") == []
    await tab.at(f"{PAGE}?zeilen=drop").call(DashboardRowsState.load)
    assert (await tab.state(DashboardRowsState)).code == ""


async def test_a_view_brings_range_figure_and_filters_back_and_may_open_first(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    state = await opened(tab, "zeitraum=7&kennzahl=bookings&kanal=mail")
    views = await tab.state(DashboardViewsState)
    await tab.call(DashboardViewsState.save, {"name": ""})
    assert (views.problem != "", views.views) == (True, [])
    await tab.call(DashboardViewsState.save, {"name": "Meine Woche"})
    await tab.call(DashboardViewsState.open_first, views.views[0].id, True)
    assert [(view.name, view.opens_first) for view in views.views] == [("Meine Woche", True)]
    state = await opened(tab)
    assert (state.period, state.kpi, [chip.name for chip in state.chips]) == ("7", "bookings", ["kanal"])
    state = await opened(tab, "zeitraum=30")
    assert (state.period, state.kpi, state.chips) == ("30", "revenue", [])
    await tab.call(DashboardState.show_view, dict(parse_qsl(views.views[0].address)))
    assert (state.period, state.kpi) == ("7", "bookings")
    await tab.call(DashboardViewsState.forget, views.views[0].id)
    assert views.views == []


async def test_what_is_shown_can_be_linked_to(tab: Tab) -> None:
    asked = {"zeitraum": "7", "vergleich": "vorjahr", "kennzahl": "rating", "leistung": "RAD-WECHSEL"}
    state = await opened(tab, urlencode(asked))
    assert dict(parse_qsl(state.query)) == asked
    assert tile(state).href == f"{PAGE}?{state.query}&zeilen=new_leads"


async def test_nothing_of_another_workshop_is_counted_or_shown(services: Services, tab: Tab) -> None:
    foreign_thread(services)
    services.event_collector.collect_everywhere()
    state = await opened(tab)
    await tab.call(DashboardRowsState.open, "new_leads")
    rows = await tab.state(DashboardRowsState)
    assert (tile(state).figure, rows.lines) == ("0", [])


async def test_a_technician_is_told_so_and_sees_no_figures(services: Services, workshop: Workshop) -> None:
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    outcomes = await technician.at(PAGE).call(DashboardState.load)
    state = await technician.state(DashboardState)
    assert (state.status, state.tiles, bool(outcomes)) == ("failed", [], True)


async def test_every_language_words_every_figure(services: Services, workshop: Workshop, tab: Tab) -> None:
    make_thread(services, workshop, created_at=datetime(2026, 11, 20, 9, tzinfo=UTC))
    happened(services, workshop)
    session = await tab.state(SessionState)
    for language in ("de", "en", "tr", "pl"):
        session.language = language
        state = await opened(tab)
        shares = await tab.state(SharesState)
        shown = str([state.tiles, state.story, shares.heat, shares.funnel, shares.grids])
        assert "dashboard." not in shown
        assert "{{" not in shown


async def test_the_html_holds_the_figures_the_page_will_show(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for days in (10, 1, 2):
        make_thread(services, workshop, created_at=services.clock() - timedelta(days=days))
    happened(services, workshop)
    rows = first_figures(f"token-{tab.person.id}", {"zeitraum": "7"})
    tiles = (await opened(tab, "zeitraum=7")).tiles
    assert [(row["figure"], row["unit"]) for row in rows] == [(tile.figure, tile.unit) for tile in tiles]
    assert rows[0] == {
        "label": "Neue Anfragen",
        "figure": "2",
        "unit": "",
        "delta": "↑ 100 %",
        "verdict": "good",
    }
    assert set(rows[0]) == set(COLUMNS)


async def test_the_html_of_a_stranger_and_of_a_technician_holds_no_figures(
    services: Services, workshop: Workshop
) -> None:
    technician = open_tab(services, workshop, "technician")
    for token in ("", "forged", f"token-{technician.person.id}"):
        assert first_figures(token, {}) == ()
