"""Forgetting a person: nothing that names them is left, nothing of anybody else is touched. Both engines."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.adapters.privacy.erasure_list import FileErasureList
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.booking.models import Appointment, BookingContract
from carbot_app.domains.compliance.holdings import HOLDINGS
from carbot_app.domains.compliance.models import Erasure
from carbot_app.domains.compliance.person import find_person
from carbot_app.domains.conversations.models import Conversation, Message, MessageFile
from carbot_app.domains.customers.models import Consent, Customer, Vehicle
from carbot_app.domains.mailbox.models import ReceivedMail
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.photos.models import Photo
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import (
    make_appointment,
    make_conversation,
    make_customer,
    make_mail,
    make_message,
    make_resource,
    make_vehicle,
    make_wheel_set,
    make_workshop,
    staff_of,
)
from tests.factories.billing import make_invoice, make_receivable
from tests.services.privacy_desk import AYSE, PIOTR, PrivacyDesk, fill, open_privacy_desk, traces


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> PrivacyDesk:
    return open_privacy_desk(database, clock)


def erase(desk: PrivacyDesk, customer: Customer, typed: str = AYSE.name) -> None:
    desk.erasures.erase(staff_of(desk.workshop), customer.id, checked_by="document", typed=typed)


def rows_of(desk: PrivacyDesk, customer: Customer) -> dict[str, int]:
    with desk.database.reading(desk.workshop.id) as session:
        person = find_person(session, desk.workshop.id, customer.id)
    return {table: len(rows) for table, rows in person.rows.items()}


def test_a_person_is_found_in_every_declared_table(desk: PrivacyDesk) -> None:
    customer = fill(desk, AYSE)
    found = rows_of(desk, customer)
    assert [holding.table for holding in HOLDINGS if not found[holding.table]] == []


def test_afterwards_nothing_names_the_person_and_everybody_else_is_whole(desk: PrivacyDesk) -> None:
    ayse, piotr = fill(desk, AYSE), fill(desk, PIOTR)
    before = rows_of(desk, piotr)
    assert traces(desk, AYSE)
    others = traces(desk, PIOTR)
    erase(desk, ayse)
    assert traces(desk, AYSE) == []
    assert rows_of(desk, piotr) == before
    assert traces(desk, PIOTR) == others


def test_what_the_law_demands_stays_without_a_name(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    preview = desk.erasures.preview(staff_of(desk.workshop), ayse.id)
    stays = {kept.thing: (kept.count, kept.ground, str(kept.until)) for kept in preview.stays}
    assert stays == {
        "vehicles": (1, "order", "2033-01-01"),
        "threads": (1, "order", "2033-01-01"),
        "messages": (1, "order", "2033-01-01"),
        "visits": (1, "order", "2033-01-01"),
        "contracts": (2, "order", "2033-01-01"),
        "wheels": (1, "order", "2033-01-01"),
        "mails": (2, "order", "2033-01-01"),
        "orders": (1, "order", "2033-01-01"),
        "invoices": (1, "invoice", "2035-01-01"),
        "consents": (1, "consent", "None"),
    }
    assert dict(preview.goes) == {
        "contacts": 3,
        "threads": 1,
        "messages": 1,
        "files": 4,
        "enquiries": 1,
        "mails": 2,
        "notes": 5,
        "calls": 1,
        "waitlist": 3,
        "orders": 1,
        "diagnoses": 1,
        "invoices": 1,
        "disclosures": 1,
    }
    erase(desk, ayse)
    with desk.database.reading(SYSTEM) as session:
        customer = session.exec(select(Customer)).one()
        message = session.exec(select(Message)).one()
        visit = session.exec(select(Appointment)).one()
        contract = session.exec(select(BookingContract)).one()
    assert customer.id == ayse.id
    assert customer.name.startswith("Anonym ")
    assert message.text == "Hier ist […], […], […]: Krokodil"
    assert (visit.state, visit.customer_id, visit.technician_id) == ("done", ayse.id, None)
    assert (contract.gross_cents, contract.number) == (12_900, "Krokodil")


def test_files_are_gone_from_the_store(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    with desk.database.reading(SYSTEM) as session:
        names = [str(one) for table in (Photo, MessageFile) for one in session.exec(select(table.id))]
    assert all(desk.store.get(desk.workshop.id, name) for name in names)
    erase(desk, ayse)
    for name in names:
        with pytest.raises(NotFound):
            desk.store.get(desk.workshop.id, name)
    assert (desk.count(Photo), desk.count(MessageFile)) == (0, 0)


def test_advertising_ends_at_once(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    erase(desk, ayse)
    with desk.database.reading(SYSTEM) as session:
        assert session.exec(select(Consent)).one().withdrawn_at == desk.clock()
        assert {row.state for row in session.exec(select(OutgoingMessage))} == {"sent"}


def test_an_old_link_or_chat_of_the_person_opens_nothing(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)

    def secrets() -> set[str]:
        with desk.database.reading(SYSTEM) as session:
            visits = session.exec(select(Appointment.manage_token))
            return {*visits, *session.exec(select(Conversation.token_fingerprint))}

    before = secrets()
    erase(desk, ayse)
    assert secrets().isdisjoint(before)


def test_a_mail_that_was_taken_in_leaves_a_shell_that_keeps_it_from_coming_again(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    with desk.database.reading(SYSTEM) as session:
        fingerprint = session.exec(select(ReceivedMail)).one().fingerprint
    erase(desk, ayse)
    with desk.database.reading(SYSTEM) as session:
        shell = session.exec(select(ReceivedMail)).one()
    assert (shell.fingerprint, shell.state, shell.from_address, shell.original) == (
        fingerprint,
        "aside",
        "",
        "",
    )


def test_somebody_without_orders_leaves_nothing_at_all(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop, name="Li Wei")
    make_vehicle(desk.database, desk.workshop, customer)
    thread = make_conversation(desk.database, desk.workshop, customer_id=customer.id)
    make_message(desk.database, thread)
    part = make_customer(desk.database, desk.workshop, name="", phone="", merged_into_id=customer.id)
    # Whoever opens an old address of a merged record means the same person
    erase(desk, part, "  li   WEI ")
    tables = (Customer, Vehicle, Conversation, Message)
    assert [desk.count(table) for table in tables] == [0, 0, 0, 0]
    with desk.database.reading(SYSTEM) as session:
        erasure = session.exec(select(Erasure)).one()
    assert (erasure.kept, erasure.checked_by, erasure.done_by) == ({}, "document", "Sabine Müller")
    assert len(erasure.fingerprints) == 2


def test_an_order_older_than_the_law_demands_goes_too(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop, name="Li Wei")
    technician, bay = (
        make_resource(desk.database, desk.workshop),
        make_resource(desk.database, desk.workshop, "bay"),
    )
    for year in (2019, 2020):
        at = datetime(year, 12, 30, 9, tzinfo=UTC)
        make_appointment(desk.database, desk.workshop, customer, technician, bay, starts_at=at, state="done")
    erase(desk, customer, "Li Wei")
    with desk.database.reading(SYSTEM) as session:
        assert [visit.starts_at.year for visit in session.exec(select(Appointment))] == [2020]


@pytest.mark.parametrize("state", ["unplanned", "requested", "confirmed", "arrived", "in_work"])
def test_while_an_order_is_open_nobody_is_forgotten(desk: PrivacyDesk, state: str) -> None:
    customer = make_customer(desk.database, desk.workshop)
    technician, bay = (
        make_resource(desk.database, desk.workshop),
        make_resource(desk.database, desk.workshop, "bay"),
    )
    make_appointment(desk.database, desk.workshop, customer, technician, bay, state=state)
    (obstacle,) = desk.erasures.preview(staff_of(desk.workshop), customer.id).obstacles
    assert obstacle.kind == "visit"
    with pytest.raises(Conflict, match="erasure_too_early"):
        erase(desk, customer)
    assert desk.count(Appointment) == 1


def test_stored_wheels_are_handed_back_first(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    make_wheel_set(desk.database, desk.workshop, make_vehicle(desk.database, desk.workshop, customer))
    with pytest.raises(Conflict, match="erasure_too_early"):
        erase(desk, customer)
    assert desk.count(WheelSet) == 1


def test_what_a_family_shares_is_not_taken_from_the_other(desk: PrivacyDesk) -> None:
    ayse = make_customer(desk.database, desk.workshop, email="familie@example.org")
    make_customer(desk.database, desk.workshop, name="Emre Yıldız", phone="", email="familie@example.org")
    make_mail(desk.database, desk.workshop, to_address="familie@example.org", text="Winterreifen für Emre")
    erase(desk, ayse)
    assert desk.count(OutgoingMessage) == 1
    assert desk.count(Customer) == 1


def test_identity_is_checked_and_the_name_typed(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    owner = staff_of(desk.workshop)
    with pytest.raises(Invalid, match="identity_unchecked"):
        desk.erasures.erase(owner, customer.id, checked_by="", typed=AYSE.name)
    for typed in ("", "Ayşe", "löschen"):
        with pytest.raises(Invalid, match="erasure_not_confirmed"):
            desk.erasures.erase(owner, customer.id, checked_by="known", typed=typed)
    assert desk.count(Customer) == 1


def test_only_the_owner_may_and_only_in_the_own_workshop(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    for role in ("manager", "front_desk", "technician"):
        with pytest.raises(Forbidden):
            desk.erasures.preview(staff_of(desk.workshop, role), customer.id)
        with pytest.raises(Forbidden):
            desk.erasures.list_erasures(staff_of(desk.workshop, role))
    stranger = staff_of(make_workshop(desk.database, "nebenan"))
    with pytest.raises(NotFound):
        desk.erasures.preview(stranger, customer.id)
    with pytest.raises(NotFound):
        desk.erasures.erase(stranger, customer.id, checked_by="known", typed=AYSE.name)
    assert desk.erasures.list_erasures(stranger) == ()


def test_whom_a_restored_backup_brings_back_is_forgotten_again(desk: PrivacyDesk) -> None:
    ayse, piotr = fill(desk, AYSE), fill(desk, PIOTR)
    erase(desk, ayse)
    kept = (desk.count(Customer), desk.count(Appointment))
    with desk.database.writing(SYSTEM) as session:
        # An old database knows the person, and not that they were forgotten
        customer = session.get_one(Customer, ayse.id)
        customer.name, customer.phone = AYSE.name, AYSE.phone
        session.delete(session.exec(select(Erasure)).one())
    part = make_customer(desk.database, desk.workshop, name=AYSE.name, merged_into_id=ayse.id)
    technician, bay = (
        make_resource(desk.database, desk.workshop),
        make_resource(desk.database, desk.workshop, "bay"),
    )
    make_appointment(
        desk.database, desk.workshop, part, technician, bay, state="requested", note=f"Für {AYSE.name}"
    )
    assert desk.erasures.reapply() == 1
    assert traces(desk, AYSE) == []
    assert (desk.count(Customer), desk.count(Appointment)) == kept
    (line,) = {line.pseudonym for line in FileErasureList(desk.erasure_file).read()}
    with desk.database.reading(SYSTEM) as session:
        assert session.get_one(Customer, ayse.id).name == line
        assert session.get_one(Customer, piotr.id).name == PIOTR.name
        assert session.exec(select(Erasure)).one().checked_by == "backup"
    assert desk.erasures.reapply() == 0


def test_a_list_that_could_not_be_written_is_completed_later(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    desk.erasure_file.mkdir()
    erase(desk, customer)
    desk.erasure_file.rmdir()
    desk.erasures.complete_list()
    desk.erasures.complete_list()
    assert len(FileErasureList(desk.erasure_file).read()) == 1


def test_a_line_cut_off_by_a_power_cut_is_passed_over(desk: PrivacyDesk) -> None:
    erase(desk, make_customer(desk.database, desk.workshop))
    with desk.erasure_file.open("ab") as file:
        file.write(b'{"workshop": "0')
    assert len(FileErasureList(desk.erasure_file).read()) == 1


def test_a_visit_in_an_outside_calendar_is_told_so(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    erase(desk, ayse)
    with desk.database.reading(SYSTEM) as session:
        kinds = [row.kind for row in session.exec(select(OutboxEvent).order_by(OutboxEvent.id))]
    assert sorted(kinds) == ["appointment.erased", "customer.erased"]


def test_documents_stay_exactly_as_they_were_issued(desk: PrivacyDesk) -> None:
    ayse = fill(desk, AYSE)
    before = documents(desk)
    assert "Ayşe" in str(before)
    erase(desk, ayse)
    assert documents(desk) == before
    with desk.database.reading(SYSTEM) as session:
        owed = session.exec(select(Receivable)).one()
    assert (owed.buyer_name, owed.email, owed.plate, owed.state) == ("[…]", "", "", "paid")
    assert owed.customer_id == ayse.id


def test_while_an_invoice_is_open_nobody_is_forgotten(desk: PrivacyDesk) -> None:
    customer = make_customer(desk.database, desk.workshop)
    invoice = make_invoice(desk.database, desk.workshop)
    make_receivable(desk.database, invoice, customer_id=customer.id)
    (obstacle,) = desk.erasures.preview(staff_of(desk.workshop), customer.id).obstacles
    assert (obstacle.kind, obstacle.title) == ("invoice", invoice.number)
    with pytest.raises(Conflict, match="erasure_too_early"):
        erase(desk, customer)


def documents(desk: PrivacyDesk) -> list[dict]:
    with desk.database.reading(SYSTEM) as session:
        tables = (Invoice, InvoiceLine, Payment)
        return [row.model_dump() for table in tables for row in session.exec(select(table))]


def test_what_was_counted_stays_counted_and_forgets_whose_it_was(desk: PrivacyDesk) -> None:
    ayse, piotr = fill(desk, AYSE), fill(desk, PIOTR)
    collector = EventCollector(db=desk.database, clock=desk.clock)

    def events() -> dict[UUID, tuple[UUID | None, int]]:
        with desk.database.reading(SYSTEM) as session:
            rows = session.exec(select(AnalyticsEvent))
            return {row.id: (row.customer_id, row.quantity) for row in rows}

    before = events()
    assert {whose for whose, _ in before.values()} >= {ayse.id, piotr.id}
    erase(desk, ayse)
    assert events() == {
        row_id: (None if whose == ayse.id else whose, many) for row_id, (whose, many) in before.items()
    }
    assert collector.collect(desk.workshop.id) == 0, "a record without a name is no other record"
    assert collector.verify() == ()
