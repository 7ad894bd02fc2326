"""The list of the inbox."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import SessionState
from tests.state.tabs import Tab, foreign_thread, make_thread, open_tab, words_of


async def test_a_row_shows_who_wrote_what_when_and_how_hot_it_is(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    clock.advance(timedelta(minutes=4))
    await tab.at("/posteingang/").call(InboxState.load)
    state = await tab.state(InboxState)
    assert state.status == "ready"
    (row,) = state.rows
    assert (row.name, row.initials, row.preview) == ("Ayşe Yılmaz", "AY", "Bremsen quietschen")
    assert (row.plate.city, row.plate.rest, row.plate.country) == ("DO", "AB 123", "D")
    assert (row.heat, row.score, row.unread, row.sign) == ("hot", 82, True, "answers")
    assert state.ages[str(conversation.id)] == "4 Min."
    counts = {"open": 1, "hot": 1, "mine": 0, "waiting": 0, "unassigned": 1, "snoozed": 0}
    assert state.counts == counts


async def test_a_swiped_row_is_taken_over_or_done_and_done_can_be_undone(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    row = str(make_thread(services, workshop)[0].id)
    await tab.at("/posteingang/").call(InboxState.load)
    state = await tab.state(InboxState)
    await tab.call(InboxState.take_row, row)
    assert (state.rows[0].sign, state.counts["mine"]) == ("taken", 1)
    assert "Rückgängig" in words_of(await tab.call(InboxState.finish_row, row))
    assert state.rows == []
    await tab.call(InboxState.undo_finish, row)
    assert [line.id for line in state.rows] == [row]
    assert "toast" in str(await tab.call(InboxState.finish_row, "nonsense")).lower()


async def test_the_address_decides_filter_and_search(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_thread(services, workshop, name="Sabine Krause", score=20, temperature="cold")
    make_thread(services, workshop, name="Mehmet Demir", score=90)
    await tab.at("/posteingang/?view=hot").call(InboxState.load)
    state = await tab.state(InboxState)
    assert [row.name for row in state.rows] == ["Mehmet Demir"]
    await tab.at("/posteingang/?view=all&q=Krause").call(InboxState.load)
    assert ([row.name for row in state.rows], state.search) == (["Sabine Krause"], "Krause")


async def test_an_unknown_filter_shows_the_open_threads(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_thread(services, workshop)
    assert await tab.at("/posteingang/?view=%3Cscript%3E").call(InboxState.load) == []
    state = await tab.state(InboxState)
    assert (state.view, len(state.rows)) == ("open", 1)


async def test_search_is_put_into_the_address_as_text(services: Services, tab: Tab) -> None:
    outcomes = await tab.call(InboxState.find, '"); alert(1); ("')
    assert '\\"); alert(1); (\\"' in words_of(outcomes).replace("\\\\", "\\")
    assert (await tab.state(InboxState)).rows == []


async def test_no_row_of_another_workshop_is_ever_shown(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    foreign_thread(services)
    for view in ("open", "hot", "waiting", "done", "all"):
        await tab.call(InboxState.pick_view, view)
        assert (await tab.state(InboxState)).rows == []
    await tab.call(InboxState.find, "Geheim")
    assert (await tab.state(InboxState)).rows == []


async def test_a_hint_brings_the_new_thread_and_tints_only_it(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    make_thread(services, workshop, name="Sabine Krause")
    await tab.at("/posteingang/").call(InboxState.load)
    clock.advance(timedelta(minutes=1))
    newer, _, _ = make_thread(services, workshop, name="Mehmet Demir")
    await tab.call(InboxState.on_live, "conversation", str(newer.id), "conversation.changed")
    rows = (await tab.state(InboxState)).rows
    assert [(row.name, row.fresh) for row in rows] == [("Mehmet Demir", True), ("Sabine Krause", False)]


async def test_a_hint_about_something_else_fetches_nothing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.at("/posteingang/").call(InboxState.load)
    make_thread(services, workshop)
    await tab.call(InboxState.on_live, "settings", "", "catalog.changed")
    assert (await tab.state(InboxState)).rows == []


async def test_long_lists_come_in_pages_without_gaps(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    for number in range(53):
        make_thread(services, workshop, name=f"Kunde {number}")
        clock.advance(timedelta(seconds=1))
    await tab.at("/posteingang/").call(InboxState.load)
    state = await tab.state(InboxState)
    assert (len(state.rows), state.has_more) == (50, True)
    await tab.call(InboxState.load_more)
    assert [row.name for row in state.rows] == [f"Kunde {number}" for number in reversed(range(53))]
    assert (state.has_more, len(state.ages)) == (False, 53)


async def test_fifty_rows_stay_small(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    for number in range(50):
        make_thread(services, workshop, name=f"Pflegedienst Sonnenschein GmbH {number}")
    await tab.at("/posteingang/").call(InboxState.load)
    assert await tab.size(InboxState) < 24_000


async def test_ages_move_on_every_minute(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    await tab.at("/posteingang/").call(InboxState.load)
    clock.advance(timedelta(minutes=7))
    await tab.call(InboxState.tick)
    assert (await tab.state(InboxState)).ages == {str(conversation.id): "7 Min."}


async def test_who_may_not_read_the_inbox_is_told_so_and_sees_nothing(
    services: Services, workshop: Workshop
) -> None:
    make_thread(services, workshop)
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    outcomes = await technician.at("/posteingang/").call(InboxState.load)
    state = await technician.state(InboxState)
    assert "Berechtigung" in words_of(outcomes)
    assert (state.status, state.rows) == ("failed", [])


async def test_a_signed_out_browser_is_led_to_the_sign_in_page(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_thread(services, workshop)
    session = await tab.state(SessionState)
    session._actor = None
    tab.root.router = type(tab.root.router)()
    outcomes = await tab.call(InboxState.pick_view, "open")
    assert "/anmelden/" in words_of(outcomes)
    assert (await tab.state(InboxState)).rows == []
