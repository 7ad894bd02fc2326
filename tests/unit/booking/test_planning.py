"""Whatever people, bays and absences there are: what is offered can be had, inside hours, by one only."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.planning import BAY, LOANER, TECHNICIAN, Planning, Reservation
from carbot_app.domains.booking.slots import (
    MAX_SPAN,
    FreeTime,
    Occupancy,
    Window,
    days_from,
    end_of_work,
    minus,
)
from carbot_app.kit.ids import new_id

WORKSHOP = new_id()
MONDAY = date(2026, 10, 19)
HOURS = {
    **{str(day): [["07:30", "12:00"], ["13:00", "17:30"]] for day in range(1, 6)},
    "6": [["08:00", "12:00"]],
}
RULES = OpeningRules(HOURS, ZoneInfo("Europe/Berlin"), "DE", "NW", ())
OPENED = {day: RULES.windows_on(day) for day in days_from(MONDAY, 21)}
"""Three weeks with the end of summer time in them."""
BASE = OPENED[MONDAY][0][0]
END = BASE + 21 * 96

busy_windows = st.lists(
    st.tuples(st.integers(0, 14 * 96), st.integers(1, 60)).map(lambda w: (BASE + w[0], BASE + w[0] + w[1])),
    max_size=12,
)
needs = st.builds(
    Demand,
    cells=st.integers(1, 60),
    skills=st.just(("mechanic",)),
    bays=st.just(("standard",)),
    lift=st.booleans(),
    loaner=st.booleans(),
    waiting=st.booleans(),
    buffer=st.integers(0, 2),
)


def reservation(kind: str, busy: list[Window], *, lift: bool = False, able: bool = True) -> Reservation:
    resource = Resource(workshop_id=WORKSHOP, kind=kind, name=kind, lift=lift)
    return Reservation(resource, Occupancy.of(BASE, busy), Occupancy(BASE, 0), able)


def planning(
    demand: Demand,
    technicians: list[list[Window]],
    bays: list[tuple[list[Window], bool]],
    loaners: list[list[Window]],
) -> Planning:
    return Planning(
        base=BASE,
        end=END + demand.buffer,
        opened=[window for windows in OPENED.values() for window in windows],
        demand=demand,
        reservations={
            TECHNICIAN: [reservation(TECHNICIAN, busy) for busy in technicians],
            BAY: [reservation(BAY, busy, lift=lift) for busy, lift in bays],
            LOANER: [reservation(LOANER, busy) for busy in loaners],
        },
    )


def following(day: date) -> list[Window]:
    return [window for later, windows in OPENED.items() if later > day for window in windows]


def is_worked(time: FreeTime, cells: int) -> bool:
    """Whether exactly ``cells`` open cells lie in the time, the first and the last of it among them."""
    closed = minus([(time.start, time.end)], [w for windows in OPENED.values() for w in windows])
    open_cells = time.end - time.start - sum(end - start for start, end in closed)
    touches = any(start == time.start or end == time.end for start, end in closed)
    return open_cells == cells and not touches


@settings(max_examples=120, deadline=None)
@given(
    demand=needs,
    technicians=st.lists(busy_windows, max_size=3),
    bays=st.lists(st.tuples(busy_windows, st.booleans()), max_size=3),
    loaners=st.lists(busy_windows, max_size=2),
    number=st.integers(0, 6),
)
def test_every_offered_time_can_be_had_once_and_lies_in_opening_hours(
    demand: Demand,
    technicians: list[list[Window]],
    bays: list[tuple[list[Window], bool]],
    loaners: list[list[Window]],
    number: int,
) -> None:
    plan = planning(demand, technicians, bays, loaners)
    day = MONDAY + timedelta(days=number)
    offered = plan.times_of(OPENED[day], following(day), BASE)
    assert len(offered.waste) == len(offered.times)
    assert 0 <= offered.load <= 1
    busy = {one.resource.id: one.occupancy for kind in plan.reservations.values() for one in kind}
    for time in offered.times:
        assert is_worked(time, demand.cells)
        assert time.end - time.start <= MAX_SPAN
        assert RULES.local_date(time.starts_at) == day
        assert not demand.waiting or time.end - time.start == demand.cells
        taken = plan.choose(time)
        assert taken is not None
        assert (taken.loaner_id is not None) is demand.loaner
        assert len(taken.windows) == 2 + demand.loaner
        for id_, (start, end) in taken.windows.items():
            assert start == time.start
            assert end >= time.end
            assert busy[id_].free(start, end)


@settings(max_examples=80, deadline=None)
@given(
    demand=needs,
    technicians=st.lists(busy_windows, min_size=1, max_size=3),
    bays=st.lists(st.tuples(busy_windows, st.booleans()), min_size=1, max_size=3),
    number=st.integers(0, 6),
)
def test_nothing_possible_is_kept_back(
    demand: Demand,
    technicians: list[list[Window]],
    bays: list[tuple[list[Window], bool]],
    number: int,
) -> None:
    demand = Demand(demand.cells, demand.skills, demand.bays, lift=demand.lift, buffer=demand.buffer)
    plan = planning(demand, technicians, bays, [])
    day = MONDAY + timedelta(days=number)
    offered = {time.start for time in plan.times_of(OPENED[day], following(day), BASE).times}
    for window in OPENED[day]:
        for start in range(*window):
            whole = any(first <= start and start + demand.cells <= last for first, last in OPENED[day])
            if whole and plan.choose(FreeTime(start, start + demand.cells)):
                assert start in offered


@given(busy=busy_windows, start=st.integers(0, 96), length=st.integers(1, 40))
def test_a_chosen_technician_is_free_or_it_is_said_why_not(
    busy: list[Window], start: int, length: int
) -> None:
    demand = Demand(length, ("mechanic",), ("standard",))
    plan = planning(demand, [busy], [([], False)], [])
    (technician,) = plan.reservations[TECHNICIAN]
    time = FreeTime(BASE + start, BASE + start + length)
    taken = plan.choose(time, technician_id=technician.resource.id)
    assert (taken is None) == bool(plan.hindrance(technician, time))
    assert (taken is None) == any(first < time.end and last > time.start for first, last in busy)


windows_in_order = st.lists(st.integers(0, 200), unique=True, max_size=12).map(
    lambda edges: list(zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)


@given(windows=windows_in_order, others=windows_in_order)
def test_what_is_left_of_windows_is_what_no_other_covers(windows: list[Window], others: list[Window]) -> None:
    def cells(some: list[Window]) -> set[int]:
        return {cell for start, end in some for cell in range(start, end)}

    assert cells(minus(windows, others)) == cells(windows) - cells(others)


@given(windows=windows_in_order, first=st.integers(0, 200), cells=st.integers(1, 80))
def test_work_ends_when_as_many_open_cells_have_passed(windows: list[Window], first: int, cells: int) -> None:
    open_cells = [cell for start, end in windows for cell in range(start, end) if cell >= first]
    expected = open_cells[cells - 1] + 1 if len(open_cells) >= cells else None
    assert end_of_work(windows, first, cells) == expected
