"""How many visits still fit: never more than resources have time for, and none only when nothing is free."""

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.planning import BAY, TECHNICIAN, Planning, Reservation
from carbot_app.domains.booking.proposals import pack
from carbot_app.domains.booking.slots import Occupancy, Window, days_from
from carbot_app.kit.ids import new_id

WORKSHOP = new_id()
SATURDAY = date(2026, 10, 24)
HOURS = {
    **{str(day): [["07:30", "12:00"], ["13:00", "17:30"]] for day in range(1, 6)},
    "6": [["08:00", "12:00"]],
}
RULES = OpeningRules(HOURS, ZoneInfo("Europe/Berlin"), "DE", "NW", ())
OPENED = {day: RULES.windows_on(day) for day in days_from(SATURDAY, 4)}
"""A Saturday, the Sunday on which summer time ends, and two working days."""
BASE = OPENED[SATURDAY][0][0]
END = BASE + 4 * 96 + 4

busy = st.lists(
    st.tuples(st.integers(0, 4 * 96), st.integers(1, 30)).map(lambda w: (BASE + w[0], BASE + w[0] + w[1])),
    max_size=8,
)
crowd = st.lists(busy, max_size=3)


def reserve(kind: str, windows: list[Window], *, able: bool = True) -> Reservation:
    resource = Resource(workshop_id=WORKSHOP, kind=kind, name=kind)
    return Reservation(resource, Occupancy.of(BASE, windows), Occupancy(BASE, 0), able)


def planning(cells: int, technicians: list[list[Window]], bays: list[list[Window]], buffer: int) -> Planning:
    demand = Demand(cells, ("tyre_fitter",), ("tyre",), buffer=buffer)
    return Planning(
        base=BASE,
        end=END,
        opened=[window for windows in OPENED.values() for window in windows],
        demand=demand,
        reservations={
            TECHNICIAN: [reserve(TECHNICIAN, one) for one in technicians],
            BAY: [reserve(BAY, one) for one in bays],
        },
    )


@settings(deadline=None)
@given(st.integers(1, 8), crowd, crowd, st.integers(0, 2))
def test_what_is_counted_has_time_and_where_something_is_free_something_is_counted(
    cells: int, technicians: list[list[Window]], bays: list[list[Window]], buffer: int
) -> None:
    plan = planning(cells, technicians, bays, buffer)
    for day, count in pack(plan, OPENED, BASE).items():
        windows = OPENED[day]
        fits_once = sum((end - start + buffer) // (cells + buffer) for start, end in windows)
        assert count <= fits_once * min(len(technicians), len(bays))
        assert (count > 0) == bool(plan.times_of(windows, (), BASE).times)


def test_an_empty_day_takes_one_visit_after_the_other_and_a_sunday_none() -> None:
    counts = pack(planning(2, [[]], [[], []], 0), OPENED, BASE)
    assert list(counts.values()) == [8, 0, 18, 18]


def test_the_hours_already_gone_count_no_more() -> None:
    late = OPENED[SATURDAY][0][1] - 4
    assert pack(planning(2, [[]], [[]], 0), OPENED, late)[SATURDAY] == 2


def test_who_cannot_do_the_work_is_not_counted() -> None:
    plan = planning(2, [[]], [[]], 0)
    unable = {**plan.reservations, BAY: [reserve(BAY, [], able=False)]}
    other = Planning(base=BASE, end=END, opened=plan.opened, demand=plan.demand, reservations=unable)
    assert sum(pack(other, OPENED, BASE).values()) == 0
