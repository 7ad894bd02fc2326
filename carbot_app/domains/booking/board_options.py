"""What would happen if a visit were dropped somewhere, or made longer or shorter (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.board_schemas import EndOption, PlaceOption
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.planning import BAY, TECHNICIAN, Planning
from carbot_app.domains.booking.slots import MAX_CELLS, FreeTime, Window, cell_before, end_of_work
from carbot_app.domains.booking.states import may_start

_OTHER = {TECHNICIAN: BAY, BAY: TECHNICIAN}
_MISSING = {TECHNICIAN: "no_bay", BAY: "no_technician"}
_UNFIT = {TECHNICIAN: "skill_missing", BAY: "bay_unfit"}


def start_of(calendar: Calendar, at: datetime) -> tuple[date, int]:
    """Local day and cell of an instant, as states.may_start wants them."""
    return calendar.rules.local_date(at), cell_before(at)


def places_of(
    planning: Planning,
    opened: Mapping[date, Sequence[Window]],
    days: int,
    *,
    calendar: Calendar,
    row: Appointment,
    now: datetime,
    kind: str,
) -> Iterator[PlaceOption]:
    """Every open quarter of an hour of the first ``days`` days, with every lane of the kind."""
    by_day, planned = list(opened.items()), start_of(calendar, row.starts_at)
    today, first = calendar.rules.local_date(now), cell_before(now)
    for number, (day, windows) in enumerate(by_day[:days]):
        later = [window for _, several in by_day[number:] for window in several]
        for start in (cell for window in windows for cell in range(*window)):
            end = end_of_work(later, start, planning.demand.cells)
            general = "closed" if end is None else "past" if start < first and start != planned[1] else ""
            if not may_start(row.state, planned, (day, start), today):
                general = "begun"
            yield from _lanes_at(
                planning, FreeTime(start, end or start + planning.demand.cells), kind, general
            )


def ends_of(
    planning: Planning, opened: Mapping[date, Sequence[Window]], row: Appointment
) -> Iterator[EndOption]:
    """Every end of the visit on its own day, the first of ``opened``."""
    start = cell_before(row.starts_at)
    today = next(iter(opened.values()))
    own = {row.technician_id, row.bay_id}
    held = [one for kind in _OTHER for one in planning.reservations.get(kind, ()) if one.resource.id in own]
    for cells in range(1, MAX_CELLS + 1):
        end = end_of_work(today, start, cells)
        if end is None:
            return
        time = FreeTime(start, end)
        hindered = next(filter(None, (planning.hindrance(one, time) for one in held)), "")
        yield EndOption(time.ends_at, hindered or ("" if planning.has_loaner(time) else "no_loaner"))


def _lanes_at(planning: Planning, time: FreeTime, kind: str, general: str) -> Iterator[PlaceOption]:
    other = next((one.name for one in planning.free(_OTHER[kind], time)), "")
    missing = _MISSING[kind] if not other else "" if planning.has_loaner(time) else "no_loaner"
    for one in planning.reservations[kind]:
        yield PlaceOption(
            lane_id=one.resource.id,
            starts_at=time.starts_at,
            ends_at=time.ends_at,
            refused=general or planning.hindrance(one, time) or missing,
            warning="" if one.able else _UNFIT[kind],
            other=other,
        )
