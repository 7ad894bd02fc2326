"""Opening hours in words (pure)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from babel import Locale

Hours = Mapping[str, Sequence[Sequence[str]]]
"""ISO weekday "1".."7" → pairs of ``HH:MM``, as in WorkshopView.opening_hours."""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """``text`` for customers, ``by_day`` ISO weekday → opening and closing times, ``open_now``."""

    text: str
    by_day: tuple[tuple[int, tuple[str, ...]], ...]
    open_now: bool


_WORDS = {
    "de": (" bis ", " und ", " Uhr"),
    "en": (" to ", " and ", ""),
    "tr": [" – ", " ve ", ""],
    "pl": (" do ", " i ", ""),
    "fr": (" à ", " et ", ""),
    "it": (" – ", " e ", ""),
    "nl": (" tot ", " en ", ""),
}


def describe_hours(hours: Hours, language: str, now: datetime) -> OpeningHours:
    """Weekly hours in the reader's language; ``now`` is in the workshop's zone."""
    by_day = tuple(
        (day, tuple(limit for span in hours.get(str(day), ()) for limit in span)) for day in range(1, 8)
    )
    groups = [(times, [day for day, _ in days]) for times, days in groupby(by_day, key=lambda item: item[1])]
    text = ", ".join(_group(days, times, language) for times, days in groups if times)
    return OpeningHours(text=text, by_day=by_day, open_now=is_open(hours, now))


def is_open(hours: Hours, now: datetime) -> bool:
    """Whether the weekly hours include ``now`` (workshop's zone); closures are not looked at."""
    return any(
        time.fromisoformat(opens) <= now.time() < time.fromisoformat(closes)
        for opens, closes in hours.get(str(now.isoweekday()), ())
    )


def _group(days: list[int], times: tuple[str, ...], language: str) -> str:
    names = Locale.parse(language).days["format"]["wide"]
    to, and_, unit = _WORDS[language]
    label = names[days[0] - 1] if len(days) == 1 else f"{names[days[0] - 1]}{to}{names[days[-1] - 1]}"
    spans = [
        f"{_clock(opens)}–{_clock(closes)}" for opens, closes in zip(times[::2], times[1::2], strict=True)
    ]
    return f"{label} {and_.join(spans)}{unit}"


def _clock(text: str) -> str:
    return text.removeprefix("0")
