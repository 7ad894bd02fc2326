"""Times the workshop proposes by itself: how many visits still fit, and keeping a time for somebody."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Claim
from carbot_app.domains.booking.occupation import Wanted, take
from carbot_app.domains.booking.offering import best_time
from carbot_app.domains.booking.planning import BAY, TECHNICIAN, Planning
from carbot_app.domains.booking.slots import FreeTime, Window, cell_at_or_after, days_from
from carbot_app.kit.errors import Conflict
from carbot_app.kit.ids import fingerprint


def count_free_visits(
    session: Session, calendar: Calendar, demand: Demand, *, first_on: date, days: int, now: datetime
) -> dict[date, int]:
    """For each of ``days`` days from ``first_on`` on, how many more visits with this demand it can take."""
    opened = {day: calendar.rules.windows_on(day) for day in days_from(first_on, days)}
    if not any(opened.values()):
        return dict.fromkeys(opened, 0)
    return pack(calendar.plan(session, demand, opened, now=now), opened, cell_at_or_after(now))


def pack(planning: Planning, opened: Mapping[date, Sequence[Window]], first_cell: int) -> dict[date, int]:
    """Visits put in as early as possible, none before ``first_cell``: how many fit on each day."""
    busy = {
        kind: [one.occupancy.busy for one in planning.reservations[kind] if one.able]
        for kind in (TECHNICIAN, BAY)
    }
    cells = planning.demand.cells
    work = (1 << cells + planning.demand.buffer) - 1
    found = dict.fromkeys(opened, 0)
    for day, windows in opened.items():
        for start, end in windows:
            for cell in range(max(start, first_cell), end - cells + 1):
                while _put(busy[TECHNICIAN], busy[BAY], work << (cell - planning.base)):
                    found[day] += 1
    return found


def keep_best_time(
    session: Session,
    calendar: Calendar,
    demand: Demand,
    *,
    now: datetime,
    after: datetime,
    until: datetime,
    expires_at: datetime,
    token: str,
) -> FreeTime | None:
    """Keep the best time from ``after`` to before ``until`` for whoever books with ``token`` as their hold.

    None: nothing is free, or others were faster.
    """
    found = best_time(session, calendar, demand, now=now, after=after, until=until, part_of_day="")
    if found is None:
        return None
    claim = Claim(
        workshop_id=calendar.workshop.id, token_fingerprint=fingerprint(token), expires_at=expires_at
    )
    try:
        take(session, calendar, Wanted(demand, found[0]), claim, now=now)
    except Conflict:
        session.delete(claim)
        session.flush()
        return None
    return found[0]


def _put(technicians: list[int], bays: list[int], work: int) -> bool:
    """Give the work to the first technician and bay that are free for it; False: one is missing."""
    technician = next((place for place, busy in enumerate(technicians) if not busy & work), None)
    bay = next((place for place, busy in enumerate(bays) if not busy & work), None)
    if technician is None or bay is None:
        return False
    technicians[technician] |= work
    bays[bay] |= work
    return True
