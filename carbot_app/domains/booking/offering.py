"""Which free times a customer is offered, and whether a chosen one may be had."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from carbot_app.domains.booking.availability import Calendar, read_free_times
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.slots import (
    HORIZON_DAYS,
    LEAD_TIME,
    MAX_SPAN,
    DayTimes,
    FreeTime,
    cell_before,
    days_from,
    decode_slot,
    end_of_work,
    instant_of,
    rank,
    thin_out,
)
from carbot_app.kit.errors import Conflict, Invalid

PARTS_OF_DAY = {"morning": range(12), "afternoon": range(12, 18), "evening": range(16, 24)}
"""Wish → local hours in which the visit may start."""
GRACE = timedelta(minutes=30)
"""An offered slot stays bookable this long while the customer fills in the form."""
_DAYS_COMPARED = 5
"""Days with free times that are compared at least."""
_LIST_STEP = 2
"""Cells between two times in a day's list: half an hour."""


def suggest_times(
    session: Session,
    calendar: Calendar,
    demand: Demand,
    *,
    now: datetime,
    after: datetime | None,
    until: datetime | None,
    part_of_day: str | None,
    limit: int,
    besides: UUID | None = None,
) -> list[FreeTime]:
    """Up to ``limit`` times, the recommended one first.

    When nothing is free within the wish, the part of the day is given up first, then ``until``. ``besides``:
    the asker's own hold, which is free for them.
    """
    rules = calendar.rules
    earliest = _earliest(calendar, demand, now)
    after = max(earliest, after) if after else earliest
    first_on = rules.local_date(after)
    days = (rules.local_date(now) + timedelta(days=HORIZON_DAYS) - first_on).days
    source = read_free_times(
        session,
        calendar,
        demand,
        first_on=first_on,
        days=max(days, 0),
        earliest=earliest,
        now=now,
        besides=besides,
    )
    seen: list[DayTimes] = []
    hours = PARTS_OF_DAY.get(part_of_day or "")
    for wish in dict.fromkeys(((until, hours), (until, None), (None, hours), (None, None))):
        found = _days_with(_remembered(source, seen), max(limit, _DAYS_COMPARED), after, *wish, rules.zone)
        if chosen := rank(found, limit):
            return chosen
    return []


def best_time(
    session: Session,
    calendar: Calendar,
    demand: Demand,
    *,
    now: datetime,
    after: datetime,
    until: datetime,
    part_of_day: str,
    besides: Collection[datetime] = (),
) -> tuple[FreeTime, float] | None:
    """The best time within a wish and how badly it fits (see FreeStarts.waste); None: nothing is free.

    ``besides``: starts that are not wanted.
    """
    after = max(_earliest(calendar, demand, now), after)
    first_on = calendar.rules.local_date(after)
    days = (calendar.rules.local_date(until) - first_on).days + 1
    source = read_free_times(
        session, calendar, demand, first_on=first_on, days=max(days, 0), earliest=after, now=now
    )
    hours = PARTS_OF_DAY.get(part_of_day)
    found = _days_with((day for _, day in source), HORIZON_DAYS, after, until, hours, calendar.rules.zone)
    waste = {
        time: waste
        for day in found
        for time, waste in zip(day.times, day.waste, strict=True)
        if time.starts_at not in besides
    }
    if not waste:
        return None
    best = min(waste, key=lambda time: (calendar.rules.local_date(time.starts_at), waste[time], time.start))
    return best, waste[best]


def _earliest(calendar: Calendar, demand: Demand, now: datetime) -> datetime:
    """When the public may come first: not at once, and not before the parts are there."""
    earliest = now + LEAD_TIME
    parts_at = datetime.combine(_parts_day(calendar, demand, now), time(), calendar.rules.zone)
    return max(earliest, parts_at)


def _parts_day(calendar: Calendar, demand: Demand, now: datetime) -> date:
    day, left = calendar.rules.local_date(now), demand.parts_lead_days
    for later in days_from(day + timedelta(days=1), HORIZON_DAYS):
        if left <= 0:
            break
        day, left = later, left - (not calendar.rules.is_closed(later))
    return day


