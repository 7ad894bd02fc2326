"""The photos of the booking page: a basket for who has reserved a time, the visit's when it is booked."""

import pytest
from sqlmodel import select

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.domains.photos.models import Photo, PhotoBasket
from carbot_app.domains.team.models import Workshop
from carbot_app.state.booking import DONE, BookingState
from carbot_app.state.booking_photos import BookingPhotos
from tests.factories import make_resource
from tests.factories.catalog import stock
from tests.factories.pictures import jpeg
from tests.state.tabs import Tab, open_tab
from tests.state.test_booking_state import ABILITIES, CONTACT_FORM, at_contact


@pytest.fixture
def garage(services: Services, workshop: Workshop) -> Workshop:
    """One technician and one bay."""
    stock(services.db, workshop)
    for kind, abilities in ABILITIES.items():
        make_resource(services.db, workshop, kind, abilities=abilities)
    return workshop


@pytest.fixture
def page(services: Services, garage: Workshop) -> Tab:
    return open_tab(services, garage).at(f"/w/{garage.slug}/termin/")


def photos_of_visits(services: Services) -> list[Photo]:
    with services.db.reading(SYSTEM) as session:
        return [photo for photo in session.exec(select(Photo)).all() if photo.appointment_id]


def count_baskets(services: Services) -> int:
    with services.db.reading(SYSTEM) as session:
        return len(session.exec(select(PhotoBasket)).all())


async def test_photos_sent_beside_the_form_are_the_booked_visits(services: Services, page: Tab) -> None:
    await at_contact(page)
    await page.call(BookingPhotos.start)
    state = await page.state(BookingPhotos)
    services.photo_baskets.add(state.token, jpeg(200, 100))
    await page.call(BookingPhotos.start)
    assert count_baskets(services) == 1
    await page.call(BookingState.book, CONTACT_FORM)
    assert (await page.state(BookingState)).step == DONE
    assert len(photos_of_visits(services)) == 1
    services.photo_baskets.add(state.token, jpeg(300, 100))
    assert len(photos_of_visits(services)) == 2


async def test_nobody_gets_a_basket_before_a_time_is_reserved(services: Services, page: Tab) -> None:
    await page.call(BookingState.open)
    await page.call(BookingPhotos.start)
    assert ((await page.state(BookingPhotos)).token, count_baskets(services)) == ("", 0)


async def test_a_booking_without_photos_needs_no_basket(services: Services, page: Tab) -> None:
    await at_contact(page)
    await page.call(BookingState.book, CONTACT_FORM)
    assert (await page.state(BookingState)).step == DONE
    assert count_baskets(services) == 0


async def test_a_lost_basket_does_not_stop_the_booking(services: Services, page: Tab) -> None:
    await at_contact(page)
    (await page.state(BookingPhotos)).token = "swept-meanwhile"
    outcomes = await page.call(BookingState.book, CONTACT_FORM)
    assert (await page.state(BookingState)).step == DONE
    assert outcomes == []


async def test_another_visit_begins_without_the_photos_of_the_last_one(page: Tab) -> None:
    await at_contact(page)
    await page.call(BookingPhotos.start)
    first = (await page.state(BookingPhotos)).token
    await page.call(BookingState.book, CONTACT_FORM)
    await page.call(BookingState.start_over)
    assert (await page.state(BookingPhotos)).token == ""
    await at_contact(page)
    await page.call(BookingPhotos.start)
    assert (await page.state(BookingPhotos)).token not in ("", first)
