"""Whatever is offered can be booked, in busy workshops and around holidays, on both engines."""

import random
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.occupation import Wanted, choose
from carbot_app.domains.booking.offering import wanted_time
from carbot_app.domains.booking.schemas import BookingRequest, Slot
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict
from tests.factories import customer_of
from tests.factories.front_desk import FrontDesk, open_front_desk

BERLIN = ZoneInfo("Europe/Berlin")


def booked(desk: FrontDesk, slot: Slot, codes: tuple[str, ...], number: int) -> None:
    desk.booking.book(
        customer_of(desk.workshop),
        BookingRequest(
            slot_id=slot.id,
            service_codes=codes,
            contact=Contact(phone=f"0171 55{number:05d}"),
            vehicle=VehicleFacts(),
            source="staff",
            language="de",
            request_key=f"{number}",
        ),
    )


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 23, 9, tzinfo=BERLIN),
        datetime(2027, 3, 26, 16, tzinfo=BERLIN),
        datetime(2028, 2, 28, 9, tzinfo=BERLIN),
    ],
    ids=["before Christmas", "before summer time", "before the leap day"],
)
def test_every_offered_slot_can_be_booked_until_the_week_is_full(
    database: Database, clock: ManualClock, now: datetime
) -> None:
    clock.now = now
    desk = open_front_desk(database, clock)
    actor = customer_of(desk.workshop)
    dice = random.Random(now.toordinal())
    visits = [("ENG-OIL-001", "SAF-BRK-010"), ("ENG-INS-002",)]
    for number in range(8):
        codes = dice.choice(visits)
        days = desk.booking.list_days(actor, codes, start_on=now.date(), days=5, language="de")
        offered = [slot for day in days for slot in day.slots]
        if offered:
            booked(desk, dice.choice(offered), codes, number)
    for codes in visits:
        services = [desk.catalog.get_service(actor, code, "de") for code in codes]
        days = desk.booking.list_days(actor, codes, start_on=now.date(), days=6, language="de")
        assert any(day.slots for day in days)
        with database.reading(desk.workshop.id) as session:
            calendar = Calendar.read(session, session.get_one(Workshop, desk.workshop.id))
            for slot in (slot for day in days for slot in day.slots):
                time = wanted_time(calendar, Demand.of(services), slot.id, now=clock(), public=True)
                assert (time.starts_at, time.ends_at) == (slot.starts_at, slot.ends_at)
                choose(session, calendar, Wanted(Demand.of(services), time), now=clock())


def test_a_day_is_filled_to_the_last_hour_and_then_no_longer_offered(
    database: Database, clock: ManualClock
) -> None:
    desk = open_front_desk(database, clock, technicians=1, bays=1)
    actor = customer_of(desk.workshop)
    after, until = datetime(2026, 11, 24, tzinfo=BERLIN), datetime(2026, 11, 25, tzinfo=BERLIN)
    taken: list[Slot] = []
    while True:
        slot = desk.booking.suggest_slots(actor, ("SAF-BRK-001",), after=after, until=until, language="de")[0]
        if slot.starts_at >= until:
            break
        booked(desk, slot, ("SAF-BRK-001",), len(taken))
        taken.append(slot)
    assert len(taken) == 8, "four hours before and four after lunch, each window of 4.5 hours"
    taken.sort(key=lambda slot: slot.starts_at)
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(taken))
    with pytest.raises(Conflict):
        booked(desk, taken[0], ("SAF-BRK-001",), 99)
    assert timedelta(hours=8) == sum((s.ends_at - s.starts_at for s in taken), timedelta())
