"""The job of the night: what was kept long enough goes with its files, all else stays. Both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.booking.models import Appointment, BookingContract, Resource
from carbot_app.domains.calendars.models import SyncedEvent
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.compliance import sweeps
from carbot_app.domains.compliance.models import Erasure, PrivacyExport, RetentionRun
from carbot_app.domains.conversations.models import Conversation, Message, MessageFile
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.diagnostics.models import CodeFinding, DiagnosticBlock, DiagnosticSession
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.mailbox.models import ReceivedMail
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.team.models import LoginSession
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id, new_secret
from tests.factories import (
    make_appointment,
    make_callback,
    make_conversation,
    make_customer,
    make_event,
    make_lead,
    make_login_session,
    make_mail,
    make_message,
    make_person,
    make_resource,
    make_vehicle,
    make_wheel_set,
    make_workshop,
    staff_of,
)
from tests.factories.billing import make_invoice, make_payment, make_receivable
from tests.factories.calendars import make_calendar_link, make_synced_event
from tests.factories.saving import save
from tests.services.privacy_desk import AYSE, PrivacyDesk, fill, open_privacy_desk, traces


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> PrivacyDesk:
    return open_privacy_desk(database, clock)


def days_ago(desk: PrivacyDesk, days: int) -> datetime:
    return desk.clock() - timedelta(days=days)


def go_to(desk: PrivacyDesk, at: datetime) -> None:
    desk.clock.advance(at - desk.clock())


def thread(desk: PrivacyDesk, days: int, **fields: Any) -> Conversation:
    at = days_ago(desk, days)
    row = make_conversation(desk.database, desk.workshop, last_message_at=at, created_at=at, **fields)
    make_message(desk.database, row, created_at=at)
    return row


def visit(desk: PrivacyDesk, customer: Customer, at: datetime, **fields: Any) -> Appointment:
    technician, bay = (
        make_resource(desk.database, desk.workshop),
        make_resource(desk.database, desk.workshop, "bay"),
    )
    return make_appointment(
        desk.database, desk.workshop, customer, technician, bay, starts_at=at, **{"state": "done", **fields}
    )


def ids(desk: PrivacyDesk, table: type[Any]) -> set[UUID]:
    with desk.database.reading(SYSTEM) as session:
        return set(session.exec(select(table.id)))


def runs(desk: PrivacyDesk) -> dict[str, int]:
    with desk.database.reading(SYSTEM) as session:
        return {row.kind: row.count for row in session.exec(select(RetentionRun))}


def test_a_chat_nobody_left_a_contact_in_goes_after_thirty_days(desk: PrivacyDesk) -> None:
    old, young = thread(desk, 31), thread(desk, 29)
    named = thread(desk, 31, customer_id=make_customer(desk.database, desk.workshop).id)
    car = make_vehicle(desk.database, desk.workshop)
    make_lead(desk.database, old, vehicle_id=car.id)
    assert desk.retention.run_due() == 1
    assert ids(desk, Conversation) == {young.id, named.id}
    assert (desk.count(Message), desk.count(Lead), desk.count(Vehicle)) == (2, 0, 0)
    assert runs(desk) == {"chat": 1}


def test_an_enquiry_without_an_order_goes_after_six_months_with_the_person(desk: PrivacyDesk) -> None:
    at = days_ago(desk, 190)
    gone = make_customer(desk.database, desk.workshop, created_at=at)
    make_vehicle(desk.database, desk.workshop, gone)
    old = thread(desk, 190, customer_id=gone.id)
    file = save(
        desk.database,
        MessageFile(
            workshop_id=desk.workshop.id,
            message_id=message_of(desk, old),
            position=0,
            kind="file",
            name="a.pdf",
            media_type="application/pdf",
            size=1,
            sha256="x",
        ),
    )
    desk.store.put(desk.workshop.id, str(file.id), b"x")
    visit(desk, gone, at, state="cancelled", conversation_id=old.id)
    make_callback(desk.database, desk.workshop, state="done", created_at=at, customer_id=gone.id)
    make_mail(desk.database, desk.workshop, state="sent", created_at=at)
    young = make_customer(desk.database, desk.workshop, created_at=at)
    thread(desk, 100, customer_id=young.id)
    desk.retention.run_due()
    assert ids(desk, Customer) == {young.id}
    tables = (Conversation, Message, Appointment, Vehicle, Callback, OutgoingMessage, MessageFile)
    assert [desk.count(table) for table in tables] == [1, 1, 0, 0, 0, 0, 0]
    with pytest.raises(NotFound):
        desk.store.get(desk.workshop.id, str(file.id))
    assert runs(desk) == {"enquiry": 5}


def message_of(desk: PrivacyDesk, conversation: Conversation) -> UUID:
    with desk.database.reading(SYSTEM) as session:
        return session.exec(select(Message.id).where(Message.conversation_id == conversation.id)).one()


@pytest.mark.parametrize("state", ["confirmed", "arrived", "in_work", "done"])
def test_what_became_an_order_stays_until_six_years_after_its_year(desk: PrivacyDesk, state: str) -> None:
    at = datetime(2026, 1, 15, 9, tzinfo=UTC)
    customer = make_customer(desk.database, desk.workshop, created_at=at)
    talk = make_conversation(desk.database, desk.workshop, customer_id=customer.id, last_message_at=at)
    visit(desk, customer, at, state=state)
    for now in (datetime(2026, 11, 23, tzinfo=UTC), datetime(2032, 12, 31, 22, tzinfo=UTC)):
        go_to(desk, now)
        desk.retention.run_due()
        assert (ids(desk, Conversation), desk.count(Appointment)) == ({talk.id}, 1)
    go_to(desk, datetime(2033, 1, 2, tzinfo=UTC))
    desk.retention.run_due()
    go_to(desk, datetime(2033, 1, 3, tzinfo=UTC))
    desk.retention.run_due()
    assert (desk.count(Conversation), desk.count(Appointment), desk.count(Customer)) == (0, 0, 0)


def test_a_cancelled_order_with_a_contract_is_an_order(desk: PrivacyDesk) -> None:
    at = days_ago(desk, 300)
    ordered = visit(desk, make_customer(desk.database, desk.workshop), at, state="cancelled")
    contract = BookingContract(
        workshop_id=desk.workshop.id,
        appointment_id=ordered.id,
        number="7KM4-2XQP",
        concluded_at=at,
        text_version="2026-11",
        language="de",
        gross_cents=100,
        currency="EUR",
        starts_at=at,
        early_start=False,
    )
    save(desk.database, contract)
    desk.retention.run_due()
    assert desk.count(Appointment) == 1


def test_what_somebody_still_works_on_stays(desk: PrivacyDesk) -> None:
    at = days_ago(desk, 400)
    customer = make_customer(desk.database, desk.workshop, created_at=at)
    snoozed = thread(desk, 400, customer_id=customer.id, snoozed_until=desk.clock() + timedelta(days=1))
    planned = thread(desk, 400, customer_id=customer.id)
    task = Task(
        workshop_id=desk.workshop.id, title="Anrufen", due_at=desk.clock(), conversation_id=planned.id
    )
    save(desk.database, task)
    make_callback(desk.database, desk.workshop, created_at=at)
    assert desk.retention.run_due() == 0
    assert ids(desk, Conversation) == {snoozed.id, planned.id}
    assert desk.count(Callback) == 1


def test_a_visit_in_an_outside_calendar_goes_after_the_calendar_let_go(desk: PrivacyDesk) -> None:
    at = datetime(2015, 3, 2, 9, tzinfo=UTC)
    old = visit(desk, make_customer(desk.database, desk.workshop), at)
    assert old.technician_id
    with desk.database.reading(SYSTEM) as session:
        technician = session.get_one(Resource, old.technician_id)
    make_synced_event(desk.database, make_calendar_link(desk.database, technician), old)
    desk.retention.run_due()
    with desk.database.writing(SYSTEM) as session:
        assert session.get_one(Appointment, old.id).technician_id is None
        assert session.exec(select(OutboxEvent)).one().kind == "appointment.erased"
        session.delete(session.exec(select(SyncedEvent)).one())
    desk.clock.advance(timedelta(days=1))
    desk.retention.run_due()
    assert desk.count(Appointment) == 0


def test_wheels_and_consents_go_when_their_time_is_over(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    car = make_vehicle(desk.database, desk.workshop, customer)
    lying = make_wheel_set(desk.database, desk.workshop, car)
    make_wheel_set(desk.database, desk.workshop, car, code="R2", taken_on=date(2019, 12, 31))
    taken = make_wheel_set(desk.database, desk.workshop, car, code="R3", taken_on=date(2020, 1, 1))
    consents = [
        save(
            desk.database,
            Consent(
                workshop_id=desk.workshop.id,
                customer_id=customer.id,
                kind="tyres",
                text_version="1",
                source="desk",
                given_at=days_ago(desk, 3000),
                withdrawn_at=ended,
                token=new_secret(),
            ),
        )
        for ended in (None, days_ago(desk, 1094), days_ago(desk, 1097))
    ]
    desk.retention.run_due()
    assert ids(desk, WheelSet) == {lying.id, taken.id}
    assert ids(desk, Consent) == {consents[0].id, consents[1].id}


def test_a_voice_message_leaves_its_text_and_a_note_in_the_thread(desk: PrivacyDesk) -> None:
    talk = thread(desk, 2, customer_id=make_customer(desk.database, desk.workshop).id)
    kept = []
    for number, (days, kind) in enumerate([(31, "voice"), (29, "voice"), (31, "file")]):
        file = MessageFile(
            workshop_id=desk.workshop.id,
            message_id=message_of(desk, talk),
            position=number,
            kind=kind,
            name="a",
            media_type="audio/ogg",
            size=1,
            sha256="x",
            created_at=days_ago(desk, days),
        )
        desk.store.put(desk.workshop.id, str(file.id), b"x")
        kept.append(save(desk.database, file))
    desk.retention.run_due()
    with desk.database.reading(SYSTEM) as session:
        found = {row.id: (row.kind, row.reason) for row in session.exec(select(MessageFile))}
    assert [found[file.id] for file in kept] == [("voice", "old"), ("voice", ""), ("file", "")]
    with pytest.raises(NotFound):
        desk.store.get(desk.workshop.id, str(kept[0].id))
    assert desk.retention.run_due() == 0


def test_logs_go_after_ninety_days(desk: PrivacyDesk) -> None:
    person = make_person(desk.database)
    for days in (91, 89):
        at = days_ago(desk, days)
        make_event(desk.database, desk.workshop, delivered_at=at)
        make_login_session(
            desk.database, desk.workshop, person, token_fingerprint=new_id().hex, expires_at=at
        )
        mail = ReceivedMail(
            workshop_id=desk.workshop.id,
            fingerprint=new_id().hex,
            from_address="post@bank.example",
            sent_at=at,
            kind="bulk",
            state="aside",
            created_at=at,
        )
        save(desk.database, mail)
    waiting = make_event(desk.database, desk.workshop, created_at=days_ago(desk, 400))
    desk.retention.run_due()
    assert (desk.count(OutboxEvent), desk.count(LoginSession)) == (2, 1)
    assert waiting.id in ids(desk, OutboxEvent)
    assert (desk.count(ReceivedMail, ReceivedMail.from_address != ""), desk.count(ReceivedMail)) == (1, 2)
    assert runs(desk)["log"] == 3


def test_disclosures_go_after_a_week_and_proofs_after_three_years(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    for days in (8, 6):
        row = PrivacyExport(
            workshop_id=desk.workshop.id,
            customer_id=customer.id,
            checked_by="known",
            state="ready",
            created_at=days_ago(desk, days),
            expires_at=days_ago(desk, days - 7),
        )
        desk.exports_store.put(desk.workshop.id, f"{row.id}.zip", b"zip")
        save(desk.database, row)
    for days in (1097, 1094):
        of = {"workshop_id": desk.workshop.id, "created_at": days_ago(desk, days)}
        save(desk.database, Erasure(**of, pseudonym="Anonym 1", checked_by="known"))
        save(desk.database, RetentionRun(**of, kind="chat", count=1, at=days_ago(desk, days)))
    desk.retention.run_due()
    assert (desk.count(PrivacyExport), desk.count(Erasure)) == (1, 1)
    # One proof is left, and those of this night
    assert desk.count(RetentionRun) == 3


def test_more_than_a_batch_goes_in_one_night(desk: PrivacyDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "BATCH", 2)
    for _ in range(5):
        thread(desk, 40)
    assert desk.retention.run_due() == 5
    assert desk.count(Conversation) == 0


def test_several_processes_clean_a_workshop_once_a_night(desk: PrivacyDesk) -> None:
    for _ in range(3):
        thread(desk, 40)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: desk.retention.run_due(), range(4)))
    assert sorted(counts) == [0, 0, 0, 3]
    assert runs(desk) == {"chat": 3}
    thread(desk, 40)
    assert desk.retention.run_due() == 0
    desk.clock.advance(timedelta(days=1))
    assert desk.retention.run_due() == 1


def test_trouble_with_one_kind_keeps_nothing_else(desk: PrivacyDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> sweeps.Swept:
        raise RuntimeError("disk")

    monkeypatch.setitem(sweeps.SWEEPS, "chat", (broken,))
    make_event(desk.database, desk.workshop, delivered_at=days_ago(desk, 100))
    assert desk.retention.run_due() == 1


def test_somebody_with_everything_is_gone_from_every_table_in_the_end(desk: PrivacyDesk) -> None:
    fill(desk, AYSE, documents=False)
    with desk.database.writing(SYSTEM) as session:
        session.exec(select(Consent)).one().withdrawn_at = desk.clock()
        session.delete(session.exec(select(SyncedEvent)).one())
        session.exec(select(OutgoingMessage).where(OutgoingMessage.state == "queued")).one().state = "sent"
    go_to(desk, datetime(2033, 1, 2, tzinfo=UTC))
    desk.retention.run_due()
    desk.clock.advance(timedelta(days=1))
    desk.retention.run_due()
    assert traces(desk, AYSE) == []
    assert desk.count(Customer) == 0


def test_the_owner_chooses_within_the_law(desk: PrivacyDesk) -> None:
    owner = staff_of(desk.workshop)
    thread(desk, 20)
    desk.retention.set_period(owner, "chat", 14)
    desk.retention.set_period(owner, "order", 8)
    for kind, period, code in (
        ("order", 5, "retention_out_of_bounds"),
        ("chat", 91, "retention_out_of_bounds"),
        ("secrets", 1, "retention_kind_unknown"),
    ):
        with pytest.raises(Invalid, match=code):
            desk.retention.set_period(owner, kind, period)
    found = {view.kind: view.period for view in desk.retention.get_overview(owner).periods}
    assert (found["chat"], found["order"], found["enquiry"]) == (14, 8, 6)
    desk.retention.run_due()
    assert desk.count(Conversation) == 0


def test_what_the_job_did_is_told_with_counts(desk: PrivacyDesk) -> None:
    owner = staff_of(desk.workshop)
    before = desk.retention.get_overview(owner)
    tonight = datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert (before.last_run_at, before.runs, before.next_run_at) == (None, (), tonight)
    thread(desk, 40)
    make_event(desk.database, desk.workshop, delivered_at=days_ago(desk, 100))
    desk.retention.run_due()
    after = desk.retention.get_overview(owner)
    (run,) = after.runs
    assert (after.last_run_at, run.at, dict(run.counts)) == (
        desk.clock(),
        desk.clock(),
        {"chat": 1, "log": 1},
    )


def test_a_workshop_is_cleaned_by_its_own_periods_and_nobody_else_reads_them(desk: PrivacyDesk) -> None:
    other = make_workshop(desk.database, "nebenan")
    make_conversation(desk.database, other, last_message_at=days_ago(desk, 20))
    desk.retention.set_period(staff_of(desk.workshop), "chat", 1)
    assert desk.retention.run_due() == 0
    assert desk.retention.get_overview(staff_of(other)).periods[0].period == 30
    for role in ("manager", "front_desk", "technician", "accountant"):
        with pytest.raises(Forbidden):
            desk.retention.get_overview(staff_of(desk.workshop, role))
        with pytest.raises(Forbidden):
            desk.retention.set_period(staff_of(desk.workshop, role), "chat", 5)


def test_documents_go_when_tax_law_lets_go_of_them_and_no_day_before(desk: PrivacyDesk) -> None:
    old = make_invoice(desk.database, desk.workshop, issued_on=date(2017, 5, 2))
    taken_back = make_invoice(
        desk.database, desk.workshop, issued_on=date(2017, 6, 2), original_id=old.id, kind="cancellation"
    )
    kept = make_invoice(desk.database, desk.workshop, issued_on=date(2018, 1, 2))
    for invoice in (old, taken_back, kept):
        make_receivable(desk.database, invoice)
        make_payment(desk.database, invoice)
    desk.retention.run_due()
    for table in (Invoice, InvoiceLine, Payment, Receivable):
        assert desk.count(table) == 1, table
    assert desk.count(Invoice, Invoice.id == kept.id) == 1
    assert desk.count(OutboxEvent, OutboxEvent.kind == "invoice.erased") == 2


def test_diagnoses_go_with_their_readings_when_their_time_is_over_and_running_ones_stay(
    desk: PrivacyDesk,
) -> None:
    fill(desk, AYSE, documents=False)
    desk.retention.set_period(staff_of(desk.workshop), "diagnostics", 1)
    running = DiagnosticSession(
        workshop_id=desk.workshop.id, car_key="c", way="agent", state="connected",
        started_at=days_ago(desk, 400), heard_at=desk.clock(),
    )  # fmt: skip
    save(desk.database, running)
    desk.retention.run_due()
    assert ids(desk, DiagnosticSession) == {running.id}
    assert desk.count(DiagnosticBlock) == desk.count(CodeFinding) == 0
