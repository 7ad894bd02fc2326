"""Settles what rules and classifiers say about one message into the labels of the domain."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from .conventions import CONVENTIONS, settle_intents
from .features import Observations
from .model import Prediction

_EMERGENCY_AT = 0.7
_REFUSE_AT = 0.42
# Thanks tell of dangers that are over: they need that much more likelihood.
_THANKFUL_AT = 0.5
_TIME_BEATS_PRICE_AT = 0.1
_SECONDARY_AT = 0.25
_DATE_INTENTS = frozenset(
    {"book_appointment", "reschedule_or_cancel", "price_request", "price_negotiation", "emergency_breakdown"}
    | {"accident_insurance", "parts_tyre_availability", "loaner_pickup"}
)
_NO_SERVICE_INTENTS = frozenset(
    {"spam_abuse", "privacy_request", "positive_feedback", "general_info", "billing_question", "other"}
)
_TODAY_IS_URGENT = frozenset({"book_appointment", "reschedule_or_cancel", "loaner_pickup"})
_FOR_STAFF = frozenset({"human", "callback", "job", "lost"})
_NOT_ILLEGAL_REQUEST = frozenset({"attack", "prompt_injection"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The labels of one message."""

    intent: str
    intent_confidence: float
    secondary_intents: tuple[str, ...]
    urgency: str
    lead: str
    is_new_business: bool
    must_refuse: bool
    refusal_topic: str | None
    handoff_human: bool
    danger: str | None
    keeps_services: bool
    keeps_date: bool


def judge(seen: Observations, prediction: Prediction) -> Verdict:
    """Danger and illegal requests by rule or classifier, everything else by the classifiers."""
    refusal_topic = _refusal_topic(seen, prediction)
    danger = seen.signals.dangers[0] if seen.signals.dangers else None
    intents = settle_intents(prediction.probabilities, names_service=bool(seen.signals.services))
    intent = max(intents, key=lambda label: intents[label])
    confidence = intents[intent]
    if intent == "parts_tyre_availability" and seen.dates.desired and "mounting" in seen.signals.concepts:
        intent = "book_appointment"
    if (
        intent == "price_request"
        and _wants_a_time(seen)
        and intents["book_appointment"] >= _TIME_BEATS_PRICE_AT
    ):
        intent = "book_appointment"
    is_emergency = (
        danger is not None
        or prediction.probabilities["urgency"].get("emergency", 0.0) + intents["emergency_breakdown"]
        >= _EMERGENCY_AT  # two classifiers that were taught differently
    ) and not _is_over(seen, prediction)
    if not is_emergency:
        danger = None
    if refusal_topic is not None:
        is_emergency, danger = False, None
        if refusal_topic == "prompt_injection":
            intent, confidence = "spam_abuse", max(confidence, 0.9)
        elif refusal_topic not in _NOT_ILLEGAL_REQUEST or intent not in ("spam_abuse", "privacy_request"):
            intent, confidence = "illegal_request", max(confidence, 0.9)
    elif is_emergency:
        intent, confidence = "emergency_breakdown", max(confidence, 0.9)
    convention = CONVENTIONS[intent]
    urgency = _urgency(seen, prediction, intent)
    lead = _likeliest(prediction.probabilities["lead"], convention.leads)
    return Verdict(
        intent=intent,
        intent_confidence=confidence,
        secondary_intents=_secondary(intents, intent, refusal_topic),
        urgency=urgency,
        lead=lead,
        is_new_business=lead != "cold",
        must_refuse=refusal_topic is not None,
        refusal_topic=refusal_topic,
        handoff_human=_needs_human(seen, prediction, convention.handoff),
        danger=danger or ("breakdown" if is_emergency else None),
        keeps_services=intent not in _NO_SERVICE_INTENTS,
        keeps_date=intent in _DATE_INTENTS,
    )


def _wants_a_time(seen: Observations) -> bool:
    """Whether a day to come is named: who asks for a price and a day wants the day."""
    return seen.dates.desired is not None and not any(span.is_past for span in seen.dates.spans)


def _is_over(seen: Observations, prediction: Prediction) -> bool:
    """Whether a message of thanks merely remembers a danger or plays with its words."""
    return (
        "grateful" in seen.signals.concepts
        and prediction.probabilities["intent"].get("positive_feedback", 0.0) >= _THANKFUL_AT
    )


def _needs_human(seen: Observations, prediction: Prediction, usual: bool | None) -> bool:
    """By convention of the intent; where that is open, who asks for a person or concerns the staff."""
    if usual is not None:
        return usual
    return not seen.signals.concepts.isdisjoint(_FOR_STAFF) or prediction.best("handoff_human")[0] == "True"


def _likeliest(scores: Mapping[str, float], allowed: Collection[str]) -> str:
    return max(sorted(allowed), key=lambda label: scores.get(label, 0.0))


def _refusal_topic(seen: Observations, prediction: Prediction) -> str | None:
    if seen.signals.refusals:
        return seen.signals.refusals[0]
    likelihood = prediction.probabilities["must_refuse"].get("True", 0.0)
    # Somebody in danger is helped even where the wording reminds of an illegal wish.
    outweighed = bool(seen.signals.dangers) or likelihood < prediction.probabilities["urgency"].get(
        "emergency", 0.0
    )
    return "illegal_request" if likelihood >= _REFUSE_AT and not outweighed else None


def _urgency(seen: Observations, prediction: Prediction, intent: str) -> str:
    allowed = CONVENTIONS[intent].urgencies
    if "no_hurry" in seen.signals.concepts and "low" in allowed:
        return "low"
    if intent in _TODAY_IS_URGENT and _within_a_day(seen, intent):
        return "high"
    if (
        intent == "book_appointment"
        and "overdue" in seen.signals.concepts
        and "SAF-HUA" in seen.signals.services
    ):
        return "high"
    return _likeliest(prediction.probabilities["urgency"], allowed)


def _within_a_day(seen: Observations, intent: str) -> bool:
    """Needed today; or an appointment of today or tomorrow is to be moved."""
    wish = seen.dates.desired
    if wish and wish.to and wish.to.date() == seen.today:
        return True
    soon = (seen.today, seen.today + timedelta(days=1))
    return intent == "reschedule_or_cancel" and any(
        span.from_on in soon and span.to_on in soon and not span.is_past for span in seen.dates.spans
    )


def _secondary(scores: Mapping[str, float], intent: str, refusal_topic: str | None) -> tuple[str, ...]:
    ranked = sorted(scores, key=lambda label: scores[label], reverse=True)
    found = [label for label in ranked if label != intent and scores[label] >= _SECONDARY_AT]
    if refusal_topic == "third_party_data":
        found = ["privacy_request", *found]
    return tuple(dict.fromkeys(found))[:2]
