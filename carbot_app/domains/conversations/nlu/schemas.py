"""What the analyser returns: one frozen record per message."""

from dataclasses import dataclass, field
from datetime import datetime

INTENTS = (
    "book_appointment", "reschedule_or_cancel", "price_request", "price_negotiation", "emergency_breakdown",
    "technical_question", "order_status", "complaint", "billing_question", "accident_insurance",
    "parts_tyre_availability", "loaner_pickup", "general_info", "privacy_request", "positive_feedback",
    "spam_abuse", "illegal_request", "other",
)  # fmt: skip
URGENCIES = ("emergency", "high", "normal", "low")
LEADS = ("hot", "warm", "cold")


@dataclass(frozen=True, slots=True)
class DesiredDate:
    """When the customer wants to come: `text` as written, both ends aware in the workshop's zone.

    Day-granular wishes start at 00:00 and `to` is 00:00 of the last day meant (inclusive); with a clock
    time both ends are that time. `to` is None when the end is open ("as soon as possible").
    """

    text: str
    from_: datetime
    to: datetime | None


@dataclass(frozen=True, slots=True)
class Entities:
    """Facts stated in the message. `services` are catalogue groups ("SAF-BRK"), `phone` is E.164."""

    plate: str | None = None
    plates: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    make: str | None = None
    model: str | None = None
    year: int | None = None
    fuel: str | None = None
    km: int | None = None
    vin: str | None = None
    desired_date: DesiredDate | None = None
    part_of_day: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    money_cents: int | None = None


@dataclass(frozen=True, slots=True)
class MessageAnalysis:
    """Everything the assistant knows about one message before it answers.

    `danger` names the kind of danger ("brake_failure", "red_oil_lamp", ...) when driving on is unsafe;
    `refusal_topic` the kind of illegal request. Confidences are 0..1.
    """

    language: str
    language_confidence: float
    intent: str
    secondary_intents: tuple[str, ...]
    intent_confidence: float
    urgency: str
    lead: str
    is_new_business: bool
    must_refuse: bool
    refusal_topic: str | None
    handoff_human: bool
    danger: str | None
    entities: Entities = field(default_factory=Entities)
