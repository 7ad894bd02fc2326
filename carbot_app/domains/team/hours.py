"""Opening hours of a workshop (pure): ISO weekday "1".."7" → list of ["07:30", "12:00"]."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby

from babel import Locale

OpeningHours = Mapping[str, Sequence[Sequence[str]]]

_TO = {"de": " bis ", "en": " to ", "tr": " – ", "pl": " do "}
_CLOCK = {"de": " Uhr"}


def describe_week(opening_hours: OpeningHours, language: str) -> list[tuple[str, str]]:
    """Days with the same hours in one line: ``("Mo bis Fr", "7:30 bis 12:00, 12:45 bis 18:00 Uhr")``."""
    days = groupby(range(1, 8), key=lambda day: tuple(map(tuple, opening_hours.get(str(day), ()))))
    return [
        (_span(list(group), language), _times(intervals, language)) for intervals, group in days if intervals
    ]


def _span(days: list[int], language: str) -> str:
    names = Locale.parse(language).days["stand-alone"]["abbreviated"]
    first, last = (names[day - 1].rstrip(".") for day in (days[0], days[-1]))
    return first if first == last else f"{first}{_TO[language]}{last}"


def _times(intervals: tuple[tuple[str, ...], ...], language: str) -> str:
    spans = (_TO[language].join(limit.removeprefix("0") for limit in span) for span in sorted(intervals))
    return ", ".join(spans) + _CLOCK.get(language, "")


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
