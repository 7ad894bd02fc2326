"""Rows of outbound messages, push devices and the outbox."""

from typing import Any

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import Database
from carbot_app.domains.messaging.models import OutgoingMessage, PushReceipt, PushSubscription
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.kit.ids import new_id, new_secret
from tests.factories.saving import save


def make_mail(database: Database, workshop: Workshop, **fields: Any) -> OutgoingMessage:
    """A confirmation that waits to be sent."""
    defaults = {
        "kind": "appointment.booked",
        "to_address": "ayse@example.org",
        "subject": "Ihr Termin",
        "text": "Wir freuen uns auf Sie.",
        "dedupe_key": new_id().hex,
    }
    return save(database, OutgoingMessage(workshop_id=workshop.id, **{**defaults, **fields}))


def make_push_subscription(
    database: Database, workshop: Workshop, person: Person, **fields: Any
) -> PushSubscription:
    """A device of the person; keys and endpoint are made up."""
    defaults = {
        "endpoint": f"https://push.example/{new_secret()}",
        "p256dh": new_secret(65),
        "auth": new_secret(16),
        "device": "Pixel 9",
    }
    return save(
        database,
        PushSubscription(workshop_id=workshop.id, person_id=person.id, **{**defaults, **fields}),
    )


def make_push_receipt(database: Database, event: OutboxEvent, subscription: PushSubscription) -> PushReceipt:
    """The mark that the event was pushed to the device."""
    return save(database, PushReceipt(event_id=event.id, subscription_id=subscription.id))


def make_event(
    database: Database, workshop: Workshop, kind: str = "lead.created", **fields: Any
) -> OutboxEvent:
    """An event that nobody has handled yet."""
    return save(database, OutboxEvent(workshop_id=workshop.id, kind=kind, **fields))
