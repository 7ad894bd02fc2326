"""What is offered respects people's hours, lifts, loaners, waiting customers, parts and seasons."""

from datetime import date, datetime, timedelta

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment, BookingTerms, Resource
from carbot_app.domains.booking.schemas import Slot
from carbot_app.domains.catalog.models import Service
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Invalid
from tests.factories import customer_of, make_resource
from tests.factories.front_desk import FrontDesk, open_front_desk
from tests.factories.saving import save
from tests.services.bookings import BERLIN, BRAKES, book, rows, slot_at

TUESDAY = date(2026, 11, 24)


@pytest.fixture
def small_desk(database: Database, clock: ManualClock) -> FrontDesk:
    """One technician and one bay."""
    return open_front_desk(database, clock, technicians=1, bays=1)


def slots(desk: FrontDesk, codes: tuple[str, ...] = BRAKES, days: int = 1, **wish) -> list[Slot]:
    listed = desk.booking.list_days(
        customer_of(desk.workshop), codes, **{"start_on": TUESDAY, "days": days, "language": "de", **wish}
    )
    return [slot for day in listed for slot in day.slots]


def clock_times(found: list[Slot]) -> list[str]:
    return [f"{slot.starts_at.astimezone(BERLIN):%H:%M}" for slot in found]


def change(database: Database, resource: Resource, **fields) -> None:
    with database.writing(resource.workshop_id) as session:
        row = session.get_one(Resource, resource.id)
        for name, value in fields.items():
            setattr(row, name, value)


def set_service(database: Database, desk: FrontDesk, code: str, **fields) -> None:
    with database.writing(desk.workshop.id) as session:
        row = next(r for r in rows(database, Service) if r.code == code)
        row = session.get_one(Service, row.id)
        for name, value in fields.items():
            setattr(row, name, value)
    desk.catalog.forget(desk.workshop.id)


def test_part_time_hours_are_kept(small_desk: FrontDesk, database: Database) -> None:
    change(database, small_desk.technicians[0], hours={"2": [["10:00", "12:30"]], "3": [["06:00", "09:00"]]})
    assert clock_times(slots(small_desk)) == ["10:00", "10:30", "11:00"]
    wednesday = slots(small_desk, start_on=TUESDAY + timedelta(days=1))
    assert clock_times(wednesday) == ["07:30", "08:00"], "not before the workshop opens"
    assert slots(small_desk, start_on=TUESDAY + timedelta(days=2), days=4) == []


def test_nobody_is_offered_after_their_last_day(small_desk: FrontDesk, database: Database) -> None:
    change(database, small_desk.technicians[0], last_on=TUESDAY)
    assert slots(small_desk)
    assert slots(small_desk, start_on=TUESDAY + timedelta(days=1), days=20) == []


def test_work_that_needs_no_lift_leaves_the_lift_free(database: Database, clock: ManualClock) -> None:
    desk = open_front_desk(database, clock, technicians=2, bays=1)
    floor = make_resource(database, desk.workshop, "bay", name="Boden", lift=False)
    set_service(database, desk, BRAKES[0], lift=False)
    booked = [book(desk, slot_at(2026, 11, 24, 9)) for _ in range(2)]
    visits = {row.id: row.bay_id for row in rows(database, Appointment)}
    assert [visits[one.appointment_id] for one in booked] == [floor.id, desk.bays[0].id]
    set_service(database, desk, BRAKES[0], lift=True)
    assert slots(desk)[0].starts_at.astimezone(BERLIN).hour == 7
    lifted = book(desk, slot_at(2026, 11, 24, 14))
    visits = {row.id: row.bay_id for row in rows(database, Appointment)}
    assert visits[lifted.appointment_id] == desk.bays[0].id, "what needs a lift gets one"


def test_a_loaner_is_out_until_closing_time(desk: FrontDesk, database: Database) -> None:
    with pytest.raises(Invalid, match="loaner_unknown"):
        slots(desk, loaner=True)
    polo = make_resource(database, desk.workshop, "loaner", name="Polo", plate="DO-KM 11")
    visit = book(desk, slot_at(2026, 11, 24, 9), loaner=True)
    assert visit.loaner
    assert rows(database, Appointment)[0].loaner_id == polo.id
    assert set(clock_times(slots(desk, loaner=True))) == set(), "it is back when the workshop closes"
    assert slots(desk), "without a loaner there is time"
    tomorrow = slots(desk, loaner=True, start_on=TUESDAY + timedelta(days=1))
    assert clock_times(tomorrow)[0] == "07:30"
    moved = desk.booking.move_by_link(visit.manage_token, slot_at(2026, 11, 25, 9))
    assert moved.loaner, "the loaner comes along"
    assert slots(desk, loaner=True)


