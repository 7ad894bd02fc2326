"""Recognising customers and cars without mixing workshops or trusting strangers, on both engines."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.contact_points import wait_for_address
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Forbidden, Invalid
from tests.factories import customer_of, make_customer, make_vehicle, make_workshop


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def customers(database: Database) -> CustomerService:
    return CustomerService(db=database)


def found(database: Database, customers: CustomerService, workshop: Workshop, contact: Contact) -> Customer:
    with database.writing(workshop.id) as session:
        return customers.find_or_create(session, workshop.id, contact, "de")


def upserted(
    database: Database,
    customers: CustomerService,
    workshop: Workshop,
    owner: Customer | None,
    facts: VehicleFacts,
) -> Vehicle | None:
    with database.writing(workshop.id) as session:
        return customers.upsert_vehicle(session, workshop.id, owner.id if owner else None, facts)


def test_a_customer_is_recognised_by_phone_then_by_mail(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    by_phone = make_customer(database, workshop, phone="+491715550142", email="")
    by_mail = make_customer(database, workshop, phone="", email="a@example.org")
    both = Contact(name="A", phone="+491715550142", email="a@example.org")
    assert found(database, customers, workshop, both).id == by_phone.id
    assert found(database, customers, workshop, Contact(email="a@example.org")).id in {
        by_phone.id,
        by_mail.id,
    }
    new = found(database, customers, workshop, Contact(name="Neu", email="neu@example.org"))
    assert new.id not in {by_phone.id, by_mail.id}


def test_a_stranger_fills_blanks_but_overwrites_nothing(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    make_customer(database, workshop, name="Ayşe", phone="+491715550142", email="")
    stranger = Contact(name="Mallory", phone="+491715550142", email="m@example.org")
    row = found(database, customers, workshop, stranger)
    assert (row.name, row.email) == ("Ayşe", "m@example.org")
    row = found(database, customers, workshop, Contact(phone="+491715550142", email="x@example.org"))
    assert row.email == "m@example.org"


def test_the_same_phone_in_another_workshop_is_another_customer(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    other = make_workshop(database, "schmidt-essen")
    theirs = make_customer(database, other, phone="+491715550142", name="Theirs")
    ours = found(database, customers, workshop, Contact(phone="+491715550142"))
    assert ours.id != theirs.id
    assert ours.name == ""


def test_a_car_is_recognised_by_plate_and_keeps_its_owner_and_highest_mileage(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    owner, stranger = (
        make_customer(database, workshop),
        make_customer(database, workshop, phone="+4930123456"),
    )
    car = make_vehicle(database, workshop, owner, year=None, km=90_000)
    facts = VehicleFacts(plate="DO-AB 123", make="Opel", year=2015, km=80_000)
    row = upserted(database, customers, workshop, stranger, facts)
    assert row is not None
    assert (row.id, row.customer_id, row.make, row.year, row.km) == (car.id, owner.id, "VW", 2015, 90_000)


def test_a_car_without_a_plate_is_found_among_the_customers_own(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    owner = make_customer(database, workshop)
    facts = VehicleFacts(make="VW", model="Golf")
    first = upserted(database, customers, workshop, owner, facts)
    second = upserted(database, customers, workshop, owner, facts)
    someone = upserted(database, customers, workshop, None, facts)
    assert first is not None
    assert second is not None
    assert someone is not None
    assert first.id == second.id != someone.id


def test_no_facts_make_no_car(database: Database, customers: CustomerService, workshop: Workshop) -> None:
    assert upserted(database, customers, workshop, None, VehicleFacts(km=5)) is None
    with database.reading(SYSTEM) as session:
        assert session.exec(select(Vehicle)).all() == []


def test_a_known_plate_greets_the_car_and_tells_nothing_about_its_owner(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    make_vehicle(database, workshop, make_customer(database, workshop), km=90_000, vin="WVWZZZ1KZAW000001")
    greeted = customers.known_plate(customer_of(workshop), "do ab 123")
    assert greeted == VehicleFacts(plate="DO-AB 123", make="VW", model="Golf", vehicle_class="compact")
    assert customers.known_plate(customer_of(workshop), "DO-AB 124") is None


def test_a_plate_known_to_another_workshop_is_unknown_here(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    make_vehicle(database, make_workshop(database, "schmidt-essen"))
    assert customers.known_plate(customer_of(workshop), "DO-AB 123") is None


def test_asking_for_a_plate_needs_a_permission(customers: CustomerService, workshop: Workshop) -> None:
    with pytest.raises(Forbidden):
        customers.known_plate(Actor(kind="api_key", workshop_id=workshop.id), "DO-AB 123")


@pytest.mark.parametrize("plate", ["", "hallo", "DO-AB 0123", "x" * 1000, "\x00", "😀"])
def test_a_wrong_plate_is_refused_by_code(customers: CustomerService, workshop: Workshop, plate: str) -> None:
    with pytest.raises(Invalid) as caught:
        customers.known_plate(customer_of(workshop), plate)
    assert caught.value.code == "plate_invalid"
    assert caught.value.field == "plate"


def test_views_read_like_the_workshops_country(
    database: Database, customers: CustomerService, workshop: Workshop
) -> None:
    german = customers.describe_customer(make_customer(database, workshop))
    assert german.phone_text == "0171 5550142"
    abroad = customers.describe_customer(make_customer(database, workshop, phone="+48221234567"))
    assert abroad.phone_text == "+48 22 123 45 67"
    car = customers.describe_vehicle(make_vehicle(database, workshop))
    assert car.label == "VW Golf, 2015"


@pytest.mark.postgres
def test_an_answer_to_somebody_known_does_not_wait_for_what_they_send_meanwhile(postgres_url: str) -> None:
    database = Database(postgres_url)
    workshop, customers = make_workshop(database), CustomerService(db=database)
    sender = make_customer(database, workshop, phone="+4915112345678")
    contact = Contact("Aylin", "+4915112345678", "")
    with database.writing(workshop.id) as taking_in, database.writing(workshop.id) as answering:
        wait_for_address(taking_in, workshop.id, sender.phone)
        answering.execute(text("SET LOCAL lock_timeout = '2s'"))
        known = customers.find_or_create(answering, workshop.id, contact, "de", proven=sender.id)
        assert known.id == sender.id
        with pytest.raises(OperationalError):
            customers.find_or_create(answering, workshop.id, contact, "de")
        answering.rollback()
    database.close()
