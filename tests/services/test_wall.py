"""The screen on the wall shows today's work to whoever has the link, and nothing it should not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Absence, Appointment, Resource
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.wall.models import WallLink
from carbot_app.domains.wall.schemas import WallCar, WallScreen
from carbot_app.domains.wall.service import WallService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import (
    make_appointment,
    make_claim,
    make_closure,
    make_customer,
    make_resource,
    make_vehicle,
    make_workshop,
    staff_of,
)
from tests.factories.saving import save

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 23)


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


@dataclass
class Hall:
    """A workshop with one technician, one bay and a screen."""

    database: Database
    clock: ManualClock
    workshop: Workshop
    technician: Resource
    bay: Resource
    wall: WallService
    token: str
    cars: int = 0

    def visit(self, starts_at: datetime, state: str, **fields: Any) -> Appointment:
        self.cars += 1
        name = fields.pop("name", f"Jürgen Österreicher-Ünal{self.cars}")
        customer = make_customer(self.database, self.workshop, name=name)
        plate = fields.pop("plate", f"DO-AB {self.cars}")
        car = make_vehicle(self.database, self.workshop, customer, plate=plate)
        return make_appointment(
            self.database,
            self.workshop,
            customer,
            fields.pop("technician", self.technician),
            self.bay,
            starts_at=starts_at,
            state=state,
            vehicle_id=car.id,
            **fields,
        )

    def screen(self) -> WallScreen:
        return self.wall.get_screen(self.token)


@pytest.fixture
def hall(database: Database, clock: ManualClock) -> Hall:
    clock.now = at(10)
    return open_hall(database, clock)


def open_hall(database: Database, clock: ManualClock, slug: str = "mueller-dortmund") -> Hall:
    workshop = make_workshop(database, slug=slug)
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    wall = WallService(db=database, clock=clock)
    token = wall.make_link(staff_of(workshop)).token
    return Hall(database, clock, workshop, technician, bay, wall, token)


def plates(cars: tuple[WallCar, ...]) -> list[str]:
    return [car.plate for car in cars]


def test_a_lane_shows_what_is_done_and_what_comes_next(hall: Hall) -> None:
    hall.visit(at(9, 30), "in_work", ends_at=at(11))
    hall.visit(at(13), "confirmed")
    hall.visit(at(15), "confirmed")
    (lane,) = hall.screen().lanes
    assert lane.name == hall.technician.name
    assert lane.current is not None
    assert lane.following is not None
    assert (lane.current.plate, lane.current.state, lane.current.ends) == ("DO-AB 1", "in_work", "11:00")
    assert (lane.following.plate, lane.following.state, lane.following.starts) == (
        "DO-AB 2",
        "expected",
        "13:00",
    )


def test_a_car_that_waits_here_comes_before_one_that_is_still_to_come(hall: Hall) -> None:
    hall.visit(at(13), "confirmed")
    hall.visit(at(9), "arrived", waiting=True)
    hall.visit(at(8), "in_work", ends_at=at(12))
    (lane,) = hall.screen().lanes
    assert lane.current is not None
    assert lane.following is not None
    assert (lane.current.plate, lane.following.plate) == ("DO-AB 3", "DO-AB 2")
    assert plates(hall.screen().waiting) == ["DO-AB 2"]
    assert plates(hall.screen().expected) == ["DO-AB 1"]


def test_finished_cars_stay_until_they_are_handed_over(hall: Hall) -> None:
    gone, here = hall.visit(at(8), "done"), hall.visit(at(9), "done")
    for visit, state in ((gone, "picked_up"), (here, "ready")):
        order = WorkOrder(
            workshop_id=hall.workshop.id,
            number=state,
            state=state,
            appointment_id=visit.id,
            request_key=new_id().hex,
        )
        save(hall.database, order)
    assert plates(hall.screen().ready) == ["DO-AB 2"]
    hall.clock.advance(timedelta(days=1))
    assert hall.screen().ready == (), "yesterday's are nobody's news"


def test_what_is_late_is_said_after_a_few_minutes(hall: Hall) -> None:
    hall.visit(at(9, 55), "confirmed")
    hall.visit(at(8), "in_work", ends_at=at(9, 49))
    screen = hall.screen()
    assert screen.lanes[0].current is not None
    assert (screen.expected[0].late, screen.lanes[0].current.late) == (False, True)
    hall.clock.advance(timedelta(minutes=6))
    assert hall.screen().expected[0].late


def test_names_are_an_initial_until_the_owner_turns_them_on(hall: Hall) -> None:
    hall.visit(at(9), "arrived", name="Ayşe Yılmaz", waiting=True)
    assert hall.screen().waiting[0].who == "Y."
    owner = staff_of(hall.workshop)
    assert hall.wall.show_names(owner, True).shows_names
    assert hall.screen().waiting[0].who == "Ayşe Yılmaz"
    assert hall.wall.make_link(owner).shows_names, "a new link changes nothing about that"


@pytest.mark.parametrize(("name", "who"), [("", ""), ("  ", ""), ("özil", "Ö."), ("A B C", "C.")])
def test_odd_names_have_an_initial_too(hall: Hall, name: str, who: str) -> None:
    hall.visit(at(9), "arrived", name=name, waiting=True)
    assert hall.screen().waiting[0].who.strip() == who


def test_a_new_link_ends_the_old_one_and_a_revoked_one_opens_nothing(hall: Hall) -> None:
    owner, old = staff_of(hall.workshop), hall.token
    fresh = hall.wall.make_link(owner).token
    with pytest.raises(NotFound):
        hall.wall.get_screen(old)
    assert hall.wall.get_screen(fresh).workshop == "Müller"
    assert hall.wall.revoke_link(owner).token == hall.wall.revoke_link(owner).token == ""
    with pytest.raises(NotFound):
        hall.wall.get_screen(fresh)
    assert hall.wall.get_terms(owner).token == ""
    with pytest.raises(NotFound):
        hall.wall.show_names(owner, True)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "' OR 1=1 --", "../" * 12])
def test_a_guessed_link_opens_nothing(hall: Hall, token: str) -> None:
    with pytest.raises(NotFound):
        hall.wall.get_screen(token)


def test_only_who_runs_the_workshop_makes_and_ends_links(hall: Hall) -> None:
    desk = staff_of(hall.workshop, "front_desk")
    asks: tuple[Callable[[], object], ...] = (
        lambda: hall.wall.get_terms(desk),
        lambda: hall.wall.make_link(desk),
        lambda: hall.wall.revoke_link(desk),
        lambda: hall.wall.show_names(desk, True),
    )
    for ask in asks:
        with pytest.raises(Forbidden):
            ask()


def test_another_workshops_cars_are_on_another_wall(
    database: Database, clock: ManualClock, hall: Hall
) -> None:
    other = open_hall(database, clock, "andere")
    other.visit(at(9), "in_work")
    screen = hall.screen()
    assert [lane.current for lane in screen.lanes] == [None]
    assert (screen.waiting, screen.ready, screen.expected) == ((), (), ())
    other.wall.revoke_link(staff_of(other.workshop))
    assert hall.screen() == screen
    with database.reading(SYSTEM) as session:
        assert [row.workshop_id for row in session.exec(select(WallLink))] == [hall.workshop.id]


def test_the_next_free_hour_is_told_with_its_day(hall: Hall) -> None:
    assert hall.screen().next_free == "10:00"
    booked = hall.visit(at(10), "confirmed", ends_at=at(17, 30))
    make_claim(hall.database, booked, hall.technician)
    assert hall.screen().next_free == "Di 7:30"


def test_who_is_away_and_a_closed_day_are_told(hall: Hall) -> None:
    of = {"workshop_id": hall.workshop.id, "resource_id": hall.technician.id}
    save(hall.database, Absence(**of, starts_at=at(8), ends_at=at(12), reason="sick"))
    assert hall.screen().lanes[0].absent
    hall.clock.now = at(12)
    assert not hall.screen().lanes[0].absent
    make_closure(hall.database, hall.workshop, MONDAY, MONDAY)
    assert hall.screen().closed


def test_a_workshop_without_anybody_shows_its_bays_and_an_empty_one_nothing(
    database: Database, clock: ManualClock
) -> None:
    clock.now = at(10)
    workshop = make_workshop(database)
    wall = WallService(db=database, clock=clock)
    token = wall.make_link(staff_of(workshop)).token
    empty = wall.get_screen(token)
    assert (empty.lanes, empty.next_free, empty.expected) == ((), "", ())
    make_resource(database, workshop, "bay", name="Hebebühne 1")
    assert [lane.name for lane in wall.get_screen(token).lanes] == ["Hebebühne 1"]


def test_work_over_night_stays_on_the_wall_with_the_day_it_ends(hall: Hall) -> None:
    friday = MONDAY - timedelta(days=3)
    hall.visit(at(14, day=friday), "in_work", ends_at=at(9, day=MONDAY + timedelta(days=1)))
    (lane,) = hall.screen().lanes
    assert lane.current is not None
    assert (lane.current.starts, lane.current.ends, lane.current.late) == ("Fr 14:00", "Di 9:00", False)


def test_a_new_day_begins_at_midnight_of_the_workshop(hall: Hall) -> None:
    hall.visit(at(8, day=MONDAY + timedelta(days=1)), "confirmed")
    hall.clock.now = at(23, 59)
    assert hall.screen().expected == ()
    hall.clock.now = at(0, 0, day=MONDAY + timedelta(days=1))
    assert plates(hall.screen().expected) == ["DO-AB 1"]
