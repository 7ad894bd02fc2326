"""Waiting and loaner: when they may be wished for, and what confirmation and calendar say about them."""

from datetime import date

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.schemas import Hold
from carbot_app.kit.clock import ManualClock
from tests.factories import customer_of, make_resource
from tests.factories.front_desk import FrontDesk, open_front_desk
from tests.services.bookings import BRAKES, book, slot_at, suggest

NINE = slot_at(2026, 11, 24, 9)


@pytest.fixture
def small_desk(database: Database, clock: ManualClock) -> FrontDesk:
    """One technician and one bay: whoever comes second waits."""
    return open_front_desk(database, clock, technicians=1, bays=1)


def test_a_wish_is_possible_when_the_work_is_short_and_the_workshop_lends_cars(
    small_desk: FrontDesk, database: Database
) -> None:
    actor = customer_of(small_desk.workshop)
    short = small_desk.booking.wishes_possible(actor, BRAKES)
    assert (short.waiting, short.waiting_limit_minutes, short.loaner) == (True, 90, False)
    make_resource(database, small_desk.workshop, "loaner")
    assert small_desk.booking.wishes_possible(actor, BRAKES).loaner


def test_the_next_best_times_come_after_the_lost_one(small_desk: FrontDesk) -> None:
    booked = book(small_desk, NINE)
    others = small_desk.booking.next_best(customer_of(small_desk.workshop), BRAKES, NINE, language="de")
    assert len(others) == 3
    assert all(other.starts_at >= booked.ends_at for other in others)
    unreadable = small_desk.booking.next_best(customer_of(small_desk.workshop), BRAKES, "zzzz", language="de")
    assert unreadable == suggest(small_desk)


def test_what_is_held_is_free_for_its_holder_only(small_desk: FrontDesk) -> None:
    actor = customer_of(small_desk.workshop)
    held: Hold = small_desk.booking.hold(actor, BRAKES, NINE)

    def listed(token: str) -> set[str]:
        days = small_desk.booking.list_days(
            actor, BRAKES, start_on=date(2026, 11, 24), days=1, hold=token, language="de"
        )
        return {slot.id for day in days for slot in day.slots}

    assert NINE in listed(held.token)
    assert NINE not in listed("")
    assert NINE not in listed("x" * 32)


@pytest.mark.parametrize(
    ("wish", "language", "stay"),
    [
        ({}, "de", "Auto abgeben bis 9:00 Uhr, fertig gegen 10:00 Uhr."),
        ({"waiting": True}, "en", "You wait at the workshop, ready at about 10:00 am."),
        ({"waiting": True}, "pl", "Czekają Państwo na miejscu, gotowe około 10:00."),
        (
            {"loaner": True},
            "tr",
            "Aracı bırakmak için son saat: 09:00, yaklaşık bitiş: 10:00.\nSizin için bir ikame araç ayrıldı.",
        ),
    ],
)
def test_what_happens_meanwhile_is_told_in_confirmation_and_calendar(
    small_desk: FrontDesk, database: Database, wish: dict[str, bool], language: str, stay: str
) -> None:
    make_resource(database, small_desk.workshop, "loaner")
    booked = book(small_desk, NINE, language=language, **wish)
    assert booked.stay == stay
    file = small_desk.booking.calendar_file(booked.manage_token).replace("\r\n ", "")
    assert stay.split("\n")[0].replace(",", "\\,") in file
