"""Opening hours of a workshop (pure): ISO weekday "1".."7" → list of ["07:30", "12:00"]."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

OpeningHours = Mapping[str, Sequence[Sequence[str]]]


def intervals_on(opening_hours: OpeningHours, day: date) -> list[tuple[time, time]]:
    """Open intervals of a weekday in the workshop's own time, in order; empty when closed."""
    intervals = opening_hours.get(str(day.isoweekday()), ())
    return sorted((time.fromisoformat(start), time.fromisoformat(end)) for start, end in intervals)


def working_minutes(opening_hours: OpeningHours, day: date) -> int:
    """Minutes the workshop is open on a day, holidays not considered."""
    return sum(
        (end.hour - start.hour) * 60 + end.minute - start.minute
        for start, end in intervals_on(opening_hours, day)
    )


def is_open(opening_hours: OpeningHours, local: datetime) -> bool:
    """Whether ``local``, an instant in the workshop's own time, falls into the opening hours."""
    return any(start <= local.time() < end for start, end in intervals_on(opening_hours, local.date()))
