"""The link of an invitation books what was kept, once, and says when that is over, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.tyres.models import SeasonInvitation
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Gone, NotFound
from tests.services.bookings import book, rows, suggest
from tests.services.season_hotel import CHANGE, Hotel, open_hotel


@pytest.fixture
def hotel(database: Database, clock: ManualClock) -> Hotel:
    return open_hotel(database, clock)


def test_one_tap_books_what_was_proposed_and_the_visit_tells_where_the_set_lies(hotel: Hotel) -> None:
    guest = hotel.guest()
    hotel.start()
    hotel.send()
    token = hotel.token()
    page = hotel.links.get_by_token(token)
    assert (page.state, page.car, page.when) == ("open", "VW Golf DO-AB 1", "Do, 26. Nov., 7:30 Uhr")
    assert page.until
    link = hotel.links.accept(token)
    assert hotel.links.accept(token) == link == hotel.links.get_by_token(token).appointment_link
    (visit,) = rows(hotel.database, Appointment)
    assert (visit.customer_id, visit.service_codes, visit.state) == (guest.id, ["TYR-CHG-001"], "requested")
    assert visit.note == "Radsatz R00001 aus dem Reifenhotel, Platz R1-1."
    assert hotel.status().booked == 1
    (row,) = hotel.campaigns.list_invitations(hotel.owner, hotel.status().id)
    assert (row.state, row.place, row.name) == ("booked", "R1-1", "Gast 1")


def test_two_taps_at_once_book_once(hotel: Hotel) -> None:
    hotel.guest()
    hotel.start()
    hotel.send()
    token = hotel.token()
    with ThreadPoolExecutor(4) as pool:
        links = set(pool.map(lambda _: hotel.links.accept(token), range(4)))
    assert len(links) == 1
    assert len(rows(hotel.database, Appointment)) == 1


def test_a_tap_whose_process_died_before_it_was_noted_is_still_the_same_visit(hotel: Hotel) -> None:
    hotel.guest()
    hotel.start()
    hotel.send()
    token = hotel.token()
    link = hotel.links.accept(token)
    (row,) = rows(hotel.database, SeasonInvitation)
    with hotel.database.writing(row.workshop_id) as session:
        session.get_one(SeasonInvitation, row.id).appointment_id = None
    assert hotel.links.get_by_token(token).state == "answered"
    assert hotel.links.accept(token) == link


def test_after_the_deadline_the_time_is_anybodys_and_the_link_says_when_it_is_gone(hotel: Hotel) -> None:
    hotel.guest(1)
    hotel.guest(2, agreed=False)
    hotel.start()
    hotel.send()
    token = hotel.token()
    hotel.clock.advance(timedelta(days=2, hours=12))
    page = hotel.links.get_by_token(token)
    assert (page.state, page.until) == ("open", "")
    (invitation,) = rows(hotel.database, SeasonInvitation)
    book(hotel.desk, invitation.slot_id, service_codes=(CHANGE,))
    with pytest.raises(Conflict, match="slot_taken"):
        hotel.links.accept(token)
    hotel.clock.advance(timedelta(days=2))
    assert hotel.links.get_by_token(token).state == "lost"


def test_who_books_another_way_is_counted_and_cannot_book_twice(hotel: Hotel) -> None:
    hotel.guest()
    hotel.start()
    hotel.send()
    token = hotel.token()
    hotel.visit(1, suggest(hotel.desk, (CHANGE,), limit=3)[-1].id)
    assert hotel.status().booked == 1
    assert hotel.links.get_by_token(token).state == "booked"
    with pytest.raises(Gone):
        hotel.links.accept(token)


@pytest.mark.parametrize("token", ["", "x", "\x00", "ü" * 43, "x" * 43, "x" * 5000])
def test_a_link_that_was_never_given_out_shows_nothing(hotel: Hotel, token: str) -> None:
    for call in (hotel.links.get_by_token, hotel.links.accept):
        with pytest.raises(NotFound):
            call(token)
