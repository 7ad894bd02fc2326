"""Merging and splitting customers, and putting everything back. Both engines."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.customers.contact_points import verify
from carbot_app.domains.customers.merging import ContactMerging
from carbot_app.domains.customers.models import ContactChange, Customer
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.messaging.models import ContactPreference
from carbot_app.domains.messaging.preferences import set_stopped
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import (
    make_appointment,
    make_conversation,
    make_customer,
    make_lead,
    make_resource,
    make_vehicle,
    make_workshop,
    staff_of,
)
from tests.services.thread_desk import MAIL, MOBILE, ThreadDesk, open_thread_desk

STARTS = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def analyser() -> MessageAnalyser:
    return MessageAnalyser.load()


@pytest.fixture
def desk(database: Database, clock: ManualClock, analyser: MessageAnalyser) -> ThreadDesk:
    return open_thread_desk(database, clock, analyser)


@pytest.fixture
def merging(desk: ThreadDesk) -> ContactMerging:
    return ContactMerging(db=desk.database, clock=desk.clock, customers=CustomerService(db=desk.database))


def everything(desk: ThreadDesk) -> dict[str, list[Any]]:
    """All rows of the workshop that say whose something is."""
    found = {}
    with desk.database.reading(SYSTEM) as session:
        for table in SQLModel.metadata.sorted_tables:
            names = [
                c.name
                for c in table.columns
                if any(k.column.table.name == "customer" for k in c.foreign_keys)
            ]
            if table.name == "customer":
                names = ["name", "phone", "email", "merged_into_id"]
            if names and table.name != "contact_change":
                columns = [table.c.id, *(table.c[name] for name in names)]
                found[table.name] = sorted(map(str, session.execute(select(*columns))))
    return found


def belongings(desk: ThreadDesk, customer: Customer) -> None:
    """A car, a thread with a lead, and a visit."""
    database, workshop = desk.database, desk.desk.workshop
    vehicle = make_vehicle(
        database, workshop, customer, plate=f"DO-X {len(customer.name)}{customer.phone[-2:] or 1}"
    )
    thread = make_conversation(database, workshop, customer_id=customer.id)
    make_lead(database, thread, customer_id=customer.id, vehicle_id=vehicle.id)
    technician, bay = (
        make_resource(database, workshop, kind, name=new_id().hex) for kind in ("technician", "bay")
    )
    make_appointment(
        database, workshop, customer, technician, bay, starts_at=STARTS, vehicle_id=vehicle.id,
        conversation_id=thread.id,
    )  # fmt: skip


def test_everything_of_one_becomes_the_others_and_comes_back_exactly(
    desk: ThreadDesk, merging: ContactMerging
) -> None:
    owner, workshop = desk.desk.owner, desk.desk.workshop
    keep = make_customer(desk.database, workshop, name="Ayşe", phone=MOBILE, email="")
    other = make_customer(desk.database, workshop, name="A. Yılmaz", phone="", email=MAIL)
    for customer in (keep, other):
        belongings(desk, customer)
    with desk.database.writing(workshop.id) as session:
        verify(session, session.get_one(Customer, other.id), MAIL, by="staff", now=desk.clock())
    before = everything(desk)
    change = merging.merge(owner, keep.id, other.id)
    merged = everything(desk)
    for table in ("vehicle", "conversation", "lead", "appointment", "contact_point"):
        assert all(str(other.id) not in row for row in merged[table]), table
    kept, emptied = desk.customers()
    assert (kept.name, kept.phone, kept.email) == ("Ayşe", MOBILE, MAIL)
    assert (emptied.name, emptied.phone, emptied.email, emptied.merged_into_id) == ("", "", "", keep.id)
    desk.write("Hallo", "mail")
    assert desk.threads()[-1].customer_id == keep.id
    merging.undo(owner, change)
    after = everything(desk)
    new_thread = desk.threads()[-1]
    after["conversation"] = [row for row in after["conversation"] if str(new_thread.id) not in row]
    assert after == before


def test_a_first_name_becomes_the_whole_name_and_again_the_first(
    desk: ThreadDesk, merging: ContactMerging
) -> None:
    owner, workshop = desk.desk.owner, desk.desk.workshop
    keep = make_customer(desk.database, workshop, name="İrem", phone=MOBILE)
    other = make_customer(desk.database, workshop, name="İrem Işık", phone="+491715550199")

    def names() -> set[str]:
        return {customer.name for customer in desk.customers()}

    change = merging.merge(owner, keep.id, other.id)
    assert names() == {"İrem Işık", ""}
    merging.undo(owner, change)
    assert names() == {"İrem", "İrem Işık"}


def test_stop_in_one_record_is_stop_in_both_and_only_its_own_again(
    desk: ThreadDesk, merging: ContactMerging
) -> None:
    owner, workshop = desk.desk.owner, desk.desk.workshop
    keep, other = (make_customer(desk.database, workshop, phone=phone) for phone in (MOBILE, "+491715550199"))
    with desk.database.writing(workshop.id) as session:
        set_stopped(session, session.get_one(Customer, keep.id), "mail", stopped=True, now=desk.clock())
        set_stopped(session, session.get_one(Customer, other.id), "sms", stopped=True, now=desk.clock())

    def stops() -> dict[str, list[str]]:
        with desk.database.reading(workshop.id) as session:
            return {str(row.customer_id): row.stopped for row in session.exec(select(ContactPreference))}

    change = merging.merge(owner, keep.id, other.id)
    assert stops()[str(keep.id)] == ["mail", "sms"]
    merging.undo(owner, change)
    assert stops() == {str(keep.id): ["mail"], str(other.id): ["sms"]}


def test_a_thread_of_somebody_else_gets_a_customer_of_its_own_and_comes_back(
    desk: ThreadDesk, merging: ContactMerging
) -> None:
    owner, workshop = desk.desk.owner, desk.desk.workshop
    desk.write("Hier ist Ayşe", from_name="Ayşe")
    first = desk.thread()
    with desk.database.writing(workshop.id) as session:
        customer = session.get_one(Customer, first.customer_id)
        verify(session, customer, MAIL, by="staff", now=desk.clock())
    desk.inbox.set_done(owner, first.id, True)
    desk.clock.now = STARTS.replace(month=12)
    desk.write("Hier ist Jan", "mail")
    second = desk.threads()[-1]
    assert second.customer_id == first.customer_id
    before = everything(desk)
    change = merging.split(owner, second.id)
    old, new = desk.customers()
    assert (old.phone, old.email, new.phone, new.email) == (MOBILE, "", "", MAIL)
    desk.write("Noch einmal Jan", "mail")
    assert [thread.customer_id for thread in desk.threads()] == [old.id, new.id]
    merging.undo(owner, change)
    after = everything(desk)
    (emptied,) = [
        row for row in after["customer"] if str(new.id) in row and str(old.id) not in row.split(",")[0]
    ]
    assert str(old.id) in emptied
    after["customer"].remove(emptied)
    assert after == before


def test_a_number_two_people_share_stays_with_the_first(desk: ThreadDesk, merging: ContactMerging) -> None:
    desk.write("Hier ist Ayşe")
    first = desk.thread()
    desk.inbox.set_done(desk.desk.owner, first.id, True)
    desk.clock.now = STARTS.replace(month=12)
    desk.write("Hier ist Jan")
    second = desk.threads()[-1]
    merging.split(desk.desk.owner, second.id)
    with desk.database.reading(SYSTEM) as session:
        assert not session.get_one(Conversation, second.id).contact_verified
    desk.write("Wieder Ayşe")
    assert desk.threads()[-1].customer_id == first.customer_id


def test_what_was_changed_by_hand_since_stays_changed(desk: ThreadDesk, merging: ContactMerging) -> None:
    owner, workshop = desk.desk.owner, desk.desk.workshop
    keep = make_customer(desk.database, workshop, name="", phone=MOBILE)
    other = make_customer(desk.database, workshop, name="Jan", phone="")
    change = merging.merge(owner, keep.id, other.id)
    with desk.database.writing(workshop.id) as session:
        session.get_one(Customer, keep.id).name = "Jan Petersen"
    merging.undo(owner, change)
    assert [customer.name for customer in desk.customers()] == ["Jan Petersen", "Jan"]


def test_merges_are_undone_from_the_last_one_back_and_once(desk: ThreadDesk, merging: ContactMerging) -> None:
    owner, workshop = desk.desk.owner, desk.desk.workshop
    a, b, c = (make_customer(desk.database, workshop, phone="", name=name) for name in "ABC")
    first = merging.merge(owner, a.id, b.id)
    second = merging.merge(owner, a.id, c.id)
    last = merging.find_last_change(owner, a.id)
    assert last is not None
    assert last.id == second
    for change, code in ((first, "change_overtaken"),):
        with pytest.raises(Conflict) as caught:
            merging.undo(owner, change)
        assert caught.value.code == code
    merging.undo(owner, second)
    merging.undo(owner, first)
    with pytest.raises(Conflict) as caught:
        merging.undo(owner, first)
    assert caught.value.code == "change_undone"
    assert merging.find_last_change(owner, a.id) is None
    assert [customer.name for customer in desk.customers()] == ["A", "B", "C"]


def test_nobody_is_merged_with_themselves_twice_or_across_workshops(
    desk: ThreadDesk, merging: ContactMerging
) -> None:
    owner, workshop = desk.desk.owner, desk.desk.workshop
    a, b, c = (make_customer(desk.database, workshop, phone="", name=name) for name in "ABC")
    stranger = make_customer(desk.database, make_workshop(desk.database, "andere"))
    with pytest.raises(Invalid):
        merging.merge(owner, a.id, a.id)
    with pytest.raises(NotFound):
        merging.merge(owner, a.id, stranger.id)
    change = merging.merge(owner, a.id, b.id)
    with pytest.raises(Conflict):
        merging.merge(owner, c.id, b.id)
    with pytest.raises(NotFound):
        merging.undo(staff_of(make_workshop(desk.database, "dritte")), change)
    with pytest.raises(Forbidden):
        merging.undo(staff_of(workshop, "technician"), change)
    with desk.database.reading(SYSTEM) as session:
        (row,) = session.exec(select(ContactChange)).all()
    assert (row.kind, row.done_by, row.undone_at) == ("merge", owner.name, None)


def test_who_may_be_the_same_is_suggested_and_no_longer_once_merged(
    desk: ThreadDesk, merging: ContactMerging
) -> None:
    typed = make_customer(desk.database, desk.desk.workshop, name="Jan", phone=MOBILE)
    desk.write("Hallo")
    writer = next(customer for customer in desk.customers() if customer.id != typed.id)
    (suggested,) = merging.list_suggestions(desk.desk.owner, writer.id)
    assert suggested.id == typed.id
    merging.merge(desk.desk.owner, writer.id, typed.id)
    assert merging.list_suggestions(desk.desk.owner, writer.id) == ()
