"""Special days, public holidays, buffers, waiting and tyre seasons as a workshop enters them."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.hours_service import HoursService
from carbot_app.domains.booking.models import BookingTerms
from carbot_app.domains.booking.resource_schemas import PlanningTerms, Season, SpecialDaysDraft
from carbot_app.domains.team.models import Closure, Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop, staff_of
from tests.factories.front_desk import FrontDesk
from tests.services.bookings import BERLIN, book, rows, slot_at, suggest

TUESDAY = date(2026, 11, 24)
CHRISTMAS = date(2026, 12, 25)


@pytest.fixture
def hours(database: Database, clock: ManualClock) -> HoursService:
    return HoursService(db=database, clock=clock)


@pytest.fixture
def owner(desk: FrontDesk) -> Actor:
    return staff_of(desk.workshop)


def days(
    first: date, last: date | None = None, *spans: tuple[str, str], reason: str = ""
) -> SpecialDaysDraft:
    return SpecialDaysDraft(first, last or first, spans, reason)


def offered_days(desk: FrontDesk) -> set[date]:
    return {slot.starts_at.astimezone(BERLIN).date() for slot in suggest(desk, limit=12)}


def test_a_closure_takes_its_days_off_the_booking_page_and_names_the_visits(
    hours: HoursService, owner: Actor, desk: FrontDesk
) -> None:
    visit = book(desk, slot_at(2026, 11, 24, 9))
    book(desk, slot_at(2026, 11, 26, 9))
    saved = hours.add_special_days(
        owner, days(TUESDAY, TUESDAY + timedelta(days=1), reason="  Betriebs-\nausflug ")
    )
    assert [one.id for one in saved.affected] == [visit.appointment_id]
    assert saved.days.reason == "Betriebs- ausflug"
    assert offered_days(desk).isdisjoint({TUESDAY, TUESDAY + timedelta(days=1)})
    hours.remove_special_days(owner, saved.days.id)
    assert TUESDAY in offered_days(desk)


def test_shorter_hours_leave_what_fits(hours: HoursService, owner: Actor, desk: FrontDesk) -> None:
    book(desk, slot_at(2026, 11, 24, 9))
    late = book(desk, slot_at(2026, 11, 24, 14))
    saved = hours.add_special_days(owner, days(TUESDAY, None, ("08:00", "12:00")))
    assert [one.id for one in saved.affected] == [late.appointment_id]


def test_the_same_days_twice_are_told_and_stored_once(
    hours: HoursService, owner: Actor, database: Database
) -> None:
    first = hours.add_special_days(owner, days(TUESDAY)).days
    with pytest.raises(Conflict, match="special_days_known"):
        hours.add_special_days(owner, days(TUESDAY, None, ("08:00", "09:00")))
    more = hours.add_special_days(owner, days(TUESDAY, TUESDAY + timedelta(days=3)))
    assert [one.id for one in more.overlapping] == [first.id]
    assert len(rows(database, Closure)) == 2


def test_two_people_entering_the_same_days_at_once_store_them_once(
    hours: HoursService, owner: Actor, database: Database
) -> None:
    start, lost = Barrier(4), []

    def enter() -> None:
        start.wait()
        try:
            hours.add_special_days(owner, days(TUESDAY))
        except Conflict as conflict:
            lost.append(conflict.code)

    threads = [Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(rows(database, Closure)), lost) == (1, ["special_days_known"] * 3)


def test_a_public_holiday_is_closed_as_it_is_and_opens_with_hours(
    hours: HoursService, owner: Actor, database: Database
) -> None:
    with pytest.raises(Conflict) as told:
        hours.add_special_days(owner, days(CHRISTMAS))
    assert told.value.params["name"] == "Erster Weihnachtstag"
    assert rows(database, Closure) == []
    opened = hours.add_special_days(owner, days(CHRISTMAS, None, ("09:00", "11:00")))
    listed = {holiday.on: holiday.open for holiday in hours.list_holidays(owner, 2026)}
    assert (listed[CHRISTMAS], listed[date(2026, 12, 26)]) == (True, False)
    assert hours.add_special_days(owner, days(CHRISTMAS, date(2027, 1, 3))).overlapping == (opened.days,)


@pytest.mark.parametrize(
    ("country", "region", "on", "holiday"),
    [
        ("DE", "BY", date(2026, 1, 6), True),
        ("DE", "NW", date(2026, 1, 6), False),
        ("DE", "NW", date(2026, 6, 4), True),
        ("DE", "SN", date(2026, 11, 18), True),
        ("AT", "9", date(2026, 12, 8), True),
        ("CH", "ZH", date(2026, 8, 1), True),
        ("CH", "ZH", date(2026, 12, 8), False),
        ("DE", "", date(2026, 10, 3), True),
    ],
)
def test_holidays_are_those_of_the_region(
    hours: HoursService, database: Database, country: str, region: str, on: date, holiday: bool
) -> None:
    workshop = make_workshop(database, slug="region", country=country, region=region)
    listed = [found.on for found in hours.list_holidays(staff_of(workshop), on.year)]
    assert (on in listed) is holiday
    assert listed == sorted(listed)


def test_holidays_are_named_in_the_readers_language_where_there_are_names(
    hours: HoursService, desk: FrontDesk
) -> None:
    german, english = (
        {h.on: h.name for h in hours.list_holidays(staff_of(desk.workshop, language=code), 2026)}
        for code in ("de", "en")
    )
    assert (german[CHRISTMAS], english[CHRISTMAS]) == ("Erster Weihnachtstag", "Christmas Day")


@pytest.mark.parametrize(
    ("draft", "code", "field"),
    [
        (days(TUESDAY, date(2026, 11, 1)), "span_invalid", "ends_on"),
        (days(date.max), "date_out_of_range", "starts_on"),
        (days(TUESDAY, date(2040, 1, 1)), "span_too_long", "ends_on"),
        (days(TUESDAY, None, ("12:00", "08:00"), ("09:00", "10:00")), "hours_invalid", "hours"),
        (days(TUESDAY, None, ("8", "9")), "hours_invalid", "hours"),
        (days(TUESDAY, reason="x" * 121), "too_long", "reason"),
    ],
)
def test_days_that_cannot_be_are_refused(
    hours: HoursService, owner: Actor, draft: SpecialDaysDraft, code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        hours.add_special_days(owner, draft)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_over_the_new_year_and_on_29_february_days_are_days(
    hours: HoursService, owner: Actor, clock: ManualClock
) -> None:
    turn = hours.add_special_days(owner, days(date(2026, 12, 28), date(2027, 1, 2))).days
    assert ("2026" in turn.when, "2027" in turn.when) == (True, True)
    leap = hours.add_special_days(owner, days(date(2028, 2, 29))).days
    assert [one.id for one in hours.list_special_days(owner)] == [turn.id, leap.id]
    clock.now = datetime(2027, 1, 3, 0, 30, tzinfo=BERLIN)
    assert [one.id for one in hours.list_special_days(owner)] == [leap.id]


def test_terms_are_kept_and_a_retired_bay_is_forgotten(
    hours: HoursService, owner: Actor, desk: FrontDesk, database: Database
) -> None:
    assert hours.get_terms(owner) == PlanningTerms(0, 90)
    bay = desk.bays[0].id
    season = Season("12-01", "02-29", "tyre", (bay, new_id()))
    stored = hours.set_terms(owner, PlanningTerms(30, 120, (season,)))
    assert stored.seasons[0].resources == (bay,)
    hours.set_terms(owner, stored)
    assert hours.get_terms(owner) == stored
    assert len(rows(database, BookingTerms)) == 1
    book(desk, slot_at(2026, 11, 24, 9))
    board = desk.booking.get_board(owner, first_on=TUESDAY, days=1)
    assert board.visits, "what is booked stays"


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (PlanningTerms(135, 90), "buffer_invalid"),
        (PlanningTerms(-15, 90), "buffer_invalid"),
        (PlanningTerms(10, 90), "buffer_invalid"),
        (PlanningTerms(0, 0), "waiting_limit_invalid"),
        (PlanningTerms(0, 495), "waiting_limit_invalid"),
        (PlanningTerms(0, 90, (Season("02-30", "03-01", "tyre", ()),)), "season_day_invalid"),
        (PlanningTerms(0, 90, (Season("2-1", "03-01", "tyre", ()),)), "season_day_invalid"),
        (PlanningTerms(0, 90, (Season("10-01", "12-10", "none", ()),)), "ability_unknown"),
        (PlanningTerms(0, 90, (Season("10-01", "12-10", "tyre", (new_id(),)),)), "season_empty"),
        (PlanningTerms(0, 90, (Season("10-01", "12-10", "tyre", ()),) * 7), "too_many_seasons"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    hours: HoursService, owner: Actor, terms: PlanningTerms, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        hours.set_terms(owner, terms)


def test_a_technician_sees_but_does_not_change_hours(hours: HoursService, desk: FrontDesk) -> None:
    technician = staff_of(desk.workshop, "technician")
    assert hours.list_special_days(technician) == []
    assert hours.get_terms(technician).waiting_limit_minutes == 90
    for refused in (
        lambda: hours.add_special_days(technician, days(TUESDAY)),
        lambda: hours.remove_special_days(technician, new_id()),
        lambda: hours.set_terms(technician, PlanningTerms(0, 90)),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_another_workshop_sees_and_removes_nothing(
    hours: HoursService, owner: Actor, desk: FrontDesk, database: Database
) -> None:
    other: Workshop = make_workshop(database, slug="other")
    stranger = staff_of(other)
    mine = hours.add_special_days(owner, days(TUESDAY)).days
    assert hours.list_special_days(stranger) == []
    with pytest.raises(NotFound):
        hours.remove_special_days(stranger, mine.id)
    with pytest.raises(Invalid, match="season_empty"):
        hours.set_terms(
            stranger, PlanningTerms(0, 90, (Season("10-01", "12-10", "tyre", (desk.bays[0].id,)),))
        )
    assert [one.id for one in hours.list_special_days(owner)] == [mine.id]
