"""A slot is kept free for five minutes while somebody fills in the form, and for nobody longer."""

from datetime import date, timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Allocation, Claim, OccupiedCell
from carbot_app.domains.booking.schemas import Hold
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Invalid
from tests.factories import customer_of, make_workshop
from tests.factories.front_desk import FrontDesk, open_front_desk
from tests.services.bookings import BRAKES, book, rows, slot_at

NINE = slot_at(2026, 11, 24, 9)
TEN = slot_at(2026, 11, 24, 10)


@pytest.fixture
def small_desk(database: Database, clock: ManualClock) -> FrontDesk:
    """One technician and one bay: whoever comes second waits."""
    return open_front_desk(database, clock, technicians=1, bays=1)


def hold(desk: FrontDesk, slot_id: str = NINE, **fields) -> Hold:
    return desk.booking.hold(customer_of(desk.workshop), BRAKES, slot_id, **fields)


def offered(desk: FrontDesk) -> set[str]:
    days = desk.booking.list_days(
        customer_of(desk.workshop), BRAKES, start_on=date(2026, 11, 24), days=1, language="de"
    )
    return {slot.id for day in days for slot in day.slots}


def test_a_held_slot_is_offered_to_nobody_else_and_booked_by_its_holder(
    small_desk: FrontDesk, database: Database
) -> None:
    held = hold(small_desk)
    assert NINE not in offered(small_desk)
    with pytest.raises(Conflict, match="slot_taken"):
        book(small_desk, NINE)
    booked = book(small_desk, NINE, hold=held.token)
    (claim,) = rows(database, Claim)
    assert (claim.appointment_id, claim.expires_at) == (booked.appointment_id, None)
    with pytest.raises(Conflict):
        book(small_desk, NINE, hold=held.token)


def test_after_five_minutes_anybody_may_have_it(
    small_desk: FrontDesk, database: Database, clock: ManualClock
) -> None:
    held = hold(small_desk)
    assert held.expires_at == clock() + timedelta(minutes=5)
    clock.advance(timedelta(minutes=5))
    assert NINE in offered(small_desk)
    booked = book(small_desk, NINE)
    assert [claim.appointment_id for claim in rows(database, Claim)] == [booked.appointment_id]
    with pytest.raises(Conflict, match="slot_taken"):
        book(small_desk, NINE, hold=held.token)


def test_a_hold_that_has_run_out_still_books_when_nobody_came(
    small_desk: FrontDesk, clock: ManualClock
) -> None:
    held = hold(small_desk)
    clock.advance(timedelta(minutes=20))
    assert book(small_desk, NINE, hold=held.token).state == "requested"


def test_another_choice_moves_the_hold(small_desk: FrontDesk, database: Database) -> None:
    held = hold(small_desk)
    moved = hold(small_desk, TEN, token=held.token)
    assert moved.token == held.token
    assert len(rows(database, Claim)) == 1
    assert NINE in offered(small_desk)
    assert TEN not in offered(small_desk)
    assert book(small_desk, NINE, hold=held.token).can_change, "the form may still be sent for another time"
    assert len(rows(database, OccupiedCell)) == 8
    assert len(rows(database, Allocation)) == 2


def test_leaving_gives_it_free_at_once(small_desk: FrontDesk, database: Database) -> None:
    held = hold(small_desk)
    small_desk.booking.release_hold(customer_of(small_desk.workshop), held.token)
    small_desk.booking.release_hold(customer_of(small_desk.workshop), held.token)
    assert rows(database, OccupiedCell) == []
    assert NINE in offered(small_desk)


def test_a_booked_visit_is_not_freed_by_the_token_of_its_hold(
    small_desk: FrontDesk, database: Database
) -> None:
    held = hold(small_desk)
    book(small_desk, NINE, hold=held.token)
    small_desk.booking.release_hold(customer_of(small_desk.workshop), held.token)
    assert len(rows(database, OccupiedCell)) == 8


def test_a_hold_of_another_workshop_or_made_up_is_worth_nothing(
    small_desk: FrontDesk, database: Database
) -> None:
    held = hold(small_desk)
    stranger = customer_of(make_workshop(database, "elsewhere"))
    small_desk.booking.release_hold(stranger, held.token)
    with pytest.raises(Conflict):
        book(small_desk, NINE, hold="made-up")
    with pytest.raises(Invalid, match="slot_unknown"):
        hold(small_desk, "zzzz")
