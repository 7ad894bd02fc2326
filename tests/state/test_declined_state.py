"""Declined work on the orders page and in a customer's file: listed, dropped, estimated again."""

from datetime import date
from uuid import UUID

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.orders.models import DeclinedJob
from carbot_app.domains.team.models import Workshop
from carbot_app.state.declined import DeclinedState
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of
from tests.factories.saving import save
from tests.state.tabs import Tab


def declined(
    services: Services, workshop: Workshop, title: str = "Bremsflüssigkeit", **fields
) -> DeclinedJob:
    known = {"gross_cents": 7_490, "declined_on": date(2026, 9, 1), "follow_up_on": date(2026, 11, 1)}
    return save(services.db, DeclinedJob(workshop_id=workshop.id, title=title, **{**known, **fields}))


@pytest.fixture
def ayse(services: Services, workshop: Workshop) -> tuple[UUID, UUID]:
    """Customer and car."""
    customer = make_customer(services.db, workshop)
    return customer.id, make_vehicle(services.db, workshop, customer).id


async def test_what_is_due_stands_first_and_the_rest_on_request(
    services: Services, workshop: Workshop, tab: Tab, ayse: tuple[UUID, UUID]
) -> None:
    for number in range(7):
        declined(services, workshop, f"Später {number}", follow_up_on=date(2027, 3, 1))
    declined(services, workshop, customer_id=ayse[0], vehicle_id=ayse[1])
    declined(services, make_workshop(services.db, "other"), "Fremd")
    await tab.at("/auftraege/").call(DeclinedState.load)
    state = await tab.state(DeclinedState)
    assert (state.count, len(state.rows), state.rows[0].is_due) == (8, 6, True)
    assert (state.rows[0].title, state.rows[0].plate.rest) == ("Bremsflüssigkeit", "AB 123")
    assert state.rows[0].amount.startswith("74,90")
    await tab.call(DeclinedState.show_all)
    state = await tab.state(DeclinedState)
    assert len(state.rows) == 8
    assert "Fremd" not in [row.title for row in state.rows]


async def test_a_customers_file_shows_only_theirs(
    services: Services, workshop: Workshop, tab: Tab, ayse: tuple[UUID, UUID]
) -> None:
    declined(services, workshop, customer_id=ayse[0], vehicle_id=ayse[1])
    declined(services, workshop, "Von jemand anderem")
    await tab.at(f"/kunden/akte/?kunde={ayse[0]}").call(DeclinedState.load)
    assert [row.title for row in (await tab.state(DeclinedState)).rows] == ["Bremsflüssigkeit"]


async def test_one_tap_makes_an_estimate_and_another_ends_the_reminder(
    services: Services, workshop: Workshop, tab: Tab, ayse: tuple[UUID, UUID]
) -> None:
    row = declined(services, workshop, customer_id=ayse[0], vehicle_id=ayse[1])
    await tab.at("/auftraege/").call(DeclinedState.load)
    await tab.call(DeclinedState.estimate, str(row.id))
    [order] = services.orders.list_orders(staff_of(workshop))
    assert (order.title, order.total_cents, order.plate) == ("Bremsflüssigkeit", 7_490, "DO-AB 123")
    await tab.call(DeclinedState.drop, str(row.id))
    assert (await tab.state(DeclinedState)).rows == []
