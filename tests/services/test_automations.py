"""Automations act once, on what their conditions say, never in circles, and say what they did."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.automations.loop_guard import MAX_PER_HOUR
from carbot_app.domains.automations.models import Automation, AutomationDeadline, AutomationRun
from carbot_app.domains.automations.ports import WebhookError
from carbot_app.domains.automations.ready_made import ready_made
from carbot_app.domains.automations.schemas import Action, AutomationDraft, Condition
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.desk_models import ThreadLabel
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.domains.tasks.models import Task
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.saving import save
from tests.services.automation_desk import TASK, AutomationDesk, open_automation_desk

DAY = 24 * 60
DRAFT = AutomationDraft("Probe", "lead_hot", actions=(TASK,))


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> AutomationDesk:
    return open_automation_desk(database, clock, tmp_path)


def deliver_again(desk: AutomationDesk) -> None:
    with desk.services.db.writing(SYSTEM) as session:
        for event in desk.rows(OutboxEvent):
            row = session.get_one(OutboxEvent, event.id)
            row.delivered_at, row.handled_by, row.available_at = None, [], row.created_at
    desk.deliver()


def test_a_hot_request_becomes_a_task_with_the_customers_name(desk: AutomationDesk) -> None:
    built = desk.build("lead_hot")
    thread, customer = desk.thread()
    desk.became_hot(thread)
    desk.deliver()
    [task] = desk.rows(Task)
    assert (task.title, task.conversation_id, task.customer_id) == (
        "Ayşe Yılmaz anrufen",
        thread.id,
        customer.id,
    )
    assert task.due_at == desk.clock() + timedelta(hours=2)
    [run] = desk.runs(built.id)
    assert (run.state, run.customer_name, [one.state for one in run.outcomes]) == (
        "done",
        "Ayşe Yılmaz",
        ["done"],
    )


def test_an_event_delivered_twice_acts_once(desk: AutomationDesk) -> None:
    desk.build("lead_hot")
    desk.became_hot(desk.thread()[0])
    desk.deliver()
    deliver_again(desk)
    assert len(desk.tasks()) == len(desk.runs()) == 1


def test_conditions_decide_and_what_does_not_match_leaves_no_trace(desk: AutomationDesk) -> None:
    desk.build("lead_hot", conditions=(("value", "at_least", "300"), ("language", "is", "tr")))
    cheap, _ = desk.thread(language="tr", lead={"value_max_cents": 29_999})
    dear, _ = desk.thread(language="tr", lead={"value_max_cents": 30_000})
    german, _ = desk.thread(lead={"value_max_cents": 90_000})
    for thread in (cheap, dear, german):
        desk.became_hot(thread)
    desk.deliver()
    assert [run.conversation_id for run in desk.runs()] == [dear.id]


def test_opening_hours_of_the_workshop_tell_night_from_day(desk: AutomationDesk) -> None:
    with desk.services.db.writing(SYSTEM) as session:
        row = session.get_one(type(desk.workshop), desk.workshop.id)
        row.opening_hours = {}
    desk.build("lead_hot", conditions=(("opening", "is", "open"),), name="Tag")
    desk.build("lead_hot", conditions=(("opening", "is", "closed"),), name="Nacht")
    desk.became_hot(desk.thread()[0])
    desk.deliver()
    assert [run.automation_name for run in desk.runs()] == ["Nacht"]


def test_what_is_switched_off_or_happened_before_is_left_alone(desk: AutomationDesk) -> None:
    desk.services.automations.save(desk.owner, DRAFT)
    desk.became_hot(desk.thread()[0])
    desk.clock.advance(timedelta(minutes=1))
    desk.build("lead_hot", name="Zu spät")
    desk.deliver()
    assert desk.runs() == []


def test_a_customer_who_falls_silent_is_written_to_once_and_only_then(desk: AutomationDesk) -> None:
    desk.build("quiet_customer", Action("reply", template="follow_up"), delay=DAY)
    silent, _ = desk.thread(phone="", email="ayse@example.org")
    answered, _ = desk.thread(phone="", email="b@example.org")
    for thread in (silent, answered):
        desk.say(thread)
        desk.say(thread, "assistant", "Wann passt es?")
        desk.say(thread, "assistant", "Ich habe drei Termine.")
    desk.deliver()
    desk.later(hours=23)
    desk.say(answered, text="Morgen")
    desk.deliver()
    assert desk.rows(OutgoingMessage) == []
    desk.later(hours=2)
    [mail] = desk.rows(OutgoingMessage)
    assert (mail.to_address, mail.kind, mail.subject) == (
        "ayse@example.org",
        "automation",
        "Ist noch etwas offen?",
    )
    desk.later(days=3)
    assert len(desk.rows(OutgoingMessage)) == 1
    assert desk.rows(AutomationDeadline) == []


def test_several_messages_without_an_answer_are_one_wait(desk: AutomationDesk) -> None:
    desk.build("unanswered", delay=60)
    waiting, _ = desk.thread()
    served, _ = desk.thread()
    for text in ("Hallo", "Noch da?", "???"):
        desk.say(waiting, text=text)
    desk.say(served)
    desk.say(served, "staff", "Ja")
    desk.deliver()
    desk.later(minutes=61)
    assert [run.conversation_id for run in desk.runs()] == [waiting.id]


def test_switching_off_forgets_what_was_waiting(desk: AutomationDesk) -> None:
    built = desk.build("unanswered", delay=60)
    desk.say(desk.thread()[0])
    desk.deliver()
    assert len(desk.rows(AutomationDeadline)) == 1
    desk.services.automations.set_enabled(desk.owner, built.id, False)
    desk.services.automations.set_enabled(desk.owner, built.id, True)
    desk.later(hours=2)
    assert desk.runs() == []


def visit(desk: AutomationDesk, state: str, **customer: str) -> tuple[Appointment, object]:
    thread, person = desk.thread(**customer)
    with desk.services.db.writing(SYSTEM) as session:
        row = Appointment(
            workshop_id=desk.workshop.id,
            customer_id=person.id,
            conversation_id=thread.id,
            title="Ölwechsel",
            starts_at=desk.clock(),
            ends_at=desk.clock(),
            source="page",
            manage_token=new_id().hex,
            request_key=new_id().hex,
            state=state,
        )
        session.add(row)
    desk.tell("appointment.changed", appointment_id=row.id, conversation_id=thread.id)
    return row, person


def test_a_review_is_asked_for_once_after_pick_up_and_only_with_consent(desk: AutomationDesk) -> None:
    ask = Action("reply", template="review", url="https://g.page/r/x")
    desk.build("picked_up", ask, delay=DAY)
    row, agreed = visit(desk, "done", email="ayse@example.org")
    visit(desk, "done", name="Ohne", email="ohne@example.org")
    visit(desk, "in_work", name="Nicht fertig", email="c@example.org")
    desk.services.consents.give(desk.owner, agreed.id, "review")  # type: ignore[attr-defined]
    desk.tell("appointment.changed", appointment_id=row.id, conversation_id=row.conversation_id)
    desk.deliver()
    desk.later(days=1, minutes=5)
    [mail] = desk.rows(OutgoingMessage)
    assert mail.to_address == "ayse@example.org"
    assert "https://g.page/r/x" in mail.text
    token = mail.text.rsplit("/abmelden/", 1)[1].strip()
    assert desk.services.consents.get_by_link(token).kind == "review"
    details = {run.customer_name: run.outcomes[0] for run in desk.runs()}
    assert (details["Ohne"].state, details["Ohne"].detail) == ("skipped", "no_consent")
    assert set(details) == {"Ayşe Yılmaz", "Ohne"}


def test_own_words_marked_as_advertising_need_the_consent_too(desk: AutomationDesk) -> None:
    words = Action("reply", template="own", text="20 % auf {{car}}, {{name}}!", advertising="offers")
    desk.build("lead_hot", words)
    desk.became_hot(desk.thread(email="a@example.org")[0])
    desk.deliver()
    assert desk.rows(OutgoingMessage) == []
    desk.build("lead_hot", replace(words, advertising=""), name="Auskunft")
    desk.became_hot(desk.thread(phone="", email="b@example.org")[0])
    desk.deliver()
    [mail] = desk.rows(OutgoingMessage)
    assert mail.text == "20 % auf , Ayşe Yılmaz!"


def test_a_thread_is_assigned_and_the_event_carries_its_chain(desk: AutomationDesk) -> None:
    built = desk.build("lead_hot", Action("assign", person_id=str(desk.person.id)))
    thread, _ = desk.thread()
    desk.became_hot(thread)
    desk.deliver()
    [row] = desk.rows(Conversation)
    assert row.assigned_to == desk.person.id
    [event] = [event for event in desk.rows(OutboxEvent) if event.kind == "conversation.assigned"]
    assert event.payload["chain"] == [str(built.id)]


def test_a_thread_gets_a_label_and_a_label_that_is_gone_is_said(desk: AutomationDesk) -> None:
    urgent = desk.services.desk_words.save_label(desk.owner, None, name="Dringend")
    desk.build("lead_hot", Action("label", label_id=str(urgent.id)))
    desk.became_hot(desk.thread()[0])
    desk.deliver()
    assert [row.label_id for row in desk.rows(ThreadLabel)] == [urgent.id]
    desk.services.desk_words.delete_label(desk.owner, urgent.id)
    desk.became_hot(desk.thread(email="b@example.org")[0])
    desk.deliver()
    [outcome] = desk.runs()[0].outcomes
    assert (outcome.state, outcome.detail) == ("skipped", "label_gone")


def test_an_automation_whose_action_is_its_own_event_stops_there(desk: AutomationDesk) -> None:
    other = desk.services.automations.list_people(desk.owner)[0]
    first = desk.build("assigned", Action("assign", person_id=str(other.id)), name="Erste")
    thread, _ = desk.thread()
    desk.tell("conversation.assigned", conversation_id=thread.id, person_id=None)
    desk.deliver()
    desk.deliver()
    states = [(run.automation_name, run.state, run.error) for run in desk.runs(first.id)]
    assert states == [("Erste", "stopped", "echo"), ("Erste", "done", "")]


def test_a_flood_about_one_thread_is_held_back_and_said_once(desk: AutomationDesk) -> None:
    desk.build("message", Action("push", text="Neue Nachricht"))
    thread, _ = desk.thread()
    for number in range(MAX_PER_HOUR + 5):
        desk.say(thread, text=f"Nachricht {number}")
    desk.deliver()
    states = [run.state for run in desk.runs()]
    assert (states.count("done"), states.count("stopped")) == (MAX_PER_HOUR, 1)
    assert desk.runs()[0].error == "crowded"


def test_an_action_that_cannot_be_done_says_why_and_the_others_go_on(desk: AutomationDesk) -> None:
    gone = Action("task", text="x", person_id=str(new_id()))
    desk.build("lead_hot", gone, Action("reply", template="night"), TASK)
    desk.became_hot(desk.thread(phone="", email="")[0])
    desk.deliver()
    [run] = desk.runs()
    assert [(one.state, one.detail) for one in run.outcomes] == [
        ("skipped", "person_gone"),
        ("skipped", "no_contact"),
        ("done", ""),
    ]
    assert desk.tasks() == ["Ayşe Yılmaz anrufen"]


def test_a_webhook_is_signed_tried_again_and_logged(desk: AutomationDesk) -> None:
    built = desk.build("lead_hot", Action("webhook", url="https://hooks.example/x"))
    desk.receiver.failures.append(WebhookError("answered 503", permanent=False))
    thread, _ = desk.thread()
    desk.became_hot(thread)
    desk.deliver()
    assert [(one.state, one.detail) for one in desk.runs()[0].outcomes] == [("queued", "answered 503")]
    desk.clock.advance(timedelta(minutes=5))
    desk.deliver()
    [sent] = desk.receiver.sent
    assert sent["secret"] == built.webhook_secret
    assert json.loads(sent["body"])["conversation_id"] == str(thread.id)
    assert "Yılmaz" not in sent["body"].decode()
    assert desk.runs()[0].outcomes[0].state == "done"
    desk.receiver.failures.append(WebhookError("answered 404", permanent=True))
    desk.became_hot(desk.thread()[0])
    desk.deliver()
    assert (desk.runs()[0].state, desk.runs()[0].outcomes[0].detail) == ("failed", "answered 404")


def test_a_dry_run_tells_what_would_have_happened_and_changes_nothing(desk: AutomationDesk) -> None:
    warm, _ = desk.thread(lead={"score": 50, "temperature": "warm"})
    hot, _ = desk.thread()
    for thread in (warm, hot):
        desk.became_hot(thread)
    desk.deliver()
    events = len(desk.rows(OutboxEvent))
    desk.clock.advance(timedelta(minutes=1))
    asked = replace(DRAFT, conditions=(Condition("score", "at_least", "75"),))
    found = desk.services.automations.dry_run(desk.owner, asked)
    assert (found.looked_at, found.matched) == (2, 1)
    assert [(line.conversation_id, line.outcomes[0].kind) for line in found.lines] == [(hot.id, "task")]
    assert len(desk.rows(OutboxEvent)) == events
    assert desk.rows(Task) == desk.rows(AutomationRun) == []


def test_a_dry_run_looks_at_each_past_wait_as_it_was_then(desk: AutomationDesk) -> None:
    silent, _ = desk.thread()
    answered, _ = desk.thread()
    for thread in (silent, answered):
        desk.say(thread)
    desk.clock.advance(timedelta(minutes=30))
    desk.say(answered, "staff", "Gern")
    desk.clock.advance(timedelta(hours=3))
    desk.say(silent, "staff", "Endlich")
    desk.clock.advance(timedelta(hours=3))
    found = desk.services.automations.dry_run(
        desk.owner, replace(DRAFT, trigger="unanswered", delay_minutes=60)
    )
    assert [line.conversation_id for line in found.lines] == [silent.id]


def test_a_change_is_a_new_version_and_removing_takes_the_log_along(desk: AutomationDesk) -> None:
    built = desk.build("lead_hot")
    desk.became_hot(desk.thread()[0])
    desk.deliver()
    renamed = desk.services.automations.save(desk.owner, replace(built.draft, name="Neu"), built.id)
    assert (renamed.version, renamed.draft.name, renamed.enabled, renamed.runs) == (2, "Neu", True, 1)
    desk.services.automations.remove(desk.owner, built.id)
    assert desk.rows(Automation) == desk.rows(AutomationRun) == []
    with pytest.raises(NotFound):
        desk.services.automations.set_enabled(desk.owner, built.id, True)


def test_only_owners_may_and_a_plain_address_is_refused(desk: AutomationDesk) -> None:
    manager = staff_of(desk.workshop, "manager")
    for use in (desk.services.automations.list_automations, desk.services.automations.list_runs):
        with pytest.raises(Forbidden):
            use(manager)
    with pytest.raises(Forbidden):
        desk.services.automations.save(manager, DRAFT)
    with pytest.raises(Invalid, match="automation_address_invalid"):
        desk.services.automations.save(
            desk.owner, replace(DRAFT, actions=(Action("webhook", url="http://10.0.0.1/"),))
        )


def test_other_workshops_see_and_touch_nothing(desk: AutomationDesk) -> None:
    built = desk.build("lead_hot")
    thread, _ = desk.thread()
    desk.became_hot(thread)
    desk.deliver()
    stranger = staff_of(make_workshop(desk.services.db, "andere"))
    service = desk.services.automations
    assert service.list_automations(stranger) == service.list_runs(stranger) == []
    assert desk.services.tasks.list_open(stranger) == []
    for use in (lambda: service.save(stranger, DRAFT, built.id), lambda: service.remove(stranger, built.id)):
        with pytest.raises(NotFound):
            use()
    with pytest.raises(NotFound):
        desk.services.tasks.mark_done(stranger, desk.rows(Task)[0].id)


def test_tasks_are_done_reopened_and_ring_once_when_they_are_due(desk: AutomationDesk) -> None:
    desk.build("lead_hot", Action("reminder", text="Anrufen", hours=1))
    thread, _ = desk.thread()
    desk.became_hot(thread)
    desk.deliver()
    tasks = desk.services.tasks
    [task] = tasks.list_for_thread(desk.owner, thread.id)
    assert tasks.remind_due() == 0
    desk.clock.advance(timedelta(hours=1))
    assert (tasks.remind_due(), tasks.remind_due()) == (1, 0)
    assert [event.kind for event in desk.rows(OutboxEvent)].count("task.due") == 1
    assert tasks.mark_done(desk.owner, task.id).done
    assert tasks.list_open(desk.owner) == []
    assert not tasks.reopen(desk.owner, task.id).done
    assert desk.tasks() == ["Anrufen"]
    with pytest.raises(Forbidden):
        tasks.list_open(staff_of(desk.workshop, "accountant"))


def test_declined_work_reminds_on_its_day_with_consent_and_gives_the_owner_a_task(
    desk: AutomationDesk,
) -> None:
    built = desk.services.automations.save(desk.owner, ready_made("declined", "de"))
    desk.services.automations.set_enabled(desk.owner, built.id, True)
    agreed = make_customer(desk.services.db, desk.workshop, email="ayse@example.org")
    asked = DeclinedJob(
        workshop_id=desk.workshop.id, customer_id=agreed.id, title="Bremsen", gross_cents=38_900,
        declined_on=desk.clock().date(), follow_up_on=desk.clock().date(),
    )  # fmt: skip
    cheap = DeclinedJob(
        workshop_id=desk.workshop.id, customer_id=agreed.id, title="Wischer", gross_cents=3_850,
        declined_on=desk.clock().date(), follow_up_on=desk.clock().date(),
    )  # fmt: skip
    for row in (asked, cheap):
        save(desk.services.db, row)
    desk.services.consents.give(desk.owner, agreed.id, "offers")
    assert desk.services.declined.tell_due() == 2
    desk.deliver()
    [mail] = desk.rows(OutgoingMessage)
    assert mail.to_address == "ayse@example.org"
    assert mail.subject == "Ihr Kostenvoranschlag gilt noch"
    [task] = desk.rows(Task)
    assert "Ayşe Yılmaz" in task.title


def test_work_ordered_before_its_reminder_reminds_nobody(desk: AutomationDesk) -> None:
    desk.build("declined_due", TASK)
    row = DeclinedJob(
        workshop_id=desk.workshop.id, title="Bremsen", gross_cents=38_900, state="done",
        declined_on=desk.clock().date(), follow_up_on=desk.clock().date(),
    )  # fmt: skip
    save(desk.services.db, row)
    desk.tell("declined.due", declined_id=row.id)
    desk.deliver()
    assert desk.rows(Task) == []
