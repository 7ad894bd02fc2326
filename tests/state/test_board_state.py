"""The calendar's grid: lanes, what fits where, placing with undo, lengthening, unplanned work."""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.team.models import Workshop
from carbot_app.state.board import BoardState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.session import SessionState
from tests.factories import customer_of, make_resource, make_service, make_workshop
from tests.services.bookings import request_for, slot_at
from tests.state.tabs import Tab, open_tab, words_of

TUESDAY = "/kalender/?on=2026-11-24"


@dataclass(frozen=True)
class Garage:
    """Two technicians, two bays, and a visit on Tuesday at 9:00."""

    services: Services
    workshop: Workshop
    visit: str
    technicians: tuple[str, str]

    def row(self, visit: str = "") -> Appointment:
        with self.services.db.reading(self.workshop.id) as session:
            return session.get_one(Appointment, UUID(visit or self.visit))


def open_garage(services: Services, workshop: Workshop) -> Garage:
    make_service(services.db, workshop)
    people = [make_resource(services.db, workshop, name=name) for name in ("Emre Yıldız", "Marek Nowak")]
    for name in ("Bühne 1", "Bühne 2"):
        make_resource(services.db, workshop, kind="bay", name=name)
    booked = services.booking.book(customer_of(workshop), request_for(slot_at(2026, 11, 24, 9)))
    first, second = (str(one.id) for one in people)
    return Garage(services, workshop, str(booked.appointment_id), (first, second))


@pytest.fixture
def garage(services: Services, workshop: Workshop) -> Garage:
    return open_garage(services, workshop)


async def opened(tab: Tab, address: str = TUESDAY) -> Any:
    await tab.at(address).call(CalendarState.load)
    await tab.call(BoardState.load)
    return await tab.state(BoardState)


def ticket_in(outcomes: list[Any]) -> str:
    """The value of the message's button."""
    found = re.search(r"Rückgängig[\\\", ]+([0-9a-f-]{36}[^\"\\]*)", words_of(outcomes))
    assert found, words_of(outcomes)
    return found[1]


async def test_a_day_has_a_lane_for_each_technician_with_its_load(garage: Garage, tab: Tab) -> None:
    state = await opened(tab)
    assert (state.status, state.view, state.on) == ("ready", "day", "2026-11-24")
    loads = {lane["name"]: (lane["percent"], lane["text"]) for lane in state.sheet.lanes}
    assert loads == {"Emre Yıldız": (11, "1 / 9 Std."), "Marek Nowak": (0, "0 / 9 Std.")}
    (visit,) = state.sheet.visits
    assert (visit["starts"], visit["ends"]) == ("2026-11-24T09:00", "2026-11-24T10:00")
    assert visit["lane"] == garage.technicians[0]
    assert {pause["word"] for pause in state.sheet.pauses} == {"Pause"}
    assert (state.sheet.opens, state.sheet.closes) == ("07:00", "18:00")


async def test_picking_up_tells_what_fits_where(garage: Garage, tab: Tab) -> None:
    state = await opened(tab)
    await tab.call(BoardState.grab, garage.visit)
    cells = state.places["cells"]
    assert cells[garage.technicians[1]]["2026-11-24T14:00"] == ["", "", "Bühne 1", "2026-11-24T15:00"]
    assert cells[garage.technicians[1]]["2026-11-24T17:00"][0] == ""
    assert cells[""]["2026-11-24T14:00"][0] == ""


async def test_a_drop_moves_the_visit_and_its_message_takes_it_back(garage: Garage, tab: Tab) -> None:
    state = await opened(tab)
    outcomes = await tab.call(BoardState.drop, garage.visit, garage.technicians[1], "2026-11-24T14:00", "")
    (visit,) = state.sheet.visits
    assert (visit["lane"], visit["starts"]) == (garage.technicians[1], "2026-11-24T14:00")
    assert "Marek Nowak" in words_of(outcomes)
    await tab.call(BoardState.undo, ticket_in(outcomes))
    (visit,) = state.sheet.visits
    assert (visit["lane"], visit["starts"]) == (garage.technicians[0], "2026-11-24T09:00")


async def test_a_refused_drop_goes_back_with_the_reason(garage: Garage, tab: Tab) -> None:
    state = await opened(tab)
    other = garage.services.booking.book(customer_of(garage.workshop), request_for(slot_at(2026, 11, 24, 14)))
    taken = str(garage.row(str(other.appointment_id)).technician_id)
    outcomes = await tab.call(BoardState.drop, garage.visit, taken, "2026-11-24T14:15", "")
    assert '"err"' in words_of(outcomes).replace("\\", "")
    assert (state.revision, state.status) == (1, "ready")
    assert {visit["starts"] for visit in state.sheet.visits} == {"2026-11-24T09:00", "2026-11-24T14:00"}
    outcomes = await tab.call(BoardState.drop, garage.visit, garage.technicians[1], "gestern", "")
    assert '"err"' in words_of(outcomes).replace("\\", "")
    assert state.revision == 2


