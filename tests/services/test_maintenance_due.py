"""What is due comes from visits, readings, codes and trends of this car alone. Both engines."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.diagnostics import wire
from carbot_app.domains.diagnostics.maintenance_service import DueView, MaintenanceService
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.team.roles import ACCOUNTANT
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, NotFound
from tests.factories import staff_of
from tests.services.report_desk import ReportDesk, open_report_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> ReportDesk:
    return open_report_desk(database, clock, tmp_path)


def service_of(desk: ReportDesk) -> MaintenanceService:
    return MaintenanceService(db=desk.bay.db, clock=desk.bay.clock, catalog=desk.desk.desk.front.catalog)


def due(desk: ReportDesk, language: str = "de") -> dict[str, DueView]:
    found = service_of(desk).list_due(desk.bay.staff, desk.desk.desk.vehicle.id, language=language)
    return {one.work: one for one in found.items}


def change_car(desk: ReportDesk, **fields: object) -> None:
    with desk.bay.db.writing(SYSTEM) as session:
        row = session.get_one(Vehicle, desk.desk.desk.vehicle.id)
        for name, value in fields.items():
            setattr(row, name, value)


def visit(desk: ReportDesk, code: str, km: int, state: str = "picked_up") -> UUID:
    order = desk.desk.desk.estimate(service_codes=(code,), km=km)
    with desk.bay.db.writing(SYSTEM) as session:
        row = session.get_one(WorkOrder, order.id)
        row.state, row.created_at = state, desk.bay.clock()
    return order.id


def test_an_oil_change_counts_from_the_last_one_and_the_pace_of_this_car(
    desk: ReportDesk, clock: ManualClock
) -> None:
    change_car(desk, fuel="petrol", km=None)
    visit(desk, "ENG-OIL-001", 100_000)
    clock.advance(timedelta(days=100))
    visit(desk, "TYR-CHG-001", 110_000)
    oil = due(desk)["oil"]
    assert (oil.due_km, oil.urgency, oil.service) == (115_000, "soon", "ENG-OIL-001")
    assert oil.quote is not None
    assert oil.quote.text.endswith("€")
    clock.advance(timedelta(days=80))
    assert due(desk)["oil"].urgency == "overdue"


def test_work_that_was_only_estimated_is_not_done(desk: ReportDesk) -> None:
    change_car(desk, fuel="petrol", registered_on=date(2015, 3, 1), km=None)
    visit(desk, "ENG-OIL-001", 100_000, state="estimate")
    assert due(desk)["oil"].why == "Uns liegt kein Nachweis vor."


def test_a_car_that_was_read_once_says_that_its_pace_is_assumed(desk: ReportDesk) -> None:
    change_car(desk, km=88_000, created_at=desk.bay.clock())
    found = service_of(desk).list_due(desk.bay.staff, desk.desk.desk.vehicle.id, language="de")
    assert (found.km_assumed, (found.km or 0) >= 88_000) == (True, True)


def test_codes_of_the_newest_reading_are_due_until_they_are_gone_or_old(
    desk: ReportDesk, clock: ManualClock
) -> None:
    session_id = desk.read("P0301")
    assert "P0301" in due(desk)["code"].why
    clock.advance(timedelta(minutes=1))
    desk.bay.read_codes(session_id)
    assert "code" not in due(desk)
    clock.advance(timedelta(minutes=1))
    desk.bay.read_codes(session_id, "P0301")
    clock.advance(timedelta(days=91))
    assert "code" not in due(desk)


def test_a_battery_that_sinks_from_visit_to_visit_is_tested(desk: ReportDesk, clock: ManualClock) -> None:
    for number, volts in enumerate((12.7, 12.5, 12.2)):
        session_id = desk.bay.start(car=f"visit{number}").session_id
        rows: list[wire.Row] = [(0, 0x0C, 0.0), (10, 0x42, volts), (100, 0x0C, 0.0), (110, 0x42, volts)]
        desk.bay.record(session_id, 1, rows)
        desk.bay.intake.set_state(desk.bay.agent, session_id, "ended", "unplugged")
        clock.advance(timedelta(days=40))
    assert "12,2" in due(desk)["battery"].why


@pytest.mark.parametrize(("language", "name"), [("en", "inspection"), ("tr", "muayene"), ("pl", "badanie")])
def test_the_list_speaks_the_readers_language(desk: ReportDesk, language: str, name: str) -> None:
    change_car(desk, inspection_due=desk.bay.clock().date() + timedelta(days=5))
    inspection = due(desk, language)["inspection"]
    assert inspection.urgency == "now"
    assert name in inspection.name.lower()


def test_another_workshop_and_people_of_the_books_learn_nothing(
    desk: ReportDesk, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    other = open_report_desk(database, clock, tmp_path / "other", "schmidt-bochum")
    car = desk.desk.desk.vehicle.id
    with pytest.raises(NotFound, match="vehicle_unknown"):
        service_of(other).list_due(other.bay.staff, car, language="de")
    with pytest.raises(Forbidden):
        service_of(desk).list_due(staff_of(desk.bay.workshop, role=ACCOUNTANT), car, language="de")
