"""What a workshop records of a vehicle, on both engines."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.customers.schemas import InspectionFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.customers.vehicles import VehicleService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from tests.factories import customer_of, make_customer, make_vehicle, make_workshop, staff_of


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def vehicles(database: Database, clock: ManualClock) -> VehicleService:
    return VehicleService(db=database, clock=clock, customers=CustomerService(db=database))


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        ({"registered_on": date(2024, 2, 29)}, date(2027, 2, 28)),
        ({"registered_on": date(2020, 5, 4), "inspected_on": date(2026, 11, 10)}, date(2028, 11, 30)),
        ({"kind": "heavy", "inspected_on": date(2026, 11, 23)}, date(2027, 11, 30)),
        ({"inspected_on": date(2026, 11, 10), "due": date(2028, 2, 1)}, date(2028, 2, 29)),
        ({"kind": "motorcycle", "registered_on": date(2026, 11, 23)}, date(2028, 11, 30)),
        ({"fuel": "electric"}, None),
    ],
)
def test_the_due_month_is_worked_out_unless_it_is_given(
    database: Database, vehicles: VehicleService, workshop: Workshop, facts: dict[str, Any], due: date | None
) -> None:
    car = make_vehicle(database, workshop)
    stored = vehicles.set_inspection(staff_of(workshop), car.id, InspectionFacts(**facts))
    assert stored.inspection_due == due
    assert vehicles.get_vehicle(staff_of(workshop), car.id) == stored


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "boat"}, "vehicle_kind_unknown"),
        ({"fuel": "coal"}, "fuel_unknown"),
        ({"registered_on": date(2026, 11, 24)}, "date_future"),
        ({"inspected_on": date(2027, 1, 1)}, "date_future"),
        ({"registered_on": date(1885, 12, 31)}, "date_early"),
        (
            {"registered_on": date(2026, 2, 1), "inspected_on": date(2026, 1, 31)},
            "inspection_before_registration",
        ),
        ({"due": date(2031, 1, 1)}, "inspection_due_far"),
        ({"due": date(9999, 12, 31)}, "inspection_due_far"),
    ],
)
def test_dates_that_cannot_be_are_refused_and_nothing_changes(
    database: Database, vehicles: VehicleService, workshop: Workshop, facts: dict[str, Any], code: str
) -> None:
    car = make_vehicle(database, workshop)
    before = vehicles.get_vehicle(staff_of(workshop), car.id)
    with pytest.raises(Invalid) as caught:
        vehicles.set_inspection(staff_of(workshop), car.id, InspectionFacts(**facts))
    assert caught.value.code == code
    assert vehicles.get_vehicle(staff_of(workshop), car.id) == before


def test_today_is_the_workshops_own_day(
    database: Database, vehicles: VehicleService, workshop: Workshop, clock: ManualClock
) -> None:
    clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    car = make_vehicle(database, workshop)
    facts = InspectionFacts(inspected_on=date(2027, 1, 1))
    assert vehicles.set_inspection(staff_of(workshop), car.id, facts).inspection_due == date(2029, 1, 31)


def test_a_vin_is_stored_in_normal_form_or_refused(
    database: Database, vehicles: VehicleService, workshop: Workshop
) -> None:
    car, owner = make_vehicle(database, workshop), staff_of(workshop)
    vehicles.set_vin(owner, car.id, "wvw zzz 1kz aw 000001")
    for wrong in ("WVWZZZ1KZAW00000O", "WVW", "x" * 5000):
        with pytest.raises(Invalid, match="vin_invalid"):
            vehicles.set_vin(owner, car.id, wrong)
    with database.reading(workshop.id) as session:
        assert session.get_one(type(car), car.id).vin == "WVWZZZ1KZAW000001"
    vehicles.set_vin(owner, car.id, "  ")
    with database.reading(workshop.id) as session:
        assert session.get_one(type(car), car.id).vin == ""


def test_reading_and_writing_need_their_permission_and_the_own_workshop(
    database: Database, vehicles: VehicleService, workshop: Workshop
) -> None:
    car = make_vehicle(database, workshop)
    technician, stranger = staff_of(workshop, "technician"), staff_of(make_workshop(database, "schmidt"))
    assert vehicles.get_vehicle(technician, car.id).plate == "DO-AB 123"
    with pytest.raises(Forbidden):
        vehicles.set_inspection(technician, car.id, InspectionFacts())
    with pytest.raises(Forbidden):
        vehicles.set_vin(technician, car.id, "")
    with pytest.raises(NotFound):
        vehicles.get_vehicle(stranger, car.id)
    with pytest.raises(NotFound):
        vehicles.set_inspection(stranger, car.id, InspectionFacts())


def test_staff_finds_a_car_with_its_owner_by_plate_and_only_its_own(
    database: Database, vehicles: VehicleService, workshop: Workshop
) -> None:
    owner = make_customer(database, workshop, name="Olga Nowak")
    car = make_vehicle(database, workshop, owner, plate="BO-KR 88")
    known = vehicles.find_known(staff_of(workshop), "bo kr 88")
    assert known
    assert known.owner
    assert (known.vehicle.id, known.owner.name) == (car.id, "Olga Nowak")
    assert vehicles.find_known(staff_of(workshop), "BO-KR 89") is None
    assert vehicles.find_known(staff_of(make_workshop(database, "elsewhere")), "BO-KR 88") is None
    with pytest.raises(Invalid, match="plate_invalid"):
        vehicles.find_known(staff_of(workshop), "???")
    with pytest.raises(Forbidden):
        vehicles.find_known(customer_of(workshop), "BO-KR 88")
