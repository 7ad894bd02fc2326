"""The words automations are made of: what may happen, what may be asked, what may be done."""

from collections.abc import Mapping
from dataclasses import dataclass

from carbot_app.domains.customers.consents import OFFERS, REVIEW
from carbot_app.kit.languages import LANGUAGES

HOUR, DAY = 60, 24 * 60
LONGEST_DELAY = 90 * DAY


@dataclass(frozen=True, slots=True)
class Trigger:
    """``kinds``: outbox events that may be it; ``delay``: minutes offered first, 0 at once."""

    kinds: tuple[str, ...]
    delay: int = 0
    needs_delay: bool = False
    """It is about something that did not happen in time."""


TRIGGERS: Mapping[str, Trigger] = {
    "message": Trigger(("conversation.changed",)),
    "unanswered": Trigger(("conversation.changed",), HOUR, needs_delay=True),
    "quiet_customer": Trigger(("conversation.changed",), DAY, needs_delay=True),
    "lead_created": Trigger(("lead.created",)),
    "lead_hot": Trigger(("lead.created", "lead.changed")),
    "lead_lost": Trigger(("lead.lost",)),
    "handover": Trigger(("handover.requested",)),
    "assigned": Trigger(("conversation.assigned",)),
    "booked": Trigger(("appointment.booked",)),
    "cancelled": Trigger(("appointment.cancelled",)),
    "missed": Trigger(("appointment.changed",)),
    "picked_up": Trigger(("appointment.changed",), DAY),
    "declined_due": Trigger(("declined.due",)),
}
EVENT_KINDS = frozenset(kind for trigger in TRIGGERS.values() for kind in trigger.kinds)

CHOICE, NUMBER, CLOCK = "choice", "number", "clock"
OPERATORS: Mapping[str, tuple[str, ...]] = {
    CHOICE: ("is", "is_not"),
    NUMBER: ("at_least", "at_most"),
    CLOCK: ("after", "before"),
}
_YES_NO = ("yes", "no")
INTENTS = (
    "book_appointment", "reschedule_or_cancel", "price_request", "price_negotiation",
    "emergency_breakdown", "technical_question", "order_status", "complaint", "billing_question",
    "accident_insurance", "parts_tyre_availability", "loaner_pickup", "general_info", "privacy_request",
    "positive_feedback", "spam_abuse", "illegal_request", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """Something a condition can ask; ``options`` of a choice."""

    kind: str
    options: tuple[str, ...] = ()


FIELDS: Mapping[str, Field] = {
    "temperature": Field(CHOICE, ("hot", "warm", "cold")),
    "score": Field(NUMBER),
    "value": Field(NUMBER),
    "intent": Field(CHOICE, INTENTS),
    "urgency": Field(CHOICE, ("emergency", "high", "normal", "low")),
    "stage": Field(CHOICE, ("open", "booked", "won", "lost")),
    "channel": Field(CHOICE, ("chat", "booking", "mail", "sms", "whatsapp", "call")),
    "language": Field(CHOICE, LANGUAGES),
    "customer": Field(CHOICE, ("known", "new")),
    "consent": Field(CHOICE, (REVIEW, OFFERS)),
    "assigned": Field(CHOICE, _YES_NO),
    "opening": Field(CHOICE, ("open", "closed")),
    "weekday": Field(CHOICE, ("1", "2", "3", "4", "5", "6", "7")),
    "time": Field(CLOCK),
}

ASSIGN, LABEL, REPLY, TASK, REMINDER = "assign", "label", "reply", "task", "reminder"
WEBHOOK, PUSH = "webhook", "push"
ACTIONS = (REPLY, TASK, REMINDER, ASSIGN, LABEL, PUSH, WEBHOOK)

OWN = "own"
REPLIES: Mapping[str, str] = {"follow_up": "", "night": "", "review": REVIEW, "declined": OFFERS, OWN: ""}
"""Template → the consent its text needs as advertising (§ 7 UWG); empty: about what the customer asked."""
