"""What is due on a car, folded into the customer's file, with what became of telling its owner."""

from datetime import timedelta

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.consents import MAINTENANCE
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.vehicle_due import VehicleDueState
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of
from tests.state.tabs import Tab


async def test_a_car_is_unfolded_with_work_and_suggestion_and_folded_again(
    tab: Tab, services: Services
) -> None:
    customer = make_customer(services.db, tab.workshop, email="ayse@example.org")
    due = services.clock().date() + timedelta(days=5)
    car = make_vehicle(services.db, tab.workshop, customer, inspection_due=due)
    await tab.call(VehicleDueState.open, str(car.id))
    state = await tab.state(VehicleDueState)
    row = next(one for one in state.sheet.rows if "untersuchung" in one.name.lower())
    assert (state.status, row.urgency, row.urgency_text) == ("ready", "now", "Jetzt")
    assert "Keine Einwilligung" in state.sheet.suggestion
    services.consents.give(staff_of(tab.workshop), customer.id, MAINTENANCE)
    await tab.call(VehicleDueState.open, str(car.id))
    assert "sobald etwas fällig ist" in state.sheet.suggestion
    await tab.call(VehicleDueState.close)
    assert (state.vehicle_id, state.sheet.rows) == ("", ())


async def test_another_workshops_car_stays_closed(tab: Tab, services: Services) -> None:
    other = make_workshop(services.db, "other")
    car = make_vehicle(services.db, other, make_customer(services.db, other))
    await tab.call(VehicleDueState.open, str(car.id))
    state = await tab.state(VehicleDueState)
    assert (state.status, state.sheet.rows) == ("failed", ())


async def test_the_file_says_who_may_look(tab: Tab, services: Services) -> None:
    customer = make_customer(services.db, tab.workshop)
    tab.at(f"/kunden/akte/?kunde={customer.id}")
    await tab.call(CustomerFileState.load)
    assert (await tab.state(CustomerFileState)).may_diagnose
