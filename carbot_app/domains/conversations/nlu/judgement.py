"""Settles what rules and classifiers say about one message into the labels of the domain."""

from dataclasses import dataclass

from .features import Observations
from .model import Prediction

_EMERGENCY_AT = 0.3
_DOUBTED_DANGER_AT = 0.2
_REFUSE_AT = 0.35
# Thanks and complaints tell of dangers that are over: they need that much more likelihood.
_LOOKING_BACK = {"positive_feedback": 0.5, "complaint": 0.3}
# Lamps and brakes are never doubted: driving on is unsafe whatever else the message says.
_CERTAIN_DANGERS = frozenset(
    {
        "blinking_mil",
        "red_oil_lamp",
        "red_brake_lamp",
        "red_temperature_lamp",
        "brake_failure",
        "high_voltage_fault",
    }
)
_SECONDARY_AT = 0.25
_DATE_INTENTS = frozenset(
    {"book_appointment", "reschedule_or_cancel", "price_request", "price_negotiation", "emergency_breakdown"}
    | {"accident_insurance", "parts_tyre_availability", "loaner_pickup", "technical_question"}
)
_NO_SERVICE_INTENTS = frozenset({"spam_abuse", "privacy_request", "illegal_request"})
_NOT_ILLEGAL_REQUEST = frozenset({"third_party_data", "attack", "prompt_injection"})


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
    intent, confidence = prediction.best("intent")
    is_emergency = (
        prediction.probabilities["urgency"].get("emergency", 0.0) >= _EMERGENCY_AT or danger is not None
    )
    if refusal_topic is not None:
        is_emergency, danger = False, None
        if refusal_topic == "prompt_injection":
            intent, confidence = "spam_abuse", max(confidence, 0.9)
        elif refusal_topic not in _NOT_ILLEGAL_REQUEST or intent not in ("spam_abuse", "privacy_request"):
            intent, confidence = "illegal_request", max(confidence, 0.9)
    elif is_emergency:
        intent, confidence = "emergency_breakdown", max(confidence, 0.9)
    urgency = "emergency" if is_emergency else _best_other(prediction.probabilities["urgency"], "emergency")
    lead = "hot" if is_emergency else "cold" if refusal_topic else prediction.best("lead")[0]
    return Verdict(
        intent=intent,
        intent_confidence=confidence,
        secondary_intents=_secondary(prediction, intent),
        urgency=urgency,
        lead=lead,
        is_new_business=not refusal_topic
        and (is_emergency or prediction.best("is_new_business")[0] == "True"),
        must_refuse=refusal_topic is not None,
        refusal_topic=refusal_topic,
        handoff_human=is_emergency or (not refusal_topic and prediction.best("handoff_human")[0] == "True"),
        danger=danger or ("breakdown" if is_emergency else None),
        keeps_services=intent not in _NO_SERVICE_INTENTS,
        keeps_date=intent in _DATE_INTENTS,
    )


def _danger(seen: Observations, likelihood: float) -> str | None:
    """The surest danger found by rule; words which also occur in harmless stories need some likelihood."""
    certain = [kind for kind in seen.signals.dangers if kind in _CERTAIN_DANGERS]
    if certain:
        return certain[0]
    return seen.signals.dangers[0] if seen.signals.dangers and likelihood >= _DOUBTED_DANGER_AT else None


def _refusal_topic(seen: Observations, prediction: Prediction) -> str | None:
    if seen.signals.refusals:
        return seen.signals.refusals[0]
    if prediction.probabilities["must_refuse"].get("True", 0.0) >= _REFUSE_AT:
        return "illegal_request"
    return None


def _best_other(probabilities: dict[str, float], excluded: str) -> str:
    return max(
        (label for label in probabilities if label != excluded), key=lambda label: probabilities[label]
    )


def _secondary(prediction: Prediction, intent: str) -> tuple[str, ...]:
    scores = prediction.probabilities["intent"]
    ranked = sorted(scores, key=lambda label: scores[label], reverse=True)
    return tuple(label for label in ranked if label != intent and scores[label] >= _SECONDARY_AT)[:2]