def test_who_waits_waits_for_short_work_only_and_never_through_a_break(
    desk: FrontDesk, database: Database
) -> None:
    assert book(desk, slot_at(2026, 11, 24, 9), waiting=True).waiting
    with pytest.raises(Invalid, match="waiting_too_long"):
        slots(desk, ("ENG-TIM-001",), waiting=True)
    save(database, BookingTerms(workshop_id=desk.workshop.id, waiting_limit_minutes=600))
    for slot in slots(desk, ("SAF-BRK-001", "ENG-OIL-001"), waiting=True):
        assert slot.ends_at.astimezone(BERLIN).hour <= 12 or slot.starts_at.astimezone(BERLIN).hour >= 12


def test_parts_have_to_arrive_first(desk: FrontDesk, database: Database) -> None:
    set_service(database, desk, BRAKES[0], parts_lead_days=2)
    assert slots(desk) == [], "Monday plus two working days is Wednesday"
    found = slots(desk, start_on=TUESDAY + timedelta(days=1))
    assert clock_times(found)[0] == "07:30"
    with pytest.raises(Invalid, match="slot_unknown"):
        book(desk, slot_at(2026, 11, 24, 9))
    first = desk.booking.suggest_slots(customer_of(desk.workshop), BRAKES, language="de")[0]
    assert first.starts_at >= datetime(2026, 11, 25, tzinfo=BERLIN)


def test_in_the_tyre_season_the_tyre_bay_is_for_tyres(small_desk: FrontDesk, database: Database) -> None:
    bay = small_desk.bays[0]
    change(database, bay, abilities=["standard", "tyre"])
    season = {"from": "10-01", "to": "12-10", "bay": "tyre", "resources": [str(bay.id)]}
    save(database, BookingTerms(workshop_id=small_desk.workshop.id, seasons=[season]))
    change(database, small_desk.technicians[0], abilities=["mechanic", "tyre_fitter"])
    assert slots(small_desk) == []
    assert slots(small_desk, ("TYR-CHG-001",))
    assert slots(small_desk, ("TYR-CHG-001", *BRAKES)), "a visit that needs the tyre bay among others"
    assert slots(small_desk, start_on=date(2026, 12, 11)), "the season is over"


def test_a_season_may_span_the_new_year(
    small_desk: FrontDesk, database: Database, clock: ManualClock
) -> None:
    season = {"from": "12-01", "to": "02-29", "bay": "tyre", "resources": [str(small_desk.bays[0].id)]}
    save(database, BookingTerms(workshop_id=small_desk.workshop.id, seasons=[season]))
    clock.now = datetime(2027, 12, 27, 9, tzinfo=BERLIN)
    assert not slots(small_desk, start_on=date(2027, 12, 30))
    assert not slots(small_desk, start_on=date(2028, 1, 4))
    clock.now = datetime(2028, 2, 28, 9, tzinfo=BERLIN)
    assert not slots(small_desk, start_on=date(2028, 2, 29))
    assert slots(small_desk, start_on=date(2028, 3, 1))


def test_work_longer_than_a_day_goes_on_the_next_working_day(
    small_desk: FrontDesk, database: Database
) -> None:
    set_service(database, small_desk, BRAKES[0], minutes=11 * 60)
    friday = date(2026, 11, 27)
    found = slots(small_desk, start_on=friday)
    first = found[0]
    assert first.starts_at.astimezone(BERLIN).date() == friday
    assert first.ends_at.astimezone(BERLIN) == datetime(2026, 11, 28, 10, tzinfo=BERLIN), (
        "nine hours on Friday, two on Saturday"
    )
    visit = book(small_desk, first.id)
    assert visit.ends_at == first.ends_at
    saturday = slots(small_desk, ("ENG-OIL-001",), start_on=date(2026, 11, 28))
    assert clock_times(saturday)[0] == "10:00", "until then the visit goes on"


def test_the_recommended_time_closes_a_gap(small_desk: FrontDesk) -> None:
    book(small_desk, slot_at(2026, 11, 24, 7, 30))
    book(small_desk, slot_at(2026, 11, 24, 9, 30))
    after, until = datetime(2026, 11, 24, tzinfo=BERLIN), datetime(2026, 11, 25, tzinfo=BERLIN)
    best = small_desk.booking.suggest_slots(
        customer_of(small_desk.workshop), BRAKES, after=after, until=until, limit=3, language="de"
    )[0]
    assert best.starts_at.astimezone(BERLIN).hour == 8, "8:30 to 9:30 is just an hour"
