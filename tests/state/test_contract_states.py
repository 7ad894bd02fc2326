"""Contracts and withdrawals as staff sees them, and the links that lead customers to what they need."""

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.contract_schemas import Declaration, OrderConsent
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.state.booking import BookingState
from carbot_app.state.booking_visit import VisitState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.today_withdrawals import WithdrawalsState
from carbot_app.state.withdrawal import WithdrawalState
from tests.factories import customer_of
from tests.state.tabs import Tab, open_tab, words_of
from tests.state.test_booking_order_state import garage, page
from tests.state.test_booking_state import WHEELS

__all__ = ["garage", "page"]


def order(services: Services, garage: Workshop) -> BookingConfirmation:
    visitor = customer_of(garage)
    slot = services.booking.suggest_slots(visitor, (WHEELS,), language="de")[0].id
    return services.booking.book(
        visitor,
        BookingRequest(
            slot_id=slot,
            service_codes=(WHEELS,),
            contact=Contact("Ayşe Yılmaz", "", "ayse@example.org"),
            vehicle=VehicleFacts(),
            source="page",
            language="de",
            request_key="one",
            order=OrderConsent(3_900, early_start=True),
        ),
    )


def withdraw(services: Services, garage: Workshop, number: str, name: str = "Ayşe Yılmaz") -> None:
    declared = Declaration(name, number, "other@example.org", "de")
    services.withdrawals.withdraw(customer_of(garage), declared)


async def test_the_pane_of_a_visit_tells_contract_and_withdrawal(
    services: Services, garage: Workshop
) -> None:
    booked = order(services, garage)
    desk = open_tab(services, garage, "front_desk").at(f"/kalender/?termin={booked.appointment_id}")
    await desk.call(CalendarState.load)
    chosen = (await desk.state(CalendarState)).chosen
    assert chosen.contract[0] == f"Nr. {booked.contract_number}"
    assert "Widerruf möglich bis 7. Dezember 2026" in chosen.contract
    assert chosen.withdrawn == ""
    withdraw(services, garage, booked.contract_number)
    await desk.call(CalendarState.load)
    assert (await desk.state(CalendarState)).chosen.withdrawn == "Widerrufen am 23. November 2026, 9:00 Uhr"


async def test_what_nobody_could_settle_waits_on_heute_until_somebody_has(
    services: Services, garage: Workshop
) -> None:
    booked = order(services, garage)
    withdraw(services, garage, booked.contract_number, "Jemand Anders")
    withdraw(services, garage, "keine Ahnung")
    desk = open_tab(services, garage, "front_desk")
    await desk.call(WithdrawalsState.load)
    state = await desk.state(WithdrawalsState)
    assert [(row.name, row.why, row.visit) for row in state.rows] == [
        ("Jemand Anders", "Name und E-Mail passen nicht zum Vertrag", str(booked.appointment_id)),
        ("Ayşe Yılmaz", "Kein Vertrag mit dieser Nummer", ""),
    ]
    assert "Erledigt" in words_of(await desk.call(WithdrawalsState.settle, state.rows[0].id))
    assert len(state.rows) == 1


async def test_a_technician_sees_what_waits_and_settles_nothing(services: Services, garage: Workshop) -> None:
    withdraw(services, garage, "keine Ahnung")
    technician = open_tab(services, garage, "technician")
    await technician.call(WithdrawalsState.load)
    state = await technician.state(WithdrawalsState)
    assert (len(state.rows), state.may_settle) == (1, False)
    assert "Berechtigung" in words_of(await technician.call(WithdrawalsState.settle, state.rows[0].id))
    assert len(state.rows) == 1


async def test_the_form_begins_with_the_number_of_its_address(page: Tab, garage: Workshop) -> None:
    await page.at(f"/w/{garage.slug}/widerruf/?vertrag=7KM4-2XQP").call(WithdrawalState.open)
    state = await page.state(WithdrawalState)
    assert state.contract == "7KM4-2XQP"
    await page.call(WithdrawalState.show_problem, "", {})
    assert state.unreachable
    await page.call(WithdrawalState.show_receipt, {"received": "heute", "email": "a@example.org"})
    assert (state.unreachable, state.received, state.email) == (False, "heute", "a@example.org")


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?services=SAF-HUA-001", ["SAF-HUA-001"]),
        ("?services=SAF-HUA-001,TYR-CHG-001,%3Cscript%3E,ENG-TIM-999", ["SAF-HUA-001", "TYR-CHG-001"]),
        ("?services=", []),
        ("", []),
    ],
)
async def test_a_link_brings_its_services_along_and_unknown_ones_are_left_out(
    page: Tab, garage: Workshop, query: str, codes: list[str]
) -> None:
    await page.at(f"/w/{garage.slug}/termin/{query}").call(BookingState.open)
    visit = await page.state(VisitState)
    assert visit.codes == codes
    assert bool(visit.total) == bool(codes)
