"""The last step where bookings oblige to pay: what is shown, what is asked for, what is concluded."""

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment, BookingContract
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.booking import CONTACT, DONE, BookingState
from carbot_app.state.booking_order import OrderState
from tests.factories import make_resource, make_workshop, staff_of
from tests.factories.catalog import stock
from tests.state.tabs import Tab, open_tab
from tests.state.test_booking_state import ABILITIES, CONTACT_FORM, WHEELS, at_contact, rows_of

FORM = {**CONTACT_FORM, "email": "juergen@example.org"}
AGREED = {**FORM, "early_start": "on"}


@pytest.fixture
def garage(services: Services) -> Workshop:
    """A workshop with binding bookings."""
    workshop = make_workshop(
        services.db, slug="binding", legal_form="Müller e. K.", represented_by="Stefan Müller"
    )
    stock(services.db, workshop)
    for kind, abilities in ABILITIES.items():
        make_resource(services.db, workshop, kind, abilities=abilities)
    services.team.set_online_booking(staff_of(workshop), "binding")
    return workshop


@pytest.fixture
def page(services: Services, garage: Workshop) -> Tab:
    return open_tab(services, garage).at(f"/w/{garage.slug}/termin/")


async def test_everything_that_counts_is_shown_before_the_button(page: Tab) -> None:
    await at_contact(page, WHEELS)
    order = await page.state(OrderState)
    assert (order.binding, order.price_open, order.withdrawal, order.early_start) == (True, False, True, True)
    assert order.lines[0]["price"] == order.total == "39,00\u00a0€"


async def test_an_order_without_the_request_to_begin_early_is_refused_and_then_concluded(
    services: Services, garage: Workshop, page: Tab
) -> None:
    booking = await at_contact(page, WHEELS)
    order = await page.state(OrderState)
    await page.call(BookingState.book, FORM)
    assert (booking.step, order.unticked, booking.attempt) == (CONTACT, True, 1)
    assert rows_of(services, garage, Appointment) == []
    await page.call(BookingState.book, AGREED)
    [contract] = rows_of(services, garage, BookingContract)
    assert (booking.step, booking.done.contract) == (DONE, contract.number)
    assert (contract.gross_cents, contract.early_start) == (3_900, True)


async def test_an_order_needs_an_address_for_the_contract(
    services: Services, garage: Workshop, page: Tab
) -> None:
    booking = await at_contact(page, WHEELS)
    await page.call(BookingState.book, {**AGREED, "email": ""})
    assert (booking.step, booking.errors) == (CONTACT, {"email": "email_needed"})
    assert rows_of(services, garage, Appointment) == []


async def test_a_price_changed_meanwhile_is_shown_before_it_is_owed(
    services: Services, garage: Workshop, page: Tab
) -> None:
    booking = await at_contact(page, WHEELS)
    order = await page.state(OrderState)
    order._gross_cents = 1_000
    await page.call(BookingState.book, AGREED)
    assert (booking.step, booking.problem, order._gross_cents) == (CONTACT, "order_changed", 3_900)
    assert rows_of(services, garage, Appointment) == []
    await page.call(BookingState.book, AGREED)
    assert booking.step == DONE


async def test_a_price_that_is_open_leaves_a_free_request(
    services: Services, garage: Workshop, page: Tab
) -> None:
    booking = await at_contact(page)  # without a class the oil change costs from … to …
    order = await page.state(OrderState)
    assert (order.binding, order.price_open) == (False, True)
    await page.call(BookingState.book, CONTACT_FORM)
    assert (booking.step, booking.done.contract) == (DONE, "")
    assert rows_of(services, garage, BookingContract) == []


async def test_a_period_that_begins_anew_at_midnight_asks_before_it_concludes(
    page: Tab, clock: ManualClock
) -> None:
    await at_contact(page, WHEELS)
    order = await page.state(OrderState)
    order.early_start = False
    await page.call(BookingState.book, FORM)
    assert (order.early_start, order.unticked) == (True, True)


async def test_another_language_shows_the_same_order(page: Tab) -> None:
    await at_contact(page, WHEELS)
    await page.call(BookingState.read_language, "en", "de")
    order = await page.state(OrderState)
    assert (order.binding, order.total) == (True, "€39.00")
