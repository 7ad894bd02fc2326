"""Callbacks on Heute and on the public pages."""

from datetime import timedelta

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.calls.service import PER_NUMBER
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.callback_wish import CallbackWishState
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


def visit(services: Services, workshop: Workshop) -> Tab:
    return open_tab(services, workshop).at(f"/w/{workshop.slug}/")


WISH = {"name": "Ayşe Yılmaz", "phone": "0171 5550142", "window": "20261123T1200Z", "note": "Bremsen"}


async def test_a_visitor_chooses_a_time_in_their_language_and_hears_when_the_call_comes(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    visitor = visit(services, workshop)
    await visitor.call(CallbackWishState.open)
    await visitor.call(CallbackWishState.read_language, "tr")
    state = await visitor.state(CallbackWishState)
    assert state.shown is True
    assert state.windows[:2] == [("soon", "En kısa sürede"), ("20261123T0900Z", "Bugün, 10:00–12:00")]
    await visitor.call(CallbackWishState.send, WISH)
    assert (state.when, state.phone, state.shown) == ("Bugün, 13:00–15:00", "0171 5550142", False)
    await tab.call(CallbacksState.load)
    (row,) = (await tab.state(CallbacksState)).rows
    assert (row.name, row.when, row.note) == ("Ayşe Yılmaz", "Heute, 13–15 Uhr", "Bremsen")
    await visitor.call(CallbackWishState.open)
    assert (state.shown, state.when) == (True, "")
    await visitor.call(CallbackWishState.arrive)
    assert (state.shown, state.windows) == (False, [])


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"name": " ", "phone": ""}, {"name": "missing", "phone": "missing"}),
        ({"phone": "12"}, {"phone": "phone_invalid"}),
        ({"note": "x" * 999}, {"note": "too_long"}),
        ({"window": "20261123T0600Z"}, {"window": "call_window_over"}),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    services: Services, workshop: Workshop, tab: Tab, wrong: dict[str, str], errors: dict[str, str]
) -> None:
    visitor = visit(services, workshop)
    await visitor.call(CallbackWishState.open)
    said = words_of(await visitor.call(CallbackWishState.send, {**WISH, **wrong}))
    state = await visitor.state(CallbackWishState)
    assert (state.errors, state.when, state.shown, state.busy) == (errors, "", True, False)
    assert "carbotToast" not in said
    assert (state.windows != []) is ("window" in errors)
    await tab.call(CallbacksState.load)
    assert (await tab.state(CallbacksState)).rows == []


async def test_too_many_wishes_and_an_unknown_workshop_are_explained(
    services: Services, workshop: Workshop
) -> None:
    for number in range(PER_NUMBER):
        make_callback(
            services.db, workshop, state="done", created_at=services.clock() - timedelta(hours=number)
        )
    visitor = visit(services, workshop)
    await visitor.call(CallbackWishState.send, WISH)
    state = await visitor.state(CallbackWishState)
    assert state.errors == {"form": "too_many_callbacks"}
    said = words_of(await visitor.at("/w/unknown/").call(CallbackWishState.send, WISH))
    assert "carbotToast" in said
    assert state.when == ""
