"""Finding customers and reading their file, on both engines."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customer_file.service import CustomerFiles
from carbot_app.domains.customer_file.timeline import KINDS
from carbot_app.domains.customers.consents import ConsentService
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.ratings.models import VisitRating
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import (
    make_appointment,
    make_callback,
    make_conversation,
    make_customer,
    make_lead,
    make_mail,
    make_message,
    make_resource,
    make_vehicle,
    make_wheel_set,
    make_workshop,
    staff_of,
)
from tests.factories.saving import save


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def files(database: Database, clock: ManualClock) -> CustomerFiles:
    return CustomerFiles(db=database, clock=clock, customers=CustomerService(db=database))


def visit(database: Database, workshop: Workshop, customer: Customer, **fields: Any) -> Appointment:
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    return make_appointment(database, workshop, customer, technician, bay, **fields)


def names(files: CustomerFiles, workshop: Workshop, **asked: Any) -> list[str]:
    return [row.customer.name for row in files.list_customers(staff_of(workshop), **asked).rows]


@pytest.mark.parametrize(
    "search", ["ayşe", "Yılmaz Ay", "0171 5550142", "5550142", "do ab 123", "DOAB", "DO-AB 123", "ayse@web"]
)
def test_a_customer_is_found_by_name_number_mail_or_plate(
    database: Database, files: CustomerFiles, workshop: Workshop, search: str
) -> None:
    make_vehicle(database, workshop, make_customer(database, workshop, email="ayse@web.de"))
    bob = make_customer(database, workshop, name="Bob Stark", phone="+4930123456")
    make_vehicle(database, workshop, bob, plate="B-XY 9")
    assert names(files, workshop, search=search) == ["Ayşe Yılmaz"]


@pytest.mark.parametrize("search", ["%", "_", "'; --", "\\", "x" * 5000, "00", "🚗"])
def test_signs_of_sql_and_noise_find_nobody(
    database: Database, files: CustomerFiles, workshop: Workshop, search: str
) -> None:
    make_vehicle(database, workshop, make_customer(database, workshop))
    assert names(files, workshop, search=search) == []


def test_three_orders(
    database: Database, files: CustomerFiles, workshop: Workshop, clock: ManualClock
) -> None:
    long_ago = clock() - timedelta(days=90)
    bob = make_customer(database, workshop, name="bob", phone="+4930123456", created_at=long_ago)
    anna = make_customer(database, workshop, name="Anna", phone="+4930123457", created_at=long_ago)
    make_customer(database, workshop, name="", phone="+4930123458", created_at=long_ago - timedelta(days=1))
    visit(database, workshop, bob, state="done", created_at=long_ago)
    make_conversation(database, workshop, customer_id=anna.id, last_message_at=clock())
    assert names(files, workshop, sort="recent") == ["Anna", "bob", ""]
    assert names(files, workshop, sort="name") == ["Anna", "bob", ""]
    assert names(files, workshop, sort="worth")[0] == "bob"
    with pytest.raises(Invalid, match="sort_unknown"):
        names(files, workshop, sort="nonsense")


def test_pages_meet_without_gap_or_repetition(
    database: Database, files: CustomerFiles, workshop: Workshop
) -> None:
    for number in range(7):
        make_customer(database, workshop, name="Same", phone=f"+49301234{number}")
    seen = []
    for offset in (0, 3, 6):
        page = files.list_customers(staff_of(workshop), sort="name", offset=offset, limit=3)
        assert page.total == 7
        seen += [row.customer.id for row in page.rows]
    assert len(seen) == len(set(seen)) == 7


def test_a_row_tells_cars_visits_and_worth(
    database: Database, files: CustomerFiles, workshop: Workshop, clock: ManualClock
) -> None:
    ayse = make_customer(database, workshop)
    make_vehicle(database, workshop, ayse)
    make_vehicle(database, workshop, ayse, plate="DO-CD 9", model="Polo")
    visit(database, workshop, ayse, state="done", price_min_cents=10_000, price_max_cents=20_000)
    visit(database, workshop, ayse, state="confirmed", price_min_cents=5_000, price_max_cents=5_000)
    visit(database, workshop, ayse, state="cancelled")
    (row,) = files.list_customers(staff_of(workshop)).rows
    assert ([car.model for car in row.vehicles], row.visits, row.worth_cents) == (["Golf", "Polo"], 1, 20_000)


def test_a_file_holds_worth_open_work_and_what_comes(
    database: Database, files: CustomerFiles, workshop: Workshop, clock: ManualClock
) -> None:
    ayse = make_customer(database, workshop, email="ayse@web.de")
    golf = make_vehicle(database, workshop, ayse, inspection_due=date(2026, 12, 31), vin="WVWZZZ1KZAW000001")
    make_wheel_set(database, workshop, golf, location="R1-1", season="winter")
    make_wheel_set(database, workshop, golf, code="R9", location="R9-1", taken_on=date(2026, 1, 1))
    served = datetime(2026, 2, 10, 23, 30, tzinfo=UTC)
    visit(
        database,
        workshop,
        ayse,
        starts_at=served,
        state="done",
        service_codes=["ENG-OIL-001"],
        vehicle_id=golf.id,
    )
    visit(database, workshop, ayse, state="no_show", starts_at=clock() - timedelta(days=3))
    coming = visit(database, workshop, ayse, state="confirmed", vehicle_id=golf.id)
    wanted = visit(database, workshop, ayse, state="requested", starts_at=clock() + timedelta(days=3))
    call = make_callback(database, workshop, customer_id=ayse.id)
    lead = make_lead(database, make_conversation(database, workshop, customer_id=ayse.id))
    ConsentService(db=database, clock=clock).give(staff_of(workshop), ayse.id, "tyres")
    found = files.get_file(staff_of(workshop), ayse.id)
    assert [consent.kind for consent in found.consents] == ["tyres"]
    (car,) = found.cars
    assert (car.vin, [(due.kind, due.on, due.detail) for due in car.due]) == (
        "WVWZZZ1KZAW000001",
        [
            ("inspection", date(2026, 12, 31), ""),
            ("service", date(2027, 2, 11), ""),
            ("tyres", None, "winter R1-1"),
        ],
    )
    assert (found.worth.done_cents, found.worth.booked_cents) == (12_900, 25_800)
    assert (found.worth.visits, found.worth.missed) == (1, 1)
    assert {(item.kind, item.id) for item in found.open_work} == {
        ("visit", wanted.id),
        ("callback", call.id),
        ("lead", lead.id),
    }
    assert [(one.id, one.plate) for one in found.next_visits] == [(coming.id, "DO-AB 123")]


def test_everything_that_happened_stands_in_one_line_of_time(
    database: Database, files: CustomerFiles, workshop: Workshop, clock: ManualClock
) -> None:
    ayse, now = make_customer(database, workshop, email="ayse@web.de"), clock()
    thread = make_conversation(database, workshop, customer_id=ayse.id)
    make_message(database, thread, created_at=now - timedelta(days=9))
    make_message(database, thread, 2, author="system", text="", created_at=now - timedelta(days=9))
    done = visit(
        database,
        workshop,
        ayse,
        state="done",
        starts_at=now - timedelta(days=5),
        created_at=now - timedelta(days=8),
    )
    visit(database, workshop, ayse, state="confirmed", created_at=now - timedelta(days=1))
    make_mail(database, workshop, appointment_id=done.id, created_at=now - timedelta(days=7))
    make_callback(database, workshop, customer_id=ayse.id, created_at=now - timedelta(days=4))
    golf = make_vehicle(database, workshop, ayse)
    rated = VisitRating(
        workshop_id=workshop.id, appointment_id=done.id, stars=4, rated_at=now - timedelta(days=2)
    )
    save(database, rated)
    make_wheel_set(database, workshop, golf, created_at=now - timedelta(days=3))
    consents = ConsentService(db=database, clock=clock)
    consents.give(staff_of(workshop), ayse.id, "tyres")
    clock.now += timedelta(minutes=5)
    consents.withdraw(staff_of(workshop), ayse.id, "tyres")
    page = files.list_timeline(staff_of(workshop), ayse.id)
    assert [(item.kind, item.state) for item in page.items] == [
        ("consent", "withdrawn"),
        ("consent", "given"),
        ("booking", "page"),
        ("rating", "4"),
        ("tyres", "winter"),
        ("call", "open"),
        ("visit", "done"),
        ("mail", "mail"),
        ("booking", "page"),
        ("message", "customer"),
    ]
    assert page.next_before == ""
    assert {item.kind for item in page.items} == set(KINDS)


def test_pages_of_the_timeline_meet_even_when_something_arrives_meanwhile(
    database: Database, files: CustomerFiles, workshop: Workshop, clock: ManualClock
) -> None:
    ayse = make_customer(database, workshop)
    thread, same = make_conversation(database, workshop, customer_id=ayse.id), clock()
    written = [make_message(database, thread, number + 1, created_at=same).id for number in range(7)]
    actor, seen, before = staff_of(workshop), [], ""
    while True:
        page = files.list_timeline(actor, ayse.id, before=before, limit=3, kinds=("message",))
        seen += [item.id for item in page.items]
        if not page.next_before:
            break
        before = page.next_before
        make_message(database, thread, 100 + len(seen), created_at=same + timedelta(seconds=len(seen)))
    assert sorted(seen) == sorted(written)


def test_a_filter_and_a_made_up_cursor(
    database: Database, files: CustomerFiles, workshop: Workshop, clock: ManualClock
) -> None:
    ayse = make_customer(database, workshop)
    visit(database, workshop, ayse)
    actor = staff_of(workshop)
    assert files.list_timeline(actor, ayse.id, kinds=("message", "call")).items == ()
    with pytest.raises(Invalid, match="timeline_kind_unknown"):
        files.list_timeline(actor, ayse.id, kinds=("nonsense",))
    for before in ("x", "2026-01-01T00:00:00_", f"2026-01-01T00:00:00_{new_id()}", "_" * 50):
        with pytest.raises(Invalid, match="cursor_invalid"):
            files.list_timeline(actor, ayse.id, before=before)


def test_who_became_part_of_another_customer_is_not_listed_and_leads_there(
    database: Database, files: CustomerFiles, workshop: Workshop
) -> None:
    ayse = make_customer(database, workshop)
    part = make_customer(database, workshop, name="A. Yılmaz", merged_into_id=ayse.id)
    assert names(files, workshop) == ["Ayşe Yılmaz"]
    assert files.get_file(staff_of(workshop), part.id).customer.id == ayse.id
    assert files.list_timeline(staff_of(workshop), part.id).items == ()


def test_customers_of_another_workshop_do_not_exist(
    database: Database, files: CustomerFiles, workshop: Workshop
) -> None:
    ayse = make_customer(database, workshop)
    make_vehicle(database, workshop, ayse)
    make_message(database, make_conversation(database, workshop, customer_id=ayse.id))
    other = staff_of(make_workshop(database, "other"))
    assert files.list_customers(other) == files.list_customers(other, search="DO-AB 123")
    assert files.list_customers(other).total == 0
    for read in (files.get_file, files.list_timeline):
        with pytest.raises(NotFound):
            read(other, ayse.id)
        with pytest.raises(Forbidden):
            read(staff_of(workshop, "technician"), ayse.id)
    with pytest.raises(Forbidden):
        files.list_customers(staff_of(workshop, "accountant"))
