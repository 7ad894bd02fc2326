"""Learns from how leads ended, and measures whether what it learned is better than the rules (pure).

Logistic regression on the features of features.py, calibrated by Platt's method on predictions for
outcomes it had not seen. Measured on the newest quarter, which nothing was learned from: time does not run
backwards for a workshop either.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean, stdev
from typing import Any

from carbot_app.domains.leads.features import FEATURES, features_of
from carbot_app.domains.leads.probability import Weights, probability_of
from carbot_app.domains.leads.scoring import LeadSignals, score_lead

MIN_OUTCOMES = 150
MIN_OF_EACH = 30
"""Leads that ended, and those of them won or lost, below which rules are the better guess."""
BINS = 5
_HELD_BACK = 0.25
_SURE = 1.645
"""Standard errors: in one of twenty workshops without any pattern the model would wrongly seem better."""
_FOLDS = 5

FEW, NOT_BETTER, USED = "few_outcomes", "not_better", "used"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was known of a lead before it ended, and how it ended."""

    signals: LeadSignals
    won: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Bin:
    """Leads that were given about the same probability, and how many of them were won."""

    expected: float
    """Mean of the probabilities, 0–1."""
    won: int
    count: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned. Brier scores are of the held-back outcomes: 0 is perfect, lower is better."""

    decision: str
    """used, not_better or few_outcomes."""
    sample_size: int
    won: int
    held_back: int = 0
    brier: float | None = None
    rules_brier: float | None = None
    base_brier: float | None = None
    """Of giving every lead the share won so far."""
    bins: tuple[Bin, ...] = ()
    weights: Weights | None = None
    """Of all outcomes; None unless used."""


def learn(outcomes: Sequence[Outcome]) -> Lesson:
    """Train, measure on the newest quarter, decide, and train again with all of them if it is used."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.at)
    won = sum(outcome.won for outcome in ordered)
    if len(ordered) < MIN_OUTCOMES or min(won, len(ordered) - won) < MIN_OF_EACH:
        return Lesson(FEW, len(ordered), won)
    cut = len(ordered) - math.ceil(len(ordered) * _HELD_BACK)
    older, newest = ordered[:cut], ordered[cut:]
    if not _FOLDS <= sum(outcome.won for outcome in older) <= len(older) - _FOLDS:
        return Lesson(FEW, len(ordered), won)
    trained = _train(older)
    predicted = [probability_of(trained, outcome.signals) for outcome in newest]
    by_rule = [score_lead(outcome.signals).score / 100 for outcome in newest]
    base = fmean(outcome.won for outcome in older)
    errors, rule_errors = _errors(predicted, newest), _errors(by_rule, newest)
    base_errors = _errors([base] * len(newest), newest)
    better = _clearly_less(errors, rule_errors) and _clearly_less(errors, base_errors)
    return Lesson(
        decision=USED if better else NOT_BETTER,
        sample_size=len(ordered),
        won=won,
        held_back=len(newest),
        brier=fmean(errors),
        rules_brier=fmean(rule_errors),
        base_brier=fmean(base_errors),
        bins=_bins(predicted, newest),
        weights=_train(ordered) if better else None,
    )


def _train(outcomes: Sequence[Outcome]) -> Weights:
    # Half a second to import, which processes that only score need not spend
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    rows = [features_of(outcome.signals) for outcome in outcomes]
    table = np.array([[row[name] for name in FEATURES] for row in rows])
    ended = np.array([outcome.won for outcome in outcomes], dtype=int)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    unseen: Any = cross_val_predict(
        LogisticRegression(max_iter=1000), table, ended, cv=folds, method="decision_function"
    )
    platt = LogisticRegression(C=1e6, max_iter=1000).fit(unseen.reshape(-1, 1), ended)
    fitted = LogisticRegression(max_iter=1000).fit(table, ended)
    # Predictions that rank unseen outcomes the wrong way round have learned nothing
    stretch = max(float(platt.coef_[0][0]), 0.0)
    return Weights(
        intercept=stretch * float(fitted.intercept_[0]) + float(platt.intercept_[0]),
        slopes={name: stretch * float(slope) for name, slope in zip(FEATURES, fitted.coef_[0], strict=True)},
        usual={name: float(mean) for name, mean in zip(FEATURES, table.mean(axis=0), strict=True)},
    )


def _errors(predicted: Sequence[float], outcomes: Sequence[Outcome]) -> list[float]:
    return [
        (probability - outcome.won) ** 2 for probability, outcome in zip(predicted, outcomes, strict=True)
    ]


def _clearly_less(errors: Sequence[float], others: Sequence[float]) -> bool:
    gains = [other - error for error, other in zip(errors, others, strict=True)]
    return fmean(gains) > _SURE * stdev(gains) / math.sqrt(len(gains))


def _bins(predicted: Sequence[float], outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    pairs = sorted(
        ((probability, outcome.won) for probability, outcome in zip(predicted, outcomes, strict=True)),
        key=lambda pair: pair[0],
    )
    edges = [round(len(pairs) * index / BINS) for index in range(BINS + 1)]
    groups = [pairs[first:last] for first, last in pairwise(edges) if last > first]
    return tuple(
        Bin(fmean(pair[0] for pair in group), sum(pair[1] for pair in group), len(group)) for group in groups
    )
