"""The customers' pages: finding somebody, reading their file, correcting it."""

from datetime import date, timedelta
from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.customer_edit import CustomerEditState
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.customer_rows import CustomerHead
from carbot_app.state.customers import PAGE, CustomersState
from carbot_app.state.session import SessionState
from tests.factories import (
    make_appointment,
    make_callback,
    make_conversation,
    make_customer,
    make_message,
    make_resource,
    make_vehicle,
    make_wheel_set,
    make_workshop,
)
from tests.state.tabs import Tab, open_tab, words_of

CONTACT = {"name": "Ayşe Demir", "phone": "0171 5550142", "email": "ayse@web.de", "language": "tr"}
CAR = {
    "plate": "do cd 9",
    "plate_country": "DE",
    "make": "VW",
    "model": "Polo",
    "year": "2019",
    "km": "99.000 km",
}


def ayse_of(services: Services, workshop: Workshop) -> Customer:
    """Ayşe with her Golf, a talk and two visits."""
    ayse = make_customer(services.db, workshop)
    car = make_vehicle(services.db, workshop, ayse, km=88_000, inspection_due=date(2026, 10, 31))
    make_wheel_set(services.db, workshop, car)
    thread = make_conversation(services.db, workshop, customer_id=ayse.id)
    make_message(services.db, thread, created_at=services.clock() - timedelta(hours=2))
    seats = make_resource(services.db, workshop), make_resource(services.db, workshop, "bay")
    past = services.clock() - timedelta(days=3)
    made = {"created_at": past - timedelta(days=1)}
    make_appointment(services.db, workshop, ayse, *seats, state="done", starts_at=past, **made)
    make_appointment(services.db, workshop, ayse, *seats, state="confirmed", vehicle_id=car.id, **made)
    return ayse


async def opened(tab: Tab, customer: Customer) -> Any:
    await tab.at(f"/kunden/akte/?kunde={customer.id}").call(CustomerFileState.load)
    return await tab.state(CustomerFileState)


async def test_a_customer_is_a_row_with_plate_and_worth(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    ayse_of(services, workshop)
    await tab.at("/kunden/").call(CustomersState.load)
    state = await tab.state(CustomersState)
    (line,) = state.lines
    assert (line.name, line.reach, line.plate.city, line.car) == (
        "Ayşe Yılmaz",
        "0171 5550142",
        "DO",
        "VW Golf",
    )
    assert (line.worth, line.visits, state.status) == ("258,00\u00a0€", 1, "ready")


async def test_search_order_and_pages(services: Services, workshop: Workshop, tab: Tab) -> None:
    for number in range(PAGE + 3):
        make_customer(services.db, workshop, name=f"Kunde {number:02d}", phone=f"+4930123{number:03d}")
    await tab.at("/kunden/?suche=Kunde").call(CustomersState.load)
    state = await tab.state(CustomersState)
    assert (state.search, state.total, len(state.lines), state.has_next) == ("Kunde", PAGE + 3, PAGE, True)
    await tab.call(CustomersState.choose_sort, "name")
    assert state.lines[0].name == "Kunde 00"
    await tab.call(CustomersState.turn, 1)
    assert (len(state.lines), state.last_shown, state.has_next, state.has_previous) == (
        3,
        PAGE + 3,
        False,
        True,
    )
    await tab.call(CustomersState.turn, 99)
    assert state.offset == PAGE
    await tab.call(CustomersState.find, "kunde 07")
    assert state.offset == 0
    await tab.call(CustomersState.choose_sort, "nonsense")
    assert state.sort == "recent"
    assert await tab.size(CustomersState) < 30_000


async def test_a_file_shows_what_is_due_open_and_was(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    state = await opened(tab, ayse_of(services, workshop))
    assert (state.status, state.head.name, state.head.visits) == ("ready", "Ayşe Yılmaz", 1)
    assert (state.head.worth_done, state.head.worth_booked) == ("129,00\u00a0€", "129,00\u00a0€")
    (car,) = state.cars
    assert [(due.text, due.late) for due in car.due] == [
        ("HU 10/2026, überfällig", True),
        ("Winterräder auf R1-1", False),
    ]
    assert [line.meta for line in state.coming] == ["Morgen, 09:00 · DO-AB 123"]
    assert "Bremsen quietschen, Golf 7 BJ 2015, was kostet das?" in [line.title for line in state.history]
    assert {line.icon for line in state.history} == {
        "message-square",
        "calendar-check",
        "wrench",
        "circle-dot",
    }


async def test_a_filter_shows_only_its_kinds(services: Services, workshop: Workshop, tab: Tab) -> None:
    state = await opened(tab, ayse_of(services, workshop))
    everything = len(state.history)
    await tab.call(CustomerFileState.choose, "work")
    assert {line.icon for line in state.history} == {"calendar-check", "wrench"}
    await tab.call(CustomerFileState.choose, "calls")
    assert state.history == []
    await tab.call(CustomerFileState.choose, "nonsense")
    assert (state.shown, len(state.history)) == ("all", everything)


async def test_a_long_history_comes_in_pages(services: Services, workshop: Workshop, tab: Tab) -> None:
    ayse = make_customer(services.db, workshop)
    thread = make_conversation(services.db, workshop, customer_id=ayse.id)
    for number in range(70):
        at = services.clock() - timedelta(hours=number + 1)
        make_message(services.db, thread, number + 1, text=f"Nachricht {number}", created_at=at)
    state = await opened(tab, ayse)
    assert len(state.history) == 30
    await tab.call(CustomerFileState.load_more)
    await tab.call(CustomerFileState.on_live, "conversation", "", "message.received")
    assert len(state.history) == 60
    await tab.call(CustomerFileState.load_more)
    assert ([line.title for line in state.history], state.next_before) == (
        [f"Nachricht {number}" for number in range(70)],
        "",
    )


async def test_a_callback_asked_for_elsewhere_appears_by_itself(
    services: Services, workshop: Workshop, tab: Tab, clock: ManualClock
) -> None:
    ayse = ayse_of(services, workshop)
    state = await opened(tab, ayse)
    make_callback(services.db, workshop, customer_id=ayse.id)
    await tab.call(CustomerFileState.on_live, "settings", "", "workshop.changed")
    assert not any(line.icon == "phone" for line in state.open_work)
    await tab.call(CustomerFileState.on_live, "callback", "", "callback.requested")
    assert any(line.icon == "phone" for line in state.open_work)


async def test_a_contact_is_corrected_in_the_pane(services: Services, workshop: Workshop, tab: Tab) -> None:
    file = await opened(tab, ayse_of(services, workshop))
    await tab.call(CustomerEditState.open_contact)
    edit = await tab.state(CustomerEditState)
    assert edit.task == "contact"
    outcomes = await tab.call(CustomerEditState.save_contact, CONTACT)
    assert CustomerFileState.refresh in outcomes
    await tab.call(CustomerFileState.refresh)
    assert (edit.task, file.head.name, file.head.speaks) == ("", "Ayşe Demir", "Spricht Türkisch")


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"phone": "12"}, "phone"), ({"email": "nein"}, "email"), ({"phone": "", "email": ""}, "phone")],
)
async def test_a_wrong_contact_is_told_at_its_field(
    services: Services, workshop: Workshop, tab: Tab, fields: dict[str, str], field: str
) -> None:
    await opened(tab, ayse_of(services, workshop))
    await tab.call(CustomerEditState.open_contact)
    await tab.call(CustomerEditState.save_contact, {**CONTACT, **fields})
    edit = await tab.state(CustomerEditState)
    assert (list(edit.problems), edit.task, edit.busy) == ([field], "contact", False)


