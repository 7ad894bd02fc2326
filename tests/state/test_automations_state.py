"""Building, trying and switching automations, and working tasks off."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.automations.ready_made import READY_MADE
from carbot_app.domains.tasks.service import add_task
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from carbot_app.state.automation_editor import AutomationEditorState
from carbot_app.state.automations import AutomationsState
from carbot_app.state.session import SessionState
from carbot_app.state.tasks import TasksState
from tests.factories import make_event
from tests.state.tabs import Tab, make_thread, open_tab, words_of


async def build_task(tab: Tab) -> None:
    await tab.call(AutomationEditorState.open, "new")
    await tab.call(AutomationEditorState.change, "name", "Zurückrufen")
    await tab.call(AutomationEditorState.add_action, "task")
    key = (await tab.state(AutomationEditorState)).actions[0].key
    await tab.call(AutomationEditorState.change_action, key, "text", "{{name}} anrufen")
    await tab.call(AutomationEditorState.change_action, key, "hours", "4")


async def test_a_sentence_is_built_saved_and_read_back(tab: Tab) -> None:
    await build_task(tab)
    await tab.call(AutomationEditorState.add_condition)
    editor = await tab.state(AutomationEditorState)
    key = editor.conditions[0].key
    await tab.call(AutomationEditorState.change_condition, key, "asks", "value")
    await tab.call(AutomationEditorState.change_condition, key, "value", "300")
    said = words_of(await tab.call(AutomationEditorState.save))
    assert "Schalten Sie sie ein" in said
    assert editor.opened == ""
    await tab.call(AutomationsState.load)
    overview = await tab.state(AutomationsState)
    [row] = overview.rows
    assert row.when == "Wenn eine Anfrage heiß wird · Auftragswert in Euro mindestens 300"
    assert (row.name, row.then, row.enabled, row.runs) == (
        "Zurückrufen",
        "Aufgabe anlegen",
        False,
        "Noch nicht gelaufen",
    )
    await tab.call(AutomationEditorState.open, row.id)
    assert [(one.text, one.hours) for one in editor.actions] == [("{{name}} anrufen", "4")]


async def test_what_is_wrong_stands_at_the_part_it_concerns(tab: Tab) -> None:
    await tab.call(AutomationEditorState.open, "new")
    editor = await tab.state(AutomationEditorState)
    await tab.call(AutomationEditorState.save)
    assert set(editor.problems) == {"actions"}
    await tab.call(AutomationEditorState.add_action, "task")
    await tab.call(AutomationEditorState.save)
    assert set(editor.problems) == {"name"}
    await tab.call(AutomationEditorState.change, "name", "X")
    await tab.call(AutomationEditorState.save)
    assert editor.actions[0].problem
    assert editor.opened == "new"


async def test_templates_are_offered_until_they_are_used(tab: Tab) -> None:
    await tab.call(AutomationsState.load)
    overview = await tab.state(AutomationsState)
    assert [row.id for row in overview.ready] == list(READY_MADE)
    await tab.call(AutomationEditorState.open, "night")
    editor = await tab.state(AutomationEditorState)
    assert [row.kind for row in editor.actions] == ["reply", "push", "reminder"]
    assert ["540", "9 Stunden später"] not in editor.choices["delays"]
    assert ["9", "9 Stunden später"] in editor.choices["hours"]
    await tab.call(AutomationEditorState.save)
    await tab.call(AutomationsState.load)
    assert "night" not in [row.id for row in overview.ready]


async def test_a_dry_run_names_who_it_would_have_concerned(
    tab: Tab, services: Services, workshop: Workshop, clock: ManualClock
) -> None:
    conversation, _, lead = make_thread(services, workshop)
    told = {"lead_id": str(lead.id), "conversation_id": str(conversation.id), "became_hot": True}
    make_event(services.db, workshop, "lead.changed", payload=told, created_at=clock() - timedelta(hours=1))
    await build_task(tab)
    await tab.call(AutomationEditorState.try_out)
    editor = await tab.state(AutomationEditorState)
    assert editor.dry_result == "In 1 von 1 Fällen"
    [line] = editor.dry
    assert (line.name, line.lines, line.thread) == ("Ayşe Yılmaz", ["Aufgabe angelegt"], str(conversation.id))


async def test_a_switch_works_at_once_and_deleting_asks_first(tab: Tab) -> None:
    await build_task(tab)
    await tab.call(AutomationEditorState.save)
    await tab.call(AutomationsState.load)
    overview = await tab.state(AutomationsState)
    said = words_of(await tab.call(AutomationsState.switch, overview.rows[0].id, True))
    assert "Zurückrufen läuft ab jetzt" in said
    assert overview.rows[0].enabled
    await tab.call(AutomationsState.ask, overview.rows[0].id)
    await tab.call(AutomationsState.remove)
    assert (overview.rows, overview.asking) == ([], "")


async def test_nobody_but_the_owner_gets_in(services: Services, workshop: Workshop) -> None:
    desk = open_tab(services, workshop, "front_desk")
    await desk.call(SessionState.load)
    assert "err" in words_of(await desk.call(AutomationsState.load))
    assert (await desk.state(AutomationsState)).status == "failed"
    await desk.call(AutomationEditorState.open, "new")
    assert (await desk.state(AutomationEditorState)).opened == ""


async def test_tasks_stand_on_heute_until_they_are_done(
    tab: Tab, services: Services, workshop: Workshop, clock: ManualClock
) -> None:
    conversation, customer, _ = make_thread(services, workshop)
    with services.db.writing(workshop.id) as session:
        add_task(
            session,
            workshop_id=workshop.id,
            title="Anrufen",
            due_at=clock() - timedelta(hours=1),
            assignee_id=None,
            remind=False,
            conversation_id=conversation.id,
            customer_id=customer.id,
            made_by="Nacht",
            now=clock(),
        )
    await tab.call(TasksState.load)
    state = await tab.state(TasksState)
    [row] = state.rows
    assert (row.title, row.due, row.overdue, row.detail) == (
        "Anrufen",
        "Heute, 08:00",
        True,
        "Ayşe Yılmaz · Nacht",
    )
    tab.at(f"/posteingang/?c={conversation.id}")
    await tab.call(TasksState.on_live, "task", "", "")
    assert [row.title for row in state.of_thread] == ["Anrufen"]
    for address in ("/posteingang/?c=nothing", f"/posteingang/?c={new_id()}"):
        tab.at(address)
        assert await tab.call(TasksState.load) == []
        assert state.of_thread == []
    await tab.call(TasksState.mark_done, row.id)
    assert state.rows == []
