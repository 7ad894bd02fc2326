"""Which reading of an odometer is believed (pure).

Odometers only go up, by at most ``MOST_A_DAY``. Readings that contradict each other cannot all be right:
believed is the set without contradiction that weighs most, where a reading taken from the car itself weighs
more than one that was typed. When two sets weigh the same the earlier readings are believed, so turning an
odometer back does not pay. Nothing is dropped: what is not believed says which reading speaks against it, and
a history with such a reading says so wherever it is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

DIAGNOSTICS, CHECK_IN, ORDER = "diagnostics", "check_in", "order"
WEIGHTS = {DIAGNOSTICS: 3, CHECK_IN: 2, ORDER: 1}
"""Read from the car, read beside the car, copied into the order."""
MOST_A_DAY = 2_000
"""Kilometres; a long-distance lorry with two drivers makes 1,600."""
BELOW, ABOVE = "below", "above"


MOST_KM = 9_999_999
"""More no odometer shows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an odometer said."""

    seq: int
    """Of the entry."""
    on: date
    km: int
    source: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading with what is thought of it."""

    reading: Reading
    doubt: str = ""
    """Empty: believed. ``below`` or ``above`` what ``against`` says."""
    against: Reading | None = None


def judge(readings: Sequence[Reading]) -> tuple[Judged, ...]:
    """Every reading, in the order of days, believed or with the reason why not."""
    ordered = sorted(readings, key=lambda reading: (reading.on, reading.seq))
    believed = _heaviest(ordered)
    return tuple(
        Judged(reading) if reading in believed else _doubted(reading, believed, ordered)
        for reading in ordered
    )


def current(judged: Sequence[Judged]) -> Reading | None:
    """The newest reading that is believed."""
    return next((one.reading for one in reversed(judged) if not one.doubt), None)


def _fits(earlier: Reading, later: Reading) -> bool:
    days = (later.on - earlier.on).days + 1
    return earlier.km <= later.km <= earlier.km + days * MOST_A_DAY


def _heaviest(ordered: Sequence[Reading]) -> list[Reading]:
    best: list[tuple[int, list[Reading]]] = []
    for place, reading in enumerate(ordered):
        weight = WEIGHTS.get(reading.source, 1)
        before: tuple[int, list[Reading]] = (0, [])
        for other in range(place):
            if _fits(ordered[other], reading) and best[other][0] > before[0]:
                before = best[other]
        best.append((before[0] + weight, [*before[1], reading]))
    # max takes the first of equals, which ends earliest
    return max(best, key=lambda pair: pair[0], default=(0, []))[1]


def _doubted(reading: Reading, believed: Sequence[Reading], ordered: Sequence[Reading]) -> Judged:
    place = ordered.index(reading)
    earlier = [one for one in believed if ordered.index(one) < place]
    higher = [one for one in earlier if one.km > reading.km]
    if higher:
        return Judged(reading, BELOW, higher[-1])
    later = [one for one in believed if ordered.index(one) > place]
    return Judged(reading, ABOVE, next(iter(later), earlier[-1] if earlier else None))
