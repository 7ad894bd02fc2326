"""The check-in on a tablet: what is typed is kept, what is wrong is said at its field, signing ends it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.domains.orders.schemas import EstimateInput, JobInput, OrderLineInput, OrderView
from carbot_app.domains.team.models import Workshop
from carbot_app.state.check_in import CheckInState
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of
from tests.factories.saving import save
from tests.state.tabs import Tab


@pytest.fixture
def order(services: Services, workshop: Workshop) -> OrderView:
    return an_order(services, workshop)


def an_order(services: Services, workshop: Workshop) -> OrderView:
    make_vehicle(services.db, workshop, make_customer(services.db, workshop), km=100_000)
    job = JobInput("Bremsen", lines=(OrderLineInput("Bremsen", Decimal(100)),))
    wanted = EstimateInput(request_key="x" * 20, vehicle=VehicleFacts(plate="DO-AB 123"), jobs=(job,))
    return services.orders.create_estimate(staff_of(workshop), wanted)


async def opened(tab: Tab, order: OrderView) -> CheckInState:
    await tab.at(f"/auftraege/annahme/?id={order.id}").call(CheckInState.load)
    return await tab.state(CheckInState)


async def type_in(tab: Tab, **values: str) -> None:
    for name, value in values.items():
        await tab.call(CheckInState.set_value, name, value)


async def test_it_opens_with_the_car_and_its_last_kilometres(tab: Tab, order: OrderView) -> None:
    state = await opened(tab, order)
    assert (state.status, state.head["plate"], state.head["last_km"]) == ("ready", "DO-AB 123", "100.000")
    assert (state.form["km"], state.flags["test_drive"], state.signed) == ("", True, "")


async def test_what_is_noted_is_there_after_a_reload(tab: Tab, order: OrderView) -> None:
    await opened(tab, order)
    await type_in(tab, km="118.400", fuel_percent="45", tread_fl="5,5", belongings="Kindersitz")
    await tab.call(CheckInState.choose_kind, "dent")
    await tab.call(CheckInState.add_mark, "left", 220, 400)
    await tab.call(CheckInState.add_mark, "rear", 500, 800)
    await tab.call(CheckInState.remove_mark, 1)
    await tab.call(CheckInState.toggle_seen, "leak", True)
    await tab.call(CheckInState.set_flag, "keep_old_parts", True)
    await tab.call(CheckInState.save)
    state = await opened(tab, order)
    assert (state.form["km"], state.form["tread_fl"]) == ("118400", "5,5")
    assert state.marks == [{"view": "rear", "x": 500, "y": 800, "kind": "dent", "number": 1}]
    assert (state.seen, state.flags["keep_old_parts"]) == (["leak"], True)


@pytest.mark.parametrize(
    ("name", "value"), [("km", "viel"), ("fuel_percent", "150"), ("tread_rr", "abc"), ("tread_rr", "NaN")]
)
async def test_what_is_wrong_is_said_at_its_field(tab: Tab, order: OrderView, name: str, value: str) -> None:
    await opened(tab, order)
    await type_in(tab, km="118400", **{name: value}) if name != "km" else await type_in(tab, km=value)
    await tab.call(CheckInState.save)
    state = await tab.state(CheckInState)
    assert list(state.errors) == [name]
    assert not state.busy
    await type_in(tab, **{name: "1"})
    assert (await tab.state(CheckInState)).errors == {}


async def test_fewer_kilometres_are_asked_about_and_then_believed(tab: Tab, order: OrderView) -> None:
    await opened(tab, order)
    await type_in(tab, km="99000")
    await tab.call(CheckInState.save)
    state = await tab.state(CheckInState)
    assert "100000" in state.errors["km"]
    await tab.call(CheckInState.set_flag, "km_confirmed", True)
    await tab.call(CheckInState.save)
    assert (await tab.state(CheckInState)).errors == {}


async def test_signing_ends_it_and_additions_follow(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    await opened(tab, order)
    await type_in(tab, km="118400")
    form: dict[str, Any] = {"signed_name": ""}
    await tab.call(CheckInState.sign, form)
    assert list((await tab.state(CheckInState)).errors) == ["name"]
    await tab.call(CheckInState.draw, "no base64")
    await tab.call(CheckInState.sign, {"signed_name": "Ayşe Yılmaz"})
    assert list((await tab.state(CheckInState)).errors) == ["signature"]
    await tab.call(CheckInState.draw, "")
    await tab.call(CheckInState.sign, {"signed_name": "Ayşe Yılmaz"})
    state = await tab.state(CheckInState)
    assert state.signed.startswith("Ayşe Yılmaz")
    assert services.orders.get(staff_of(workshop), order.id).state == "accepted"
    await tab.call(CheckInState.add_mark, "left", 1, 1)
    await tab.call(CheckInState.add, {"text": "Antenne fehlt"})
    state = await tab.state(CheckInState)
    assert (state.marks, [one["text"] for one in state.addenda]) == ([], ["Antenne fehlt"])


async def test_an_order_of_another_workshop_does_not_open(services: Services, tab: Tab) -> None:
    foreign = an_order(services, make_workshop(services.db, "other"))
    assert (await opened(tab, foreign)).status == "failed"


async def test_what_was_declined_is_offered_once_and_goes_into_the_order(
    services: Services, workshop: Workshop, tab: Tab, order: OrderView
) -> None:
    assert order.vehicle is not None
    row = DeclinedJob(
        workshop_id=workshop.id,
        vehicle_id=order.vehicle.id,
        title="Stoßdämpfer hinten",
        gross_cents=48_650,
        declined_on=date(2026, 1, 5),
        follow_up_on=date(2026, 3, 5),
    )
    save(services.db, row)
    state = await opened(tab, order)
    assert state.offer["title"] == "Stoßdämpfer hinten"
    assert "5. Jan." in state.offer["why"]
    assert state.offer["amount"].startswith("486,50")
    await tab.call(CheckInState.answer_offer, True)
    assert (await tab.state(CheckInState)).offer == {}
    found = services.orders.get(staff_of(workshop), order.id)
    assert [job.title for job in found.jobs] == ["Bremsen", "Stoßdämpfer hinten"]
