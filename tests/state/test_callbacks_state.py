"""Callbacks on Heute and on the public pages."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.callbacks import CallbacksState
from carbot_app.state.session import SessionState
from tests.factories import make_callback, make_conversation, make_workshop
from tests.state.tabs import Tab, open_tab, words_of


async def test_a_callback_comes_with_everything_needed_to_make_it(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    thread = make_conversation(services.db, workshop)
    make_callback(
        services.db, workshop, plate="DO-AB 123", note="Bremsen", attempts=2, conversation_id=thread.id
    )
    make_callback(services.db, make_workshop(services.db, "other"), name="Geheim")
    await tab.call(CallbacksState.load)
    state = await tab.state(CallbacksState)
    (row,) = state.rows
    assert (row.name, row.phone, row.phone_href) == ("Ayşe Yılmaz", "0171 5550142", "tel:+491715550142")
    assert (row.when, row.overdue, row.attempts, row.note) == ("Heute, 14–16 Uhr", False, 2, "Bremsen")
    assert (row.plate.city, row.plate.rest, row.thread) == ("DO", "AB 123", str(thread.id))
    clock.advance(timedelta(hours=8))
    await tab.call(CallbacksState.on_live, "callback", "", "callback.changed")
    assert state.rows[0].overdue is True


async def test_what_was_done_goes_and_comes_back_from_the_message(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    callback = make_callback(services.db, workshop)
    await tab.call(CallbacksState.load)
    state = await tab.state(CallbacksState)
    said = words_of(await tab.call(CallbacksState.mark_done, str(callback.id)))
    assert "Rückruf erledigt: Ayşe Yılmaz" in said
    assert f"done:{callback.id}" in said
    assert state.rows == []
    assert await tab.call(CallbacksState.undo, f"done:{callback.id}") == []
    assert [row.id for row in state.rows] == [str(callback.id)]


async def test_not_reached_is_counted_and_can_be_taken_back(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    callback = make_callback(services.db, workshop)
    said = words_of(await tab.call(CallbacksState.mark_not_reached, str(callback.id)))
    state = await tab.state(CallbacksState)
    assert f"not_reached:{callback.id}" in said
    assert state.rows[0].attempts == 1
    await tab.call(CallbacksState.undo, f"not_reached:{callback.id}")
    assert state.rows[0].attempts == 0


async def test_what_somebody_else_did_meanwhile_is_said(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    callback = make_callback(services.db, workshop, state="cancelled")
    said = words_of(await tab.call(CallbacksState.mark_done, str(callback.id)))
    assert "schon erledigt oder abgesagt" in said
    assert "Das gibt es nicht" in words_of(await tab.call(CallbacksState.undo, "done:<b>"))


async def test_a_technician_has_no_callbacks_and_no_error(services: Services, workshop: Workshop) -> None:
    make_callback(services.db, workshop)
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    assert await technician.call(CallbacksState.load) == []
    state = await technician.state(CallbacksState)
    assert (state.rows, state.can_change) == ([], False)


async def test_hints_about_other_things_fetch_nothing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_callback(services.db, workshop)
    await tab.call(CallbacksState.on_live, "lead", "", "lead.created")
    assert (await tab.state(CallbacksState)).rows == []
