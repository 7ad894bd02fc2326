"""Which cause comes first for a code, after what the car itself has told (pure).

The usual order of frequent.csv gives the start; each rule of ranking_rules.py whose condition holds moves one
cause and says why. Words stay careful: even "very likely" is a place to look first, never a diagnosis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbot_app.domains.diagnostics.codes.knowledge import causes, reasons
from carbot_app.domains.diagnostics.evidence import Evidence
from carbot_app.domains.diagnostics.ranking_rules import RULES
from carbot_app.domains.diagnostics.words import figures, reader

VERY_LIKELY, LIKELY, POSSIBLE, RARE = "very_likely", "likely", "possible", "rare"
LIKELIHOODS = (VERY_LIKELY, LIKELY, POSSIBLE, RARE)

_FIRST, _STEP = 40, 8
"""Points of the most frequent cause, and how many fewer each of the following has."""
_LEVELS = ((64, VERY_LIKELY), (36, LIKELY), (12, POSSIBLE))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a cause moved: a row of reasons.csv with its readings."""

    rule: str
    params: Mapping[str, Any]

    def text(self, language: str) -> str:
        """The reason in German, or in English for everybody else."""
        spoken = "de" if reader(language) == "de" else "en"
        return reasons()[self.rule][spoken].format(**figures(self.params, spoken))


@dataclass(frozen=True, slots=True)
class RankedCause:
    """A cause at its place."""

    cause: str
    """Row of causes.csv."""
    likelihood: str
    """One of LIKELIHOODS."""
    reasons: tuple[Reason, ...] = ()
    """For and against it, strongest first; empty: it is where experience puts it."""

    @property
    def service(self) -> str:
        """Service of the catalogue that mends it."""
        return causes()[self.cause].service


def rank_causes(code: str, usual: Sequence[str], evidence: Evidence) -> tuple[RankedCause, ...]:
    """The causes of a code, most likely first.

    ``usual`` are the causes in the order of experience. A rule may add one that experience does not list; one
    that only lost points stays, as rare. Equal points keep the usual order.
    """
    points = {cause: _FIRST - _STEP * place for place, cause in enumerate(usual)}
    found: dict[str, list[tuple[int, Reason]]] = {}
    for rule in RULES:
        params = rule.apply(code, evidence)
        if params is None:
            continue
        points[rule.cause] = points.get(rule.cause, 0) + rule.points
        found.setdefault(rule.cause, []).append((rule.points, Reason(rule.key, params)))
    ordered = sorted(points, key=lambda cause: -points[cause])
    return tuple(
        RankedCause(cause, _likelihood(points[cause]), _strongest_first(found.get(cause, ())))
        for cause in ordered
    )


def _strongest_first(found: Sequence[tuple[int, Reason]]) -> tuple[Reason, ...]:
    return tuple(reason for _, reason in sorted(found, key=lambda item: -abs(item[0])))


def _likelihood(points: int) -> str:
    return next((word for least, word in _LEVELS if points >= least), RARE)