def _remembered(source: Iterator[tuple[date, DayTimes]], seen: list[DayTimes]) -> Iterator[DayTimes]:
    """What was read for an earlier wish, then what is read for the first time."""
    yield from tuple(seen)
    for _, day in source:
        seen.append(_shown(day))
        yield seen[-1]


def _shown(day: DayTimes) -> DayTimes:
    """The times a customer is shown of a day, so that what is recommended is also in the list."""
    shown = set(thin_out(day.times, _LIST_STEP))
    kept = [pair for pair in zip(day.times, day.waste, strict=True) if pair[0] in shown]
    return DayTimes([time for time, _ in kept], [waste for _, waste in kept], day.load)


def _days_with(
    days: Iterable[DayTimes],
    limit: int,
    after: datetime,
    until: datetime | None,
    hours: range | None,
    zone: ZoneInfo,
) -> list[DayTimes]:
    """The first ``limit`` days that have times within the wish, with those times."""
    found: list[DayTimes] = []
    for day in days:
        if until is not None and day.times and day.times[0].starts_at >= until:
            break
        fitting = [
            (span, waste)
            for span, waste in zip(day.times, day.waste, strict=True)
            if span.starts_at >= after
            and (until is None or span.starts_at < until)
            and (hours is None or span.starts_at.astimezone(zone).hour in hours)
        ]
        if fitting:
            found.append(DayTimes(*zip(*fitting, strict=True), load=day.load))
        if len(found) == limit:
            break
    return found


def list_times(
    session: Session,
    calendar: Calendar,
    demand: Demand,
    *,
    now: datetime,
    start_on: date,
    days: int,
    besides: UUID | None = None,
) -> list[tuple[date, list[FreeTime], bool]]:
    """Each day with times to pick from, half an hour apart, and whether it is closed; see suggest_times."""
    rules = calendar.rules
    today = rules.local_date(now)
    asked = days_from(start_on, days)
    offered = [day for day in asked if today <= day < today + timedelta(days=HORIZON_DAYS)]
    free: dict[date, DayTimes] = {}
    if offered:
        free = dict(
            read_free_times(
                session,
                calendar,
                demand,
                first_on=offered[0],
                days=len(offered),
                earliest=_earliest(calendar, demand, now),
                now=now,
                besides=besides,
            )
        )
    return [
        (day, list(_shown(free[day]).times) if day in free else [], rules.is_closed(day)) for day in asked
    ]


def wanted_time(calendar: Calendar, demand: Demand, slot_id: str, *, now: datetime, public: bool) -> FreeTime:
    """The time of a slot id, checked against hours, lead time and horizon, but not yet free for sure.

    Raises Invalid("slot_unknown") for an id never offered for this work and Conflict("slot_past") when it is
    over. Staff is not bound by lead time and horizon.
    """
    decoded = decode_slot(slot_id)
    if decoded is None or decoded[1] != demand.cells:
        raise Invalid("slot_unknown", field="slot_id")
    starts_at = instant_of(decoded[0])
    if starts_at <= now + (LEAD_TIME - GRACE if public else timedelta(0)):
        raise Conflict("slot_past", field="slot_id")
    rules = calendar.rules
    day = rules.local_date(starts_at)
    if public and not (
        _parts_day(calendar, demand, now) <= day < rules.local_date(now) + timedelta(days=HORIZON_DAYS)
    ):
        raise Invalid("slot_unknown", field="slot_id")
    for span in calendar.spans_on(day, demand):
        if span.start == decoded[0]:
            return span
    raise Invalid("slot_unknown", field="slot_id")


def placed_time(calendar: Calendar, demand: Demand, starts_at: datetime, *, now: datetime) -> FreeTime:
    """The time of work that staff begins whenever the workshop is open; breaks and nights interrupt it.

    Raises Conflict outside_hours, or slot_past for a time before today.
    """
    day = calendar.rules.local_date(starts_at)
    if day < calendar.rules.local_date(now):
        raise Conflict("slot_past", field="starts_at")
    start = cell_before(starts_at)
    windows = [window for opened in calendar.windows_from(day).values() for window in opened]
    end = end_of_work(windows, start, demand.cells)
    if end is None or end - start > MAX_SPAN or not any(first <= start < last for first, last in windows):
        raise Conflict("outside_hours", field="starts_at")
    return FreeTime(start, end)
