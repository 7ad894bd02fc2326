"""The performance score of a workshop: six measured parts, weighed as its owner likes (pure).

Every part is measured over the same days as the figures of the dashboard and turned into 0 to 100 points by
its scale below, straight between its rungs. A part with too little to measure is left out, and said to be;
the others then count for its weight too. Nothing but the workshop's own figures goes in.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from carbot_app.kit.errors import Invalid

RESPONSE, CONVERSION, UTILISATION = "response", "conversion", "utilisation"
PUNCTUALITY, SATISFACTION, MARGIN = "punctuality", "satisfaction", "margin"
PARTS = (RESPONSE, CONVERSION, UTILISATION, PUNCTUALITY, SATISFACTION, MARGIN)
USUAL_WEIGHTS: Mapping[str, int] = {
    RESPONSE: 20, CONVERSION: 20, UTILISATION: 20, PUNCTUALITY: 15, SATISFACTION: 15, MARGIN: 10,
}  # fmt: skip
HEAVIEST = 100
_LEAST_KNOWN = 0.4
"""Share of the weight that has to be measured before there is a score at all."""

SCALES: Mapping[str, tuple[tuple[float, float], ...]] = {
    # Seconds to the first answer: in a chat a minute is at once, after a day they have called somebody else
    RESPONSE: ((60, 100), (300, 90), (1_800, 70), (7_200, 45), (28_800, 20), (86_400, 0)),
    # Percent of the leads that became a visit
    CONVERSION: ((0, 0), (20, 40), (40, 75), (60, 100)),
    # Percent of the technicians' time; beyond 95 the day has no air for what goes wrong
    UTILISATION: ((0, 0), (50, 50), (70, 80), (85, 100), (95, 100), (110, 80), (140, 40)),
    # Percent of the cars that were ready when promised
    PUNCTUALITY: ((50, 0), (80, 50), (95, 90), (100, 100)),
    # Stars, mean
    SATISFACTION: ((3, 0), (4, 50), (4.5, 80), (5, 100)),
    # Percent of the net price of finished jobs that is left after their parts
    MARGIN: ((0, 0), (20, 30), (40, 70), (60, 100)),
}
FEWEST: Mapping[str, int] = {
    RESPONSE: 5, CONVERSION: 10, UTILISATION: 1, PUNCTUALITY: 5, SATISFACTION: 5, MARGIN: 5,
}  # fmt: skip
"""Of what a part is measured from: answers, leads, minutes present, promised cars, ratings, jobs."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A part's figure and from how many of FEWEST it comes; ``value`` None: there are none."""

    value: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """``points`` None: too little to measure. ``weight`` is the owner's."""

    code: str
    value: float | None
    count: int
    points: int | None
    weight: int


@dataclass(frozen=True, slots=True)
class Score:
    """``points`` 0 to 100; None: too little of what counts could be measured."""

    points: int | None
    parts: tuple[Part, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Parts that would count and could not be measured."""
        return tuple(part.code for part in self.parts if part.points is None and part.weight)


def judge(measured: Mapping[str, Measured], weights: Mapping[str, int]) -> Score:
    """The score of what was measured."""
    parts = tuple(_part(code, measured.get(code, Measured(None, 0)), weights) for code in PARTS)
    known = [(part.points, part.weight) for part in parts if part.points is not None and part.weight]
    total = sum(weight for _, weight in known)
    enough = total and total >= _LEAST_KNOWN * sum(part.weight for part in parts)
    points = round(sum(points * weight for points, weight in known) / total) if enough else None
    return Score(points, parts)


def change(now: Score, before: Score) -> int | None:
    """Points gained over the parts both know, so that a part newly measured moves nothing by itself."""
    known = {part.code: part.points for part in before.parts if part.points is not None}
    both = [
        (part.points, known[part.code], part.weight)
        for part in now.parts
        if part.points is not None and part.code in known and part.weight
    ]
    total = sum(weight for *_, weight in both)
    if not total:
        return None
    return round(sum((later - sooner) * weight for later, sooner, weight in both) / total)


def check_weights(weights: Mapping[str, int]) -> dict[str, int]:
    """Weights of all parts.

    Raises:
        Invalid: ``score_weights_invalid`` for one beyond 0 to 100, ``score_weights_empty`` when none counts.
    """
    checked = {code: weights.get(code, USUAL_WEIGHTS[code]) for code in PARTS}
    for code, weight in checked.items():
        if not 0 <= weight <= HEAVIEST:
            raise Invalid("score_weights_invalid", field=code)
    if not any(checked.values()):
        raise Invalid("score_weights_empty", field=PARTS[0])
    return checked


def points_on(scale: Sequence[tuple[float, float]], value: float) -> int:
    """Points of a value, between the rungs beside it; beyond the ends as at them."""
    if math.isnan(value):
        raise ValueError("a figure that is none has no points")
    first, last = scale[0], scale[-1]
    if value <= first[0]:
        return round(first[1])
    for (low, low_points), (high, high_points) in pairwise(scale):
        if value <= high:
            return round(low_points + (high_points - low_points) * (value - low) / (high - low))
    return round(last[1])


def _part(code: str, found: Measured, weights: Mapping[str, int]) -> Part:
    enough = found.value is not None and found.count >= FEWEST[code]
    points = points_on(SCALES[code], found.value) if enough and found.value is not None else None
    return Part(code, found.value, found.count, points, weights.get(code, USUAL_WEIGHTS[code]))
