"""The open thread: reading, answering, taking over and handing back."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.live import conversation_channel
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import SessionState
from carbot_app.state.thread import ThreadState
from tests.factories import customer_of, make_appointment, make_message, make_resource
from tests.state.tabs import Tab, foreign_thread, make_thread, open_tab, words_of


async def test_opening_shows_the_conversation_and_marks_it_seen(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    await tab.at(f"/posteingang/?c={conversation.id}").call(ThreadState.load)
    state = await tab.state(ThreadState)
    assert (state.status, state.head.name, state.head.mode) == ("ready", "Ayşe Yılmaz", "assistant")
    assert [entry.kind for entry in state.entries] == ["day", "customer"]
    assert state.entries[0].runs == ["Heute"]
    assert state.side.vehicle == "VW Golf"
    await tab.call(InboxState.load)
    assert [row.unread for row in (await tab.state(InboxState)).rows] == [False]


async def test_what_is_picked_while_the_page_loads_stays_open(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    picked = str(make_thread(services, workshop)[0].id)
    other = str(make_thread(services, workshop, name="Jürgen Schäfer")[0].id)
    state = await tab.state(ThreadState)
    for before in ("", other):
        await tab.call(ThreadState.open_thread, picked)
        asked = await tab.at(f"/posteingang/?c={before}").call(ThreadState.load)
        assert "follow_address" in words_of(asked)
        await tab.call(ThreadState.follow_address, picked)
        assert (state.conversation_id, state.status, state.head.name) == (picked, "ready", "Ayşe Yılmaz")
    await tab.call(ThreadState.follow_address, "")
    assert (state.conversation_id, state.status) == ("", "none")


async def test_an_address_that_stayed_as_it_was_loads_nothing_twice(tab: Tab) -> None:
    asked = str(uuid4())
    await tab.at(f"/posteingang/?c={asked}").call(ThreadState.load)
    assert await tab.call(ThreadState.follow_address, asked) == []


@pytest.mark.parametrize("address", ["nonsense", "../../etc/passwd", "01a20658-80ff-77c7-871c-90cdcf205920"])
async def test_an_unknown_thread_is_a_message_and_nothing_else(tab: Tab, address: str) -> None:
    outcomes = await tab.call(ThreadState.open_thread, address)
    state = await tab.state(ThreadState)
    assert "gibt es nicht" in words_of(outcomes)
    assert (state.conversation_id, state.status, state.entries) == ("", "none", [])


async def test_nothing_of_another_workshop_is_shown_or_changed(services: Services, tab: Tab) -> None:
    foreign = str(foreign_thread(services))
    outcomes = await tab.at(f"/posteingang/?c={foreign}").call(ThreadState.load)
    state = await tab.state(ThreadState)
    assert "gibt es nicht" in words_of(outcomes)
    assert "Geheim" not in words_of([state.head, state.side, *state.entries])
    state.conversation_id = foreign
    for handler, arguments in (
        (ThreadState.send, [{"text": "Hallo"}]),
        (ThreadState.take_over, []),
        (ThreadState.hand_back, []),
        (ThreadState.set_done, [True]),
        (ThreadState.look, [True]),
    ):
        assert "gibt es nicht" in words_of(await tab.call(handler, *arguments))
    assert state.entries == []


async def test_an_answer_takes_over_and_empties_the_composer(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    await tab.call(ThreadState.open_thread, str(conversation.id))
    await tab.call(ThreadState.send, {"text": "  Guten Morgen, ich schaue nach.  "})
    state = await tab.state(ThreadState)
    assert [entry.kind for entry in state.entries] == ["day", "customer", "line", "staff"]
    assert state.entries[2].runs == ["Jana Krüger hat übernommen"]
    assert state.entries[3].runs == ["Guten Morgen, ich schaue nach."]
    assert (state.head.mode, state.head.pause_text) == ("mine", "Sie schreiben seit 09:00 selbst.")
    assert (state.sent_count, state.busy, state.reply_error) == (1, False, "")


@pytest.mark.parametrize(
    ("text", "reason"), [("   ", "Bitte schreiben"), ("x" * 100_000, "höchstens 4000 Zeichen")]
)
async def test_a_refused_answer_stays_in_the_composer_with_its_reason(
    services: Services, workshop: Workshop, tab: Tab, text: str, reason: str
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    await tab.call(ThreadState.open_thread, str(conversation.id))
    await tab.call(ThreadState.send, {"text": text})
    state = await tab.state(ThreadState)
    assert reason in state.reply_error
    assert (state.sent_count, len(state.entries), state.busy) == (0, 2, False)


async def test_a_colleague_sees_who_is_writing_and_may_hand_back(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    await tab.call(ThreadState.open_thread, str(conversation.id))
    await tab.call(ThreadState.take_over)
    colleague = open_tab(services, workshop, "manager")
    await colleague.call(SessionState.load)
    await colleague.call(ThreadState.open_thread, str(conversation.id))
    state = await colleague.state(ThreadState)
    assert (state.head.mode, state.head.pause_text) == (
        "colleague",
        "Jana Krüger schreibt seit 09:00 selbst.",
    )
    await colleague.call(ThreadState.hand_back)
    assert state.head.mode == "assistant"
    assert state.entries[-1].runs == ["Jana Krüger hat an CarBot zurückgegeben"]


async def test_the_customer_is_told_who_writes_an_answer(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    async with services.live.subscribe(conversation_channel(conversation.id)) as hints:
        await tab.call(ThreadState.tell_typing)  # no thread is open: nobody to tell
        await tab.call(ThreadState.open_thread, str(conversation.id))
        await tab.call(ThreadState.tell_typing)
        assert await asyncio.wait_for(anext(hints), 5) == {"type": "typing", "name": "Jana Krüger"}


async def test_whoever_may_not_answer_is_not_said_to_write(services: Services, workshop: Workshop) -> None:
    conversation, _, _ = make_thread(services, workshop)
    reader = open_tab(services, workshop, "accountant")
    async with services.live.subscribe(conversation_channel(conversation.id)) as hints:
        await reader.call(ThreadState.open_thread, str(conversation.id))
        await reader.call(ThreadState.tell_typing)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(hints), 0.2)


async def test_a_hint_fetches_only_the_open_thread(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    await tab.call(ThreadState.open_thread, str(conversation.id))
    clock.advance(timedelta(minutes=1))
    customer = customer_of(workshop, conversation_id=conversation.id)
    services.conversations.add_customer_message(customer, text="Und morgen?", client_id="1")
    state = await tab.state(ThreadState)
    await tab.call(ThreadState.on_live, "conversation", str(uuid4()), "conversation.changed")
    assert len(state.entries) == 2
    outcomes = await tab.call(ThreadState.on_live, "conversation", str(conversation.id), "")
    assert [(entry.runs, entry.fresh) for entry in state.entries[1:]] == [
        (["Bremsen quietschen, Golf 7 BJ 2015, was kostet das?"], False),
        (["Und morgen?"], True),
    ]
    assert "visibilityState" in words_of(outcomes)


async def test_parts_of_messages_are_shown_for_staff(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    slots = [{"id": "1", "label": "Do, 15. Okt., 8:00 Uhr"}, {"id": "2", "label": "Fr, 9:15 Uhr"}]
    parts = [
        {"type": "slots", "slots": slots},
        {"type": "danger", "text": "Nicht weiterfahren."},
        {"type": "booking", "title": "Termin bestätigt", "when": "Do, 8:00 Uhr", "price": "289,00 €"},
        {"type": "hologram", "text": "unknown"},
    ]
    facts = [{"tool": "quote", "label": "Preisliste"}, {"tool": "quote", "label": "Preisliste"}]
    text = "Das kostet **289,00 €**, <b>inklusive</b> Einbau."
    make_message(
        services.db, conversation, 2, author="assistant", text=text, parts=parts, facts=facts,
        created_at=services.clock(),
    )  # fmt: skip
    make_message(services.db, conversation, 3, text="Do, 15. Okt., 8:00 Uhr", created_at=services.clock())
    await tab.call(ThreadState.open_thread, str(conversation.id))
    answer = (await tab.state(ThreadState)).entries[2]
    assert answer.runs == ["Das kostet ", "289,00 €", ", <b>inklusive</b> Einbau."]
    assert [(slot.label, slot.chosen) for slot in answer.slots] == [
        ("Do, 15. Okt., 8:00 Uhr", True),
        ("Fr, 9:15 Uhr", False),
    ]
    assert answer.danger == "Nicht weiterfahren."
    assert answer.booking == ("Termin bestätigt", "Do, 8:00 Uhr", "289,00 €")
    assert answer.sources == ("Preisliste",)


async def test_the_appointment_of_the_thread_can_be_confirmed(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, customer, _ = make_thread(services, workshop)
    technician, bay = (make_resource(services.db, workshop, kind) for kind in ("technician", "bay"))
    make_appointment(services.db, workshop, customer, technician, bay, conversation_id=conversation.id)
    await tab.call(ThreadState.open_thread, str(conversation.id))
    state = await tab.state(ThreadState)
    assert (state.side.visit.badge, state.side.visit.can_confirm) == ("requested", True)
    assert "9:00 Uhr" in state.side.visit.when
    outcomes = await tab.call(ThreadState.confirm_visit)
    assert "Termin bestätigt" in words_of(outcomes)
    assert (state.side.visit.badge, state.side.visit.can_confirm) == ("confirmed", False)


async def test_done_threads_leave_the_open_list_and_come_back(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation, _, _ = make_thread(services, workshop)
    await tab.call(ThreadState.open_thread, str(conversation.id))
    await tab.call(ThreadState.set_done, True)
    assert (await tab.state(ThreadState)).head.done is True
    await tab.call(InboxState.pick_view, "open")
    assert (await tab.state(InboxState)).rows == []
    await tab.call(ThreadState.set_done, False)
    await tab.call(InboxState.pick_view, "open")
    assert len((await tab.state(InboxState)).rows) == 1


async def test_a_long_thread_stays_small(services: Services, workshop: Workshop, tab: Tab) -> None:
    conversation, _, _ = make_thread(services, workshop)
    for seq in range(2, 61):
        make_message(services.db, conversation, seq, created_at=services.clock())
    await tab.call(ThreadState.open_thread, str(conversation.id))
    assert await tab.size(ThreadState) < 32_000
