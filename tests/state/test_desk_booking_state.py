"""The dialog "Neuer Termin": a known plate, services with their sum, the best times, saving, a lost time."""

from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.team.models import Workshop
from carbot_app.state.board import BoardState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.desk_booking import DeskBookingState
from carbot_app.state.desk_times import DeskTimesState
from carbot_app.state.desk_visit import DeskVisitState
from carbot_app.state.session import SessionState
from tests.factories import customer_of, make_customer, make_service, make_vehicle, make_workshop
from tests.services.bookings import request_for, slot_at
from tests.state.tabs import Tab, open_tab, words_of
from tests.state.test_board_state import TUESDAY, Garage, open_garage

FORM = {
    "plate": "DO AB 123",
    "name": "Ayşe Yılmaz",
    "phone": "0171 5550142",
    "email": "",
    "note": "Schlüssel",
}


@pytest.fixture
def garage(services: Services, workshop: Workshop) -> Garage:
    garage = open_garage(services, workshop)
    make_service(services.db, workshop, code="OIL-001", names={"de": "Ölwechsel"}, minutes=30)
    return garage


async def opened(tab: Tab, lane: str = "", starts: str = "") -> tuple[DeskVisitState, DeskTimesState]:
    await tab.at(TUESDAY).call(CalendarState.load)
    await tab.call(BoardState.load)
    await tab.call(DeskBookingState.begin, lane, starts)
    return await tab.state(DeskVisitState), await tab.state(DeskTimesState)


def saved(garage: Garage) -> list[Appointment]:
    """Visits besides that of the garage."""
    with garage.services.db.reading(garage.workshop.id) as session:
        rows = session.exec(select(Appointment).order_by(Appointment.created_at)).all()  # type: ignore[arg-type]
    return [row for row in rows if str(row.id) != garage.visit]


async def test_a_known_plate_brings_its_owner(garage: Garage, tab: Tab) -> None:
    owner = make_customer(
        garage.services.db,
        garage.workshop,
        name="Olga Nowak",
        phone="+491715550199",
        email="olga@example.org",
    )
    make_vehicle(garage.services.db, garage.workshop, owner, plate="BO-KR 88", make="Ford", model="Focus")
    visit, _ = await opened(tab)
    await tab.call(DeskVisitState.read_plate, "bo kr 88", False)
    assert (visit.car.status, visit.car.owner, visit.plate) == ("known", "Olga Nowak", "BO-KR 88")
    assert visit.car.label.startswith("Ford Focus")
    assert (visit.contact.name, visit.contact.email) == ("Olga Nowak", "olga@example.org")
    assert visit.contact.phone == "01715 550199" or visit.contact.phone.startswith("0171")
    await tab.call(DeskVisitState.read_plate, "BO", False)
    assert visit.car.status == "known", "nothing is said while somebody types"
    await tab.call(DeskVisitState.read_plate, "BO", True)
    assert visit.car.status == "invalid"


async def test_services_add_up_and_bring_times(garage: Garage, tab: Tab) -> None:
    with garage.services.db.writing(garage.workshop.id) as session:
        garage.services.catalog.load_library(session, garage.workshop.id)
    visit, times = await opened(tab)
    assert (times.asked, times.times) == (False, [])
    await tab.call(DeskVisitState.search, "Bremsbeläge")
    assert "SAF-BRK-001" in [one["code"] for one in visit.found]
    await tab.call(DeskVisitState.search, "xyzzy")
    assert (visit.found, visit.nothing_found) == ([], True)
    await tab.call(DeskVisitState.add, "OIL-001")
    assert (visit.duration, visit.nothing_found) == ("30 Min.", False)
    await tab.call(DeskVisitState.add_first, {"service": "Bremsbeläge"})
    assert len(visit.lines) == 2
    assert visit.duration > "1 Std."
    assert visit.total
    assert 1 <= len(times.times) <= 5
    assert times.times[0]["best"]
    assert times.chosen == times.times[0]["value"]
    await tab.call(DeskVisitState.remove, visit.lines[1]["code"])
    assert visit.duration == "30 Min."


async def test_a_visit_is_booked_for_the_best_time(garage: Garage, tab: Tab) -> None:
    await opened(tab)
    await tab.call(DeskVisitState.add, "SAF-BRK-001")
    await tab.call(DeskTimesState.choose_wish, "waits")
    outcomes = await tab.call(DeskBookingState.save, FORM)
    assert "Ayşe Yılmaz" in words_of(outcomes)
    (row,) = saved(garage)
    assert (row.state, row.source, row.waiting, row.note) == ("confirmed", "staff", True, "Schlüssel")
    assert row.vehicle_id is not None
    assert not (await tab.state(DeskBookingState)).open
    await tab.call(DeskBookingState.save, FORM)
    assert len(saved(garage)) == 1, "pressed twice, booked once"


