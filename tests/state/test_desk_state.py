"""The desk of the inbox without a browser: on the open thread, on selected rows, and undone."""

import re
from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.beside import BesideState
from carbot_app.state.desk import DeskState
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import SessionState
from carbot_app.state.settings_labels import LabelsState
from carbot_app.state.settings_replies import RepliesState
from carbot_app.state.thread import ThreadState
from tests.factories import staff_of
from tests.state.tabs import Tab, foreign_thread, make_thread, open_tab, words_of


def ticket_in(words: str) -> str:
    """What the button of a message would give back."""
    found = re.search(r"\b[0-9a-f]{32}\b", words)
    assert found, words
    return found[0]


def wait_since(services: Services, conversation: Conversation, ago: timedelta) -> None:
    with services.db.writing(conversation.workshop_id) as session:
        session.get_one(Conversation, conversation.id).waiting_since = services.clock() - ago


async def test_the_menus_know_the_team_the_labels_and_the_times(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    services.desk_words.save_label(staff_of(workshop), None, name="Flotte", category="Kunde", tone="info")
    open_tab(services, workshop, "technician")
    await tab.at("/posteingang/").call(DeskState.load)
    state = await tab.state(DeskState)
    assert [(line.name, line.me) for line in state.people] == [("Jana Krüger", True)]
    assert [(chip.name, chip.tone) for chip in state.labels] == [("Flotte", "info")]
    times = [(line.choice, line.when) for line in state.times]
    assert times == [("later", "12:00"), ("tomorrow", "07:30"), ("next_week", "Mo., 30. Nov., 07:30")]


async def test_a_waiting_customer_is_told_in_list_and_head_and_the_minute_moves_it_on(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    conversation = make_thread(services, workshop)[0]
    wait_since(services, conversation, timedelta(minutes=12))
    await tab.at(f"/posteingang/?c={conversation.id}").call(InboxState.load)
    await tab.call(ThreadState.load)
    inbox, beside = await tab.state(InboxState), await tab.state(BesideState)
    wait = inbox.waits[str(conversation.id)]
    assert (wait.text, wait.late) == ("wartet 12 Min.", False)
    assert beside.wait.text == "wartet 12 Min."
    clock.advance(timedelta(minutes=49))
    await tab.call(InboxState.tick)
    await tab.call(BesideState.tick)
    assert (beside.wait.text, beside.wait.late) == ("wartet 61 Min.", True)
    assert inbox.waits[str(conversation.id)].late


async def test_one_thread_is_assigned_labelled_and_put_away_and_each_is_undone(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    label = services.desk_words.save_label(staff_of(workshop), None, name="Flotte")
    where = str(make_thread(services, workshop)[0].id)
    await tab.at(f"/posteingang/?c={where}").call(DeskState.load)
    await tab.call(InboxState.load)
    await tab.call(ThreadState.load)
    inbox, beside = await tab.state(InboxState), await tab.state(BesideState)
    told = words_of(await tab.call(DeskState.assign, where, str(tab.person.id)))
    assert "Jana Krüger kümmert sich." in told
    assert (beside.assignee.name, inbox.rows[0].assigned) == ("Jana Krüger", "Jana Krüger")
    await tab.call(DeskState.undo, ticket_in(told))
    assert (beside.assignee.name, inbox.counts["unassigned"]) == ("", 1)
    told = words_of(await tab.call(DeskState.label, where, str(label.id), True))
    assert [chip.name for chip in inbox.rows[0].labels] == ["Flotte"]
    assert beside.label_ids == [str(label.id)]
    await tab.call(DeskState.undo, ticket_in(told))
    assert beside.label_ids == []
    told = words_of(await tab.call(DeskState.snooze, where, "tomorrow"))
    assert "Zurückgestellt bis Morgen, 07:30" in told
    assert (inbox.rows, beside.snoozed) == ([], "Morgen, 07:30")
    await tab.call(DeskState.snooze, where, "wake")
    assert len(inbox.rows) == 1


async def test_selected_rows_are_done_at_once_and_undone_at_once(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for name in ("Sabine Krause", "Mehmet Demir", "Hannah Vogel"):
        make_thread(services, workshop, name=name)
    await tab.at("/posteingang/").call(DeskState.load)
    await tab.call(InboxState.load)
    desk, inbox = await tab.state(DeskState), await tab.state(InboxState)
    for row in inbox.rows[:2]:
        await tab.call(DeskState.select, row.id)
    assert (desk.selecting, len(desk.selected)) == (True, 2)
    left = inbox.rows[2].name
    told = words_of(await tab.call(DeskState.finish))
    assert "Erledigt: 2." in told
    assert ([row.name for row in inbox.rows], desk.selecting, desk.selected) == ([left], False, [])
    await tab.call(DeskState.undo, ticket_in(told))
    assert len(inbox.rows) == 3
    await tab.call(DeskState.select_all, True)
    assert len(desk.selected) == 3
    await tab.call(DeskState.select, desk.selected[0])
    assert len(desk.selected) == 2


async def test_a_swiped_row_is_undone_through_the_same_button(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    row = str(make_thread(services, workshop)[0].id)
    await tab.at("/posteingang/").call(InboxState.load)
    await tab.call(InboxState.finish_row, row)
    outcomes = await tab.call(DeskState.undo, row)
    assert "undo_finish" in words_of(outcomes)


async def test_a_date_of_ones_own_must_lie_ahead(services: Services, workshop: Workshop, tab: Tab) -> None:
    where = str(make_thread(services, workshop)[0].id)
    await tab.at("/posteingang/").call(DeskState.load)
    await tab.call(InboxState.load)
    desk = await tab.state(DeskState)
    await tab.call(DeskState.snooze, where, "date")
    assert (desk.dating, desk.earliest) == (where, "2026-11-23")
    for form in ({"day": "2026-11-22", "time": "08:00"}, {"day": "x", "time": ""}, {}):
        assert await tab.call(DeskState.snooze_on, form) == []
        assert "Zukunft" in desk.date_error
    await tab.call(DeskState.snooze_on, {"day": "2026-12-01", "time": "14:30"})
    assert (desk.dating, desk.date_error) == ("", "")
    await tab.call(InboxState.pick_view, "snoozed")
    assert (await tab.state(InboxState)).rows[0].snoozed == "Di., 1. Dez., 14:30"


async def test_a_note_stands_among_the_messages_and_an_empty_one_is_refused_beside_its_field(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    conversation = make_thread(services, workshop)[0]
    await tab.at(f"/posteingang/?c={conversation.id}").call(ThreadState.load)
    beside, thread = await tab.state(BesideState), await tab.state(ThreadState)
    await tab.call(BesideState.compose, "note")
    await tab.call(ThreadState.write_note, {"text": " "})
    assert ("Notiz schreiben" in beside.note_error, beside.noted_count) == (True, 0)
    await tab.call(ThreadState.write_note, {"text": "Zahlt spät"})
    assert (beside.note_error, beside.noted_count, beside.composing) == ("", 1, "note")
    last = thread.entries[-1]
    assert (last.kind, last.runs, last.foot) == ("note", ["Zahlt spät"], "Notiz von Jana Krüger · 09:00")


async def test_canned_replies_come_filled_in_for_the_open_thread(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    text = "{{name}}, {{plate}}, {{vehicle}}, {{appointment}}, {{workshop_phone}}, {{me}}"
    services.desk_words.save_reply(staff_of(workshop), None, title="Alles", text=text)
    conversation = make_thread(services, workshop)[0]
    await tab.at(f"/posteingang/?c={conversation.id}").call(ThreadState.load)
    (reply,) = (await tab.state(BesideState)).replies
    filled = "Ayşe Yılmaz, DO AB 123, VW Golf, [Termin], 0231 / 555 01 20, Jana Krüger"
    assert (reply.title, reply.text) == ("Alles", filled)


async def test_a_draft_is_there_after_a_reload_for_its_writer_alone_and_goes_when_sent(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    where = str(make_thread(services, workshop)[0].id)
    await tab.at(f"/posteingang/?c={where}").call(ThreadState.load)
    await tab.call(BesideState.keep_draft, where, "Guten Tag Frau")
    colleague = open_tab(services, workshop, "front_desk")
    await colleague.call(SessionState.load)
    await colleague.at(f"/posteingang/?c={where}").call(ThreadState.load)
    assert (await colleague.state(BesideState)).draft == ""
    await tab.call(ThreadState.close)
    await tab.call(ThreadState.load)
    assert (await tab.state(BesideState)).draft == "Guten Tag Frau"
    await tab.call(ThreadState.send, {"text": "Guten Tag Frau Yılmaz"})
    assert (await tab.state(BesideState)).draft == ""


async def test_nothing_of_another_workshop_is_changed(services: Services, tab: Tab) -> None:
    foreign = str(foreign_thread(services))
    await tab.at("/posteingang/").call(DeskState.load)
    for outcome in (
        await tab.call(DeskState.assign, foreign, str(tab.person.id)),
        await tab.call(DeskState.snooze, foreign, "tomorrow"),
        await tab.call(DeskState.label, foreign, foreign, True),
        await tab.call(BesideState.keep_draft, foreign, "Hallo"),
    ):
        assert "gibt es nicht" in words_of(outcome)
    assert "Wählen Sie zuerst" in words_of(await tab.call(DeskState.finish))


async def test_labels_and_replies_are_made_changed_and_deleted_in_the_settings(
    services: Services, tab: Tab
) -> None:
    await tab.at("/einstellungen/?bereich=vorlagen").call(LabelsState.load)
    await tab.call(RepliesState.load)
    labels, replies = await tab.state(LabelsState), await tab.state(RepliesState)
    await tab.call(LabelsState.edit, "")
    await tab.call(LabelsState.save, {"name": "", "tone": "info"})
    assert ("name" in labels.problems, labels.open) == (True, True)
    await tab.call(LabelsState.save, {"name": "Flotte", "tone": "info"})
    await tab.call(LabelsState.edit, labels.labels[0].id)
    await tab.call(LabelsState.save, {"name": "Presse", "tone": "warn"})
    assert [(chip.name, chip.tone) for chip in labels.labels] == [("Presse", "warn")]
    await tab.call(LabelsState.edit, labels.labels[0].id)
    await tab.call(LabelsState.delete)
    assert labels.labels == []
    await tab.call(RepliesState.edit, "")
    await tab.call(RepliesState.save, {"title": "Fertig", "text": "{{kennzeichen}} ist fertig"})
    assert "kennzeichen" in replies.problems["text"]
    await tab.call(RepliesState.save, {"title": "Fertig", "text": "{{plate}} ist fertig"})
    assert [row.title for row in replies.replies] == ["Fertig"]
    await tab.call(RepliesState.edit, replies.replies[0].id)
    await tab.call(RepliesState.delete)
    assert replies.replies == []


async def test_the_label_in_the_address_narrows_the_list(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    label = services.desk_words.save_label(staff_of(workshop), None, name="Flotte")
    thread = make_thread(services, workshop, name="Sabine Krause")[0]
    make_thread(services, workshop, name="Mehmet Demir")
    services.desk.label(staff_of(workshop), [thread.id], label.id)
    await tab.at(f"/posteingang/?label={label.id}").call(InboxState.load)
    assert [row.name for row in (await tab.state(InboxState)).rows] == ["Sabine Krause"]
    await tab.call(InboxState.pick_label, "")
    assert len((await tab.state(InboxState)).rows) == 2
