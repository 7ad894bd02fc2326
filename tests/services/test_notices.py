"""Each person is told as they wish: by push, mail, once a day, and when nobody answers."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from carbot_app.adapters.push.webpush import WebPushTransport
from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.outbox import OutboxEvent, emit
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.threads import append_message, hand_over, lock_conversation
from carbot_app.domains.messaging.models import Escalation, OutgoingMessage
from carbot_app.domains.messaging.push_actions import SNOOZE, VALID
from carbot_app.domains.messaging.schemas import PushSubscriptionInput
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.team.models import Membership, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Gone, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.contracts.push_service import PushService
from tests.factories import (
    make_callback,
    make_conversation,
    make_customer,
    make_lead,
    make_membership,
    make_person,
    make_workshop,
    staff_of,
)
from tests.services.bookings import rows


@dataclass
class Team:
    """A workshop, two people with phones, and what reaches them."""

    services: Services
    workshop: Workshop
    clock: ManualClock
    push_service: PushService
    owner: Actor
    desk: Actor

    def thread(self, **lead: str) -> Conversation:
        """A hot request of a customer who can be called."""
        customer = make_customer(self.services.db, self.workshop, name="Ayşe Yılmaz")
        conversation = make_conversation(self.services.db, self.workshop, customer_id=customer.id)
        make_lead(self.services.db, conversation, **{"temperature": "hot", "score": 90, **lead})
        return conversation

    def say(self, conversation: Conversation, author: str, *, to_a_person: bool = False) -> None:
        """Somebody writes, or the assistant hands over."""
        with self.services.db.writing(self.workshop.id) as session:
            row = lock_conversation(session, conversation.id)
            append_message(session, row, author=author, text="Bremse weich", now=self.clock())
            if to_a_person:
                hand_over(session, row, reason="asked", now=self.clock())

    def deliver(self) -> list[tuple[str, dict]]:
        """What has newly arrived: which phone, and what it shows."""
        before = len(self.push_service.received)
        slow = {"push": self.services.push.on_event, "mail": self.services.notice_mails.on_event}
        OutboxWorker(self.services.db, self.clock, quick={}, slow=slow).drain()
        return [
            (one.path.rsplit("/", 1)[-1], json.loads(one.text)) for one in self.push_service.received[before:]
        ]

    def mails(self) -> list[OutgoingMessage]:
        """Everything queued."""
        return rows(self.services.db, OutgoingMessage)


@pytest.fixture
def team(database: Database, clock: ManualClock, tmp_path: Path) -> Iterator[Team]:
    push_service = PushService()
    settings = Settings(data_dir=tmp_path, push_hosts="127.0.0.1", public_url="https://carbot.example")
    transport = WebPushTransport(tmp_path / "vapid.pem", subject="mailto:a@b.example")
    services = build_services(settings, db=database, clock=clock, push=transport)
    workshop = make_workshop(database, opening_hours={str(day): [["08:00", "17:00"]] for day in range(1, 6)})
    people = []
    for name, role in (("owner", "owner"), ("desk", "front_desk")):
        person = make_person(database, name=name.title(), email=f"{name}@example.org")
        make_membership(database, workshop, person, role)
        actor = staff_of(workshop, role, person_id=person.id)
        device = PushSubscriptionInput(
            push_service.endpoint(name), push_service.p256dh, push_service.auth, "Pixel"
        )
        services.push.subscribe(actor, device)
        people.append(actor)
    clock.now = clock.now.replace(year=2030, month=11, day=18)  # A Monday, after the keys were made
    yield Team(services, workshop, clock, push_service, *people)
    push_service.close()


def test_a_person_who_wants_no_push_about_hand_overs_gets_a_mail_instead(team: Team) -> None:
    team.services.notices.set_way(team.desk, "handover", "push", False)
    team.services.notices.set_way(team.desk, "handover", "mail", True)
    thread = team.thread()
    team.say(thread, "customer", to_a_person=True)
    assert [phone for phone, _ in team.deliver()] == ["owner"]
    [mail] = team.mails()
    assert (mail.to_address, mail.kind, mail.subject) == (
        "desk@example.org",
        "notice",
        "Ayşe Yılmaz möchte mit Ihnen sprechen",
    )
    assert f"https://carbot.example/posteingang/?c={thread.id}" in mail.text
    assert team.services.notices.get_wishes(team.owner).ways["handover"].mail is False


def test_an_event_delivered_twice_mails_once(team: Team) -> None:
    team.services.notices.set_way(team.desk, "handover", "mail", True)
    team.say(team.thread(), "customer", to_a_person=True)
    team.deliver()
    with team.services.db.writing(SYSTEM) as session:
        for event in rows(team.services.db, OutboxEvent):
            row = session.get_one(OutboxEvent, event.id)
            row.delivered_at, row.handled_by, row.available_at = None, [], row.created_at
    assert team.deliver() == []
    assert len(team.mails()) == 1


def test_a_push_has_buttons_to_answer_call_and_put_off(team: Team) -> None:
    team.say(team.thread(), "customer", to_a_person=True)
    (_, told), _ = team.deliver()
    assert [one["action"] for one in told["actions"]] == ["answer", "call", "snooze"]
    ticket = told["actions"][1]["url"].rsplit("/", 1)[1]
    target = team.services.push_actions.call_target(ticket)
    assert (target.name, target.phone.startswith("+49")) == ("Ayşe Yılmaz", True)


def snooze_ticket(team: Team) -> str:
    team.say(team.thread(), "customer", to_a_person=True)
    told = dict(team.deliver())["desk"]
    return told["actions"][-1]["ticket"]


def test_what_was_put_off_rings_that_person_again_and_once(team: Team) -> None:
    ticket = snooze_ticket(team)
    team.services.push_actions.snooze(ticket)
    team.services.push_actions.snooze(ticket)
    assert team.deliver() == []
    team.clock.advance(SNOOZE)
    [(phone, told)] = team.deliver()
    assert (phone, told["title"]) == ("desk", "Noch einmal: Ayşe Yılmaz")


def test_what_was_answered_meanwhile_does_not_ring_again(team: Team) -> None:
    team.services.push_actions.snooze(snooze_ticket(team))
    team.clock.advance(timedelta(minutes=5))
    [thread] = rows(team.services.db, Conversation)
    team.say(thread, "staff")
    team.clock.advance(SNOOZE)
    assert team.deliver() == []


def test_tickets_end_and_cannot_be_made_up_or_used_by_who_has_left(team: Team) -> None:
    ticket, actions = snooze_ticket(team), team.services.push_actions
    for wrong in ("", "x" * 50, ticket[:-6] + "AAAA==", "ü", "y" * 10_000):
        with pytest.raises(NotFound):
            actions.snooze(wrong)
    with team.services.db.writing(SYSTEM) as session:
        for member in rows(team.services.db, Membership):
            if member.person_id == team.desk.subject_id:
                session.get_one(Membership, member.id).active = False
    with pytest.raises(Gone):
        actions.snooze(ticket)
    team.clock.advance(VALID + timedelta(minutes=1))
    with pytest.raises(Gone):
        actions.call_target(ticket)


def test_a_due_task_rings_who_has_it_and_no_more_once_it_is_done(team: Team) -> None:
    with team.services.db.writing(team.workshop.id) as session:
        for title in ("Anrufen", "Erledigt"):
            task = Task(
                workshop_id=team.workshop.id,
                title=title,
                due_at=team.clock(),
                remind=True,
                assignee_id=team.desk.subject_id,
            )
            session.add(task)
    team.services.tasks.remind_due()
    team.services.tasks.mark_done(team.desk, task.id)
    [(phone, told)] = team.deliver()
    assert (phone, told["body"], told["url"]) == ("desk", "Anrufen", "/heute/")


def test_a_push_of_an_automation_reaches_whom_it_names(team: Team) -> None:
    thread = team.thread()
    with team.services.db.writing(team.workshop.id) as session:
        emit(
            session,
            team.workshop.id,
            "automation.push",
            conversation_id=thread.id,
            person_id=team.owner.subject_id,
            text="Heiß",
            urgent=True,
        )
    [(phone, told)] = team.deliver()
    assert (phone, told["title"], told["body"], told["silent"]) == (
        "owner",
        "Automation: Ayşe Yılmaz",
        "Heiß",
        False,
    )


def test_the_digest_comes_once_a_day_at_its_time_and_only_when_something_waits(team: Team) -> None:
    team.services.notices.set_digest(team.desk, "09:30")
    mails = team.services.notice_mails
    assert (mails.send_digests(), team.mails()) == (0, [])
    team.clock.advance(timedelta(minutes=31))
    assert (mails.send_digests(), team.mails()) == (1, [])
    make_callback(team.services.db, team.workshop)
    team.say(team.thread(), "customer", to_a_person=True)
    assert mails.send_digests() == 0
    team.clock.advance(timedelta(days=1))
    assert (mails.send_digests(), mails.send_digests()) == (1, 0)
    [mail] = [one for one in team.mails() if one.kind == "digest"]
    assert mail.to_address == "desk@example.org"
    assert "1 Gespräch ohne Antwort" in mail.text
    assert "1 Rückruf" in mail.text
    assert "Ayşe Yılmaz: Bremse weich" in mail.text


def test_nobody_answering_rings_the_next_person_and_then_everybody(team: Team) -> None:
    notices, escalation = team.services.notices, team.services.escalation
    notices.set_escalation(team.owner, minutes=15, person_id=team.owner.subject_id)
    cold = team.thread(temperature="cold")
    hot = team.thread()
    for thread in (cold, hot):
        team.say(thread, "customer", to_a_person=True)
    team.deliver()
    team.clock.advance(timedelta(minutes=14))
    assert escalation.escalate_due() == 0
    team.clock.advance(timedelta(minutes=1))
    assert (escalation.escalate_due(), escalation.escalate_due()) == (1, 0)
    [(phone, told)] = team.deliver()
    assert (phone, told["title"]) == ("owner", "Wartet noch auf Antwort: Ayşe Yılmaz")
    team.clock.advance(timedelta(minutes=15))
    assert escalation.escalate_due() == 1
    assert {phone for phone, _ in team.deliver()} == {"owner", "desk"}
    assert {row.conversation_id for row in rows(team.services.db, Escalation)} == {hot.id}


def test_the_night_does_not_count_and_an_answer_ends_it(team: Team) -> None:
    team.services.notices.set_escalation(team.owner, minutes=15, person_id=None)
    team.clock.now = team.clock.now.replace(hour=15, minute=55)  # 16:55 in Berlin
    late, answered = team.thread(), team.thread()
    for thread in (late, answered):
        team.say(thread, "customer")
    team.clock.advance(timedelta(hours=10))
    assert team.services.escalation.escalate_due() == 0
    team.say(answered, "staff")
    team.clock.advance(timedelta(hours=5, minutes=15))
    assert team.services.escalation.escalate_due() == 1


def test_wishes_are_checked_and_belong_to_those_who_read_the_inbox(team: Team) -> None:
    notices = team.services.notices
    with pytest.raises(Invalid, match="notice_kind_unknown"):
        notices.set_way(team.desk, "weather", "push", True)
    with pytest.raises(Invalid, match="notice_kind_unknown"):
        notices.set_way(team.desk, "lead", "person_id", True)
    with pytest.raises(Invalid, match="digest_time_invalid"):
        notices.set_digest(team.desk, "7 Uhr")
    with pytest.raises(Invalid, match="escalation_minutes_invalid"):
        notices.set_escalation(team.owner, minutes=-1, person_id=None)
    stranger = staff_of(make_workshop(team.services.db, "andere"))
    with pytest.raises(Invalid, match="automation_person_missing"):
        notices.set_escalation(team.owner, minutes=5, person_id=stranger.subject_id)
    with pytest.raises(Forbidden):
        notices.set_escalation(team.desk, minutes=5, person_id=None)
    with pytest.raises(Forbidden):
        notices.get_wishes(staff_of(team.workshop, "technician"))
    notices.set_way(team.desk, "lead", "sound", False)
    assert "lead.created" not in notices.list_sounds(team.desk)
    assert "lead.created" in notices.list_sounds(team.owner)
    assert "handover.requested" in notices.list_sounds(team.desk)
    assert notices.get_escalation(stranger).people == ()


def test_an_answer_by_link_is_told_with_what_was_agreed_to(team: Team) -> None:
    customer = make_customer(team.services.db, team.workshop, name="Ayşe Yılmaz")
    told = {
        **{"order_id": new_id(), "customer_id": customer.id, "number": "A-2026-00118", "currency": "EUR"},
        **{"approved": 2, "declined": 1, "approved_cents": 46_390},
    }
    with team.services.db.writing(team.workshop.id) as session:
        for channel in ("link", "phone"):
            emit(session, team.workshop.id, "order.decided", channel=channel, **told)
    shown = {push["title"]: push for _, push in team.deliver()}
    assert list(shown) == ["Freigabe beantwortet: Ayşe Yılmaz"]
    [push] = shown.values()
    assert "2 von 3 freigegeben, 463,90\xa0€" in push["body"]