async def test_the_place_pressed_in_the_grid_is_taken(garage: Garage, tab: Tab) -> None:
    _, times = await opened(tab, garage.technicians[1], "2026-11-24T14:15")
    await tab.call(DeskVisitState.add, "SAF-BRK-001")
    assert times.times[0]["label"] == "Di, 24. Nov., 14:15 Uhr · Marek Nowak"
    assert times.chosen == times.times[0]["value"]
    await tab.call(DeskBookingState.save, FORM)
    (row,) = saved(garage)
    assert f"{row.starts_at:%H:%M}" == "13:15"
    assert str(row.technician_id) == garage.technicians[1]


async def test_a_day_pressed_in_the_week_is_the_first_that_is_offered(garage: Garage, tab: Tab) -> None:
    _, times = await opened(tab, garage.technicians[1], "2026-11-27")
    await tab.call(DeskVisitState.add, "SAF-BRK-001")
    assert times.after == "2026-11-27"
    assert all("Nov" in one["label"] or "Dez" in one["label"] for one in times.times)
    assert times.times[0]["label"].startswith(("Fr, 27.", "Sa, 28.", "Mo, 30."))


async def test_without_a_time_it_is_noted_as_unplanned(garage: Garage, tab: Tab) -> None:
    await opened(tab)
    await tab.call(DeskVisitState.add, "SAF-BRK-001")
    await tab.call(DeskTimesState.pick, "unplanned")
    assert "Ungeplant" in words_of(await tab.call(DeskBookingState.save, FORM))
    (row,) = saved(garage)
    assert (row.state, row.technician_id) == ("unplanned", None)


async def test_a_lost_time_brings_the_next_ones_and_loses_nothing(garage: Garage, tab: Tab) -> None:
    visit, times = await opened(tab, garage.technicians[1], "2026-11-24T14:00")
    await tab.call(DeskVisitState.add, "SAF-BRK-001")
    for plate in ("do ab 1", "do ab 2"):
        garage.services.booking.book(
            customer_of(garage.workshop),
            request_for(slot_at(2026, 11, 24, 14), vehicle=request_for("").vehicle.__class__(plate=plate)),
        )
    await tab.call(DeskBookingState.save, FORM)
    desk = await tab.state(DeskBookingState)
    assert (desk.open, desk.busy, times.chosen) == (True, False, "")
    assert "vergeben" in times.problem
    assert times.times
    assert len(visit.lines) == 1
    await tab.call(DeskTimesState.pick, times.times[0]["value"])
    await tab.call(DeskBookingState.save, FORM)
    assert not desk.open
    assert len(saved(garage)) == 3


async def test_what_is_missing_is_said_at_its_field(garage: Garage, tab: Tab) -> None:
    await opened(tab)
    await tab.call(DeskBookingState.save, {"plate": "???"})
    desk = await tab.state(DeskBookingState)
    assert set(desk.errors) == {"plate", "services", "name", "phone"}
    await tab.call(DeskVisitState.add, "SAF-BRK-001")
    await tab.call(DeskBookingState.save, {**FORM, "phone": "12"})
    assert set(desk.errors) == {"phone"}
    assert saved(garage) == []


async def test_only_those_who_plan_may_enter_visits(garage: Garage) -> None:
    technician = open_tab(garage.services, garage.workshop, "technician")
    await technician.call(SessionState.load)
    await opened(technician)
    assert not (await technician.state(DeskBookingState)).open


async def test_another_workshops_car_is_unknown_here(garage: Garage, tab: Tab) -> None:
    db = garage.services.db
    other = make_workshop(db, slug="other", name="Andere Werkstatt")
    make_vehicle(db, other, make_customer(db, other, name="Geheim"), plate="BO-KR 88")
    visit, _ = await opened(tab)
    await tab.call(DeskVisitState.read_plate, "BO-KR 88", True)
    assert (visit.car.status, visit.contact.name) == ("new", "")


async def test_a_technician_of_another_workshop_is_not_taken(garage: Garage, tab: Tab) -> None:
    _, times = await opened(tab, str(UUID(int=7)), "2026-11-24T14:00")
    await tab.call(DeskVisitState.add, "SAF-BRK-001")
    assert "·" not in times.times[0]["label"]
