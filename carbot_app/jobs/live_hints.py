"""Outbox consumer that tells open browsers what changed."""

from collections.abc import Callable
from uuid import UUID

from carbot_app.db.outbox_worker import Consumer, Delivery
from carbot_app.kit.live import CATALOGUES, LiveBus, conversation_channel, workshop_channel

TOPICS = {
    "conversation": "conversation",
    "lead": "lead",
    "handover": "conversation",
    "note": "conversation",
    "appointment": "appointment",
    "visit": "appointment",
    "contract": "appointment",
    "resources": "appointment",
    "callback": "callback",
    "workshop": "settings",
    "catalog": "settings",
    "season": "season",
    "task": "task",
    "automation": "automation",
    "escalation": "conversation",
    "customer": "resync",
    "disclosure": "privacy",
    "order": "orders",
    "bank": "bank",
    "dunning": "bank",
    "expense": "expense",
    "payment": "payment",
    "invoice": "invoices",
    "diagnostic": "diagnostic",
    "report": "report",
}
ID_FIELDS = {
    "conversation": "conversation_id",
    "lead": "conversation_id",
    "handover": "conversation_id",
    "note": "conversation_id",
    "appointment": "appointment_id",
    "visit": "appointment_id",
    "callback": "callback_id",
    "contract": "appointment_id",
    "task": "task_id",
    "automation": "automation_id",
    "escalation": "conversation_id",
    "order": "order_id",
    "payment": "invoice_id",
    "invoice": "invoice_id",
    "diagnostic": "session_id",
    "report": "run_id",
}


ANALYTICS = "analytics"


def live_hints(bus: LiveBus) -> Consumer:
    """Consumer that publishes ``{topic, id, kind}`` to staff and ``changed`` to the customer's widget."""

    def publish(delivery: Delivery) -> None:
        family = delivery.kind.partition(".")[0]
        if family not in TOPICS:
            return
        subject = delivery.payload.get(ID_FIELDS.get(family, "")) or ""
        if family == "catalog":
            bus.publish(CATALOGUES, {"id": str(delivery.workshop_id)})
        message = {"topic": TOPICS[family], "id": subject, "kind": delivery.kind}
        bus.publish(workshop_channel(delivery.workshop_id), message)
        conversation = delivery.payload.get("conversation_id")
        if conversation and family == "conversation":
            hint = {"type": "changed", "last_seq": delivery.payload.get("seq", 0)}
            bus.publish(conversation_channel(UUID(conversation)), hint)

    return publish


def analytics_hints(record: Callable[[Delivery], bool], bus: LiveBus) -> Consumer:
    """Consumer that has an event counted, and tells staff when figures have changed by it."""

    def count(delivery: Delivery) -> None:
        if record(delivery):
            tell_of_figures(delivery.workshop_id, bus)

    return count


def tell_of_figures(workshop_id: UUID, bus: LiveBus) -> None:
    """Tell staff of a workshop that figures have changed."""
    message = {"topic": ANALYTICS, "id": "", "kind": "analytics.changed"}
    bus.publish(workshop_channel(workshop_id), message)
