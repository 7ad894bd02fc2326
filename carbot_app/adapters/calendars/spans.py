"""Busy times out of calendar data: time zones, whole days, series."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import recurring_ical_events
from icalendar import Calendar

from carbot_app.domains.calendars.ports import Span, Window

MAX_SPANS = 200
"""Of one series: more than two a day for 90 days block no more than these."""
_TOO_DENSE = {"SECONDLY", "MINUTELY", "HOURLY"}


def instant_of(value: date | datetime, zone: ZoneInfo) -> datetime:
    """The instant in UTC; a day begins at midnight of ``zone``, a time without a zone is one of ``zone``."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), zone)
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def zone_named(name: str, default: ZoneInfo) -> ZoneInfo:
    """A zone by its IANA name, ``default`` for every other name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return default


def cut(starts_at: datetime, ends_at: datetime, window: Window) -> tuple[Span, ...]:
    """The part within the window, if any."""
    start, end = max(starts_at, window.starts_at), min(ends_at, window.ends_at)
    return (Span(start, end),) if start < end else ()


def busy_spans(calendar: Calendar, window: Window) -> tuple[Span, ...]:
    """The busy times of all events in it, series written out, within the window.

    Raises ValueError and the like for what is no calendar.
    """
    for event in calendar.walk("VEVENT"):
        if _is_too_dense(event.get("RRULE")):
            # Nobody has such an appointment; written out it would only cost us memory.
            del event["RRULE"]
    found: dict[Span, None] = {}
    occurrences = recurring_ical_events.of(calendar).after(window.starts_at)
    for event in islice(occurrences, MAX_SPANS * 2):
        start, end = ends_of(event, window.zone)
        if start >= window.ends_at or len(found) >= MAX_SPANS:
            break
        if _blocks(event):
            found.update(dict.fromkeys(cut(start, end, window)))
    return tuple(found)


def ends_of(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end of a VEVENT (RFC 5545: without end a day lasts a day, a time lasts no time)."""
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
    elif "DURATION" in event:
        end = start + event["DURATION"].dt
    else:
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    first, last = instant_of(start, zone), instant_of(end, zone)
    if first >= last and end > start:
        # Written out into the hour that a night in March does not have.
        last = first + (end.replace(tzinfo=None) - start.replace(tzinfo=None))
    return first, last


def _blocks(event: Any) -> bool:
    return str(event.get("TRANSP", "")).upper() != "TRANSPARENT" and str(
        event.get("STATUS", "")
    ).upper() not in {"CANCELLED"}


def _is_too_dense(rules: Any) -> bool:
    listed = rules if isinstance(rules, list) else [rules] if rules else []
    return any(str(freq).upper() in _TOO_DENSE for rule in listed for freq in rule.get("FREQ", []))
