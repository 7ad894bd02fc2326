"""Views of what is expected, how well the workshop does, and what its services bring."""

from dataclasses import dataclass
from datetime import date

from carbot_app.domains.analytics.score import Score
from carbot_app.domains.analytics.service_figures import ServiceFigure, Suggestion, Wish
from carbot_app.domains.analytics.steps import NextStep


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The score of the last 30 days, its change against the 30 before, and what to do next.

    ``change`` None: nothing to compare with. ``weights`` are the owner's.
    """

    score: Score
    change: int | None
    steps: tuple[NextStep, ...]
    currency: str


@dataclass(frozen=True, slots=True)
class CapacityWeek:
    """Hours of one week, or of what is left of this one; ``expected`` counts what is booked already.

    ``expected`` None: nothing can be said yet.
    """

    first: date
    last: date
    booked: float
    expected: float | None
    present: float


@dataclass(frozen=True, slots=True)
class CapacityPlan:
    """Six weeks. ``reason`` as in forecast.Forecast, empty when the model speaks."""

    weeks: tuple[CapacityWeek, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ServiceBoard:
    """A year of services. ``decided`` and ``needed`` tell how far prices can be judged."""

    figures: tuple[ServiceFigure, ...]
    wishes: tuple[Wish, ...]
    suggestions: tuple[Suggestion, ...]
    currency: str
    decided: int
    needed: int
