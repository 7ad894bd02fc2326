"""How likely a conversation becomes a job by rule, with the reasons in words (pure).

Points, each with its cause, so that staff can see why a lead is hot. From 75 a lead is hot, from 45 warm.
A workshop with enough outcomes has a model instead, see probability.py.
"""

from dataclasses import dataclass

from carbot_app.domains.leads.schemas import Reason

HOT = 75
WARM = 45

_INTENT_POINTS = {
    "emergency_breakdown": 40,
    "book_appointment": 28,
    "accident_insurance": 30,
    "price_request": 20,
    "parts_tyre_availability": 22,
    "price_negotiation": 20,
    "technical_question": 18,
    "loaner_pickup": 6,
    "reschedule_or_cancel": 4,
    "general_info": 4,
}
SAFETY_SERVICES = ("SAF-BRK", "TRN-STE", "TRN-SUS")
_FLOOR = {"hot": HOT, "warm": WARM, "cold": 0}
_CEILING = {"hot": 100, "warm": HOT - 1, "cold": WARM - 1}


@dataclass(frozen=True, slots=True)
class LeadSignals:
    """What is known about a conversation so far; unknown fields keep their defaults."""

    intents: tuple[str, ...] = ()
    urgency: str = "normal"
    lead_class: str = "cold"
    """hot, warm or cold as the message itself was read."""
    service_codes: tuple[str, ...] = ()
    value_cents: int = 0
    has_plate: bool = False
    has_vehicle: bool = False
    has_contact: bool = False
    has_desired_date: bool = False
    returning_customer: bool = False
    booked: bool = False
    channel: str = "chat"
    hour: int | None = None
    """Of the workshop's day when the customer first wrote."""
    weekday: int | None = None
    """1 is Monday."""
    vehicle_age: int | None = None
    """Years."""


@dataclass(frozen=True, slots=True)
class LeadScore:
    """0–100 with its class and causes, strongest first."""

    score: int
    temperature: str
    reasons: tuple[Reason, ...]


def score_lead(signals: LeadSignals) -> LeadScore:
    """Score a conversation. The message's own class bounds the result; a booking is always hot."""
    reasons = sorted(_reasons(signals), key=lambda reason: -reason.points)
    points = min(sum(reason.points for reason in reasons), 100)
    lead_class = "hot" if signals.booked or signals.urgency == "emergency" else signals.lead_class
    score = max(_FLOOR[lead_class], min(points, _CEILING[lead_class]))
    if signals.booked:
        score = max(score, 85)
    return LeadScore(score=score, temperature=temperature_of(score), reasons=tuple(reasons[:5]))


def temperature_of(score: int) -> str:
    """hot, warm or cold."""
    if score >= HOT:
        return "hot"
    return "warm" if score >= WARM else "cold"


def strongest_intent(intents: tuple[str, ...]) -> str:
    """The intent that is most likely to become a job; ``other`` when none of them is about one."""
    known = [intent for intent in intents if intent in _INTENT_POINTS]
    return max(known, key=_INTENT_POINTS.__getitem__, default="other")


def _reasons(signals: LeadSignals) -> list[Reason]:
    found: list[Reason] = []

    def add(code: str, points: int, **params: object) -> None:
        if points:
            found.append(Reason(code=code, points=points, params=params))

    strongest = strongest_intent(signals.intents)
    concerns_safety = any(code.startswith(SAFETY_SERVICES) for code in signals.service_codes)
    if signals.booked:
        add("booked", 40)
    else:
        add(f"intent_{strongest}", _INTENT_POINTS.get(strongest, 0))
    if signals.urgency == "emergency":
        add("emergency", 35)
    elif signals.urgency == "high":
        add("urgent", 6 if concerns_safety else 12)
    if concerns_safety:
        add("safety", 14)
    if signals.has_desired_date:
        add("date_named", 16)
    add("value", min(15, signals.value_cents // 3_000), cents=signals.value_cents)
    if signals.has_plate:
        add("plate_named", 6)
    elif signals.has_vehicle:
        add("vehicle_named", 4)
    if signals.has_contact:
        add("contact_given", 9)
    if signals.returning_customer:
        add("returning", 8)
    return found
