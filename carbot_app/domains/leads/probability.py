"""A trained model at work: how likely a lead becomes a job, and which part of it says so (pure)."""

import math
from dataclasses import dataclass

from carbot_app.domains.leads.features import FEATURES, GROUPS, features_of, speak
from carbot_app.domains.leads.schemas import Reason
from carbot_app.domains.leads.scoring import HOT, LeadScore, LeadSignals, score_lead, temperature_of

_SHOWN = 5
_FLAT = 1e-6


@dataclass(frozen=True, slots=True)
class Weights:
    """Calibrated logistic regression: log-odds are ``intercept`` plus the sum of slope times feature."""

    intercept: float
    slopes: dict[str, float]
    """Feature → slope; what is missing counts for nothing."""
    usual: dict[str, float]
    """Feature → its mean in the outcomes; a lead is explained by how it differs from the usual one."""


def probability_of(weights: Weights, signals: LeadSignals) -> float:
    """0–1."""
    return _logistic(_log_odds(weights, features_of(signals)))


def score_by(weights: Weights | None, signals: LeadSignals) -> LeadScore:
    """Score with a model; without one, and for what is booked already, by the rules.

    The points of a reason say how much it moves this lead away from the workshop's usual one. Danger makes
    a lead hot whatever was learned: somebody stranded is not a question of statistics.
    """
    if weights is None or signals.booked:
        return score_lead(signals)
    probability = probability_of(weights, signals)
    # Nobody is certain to come, or not to
    score = min(max(round(100 * probability), 1), 99)
    if signals.urgency == "emergency":
        score = max(score, HOT)
    return LeadScore(score, temperature_of(score), tuple(_reasons(weights, signals, probability))[:_SHOWN])


def _reasons(weights: Weights, signals: LeadSignals, probability: float) -> list[Reason]:
    found = features_of(signals)
    moves = {
        group: sum(_slope(weights, name) * (found[name] - weights.usual.get(name, 0.0)) for name in names)
        for group, names in GROUPS.items()
    }
    per_log_odds = 100 * _rise(weights, probability, sum(moves.values()))
    reasons = []
    for group, move in sorted(moves.items(), key=lambda item: -abs(item[1])):
        spoken, points = speak(group, signals), round(move * per_log_odds)
        if points:
            reasons.append(Reason(spoken.code, points, spoken.params))
    return reasons


def _rise(weights: Weights, probability: float, moved: float) -> float:
    """Probability per unit of log-odds between the usual lead and this one."""
    usual = _logistic(_log_odds(weights, weights.usual))
    return usual * (1 - usual) if abs(moved) < _FLAT else (probability - usual) / moved


def _log_odds(weights: Weights, found: dict[str, float]) -> float:
    return weights.intercept + sum(_slope(weights, name) * found.get(name, 0.0) for name in FEATURES)


def _slope(weights: Weights, name: str) -> float:
    return weights.slopes.get(name, 0.0)


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(min(log_odds, 30.0), -30.0)))