async def test_a_car_is_added_and_corrected(services: Services, workshop: Workshop, tab: Tab) -> None:
    file = await opened(tab, ayse_of(services, workshop))
    await tab.call(CustomerEditState.open_car, "")
    await tab.call(CustomerEditState.save_car, CAR)
    await tab.call(CustomerFileState.refresh)
    assert [(car.plate.city, car.plate.rest, car.km) for car in file.cars][1] == ("DO", "CD 9", "99000")
    await tab.call(CustomerEditState.open_car, file.cars[1].id)
    edit = await tab.state(CustomerEditState)
    assert edit.car.typed_plate == "DO-CD 9"
    for wrong, field in (
        ({"km": "viel"}, "km"),
        ({"year": "12"}, "year"),
        ({"vin": "123"}, "vin"),
        ({"plate": "do ab 123"}, "plate"),
    ):
        await tab.call(CustomerEditState.save_car, {**CAR, **wrong})
        assert list(edit.problems) == [field]
    await tab.call(CustomerEditState.save_car, {**CAR, "model": "Passat"})
    await tab.call(CustomerFileState.refresh)
    assert file.cars[1].model == "Passat"


async def test_another_workshops_customer_does_not_exist(services: Services, tab: Tab) -> None:
    foreign = ayse_of(services, make_workshop(services.db, slug="other"))
    for address in (str(foreign.id), "nonsense", ""):
        outcomes = await tab.at(f"/kunden/akte/?kunde={address}").call(CustomerFileState.load)
        state = await tab.state(CustomerFileState)
        assert "gibt es nicht" in words_of(outcomes)
        assert (state.status, state.head.name, state.history) == ("failed", "", [])
    await tab.at("/kunden/").call(CustomersState.load)
    assert (await tab.state(CustomersState)).lines == []


async def test_a_technician_sees_no_customers(services: Services, workshop: Workshop) -> None:
    ayse = ayse_of(services, workshop)
    technician = open_tab(services, workshop, "technician")
    await technician.call(SessionState.load)
    assert "Berechtigung" in words_of(await technician.at("/kunden/").call(CustomersState.load))
    state = await opened(technician, ayse)
    assert (state.status, state.cars) == ("failed", [])
    state.head = CustomerHead(id=str(ayse.id))
    assert "Berechtigung" in words_of(await technician.call(CustomerEditState.save_contact, CONTACT))