async def test_pulling_at_the_end_counts_work_without_the_break(garage: Garage, tab: Tab) -> None:
    state = await opened(tab)
    outcomes = await tab.call(BoardState.drop, garage.visit, "-", "2026-11-24T09:00", "2026-11-24T10:30")
    assert garage.row().minutes == 90
    assert state.sheet.visits[0]["ends"] == "2026-11-24T10:30"
    await tab.call(BoardState.undo, ticket_in(outcomes))
    assert state.sheet.visits[0]["ends"] == "2026-11-24T10:00"
    pause = next(pause for pause in state.sheet.pauses if not pause["whole"])
    assert pause["starts"] == "2026-11-24T12:00"
    after_break = pause["ends"][:14] + "30" if pause["ends"].endswith("00") else pause["ends"]
    await tab.call(BoardState.drop, garage.visit, "-", "2026-11-24T09:00", after_break)
    assert garage.row().minutes < 240, "the break is no work"
    assert state.sheet.visits[0]["ends"] == after_break


async def test_unplanned_work_leaves_the_grid_and_comes_back(garage: Garage, tab: Tab) -> None:
    state = await opened(tab)
    outcomes = await tab.call(BoardState.unplan, garage.visit)
    assert state.sheet.visits == ()
    (card,) = state.sheet.unplanned
    assert (card["id"], card["minutes"], state.sheet.unplanned_hours) == (garage.visit, 60, "1 Std.")
    await tab.call(BoardState.undo, ticket_in(outcomes))
    assert (len(state.sheet.visits), state.sheet.unplanned) == (1, ())
    await tab.call(BoardState.unplan, garage.visit)
    outcomes = await tab.call(BoardState.drop, garage.visit, garage.technicians[1], "2026-11-24T15:00", "")
    assert state.sheet.visits[0]["lane"] == garage.technicians[1]
    await tab.call(BoardState.undo, ticket_in(outcomes))
    assert len(state.sheet.unplanned) == 1


async def test_a_week_begins_on_monday_and_bays_are_lanes_too(garage: Garage, tab: Tab) -> None:
    state = await opened(tab, f"{TUESDAY}&span=week")
    assert (state.view, state.on, len(state.sheet.loads)) == ("week", "2026-11-23", 7)
    await tab.call(BoardState.show_kind, "bay")
    assert [lane["name"] for lane in state.sheet.lanes] == ["Bühne 1", "Bühne 2"]
    assert state.sheet.visits[0]["lane"] == state.sheet.lanes[0]["id"]
    state = await opened(tab, "/kalender/?on=nonsense&ansicht=nonsense&nach=nonsense")
    assert (state.view, state.kind, state.on) == ("day", "technician", "2026-11-23")


async def test_a_technician_reads_but_does_not_move(garage: Garage) -> None:
    technician = open_tab(garage.services, garage.workshop, "technician")
    await technician.call(SessionState.load)
    state = await opened(technician)
    assert len(state.sheet.visits) == 1
    for handler, arguments in (
        (BoardState.grab, [garage.visit]),
        (BoardState.drop, [garage.visit, garage.technicians[1], "2026-11-24T14:00", ""]),
        (BoardState.unplan, [garage.visit]),
        (BoardState.undo, [f"{garage.visit} unplanned"]),
    ):
        assert "Berechtigung" in words_of(await technician.call(handler, *arguments))
    assert garage.row().technician_id is not None


async def test_another_workshops_visit_can_be_neither_seen_nor_moved(services: Services, tab: Tab) -> None:
    foreign = open_garage(services, make_workshop(services.db, slug="other", name="Andere Werkstatt"))
    state = await opened(tab)
    assert state.sheet.visits == ()
    for handler, arguments in (
        (BoardState.grab, [foreign.visit]),
        (BoardState.drop, [foreign.visit, foreign.technicians[1], "2026-11-24T14:00", ""]),
        (BoardState.unplan, [foreign.visit]),
        (BoardState.undo, [f"{foreign.visit} unplanned"]),
        (BoardState.undo, ["nonsense"]),
    ):
        assert '"err"' in words_of(await tab.call(handler, *arguments)).replace("\\", "")
    assert str(foreign.row().technician_id) == foreign.technicians[0]


async def test_a_day_of_thirty_visits_stays_small(garage: Garage, tab: Tab) -> None:
    state = await opened(tab)
    one = len(json.dumps(state.sheet.visits[0]))
    assert one * 30 < 25_000
