"""The link of a maintenance mail books exactly what is kept, once, and others only after the deadline.
Both engines."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.desk import visitor_of
from carbot_app.domains.booking.models import OccupiedCell
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.diagnostics.models import MaintenanceOffer
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Gone, Invalid, NotFound
from tests.services.maintenance_desk import MaintenanceDesk, open_maintenance_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> MaintenanceDesk:
    return open_maintenance_desk(database, clock, tmp_path)


def test_looking_however_often_books_nothing(desk: MaintenanceDesk) -> None:
    token = desk.tell()
    pages = [desk.links.get_by_token(token) for _ in range(3)]
    assert {(page.state, page.slots) for page in pages} == {("open", ())}
    assert pages[0].car.endswith("DO-AB 123")
    assert pages[0].price
    assert desk.visits() == []


def test_one_tap_books_exactly_what_was_kept_and_a_second_changes_nothing(desk: MaintenanceDesk) -> None:
    token = desk.tell()
    (offer,) = desk.offers()
    link = desk.links.accept(token)
    assert desk.links.accept(token, "another") == link == desk.links.get_by_token(token).appointment_link
    (visit,) = desk.visits()
    assert (visit.starts_at, visit.service_codes) == (offer.starts_at, ["ENG-OIL-001"])
    assert (visit.customer_id, visit.vehicle_id) == (desk.customer_id, desk.vehicle_id)
    with desk.database.reading(SYSTEM) as session:
        cells = session.exec(select(OccupiedCell)).all()
    assert len({cell.claim_id for cell in cells}) == 1


def test_taps_at_once_book_once(desk: MaintenanceDesk) -> None:
    token = desk.tell()
    with ThreadPoolExecutor(4) as pool:
        links = set(pool.map(lambda _: desk.links.accept(token), range(4)))
    assert len(links) == len(desk.visits()) == 1


def test_a_tap_that_was_not_noted_yet_is_found_by_the_next(desk: MaintenanceDesk) -> None:
    token = desk.tell()
    link = desk.links.accept(token)
    with desk.database.writing(SYSTEM) as session:
        session.exec(select(MaintenanceOffer)).one().appointment_id = None
    assert desk.links.accept(token) == link
    assert len(desk.visits()) == 1


def test_nobody_else_gets_the_time_before_its_deadline(desk: MaintenanceDesk, clock: ManualClock) -> None:
    desk.tell()
    (offer,) = desk.offers()
    booking, visitor = desk.report.desk.desk.front.booking, visitor_of(desk.report.bay.workshop.id)

    def keepers() -> int:
        """How many can still have that time beside each other."""
        for number in range(20):
            try:
                booking.hold(visitor, (offer.service_code,), offer.slot_id)
            except Conflict:
                return number
        raise AssertionError("nobody ever refuses")

    others = keepers()
    clock.now = offer.held_until  # by then the holds of the others are over as well
    assert keepers() == others + 1


def test_after_the_deadline_the_next_best_times_are_offered_and_one_of_them_is_taken(
    desk: MaintenanceDesk, clock: ManualClock
) -> None:
    token = desk.tell()
    (offer,) = desk.offers()
    clock.now = offer.held_until
    with pytest.raises(Gone, match="offer_over"):
        desk.links.accept(token)
    page = desk.links.get_by_token(token)
    assert (page.state, len(page.slots)) == ("lost", 3)
    assert page.booking_link.endswith("/termin/?services=ENG-OIL-001")
    link = desk.links.accept(token, page.slots[1].id)
    assert desk.links.accept(token, page.slots[2].id) == link
    (visit,) = desk.visits()
    assert visit.starts_at == page.slots[1].starts_at


def test_a_time_nobody_offered_cannot_be_taken(desk: MaintenanceDesk, clock: ManualClock) -> None:
    token = desk.tell()
    clock.now = desk.offers()[0].held_until
    with pytest.raises(Invalid, match="slot_unknown"):
        desk.links.accept(token, "nonsense")
    assert desk.visits() == []


def test_a_car_that_was_booked_another_way_needs_no_second_time(desk: MaintenanceDesk) -> None:
    token = desk.tell()
    report = desk.report.issue("P0301")
    desk.report.links.book(report, desk.report.links.get_by_token(report).slots[0].id)
    assert desk.links.get_by_token(token).state == "booked"
    with pytest.raises(Gone, match="offer_over"):
        desk.links.accept(token)
    assert len(desk.visits()) == 1


def test_a_service_that_is_no_longer_offered_says_so_instead_of_failing(desk: MaintenanceDesk) -> None:
    token = desk.tell()
    with desk.database.writing(SYSTEM) as session:
        for service in session.exec(select(Service)):
            service.active = False
    desk.report.desk.desk.front.catalog.forget(desk.report.bay.workshop.id)
    page = desk.links.get_by_token(token)
    assert (page.state, page.price, page.slots) == ("lost", "", ())


@pytest.mark.parametrize("token", ["", "x", "../../etc/passwd", "a" * 65, "ä" * 32, "A" * 32])
def test_a_token_that_was_never_given_out_is_unknown(desk: MaintenanceDesk, token: str) -> None:
    for press in (desk.links.get_by_token, desk.links.accept):
        with pytest.raises(NotFound, match="link_unknown"):
            press(token)


def test_a_tap_reaches_no_other_workshop(
    desk: MaintenanceDesk, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    other = open_maintenance_desk(database, clock, tmp_path / "other", "schmidt-bochum")
    desk.links.accept(other.tell())
    assert (len(desk.visits()), len(other.visits())) == (0, 1)
    with database.reading(desk.report.bay.workshop.id) as session:
        assert session.exec(select(MaintenanceOffer)).all() == []
