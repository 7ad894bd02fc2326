"""Which times are offered, on both engines."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from carbot_app.db.session import Database
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Invalid
from tests.factories import (
    customer_of,
    make_closure,
)
from tests.factories.front_desk import FrontDesk, open_front_desk
from tests.services.bookings import BERLIN, BRAKES, suggest


def test_three_slots_on_different_days_come_with_the_earliest_recommended(desk: FrontDesk) -> None:
    slots = suggest(desk)
    assert [slot.recommended for slot in slots] == [True, False, False]
    assert len({slot.starts_at.astimezone(BERLIN).date() for slot in slots}) == 3
    assert slots[0].starts_at == datetime(2026, 11, 23, 10, tzinfo=UTC), "two hours lead time from 9:00"
    assert slots[0].label == "Mo, 23. Nov., 11:00 Uhr"
    assert slots[0].time == "11:00"
    assert slots[0].ends_at - slots[0].starts_at == timedelta(hours=1)


def test_a_wish_for_time_and_part_of_day_is_respected(desk: FrontDesk) -> None:
    after, until = datetime(2026, 11, 26, tzinfo=BERLIN), datetime(2026, 11, 27, tzinfo=BERLIN)
    slots = suggest(desk, after=after, until=until, part_of_day="afternoon")
    assert len(slots) == 3
    assert all(after <= slot.starts_at < until for slot in slots)
    assert all(slot.starts_at.astimezone(BERLIN).hour >= 12 for slot in slots)


def test_a_wish_nobody_can_meet_gets_the_nearest_other_times(desk: FrontDesk) -> None:
    sunday = datetime(2026, 11, 29, tzinfo=BERLIN)
    slots = suggest(desk, after=sunday, until=sunday + timedelta(days=1))
    assert slots[0].starts_at.astimezone(BERLIN).date() == date(2026, 11, 30)
    evening = suggest(desk, after=datetime(2026, 11, 28, tzinfo=BERLIN), until=sunday, part_of_day="evening")
    assert evening[0].starts_at.astimezone(BERLIN).date() == date(2026, 11, 28), (
        "Saturday is only open mornings"
    )


def test_holidays_and_closures_are_never_offered(desk: FrontDesk, database: Database) -> None:
    make_closure(database, desk.workshop, date(2026, 12, 28), date(2026, 12, 31))
    days = desk.booking.list_days(
        customer_of(desk.workshop), BRAKES, start_on=date(2026, 12, 24), days=10, language="de"
    )
    closed = [day.on.day for day in days if day.closed]
    assert closed == [25, 26, 27, 28, 29, 30, 31, 1], "Christmas, a Sunday, the closure, New Year"
    assert all(not day.slots for day in days if day.closed)
    assert [day.label for day in days][:2] == ["Do, 24. Dez.", "Fr, 25. Dez."]


def test_the_day_list_is_half_hourly_and_ends_at_the_horizon(desk: FrontDesk) -> None:
    days = desk.booking.list_days(
        customer_of(desk.workshop), BRAKES, start_on=date(2026, 11, 24), days=62, language="en"
    )
    first = days[0].slots
    assert [slot.time for slot in first[:3]] == ["7:30 am", "8:00 am", "8:30 am"]
    assert all(b.starts_at - a.starts_at >= timedelta(minutes=30) for a, b in pairwise(first))
    assert max(day.on for day in days if day.slots) == date(2027, 1, 21)


def test_no_slot_exists_without_a_technician_who_can_do_it(desk: FrontDesk) -> None:
    assert suggest(desk, ("TYR-ALI-001",)) == []


def test_a_new_workshop_can_do_every_service_of_the_library(database: Database, clock: ManualClock) -> None:
    desk = open_front_desk(database, clock, technicians=0, bays=0)
    with database.writing(desk.workshop.id) as session:
        assert desk.booking.load_default_resources(session, desk.workshop.id) == 5
    with database.writing(desk.workshop.id) as session:
        assert desk.booking.load_default_resources(session, desk.workshop.id) == 0
    services = desk.catalog.list_services(customer_of(desk.workshop), language="de")
    assert [service.code for service in services if not suggest(desk, (service.code,))] == []


def test_work_longer_than_the_morning_spans_the_lunch_break(desk: FrontDesk, database: Database) -> None:
    with database.writing(desk.workshop.id) as session:
        for resource in (*desk.technicians, *desk.bays):
            resource.abilities = ["mechanic_senior", "standard"]
            session.add(resource)
    slot = suggest(desk, ("TRN-CLU-001",))[0]
    assert slot.starts_at.astimezone(BERLIN).hour == 7
    assert slot.ends_at - slot.starts_at == timedelta(minutes=420 + 60)


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ((), "service_missing"),
        (("XXX-YYY-001",), "service_unknown"),
        (tuple(map(str, range(11))), "too_many_services"),
    ],
)
def test_impossible_visits_are_refused_by_code(desk: FrontDesk, codes: tuple[str, ...], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        suggest(desk, codes)
    assert caught.value.code == code
