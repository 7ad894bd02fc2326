"""Who is rung, when, and what the notification says; pushes go to a push service that decrypts."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from carbot_app.adapters.identity.vault import AesVault
from carbot_app.adapters.push.webpush import WebPushTransport
from carbot_app.db.outbox import OutboxEvent, emit
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Withdrawal
from carbot_app.domains.calls.schemas import CallbackRequest
from carbot_app.domains.calls.service import CallbackService
from carbot_app.domains.conversations.notes import NoteService
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.messaging.models import PushSubscription
from carbot_app.domains.messaging.push import PushService as PushUseCases
from carbot_app.domains.messaging.push_actions import PushActions
from carbot_app.domains.messaging.schemas import PushSubscriptionInput
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid
from tests.contracts.push_service import PushService
from tests.factories.actors import customer_of, staff_of
from tests.factories.team import make_membership, make_person, make_workshop
from tests.services.conftest import Talks


@pytest.fixture
def service() -> Iterator[PushService]:
    service = PushService()
    yield service
    service.close()


@pytest.fixture
def push(database: Database, clock: ManualClock, tmp_path: Path) -> PushUseCases:
    clock.now = datetime(2030, 11, 18, 11, tzinfo=UTC)
    transport = WebPushTransport(tmp_path / "vapid.pem", subject="mailto:a@b.example")
    actions = PushActions(db=database, clock=clock, vault=AesVault(tmp_path / "secrets.key"))
    hosts = ["127.0.0.1", "push.apple.com"]
    return PushUseCases(db=database, clock=clock, transport=transport, hosts=hosts, actions=actions)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def worker(database: Database, clock: ManualClock, push: PushUseCases) -> OutboxWorker:
    return OutboxWorker(database, clock, quick={}, slow={"push": push.on_event})


def owner_with_phone(
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    name: str = "phone",
    **fields,
) -> Actor:
    person = make_person(database, language=fields.pop("language", "de"))
    make_membership(database, workshop, person, **fields)
    actor = staff_of(workshop, fields.get("role", "owner"), person_id=person.id)
    push.subscribe(actor, subscription(service, name))
    return actor


def subscription(service: PushService, name: str) -> PushSubscriptionInput:
    return PushSubscriptionInput(service.endpoint(name), service.p256dh, service.auth, "iPhone")


def ask_for_a_person(
    talks: Talks, workshop: Workshop, text: str = "Ich möchte einen Menschen, bitte"
) -> None:
    thread, token = talks.conversations.start(customer_of(workshop), language="de")
    customer = talks.conversations.resolve_token(thread.conversation_id, token)
    talks.conversations.add_customer_message(customer, text=text, client_id="1")
    talks.conversations.request_human(customer)


def test_a_hand_over_rings_the_owners_phone_with_a_deep_link(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner_with_phone(database, workshop, push, service)
    owner_with_phone(database, workshop, push, service, "turkish", language="tr")
    ask_for_a_person(talks, workshop)
    worker.drain()
    first, second = (json.loads(received.text) for received in service.received)
    assert first["title"] == "Neuer Kontakt möchte mit Ihnen sprechen"
    assert first["body"] == "Ich möchte einen Menschen, bitte"
    assert first["url"].startswith("/posteingang/?c=")
    assert first["workshop_id"] is None, "who works in one workshop is there already"
    assert second["lang"] == "tr"


def test_a_phone_rings_once_for_every_workshop_of_its_person_and_says_for_which(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner = owner_with_phone(database, workshop, push, service)
    second = make_workshop(database, slug="mueller-bochum", name="Kfz Müller Bochum")
    with database.reading(SYSTEM) as session:
        person = session.get_one(Person, owner.subject_id)
    membership = make_membership(database, second, person)
    there = staff_of(second, "owner", person_id=person.id)
    push.subscribe(there, subscription(service, "phone"))
    assert len(push.list_devices(owner)) == len(push.list_devices(there)) == 1

    ask_for_a_person(talks, second)
    ask_for_a_person(talks, workshop)
    worker.drain()
    told = {body["workshop_id"]: body for body in (json.loads(push.text) for push in service.received)}
    assert len(service.received) == len(told) == 2
    assert told[str(second.id)]["title"].startswith("Kfz Müller Bochum · Neuer Kontakt")

    with database.writing(SYSTEM) as session:
        session.get_one(Membership, membership.id).active = False
    ask_for_a_person(talks, second)
    worker.drain()
    assert len(service.received) == 2
    ask_for_a_person(talks, workshop)
    worker.drain()
    assert json.loads(service.received[-1].text)["title"] == "Neuer Kontakt möchte mit Ihnen sprechen"


def test_a_wished_callback_rings_with_its_time_in_the_language_of_each_phone(
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    clock: ManualClock,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner_with_phone(database, workshop, push, service)
    owner_with_phone(database, workshop, push, service, "turkish", language="tr")
    calls = CallbackService(db=database, clock=clock, customers=CustomerService(db=database))
    visitor, asked = customer_of(workshop), CallbackRequest("Ayşe Yılmaz", "0171 5550142", note="Bremsen")
    calls.request(visitor, replace(asked, window="20301118T1200Z"))
    calls.request(visitor, replace(asked, window="20301118T1200Z"))
    worker.drain()
    german, turkish = (json.loads(received.text) for received in service.received)
    assert german["title"] == "Rückruf gewünscht: Ayşe Yılmaz"
    assert (german["body"], german["url"]) == ("Heute, 13–15 Uhr · Bremsen", "/heute/")
    assert turkish["body"] == "Bugün, 13:00–15:00 · Bremsen"


def test_a_callback_that_is_done_by_then_rings_nobody(
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    clock: ManualClock,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner_with_phone(database, workshop, push, service)
    calls = CallbackService(db=database, clock=clock, customers=CustomerService(db=database))
    calls.request(customer_of(workshop), CallbackRequest("Ayşe Yılmaz", "0171 5550142"))
    calls.mark_done(staff_of(workshop), calls.list_open(staff_of(workshop))[0].id)
    worker.drain()
    assert service.received == []


def test_an_event_delivered_twice_rings_once(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner_with_phone(database, workshop, push, service)
    ask_for_a_person(talks, workshop)
    worker.drain()
    with database.writing(SYSTEM) as session:
        for event in session.exec(select(OutboxEvent)):
            event.delivered_at, event.handled_by = None, []
            event.available_at = event.created_at
    worker.drain()
    assert len(service.received) == 1


def test_a_gone_device_is_forgotten_and_a_busy_one_kept(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner_with_phone(database, workshop, push, service, "gone")
    owner_with_phone(database, workshop, push, service, "busy")
    ask_for_a_person(talks, workshop)
    worker.drain()
    with database.reading(SYSTEM) as session:
        left = session.exec(select(PushSubscription)).all()
        open_events = session.exec(
            select(OutboxEvent).where(
                OutboxEvent.kind == "handover.requested", col(OutboxEvent.delivered_at).is_(None)
            )
        ).all()
    assert [row.endpoint.rsplit("/", 1)[-1] for row in left] == ["busy"]
    assert len(open_events) == 1, "the busy device is tried again"


@pytest.mark.parametrize(("hot_always", "rings"), [(True, 1), (False, 0)])
def test_quiet_hours_are_kept_unless_the_person_wants_emergencies(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
    clock: ManualClock,
    hot_always: bool,
    rings: int,
) -> None:
    clock.now = clock.now.replace(hour=22)  # 23:00 in Berlin
    owner_with_phone(
        database,
        workshop,
        push,
        service,
        push_quiet_from="22:00",
        push_quiet_to="06:30",
        push_hot_always=hot_always,
    )
    ask_for_a_person(talks, workshop)
    worker.drain()
    assert len(service.received) == rings


def test_who_may_not_read_the_inbox_is_not_told(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner = owner_with_phone(database, workshop, push, service)
    with pytest.raises(Forbidden):
        push.subscribe(staff_of(workshop, "technician"), subscription(service, "tablet"))
    push.unsubscribe(owner, service.endpoint("phone"))
    push.unsubscribe(owner, service.endpoint("phone"))
    assert push.list_devices(owner) == []
    ask_for_a_person(talks, workshop)
    worker.drain()
    assert service.received == []


def test_other_workshops_are_not_told(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    owner_with_phone(database, make_workshop(database, slug="andere"), push, service)
    ask_for_a_person(talks, workshop)
    worker.drain()
    assert service.received == []


def test_an_address_that_is_no_push_service_is_refused(
    workshop: Workshop, push: PushUseCases, service: PushService
) -> None:
    for endpoint in (
        "http://169.254.169.254/latest",
        "https://evil.example/push.apple.com",
        "https://notpush.apple.com/x",
        "http://web.push.apple.com/x",
        "file:///etc/passwd",
        "https://[broken",
        "",
    ):
        with pytest.raises(Invalid):
            push.subscribe(
                staff_of(workshop), PushSubscriptionInput(endpoint, service.p256dh, service.auth, "x")
            )


def test_a_withdrawal_rings_with_the_name_and_leads_to_where_it_waits(
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    service: PushService,
    worker: OutboxWorker,
    clock: ManualClock,
) -> None:
    owner_with_phone(database, workshop, push, service)
    declared = Withdrawal(
        workshop_id=workshop.id,
        sent={"name": "Ayşe Yılmaz", "contract": "7KM4-2XQP", "email": "ayse@example.org"},
        content_key="key",
        language="de",
        received_at=clock(),
        outcome="unknown",
    )
    with database.writing(workshop.id) as session:
        session.add(declared)
        emit(session, workshop.id, "contract.withdrawn", withdrawal_id=declared.id, appointment_id=None)
    worker.drain()
    [received] = service.received
    told = json.loads(received.text)
    assert (told["title"], told["body"], told["url"]) == (
        "Widerruf von Ayşe Yılmaz",
        "7KM4-2XQP",
        "/heute/",
    )


def test_a_note_rings_only_those_it_calls(
    talks: Talks,
    database: Database,
    workshop: Workshop,
    push: PushUseCases,
    clock: ManualClock,
    service: PushService,
    worker: OutboxWorker,
) -> None:
    writer = owner_with_phone(database, workshop, push, service, "writer")
    owner_with_phone(database, workshop, push, service, "bystander")
    jana = make_person(database, name="Jana Krüger", language="tr")
    make_membership(database, workshop, jana, "front_desk")
    push.subscribe(staff_of(workshop, "front_desk", person_id=jana.id), subscription(service, "jana"))
    thread, _ = talks.conversations.start(customer_of(workshop), language="de")
    notes = NoteService(db=database, clock=clock)
    notes.write_note(writer, thread.conversation_id, "Niemanden rufen")
    notes.write_note(writer, thread.conversation_id, "@Jana bitte zurückrufen")
    worker.drain()
    (received,) = service.received
    told = json.loads(received.text)
    assert (told["title"], told["body"]) == ("Sabine Müller sizden söz etti", "@Jana bitte zurückrufen")
    assert told["url"] == f"/posteingang/?c={thread.conversation_id}"
