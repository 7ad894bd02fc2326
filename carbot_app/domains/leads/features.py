"""What a model sees of a lead, and how each part of it is said (pure).

Few features that a person can read. Each belongs to a group; a group is one reason in words, whatever its
features say, so that the points of all reasons add up to the score.
"""

import math
from dataclasses import dataclass
from typing import Any

from carbot_app.domains.leads.scoring import SAFETY_SERVICES, LeadSignals, strongest_intent

VERSION = 1
"""Counts up when a feature changes its meaning: models trained before are not used any more."""
GROUPS: dict[str, tuple[str, ...]] = {
    "need": ("need_appointment", "need_breakdown", "need_price", "need_advice"),
    "readiness": ("sounds_ready", "only_asks"),
    "urgency": ("urgent", "safety"),
    "date": ("date_named",),
    "value": ("value",),
    "vehicle": ("plate_named", "vehicle_named", "old_vehicle"),
    "contact": ("contact_given",),
    "history": ("returning",),
    "channel": ("by_mail", "by_message", "by_phone"),
    "time": ("evening", "night", "weekend"),
}
FEATURES = tuple(name for names in GROUPS.values() for name in names)
_NEEDS = {
    "need_appointment": {"book_appointment"},
    "need_breakdown": {"emergency_breakdown", "accident_insurance"},
    "need_price": {"price_request", "price_negotiation"},
    "need_advice": {"technical_question", "parts_tyre_availability"},
}
CHANNELS = ("chat", "mail", "sms", "whatsapp", "call")
_CHANNELS = {"by_mail": {"mail"}, "by_message": {"sms", "whatsapp"}, "by_phone": {"call"}}
_HUNDRED_EUROS = 10_000
_MOST_CENTS = 300_000
_OLD_YEARS = 12
_EVENING, _NIGHT_FROM, _NIGHT_UNTIL = 18, 22, 6
_SATURDAY = 6


@dataclass(frozen=True, slots=True)
class Spoken:
    """A group in words: ``leads.reason_<code>`` filled with ``params``."""

    code: str
    params: dict[str, Any]


def features_of(signals: LeadSignals) -> dict[str, float]:
    """One number per feature: 0 or 1, and the value as the logarithm of hundreds of euros."""
    intent = strongest_intent(signals.intents)
    part_of_day = _part_of_day(signals)
    true = {
        **{name: intent in intents for name, intents in _NEEDS.items()},
        **{name: signals.channel in channels for name, channels in _CHANNELS.items()},
        "sounds_ready": signals.lead_class == "hot",
        "only_asks": signals.lead_class == "cold",
        "urgent": signals.urgency in {"high", "emergency"},
        "safety": _concerns_safety(signals),
        "date_named": signals.has_desired_date,
        "plate_named": signals.has_plate,
        "vehicle_named": signals.has_plate or signals.has_vehicle,
        "old_vehicle": (signals.vehicle_age or 0) >= _OLD_YEARS,
        "contact_given": signals.has_contact,
        "returning": signals.returning_customer,
        "evening": part_of_day == "evening",
        "night": part_of_day == "night",
        "weekend": (signals.weekday or 0) >= _SATURDAY,
    }
    value = math.log1p(min(max(signals.value_cents, 0), _MOST_CENTS) / _HUNDRED_EUROS)
    return {name: value if name == "value" else float(true[name]) for name in FEATURES}


def speak(group: str, signals: LeadSignals) -> Spoken:
    """What a group says about this lead."""
    if group == "need":
        intent = strongest_intent(signals.intents)
        return Spoken("need_unclear" if intent == "other" else f"intent_{intent}", {})
    if group == "value":
        known = signals.value_cents > 0
        return Spoken("value", {"cents": signals.value_cents}) if known else Spoken("value_unknown", {})
    codes = {
        "readiness": {"hot": "sounds_ready", "cold": "only_asks"}.get(signals.lead_class, "interested"),
        "urgency": _urgency(signals),
        "date": "date_named" if signals.has_desired_date else "no_date",
        "vehicle": _vehicle(signals),
        "contact": "contact_given" if signals.has_contact else "no_contact",
        "history": "returning" if signals.returning_customer else "first_time",
        "channel": f"channel_{signals.channel if signals.channel in CHANNELS else 'chat'}",
        "time": _time(signals),
    }
    return Spoken(codes[group], {})


def _urgency(signals: LeadSignals) -> str:
    if signals.urgency == "emergency":
        return "emergency"
    if _concerns_safety(signals):
        return "safety"
    return "urgent" if signals.urgency == "high" else "not_urgent"


def _vehicle(signals: LeadSignals) -> str:
    if signals.has_plate:
        return "plate_named"
    return "vehicle_named" if signals.has_vehicle else "no_vehicle"


def _time(signals: LeadSignals) -> str:
    if (signals.weekday or 0) >= _SATURDAY:
        return "time_weekend"
    return f"time_{_part_of_day(signals)}"


def _part_of_day(signals: LeadSignals) -> str:
    hour = signals.hour
    if hour is None:
        return "day"
    if hour >= _NIGHT_FROM or hour < _NIGHT_UNTIL:
        return "night"
    return "evening" if hour >= _EVENING else "day"


def _concerns_safety(signals: LeadSignals) -> bool:
    return any(code.startswith(SAFETY_SERVICES) for code in signals.service_codes)
