"""What is printed, and unplanned work planned on a phone."""

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.board import BoardState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.day_plan import DayPlanState
from carbot_app.state.plan_visit import PlanVisitState
from carbot_app.state.session import SessionState
from tests.factories import customer_of
from tests.services.bookings import request_for, slot_at
from tests.state.tabs import Tab, open_tab, words_of
from tests.state.test_board_state import TUESDAY, Garage, open_garage


@pytest.fixture
def garage(services: Services, workshop: Workshop) -> Garage:
    return open_garage(services, workshop)


async def opened(tab: Tab, address: str = TUESDAY) -> None:
    await tab.at(address).call(CalendarState.load)
    await tab.call(BoardState.load)


async def test_only_technicians_with_work_get_a_page(garage: Garage, tab: Tab) -> None:
    await opened(tab)
    assert "window.print()" in words_of(await tab.call(DayPlanState.print_plan))
    plan = await tab.state(DayPlanState)
    (page,) = plan.pages
    assert (page.name, page.day) == ("Emre Yıldız", "Dienstag, 24. November")
    (row,) = page.rows
    assert (row.time, row.minutes, row.plate) == ("09:00–10:00", "60", "DO-AB 123")
    assert row.bay == "Bühne 1"
    await opened(tab, "/kalender/?on=2026-11-26")
    await tab.call(DayPlanState.print_plan)
    assert plan.pages == []


async def test_a_week_is_printed_day_by_day(garage: Garage, tab: Tab) -> None:
    for day in (24, 26):
        garage.services.booking.book(customer_of(garage.workshop), request_for(slot_at(2026, 11, day, 9)))
    await opened(tab, f"{TUESDAY}&span=week")
    await tab.call(DayPlanState.print_plan)
    pages = (await tab.state(DayPlanState)).pages
    assert [(page.day[:8], page.name) for page in pages][:2] == [
        ("Dienstag", "Emre Yıldız"),
        ("Dienstag", "Marek Nowak"),
    ]
    assert pages[2].day.startswith("Donnerstag")


async def test_an_unplanned_visit_gets_one_of_the_best_times(garage: Garage, tab: Tab) -> None:
    await opened(tab)
    await tab.call(BoardState.unplan, garage.visit)
    await tab.call(PlanVisitState.show)
    await tab.call(PlanVisitState.choose, garage.visit)
    sheet = await tab.state(PlanVisitState)
    assert (sheet.open, sheet.name, len(sheet.times)) == (True, "Ayşe Yılmaz", 6)
    outcomes = await tab.call(PlanVisitState.plan, sheet.times[1]["value"])
    assert "Eingeplant" in words_of(outcomes)
    assert (sheet.open, garage.row().state) == (False, "confirmed")


async def test_a_time_that_has_gone_brings_others(garage: Garage, tab: Tab) -> None:
    await opened(tab)
    await tab.call(BoardState.unplan, garage.visit)
    await tab.call(PlanVisitState.choose, garage.visit)
    sheet = await tab.state(PlanVisitState)
    lost = sheet.times[0]["value"]
    for _ in garage.technicians:
        garage.services.booking.book(customer_of(garage.workshop), request_for(lost))
    await tab.call(PlanVisitState.plan, lost)
    assert "vergeben" in sheet.problem
    assert sheet.visit == garage.visit
    assert lost not in {one["value"] for one in sheet.times}


async def test_a_technician_plans_nothing(garage: Garage) -> None:
    technician = open_tab(garage.services, garage.workshop, "technician")
    await technician.call(SessionState.load)
    await opened(technician)
    assert "Berechtigung" in words_of(await technician.call(PlanVisitState.choose, garage.visit))
