"""Which free times a customer is offered, and whether a chosen one may be had."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from carbot_app.domains.booking.availability import Demand, opening_rules, read_free_times
from carbot_app.domains.booking.slots import (
    HORIZON_DAYS,
    LEAD_TIME,
    FreeTime,
    decode_slot,
    instant_of,
    spans_of_day,
    spread,
    thin_out,
)
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Conflict, Invalid

PARTS_OF_DAY = {"morning": range(12), "afternoon": range(12, 18), "evening": range(16, 24)}
"""Wish → local hours in which the visit may start."""
GRACE = timedelta(minutes=30)
"""An offered slot stays bookable this long while the customer fills in the form."""
_LIST_STEP = 2
"""Cells between two times in a day's list: half an hour."""


def suggest_times(
    session: Session,
    workshop: Workshop,
    demand: Demand,
    *,
    now: datetime,
    after: datetime | None,
    until: datetime | None,
    part_of_day: str | None,
    limit: int,
) -> list[FreeTime]:
    """Up to ``limit`` times, the recommended one first.

    When nothing is free within the wish, the part of the day is given up first, then ``until``.
    """
    zone = ZoneInfo(workshop.timezone)
    earliest = max(now + LEAD_TIME, after) if after else now + LEAD_TIME
    first_on = earliest.astimezone(zone).date()
    days = (now.astimezone(zone).date() + timedelta(days=HORIZON_DAYS) - first_on).days
    source = read_free_times(
        session, workshop, demand, first_on=first_on, days=max(days, 0), earliest=earliest
    )
    seen: list[list[FreeTime]] = []
    hours = PARTS_OF_DAY.get(part_of_day or "")
    for wish in dict.fromkeys(((until, hours), (until, None), (None, hours), (None, None))):
        if chosen := spread(_days_with(_remembered(source, seen), limit, *wish, zone), limit):
            return chosen
    return []


def _remembered(
    source: Iterator[tuple[date, list[FreeTime]]], seen: list[list[FreeTime]]
) -> Iterator[list[FreeTime]]:
    """What was read for an earlier wish, then what is read for the first time."""
    yield from tuple(seen)
    for _, times in source:
        seen.append(times)
        yield times


def _days_with(
    days: Iterable[list[FreeTime]], limit: int, until: datetime | None, hours: range | None, zone: ZoneInfo
) -> list[list[FreeTime]]:
    """The first ``limit`` days that have times within the wish, with those times."""
    found: list[list[FreeTime]] = []
    for times in days:
        if until is not None and times and times[0].starts_at >= until:
            break
        fitting = [
            time
            for time in times
            if (until is None or time.starts_at < until)
            and (hours is None or time.starts_at.astimezone(zone).hour in hours)
        ]
        if fitting:
            found.append(fitting)
        if len(found) == limit:
            break
    return found


def list_times(
    session: Session, workshop: Workshop, demand: Demand, *, now: datetime, start_on: date, days: int
) -> list[tuple[date, list[FreeTime], bool]]:
    """Each day with times to pick from, half an hour apart, and whether it is closed."""
    rules = opening_rules(session, workshop)
    today = rules.local_date(now)
    asked = [start_on + timedelta(days=number) for number in range(days)]
    offered = [day for day in asked if today <= day < today + timedelta(days=HORIZON_DAYS)]
    free: dict[date, list[FreeTime]] = {}
    if offered:
        free = dict(
            read_free_times(
                session, workshop, demand, first_on=offered[0], days=len(offered), earliest=now + LEAD_TIME
            )
        )
    return [(day, thin_out(free.get(day, []), _LIST_STEP), rules.is_closed(day)) for day in asked]


def wanted_time(
    session: Session, workshop: Workshop, demand: Demand, slot_id: str, *, now: datetime, public: bool
) -> FreeTime:
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
    rules = opening_rules(session, workshop)
    day = rules.local_date(starts_at)
    if public and day >= rules.local_date(now) + timedelta(days=HORIZON_DAYS):
        raise Invalid("slot_unknown", field="slot_id")
    for time in spans_of_day(rules.windows_on(day), demand.cells):
        if time.start == decoded[0]:
            return time
    raise Invalid("slot_unknown", field="slot_id")
