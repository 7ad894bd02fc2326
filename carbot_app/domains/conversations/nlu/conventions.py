"""The label conventions of the domain: which urgency, lead and hand-over go with which intent.

Four classifiers judge a message separately; read together they correct each other, because most combinations
do not exist (an order's status is never a hot lead).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

_WEIGHT = 0.2  # of the other classifiers beside the intent's own; by cross-validation
_DOUBT = 0.05
_WITHOUT_SERVICE = frozenset({"other", "spam_abuse", "privacy_request"})
_WITH_SERVICE = 0.5


@dataclass(frozen=True, slots=True)
class Convention:
    """The labels an intent may carry; `handoff` None: it depends on the message."""

    urgencies: frozenset[str]
    leads: frozenset[str]
    handoff: bool | None


def _convention(urgencies: str, leads: str, handoff: bool | None) -> Convention:
    return Convention(frozenset(urgencies.split()), frozenset(leads.split()), handoff)


CONVENTIONS = {
    "book_appointment": _convention("high normal low", "hot", False),
    "reschedule_or_cancel": _convention("high normal low", "cold", False),
    "price_request": _convention("normal low", "warm hot", False),
    "price_negotiation": _convention("normal", "warm hot", True),
    "emergency_breakdown": _convention("emergency", "hot", True),
    "technical_question": _convention("high normal low", "warm cold", False),
    "order_status": _convention("high normal", "cold", True),
    "complaint": _convention("high normal", "cold", True),
    "billing_question": _convention("high normal", "cold", None),
    "accident_insurance": _convention("high normal", "hot warm cold", None),
    "parts_tyre_availability": _convention("normal", "warm hot", True),
    "loaner_pickup": _convention("high normal low", "hot warm cold", None),
    "general_info": _convention("low", "cold warm", False),
    "privacy_request": _convention("normal low", "cold", True),
    "positive_feedback": _convention("low", "cold", False),
    "spam_abuse": _convention("low", "cold", False),
    "illegal_request": _convention("low", "cold", False),
    "other": _convention("low normal", "cold warm", None),
}


def settle_intents(
    probabilities: Mapping[str, Mapping[str, float]], *, names_service: bool
) -> dict[str, float]:
    """Probability of every intent after the other classifiers were heard.

    Who names work for the workshop (`names_service`) hardly ever means small talk.
    """
    scores: dict[str, float] = {}
    for intent, share in probabilities["intent"].items():
        convention = CONVENTIONS[intent]
        support = [
            sum(probabilities["urgency"].get(label, 0.0) for label in convention.urgencies),
            sum(probabilities["lead"].get(label, 0.0) for label in convention.leads),
        ]
        if convention.handoff is not None:
            support.append(probabilities["handoff_human"].get(str(convention.handoff), 0.0))
        scores[intent] = log(
            share * (_WITH_SERVICE if names_service and intent in _WITHOUT_SERVICE else 1) + 1e-9
        ) + _WEIGHT * sum(log(part + _DOUBT) for part in support) * 3 / len(support)
    best = max(scores.values())
    shares = {intent: exp(score - best) for intent, score in scores.items()}
    total = sum(shares.values())
    return {intent: share / total for intent, share in shares.items()}
