"""Waiting for an earlier time behind the secret link."""

from datetime import date, timedelta

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.state.manage import ManageState
from carbot_app.state.manage_wait import WaitState
from tests.factories import customer_of, make_resource, staff_of
from tests.factories.catalog import stock
from tests.state.tabs import Tab, open_tab

BRAKES = "SAF-BRK-001"
TUESDAY = date(2026, 11, 24)


def book(services: Services, workshop: Workshop, slot_id: str, number: int) -> BookingConfirmation:
    return services.booking.book(
        customer_of(workshop),
        BookingRequest(
            slot_id=slot_id,
            service_codes=(BRAKES,),
            contact=Contact(phone=f"0171 55501{number:02d}"),
            vehicle=VehicleFacts(),
            source="page",
            language="de",
            request_key=f"{number}",
        ),
    )


@pytest.fixture
def visits(services: Services, workshop: Workshop) -> list[BookingConfirmation]:
    """A full Monday and Tuesday and one visit after them, with one technician."""
    stock(services.db, workshop)
    make_resource(services.db, workshop, "technician")
    make_resource(services.db, workshop, "bay")
    made: list[BookingConfirmation] = []
    while not made or made[-1].starts_at.date() <= TUESDAY:
        slot = services.booking.list_days(
            customer_of(workshop), (BRAKES,), start_on=TUESDAY - timedelta(days=1), days=4, language="de"
        )
        first = next(slot for day in slot for slot in day.slots)
        made.append(book(services, workshop, first.id, len(made)))
    return made


@pytest.fixture
def page(services: Services, workshop: Workshop, visits: list[BookingConfirmation]) -> Tab:
    """The last customer's page."""
    return open_tab(services, workshop).at(f"/t/{visits[-1].manage_token}/")


async def test_a_kept_time_is_shown_and_taken(
    page: Tab, services: Services, workshop: Workshop, visits: list[BookingConfirmation]
) -> None:
    await page.call(WaitState.join)
    waiting = await page.state(WaitState)
    assert (waiting.view, waiting.offered) == ("waiting", "")
    services.booking.cancel_by_link(visits[-2].manage_token)
    services.waitlist.offer_free_times(workshop.id)
    await page.call(WaitState.join)
    assert waiting.view == "offered"
    assert waiting.offered == visits[-2].when
    await page.call(WaitState.accept)
    manage = await page.state(ManageState)
    assert (waiting.view, manage.view, manage.when) == ("no", "moved", visits[-2].when)


async def test_an_offer_that_is_over_is_said_and_nothing_changes(
    page: Tab, services: Services, workshop: Workshop, visits: list[BookingConfirmation], clock: ManualClock
) -> None:
    await page.call(WaitState.join)
    services.booking.cancel_by_link(visits[-2].manage_token)
    services.waitlist.offer_free_times(workshop.id)
    clock.advance(timedelta(hours=2))
    outcome = await page.call(WaitState.accept)
    assert outcome, "the page says it"
    waiting = await page.state(WaitState)
    assert waiting.view == "waiting"
    assert services.booking.get_by_link(visits[-1].manage_token).when == visits[-1].when


async def test_declining_waits_on_and_leaving_ends_it(
    page: Tab, services: Services, workshop: Workshop, visits: list[BookingConfirmation]
) -> None:
    await page.call(WaitState.join)
    services.booking.cancel_by_link(visits[-2].manage_token)
    services.waitlist.offer_free_times(workshop.id)
    await page.call(WaitState.decline)
    waiting = await page.state(WaitState)
    assert waiting.view == "waiting"
    await page.call(WaitState.leave)
    assert waiting.view == "no"


async def test_who_says_they_come_is_heard_for_this_time_only(
    page: Tab, services: Services, workshop: Workshop, visits: list[BookingConfirmation]
) -> None:
    manage = await page.state(ManageState)
    await page.call(ManageState.confirm)
    assert manage.comes == "yes"
    assert services.answers.get_by_link(visits[-1].manage_token).answer == "yes"
    risk = services.attendance.risk(staff_of(workshop), visits[-1].appointment_id)
    assert "confirmed" in [reason.code for reason in risk.reasons]
    await page.call(WaitState.join)
    services.booking.cancel_by_link(visits[-2].manage_token)
    services.waitlist.offer_free_times(workshop.id)
    await page.call(WaitState.accept)
    assert manage.comes == "no"
    assert services.answers.get_by_link(visits[-1].manage_token).answer == ""


async def test_another_link_in_the_same_tab_begins_anew(page: Tab, visits: list[BookingConfirmation]) -> None:
    await page.call(ManageState.begin)
    await page.call(WaitState.begin)
    await page.call(ManageState.start_moving)
    await page.call(WaitState.join)
    manage, wait = await page.state(ManageState), await page.state(WaitState)
    await page.call(ManageState.begin)
    await page.call(WaitState.begin)
    assert (manage.view, wait.view) == ("moving", "waiting"), "the same link, loaded once more"
    page.at(f"/t/{visits[0].manage_token}/")
    await page.call(ManageState.begin)
    await page.call(WaitState.begin)
    assert (manage.view, manage.when, wait.view) == ("", "", "")
