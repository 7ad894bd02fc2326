"""Staff corrects customers and cars, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.customers.contact_points import verify
from carbot_app.domains.customers.editing import CustomerEditing, CustomerUpdate, VehicleUpdate
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of

AYSE = CustomerUpdate("Ayşe Demir", "0171 5550142", "Ayse@Web.de", "tr")
GOLF = VehicleUpdate("do ab 123", "DE", "VW", "Golf", 2016, 99_000, "wvwzzz1kzaw000001")


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def editing(database: Database) -> CustomerEditing:
    return CustomerEditing(db=database, customers=CustomerService(db=database))


def test_a_customer_is_corrected_in_normal_form(
    database: Database, editing: CustomerEditing, workshop: Workshop
) -> None:
    ayse = make_customer(database, workshop)
    found = editing.update_customer(staff_of(workshop), ayse.id, AYSE)
    assert (found.name, found.phone, found.email, found.language) == (
        "Ayşe Demir",
        "+491715550142",
        "ayse@web.de",
        "tr",
    )
    cleared = editing.update_customer(staff_of(workshop), ayse.id, replace(AYSE, phone=""))
    assert cleared.phone == ""


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"phone": "", "email": ""}, "contact_missing", "phone"),
        ({"phone": "12"}, "phone_invalid", "phone"),
        ({"email": "nein"}, "email_invalid", "email"),
        ({"language": "xx"}, "language_unknown", "language"),
        ({"name": "x" * 121}, "too_long", "name"),
    ],
)
def test_a_wrong_contact_is_refused_at_its_field(
    database: Database,
    editing: CustomerEditing,
    workshop: Workshop,
    fields: dict[str, Any],
    code: str,
    field: str,
) -> None:
    ayse = make_customer(database, workshop)
    with pytest.raises(AppError) as refused:
        editing.update_customer(staff_of(workshop), ayse.id, replace(AYSE, **fields))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_number_of_another_customer_is_refused_with_their_name(
    database: Database, editing: CustomerEditing, workshop: Workshop
) -> None:
    make_customer(database, workshop, name="Bob")
    ayse = make_customer(database, workshop, phone="+4930123456")
    with pytest.raises(Conflict, match="customer_contact_taken") as refused:
        editing.update_customer(staff_of(workshop), ayse.id, AYSE)
    assert (refused.value.field, refused.value.params["name"]) == ("phone", "Bob")


def test_a_number_proven_to_be_anothers_is_refused(
    database: Database, editing: CustomerEditing, workshop: Workshop, clock: ManualClock
) -> None:
    bob, ayse = (make_customer(database, workshop, phone=number) for number in ("+4930123456", "+4930123457"))
    with database.writing(workshop.id) as session:
        known = session.get_one(Customer, bob.id)
        verify(session, known, "+491715550142", by="staff", now=clock())
    with pytest.raises(Conflict, match="customer_contact_taken"):
        editing.update_customer(staff_of(workshop), ayse.id, AYSE)
    assert editing.update_customer(staff_of(workshop), bob.id, AYSE).phone == "+491715550142"


def test_of_two_customers_given_one_number_at_once_one_gets_it(
    database: Database, editing: CustomerEditing, workshop: Workshop
) -> None:
    rows = [make_customer(database, workshop, phone=f"+493012345{n}") for n in range(4)]

    def attempt(row: Customer) -> str:
        try:
            editing.update_customer(staff_of(workshop), row.id, replace(AYSE, email=""))
        except Conflict as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, rows))
    assert sorted(outcomes) == [*["customer_contact_taken"] * 3, "done"]


def test_a_car_is_added_and_corrected(
    database: Database, editing: CustomerEditing, workshop: Workshop
) -> None:
    ayse = make_customer(database, workshop)
    added = editing.add_vehicle(staff_of(workshop), ayse.id, GOLF)
    assert (added.plate, added.label, added.km) == ("DO-AB 123", "VW Golf, 2016", 99_000)
    editing.update_vehicle(staff_of(workshop), added.id, replace(GOLF, model="Polo", km=None))
    with database.reading(workshop.id) as session:
        row = session.exec(select(Vehicle)).one()
    assert (row.customer_id, row.model, row.km, row.vin) == (ayse.id, "Polo", None, "WVWZZZ1KZAW000001")


def test_a_car_of_nobody_becomes_theirs_and_that_of_somebody_does_not(
    database: Database, editing: CustomerEditing, workshop: Workshop
) -> None:
    ayse, bob = make_customer(database, workshop), make_customer(database, workshop, phone="+4930123456")
    loose = make_vehicle(database, workshop)
    assert editing.add_vehicle(staff_of(workshop), ayse.id, GOLF).id == loose.id
    with pytest.raises(Conflict, match="vehicle_plate_taken"):
        editing.add_vehicle(staff_of(workshop), bob.id, GOLF)
    polo = editing.add_vehicle(staff_of(workshop), bob.id, replace(GOLF, plate="DO-CD 9"))
    with pytest.raises(Conflict, match="vehicle_plate_taken"):
        editing.update_vehicle(staff_of(workshop), polo.id, GOLF)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"plate": "nein"}, "plate_invalid"),
        ({"plate": "", "model": ""}, "vehicle_missing"),
        ({"year": 1700}, "year_invalid"),
        ({"km": -1}, "km_invalid"),
        ({"vin": "123"}, "vin_invalid"),
    ],
)
def test_a_wrong_car_is_refused(
    database: Database, editing: CustomerEditing, workshop: Workshop, fields: dict[str, Any], code: str
) -> None:
    ayse = make_customer(database, workshop)
    with pytest.raises(Invalid, match=code):
        editing.add_vehicle(staff_of(workshop), ayse.id, replace(GOLF, **fields))


def test_another_workshop_and_a_technician_change_nothing(
    database: Database, editing: CustomerEditing, workshop: Workshop
) -> None:
    ayse = make_customer(database, workshop)
    golf = make_vehicle(database, workshop, ayse)
    other = staff_of(make_workshop(database, "other"))
    for change in (
        lambda actor: editing.update_customer(actor, ayse.id, AYSE),
        lambda actor: editing.add_vehicle(actor, ayse.id, replace(GOLF, plate="DO-CD 9")),
        lambda actor: editing.update_vehicle(actor, golf.id, GOLF),
    ):
        with pytest.raises(NotFound):
            change(other)
        with pytest.raises(Forbidden):
            change(staff_of(workshop, "technician"))


def test_the_same_plate_in_another_workshop_is_another_car(
    database: Database, editing: CustomerEditing, workshop: Workshop
) -> None:
    make_vehicle(database, make_workshop(database, "other"))
    ayse = make_customer(database, workshop)
    assert editing.add_vehicle(staff_of(workshop), ayse.id, GOLF).plate == "DO-AB 123"
