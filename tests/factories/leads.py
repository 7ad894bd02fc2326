"""Rows of the leads domain."""

from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.leads.models import Lead
from tests.factories.saving import save


def make_lead(database: Database, conversation: Conversation, **fields: Any) -> Lead:
    """A warm lead of the conversation."""
    defaults: dict[str, Any] = {
        "channel": conversation.channel,
        "customer_id": conversation.customer_id,
        "intent": "price_request",
        "score": 55,
        "temperature": "warm",
        "wish": "Bremsbeläge ersetzen",
        "service_codes": ["SAF-BRK-001"],
    }
    return save(
        database,
        Lead(
            workshop_id=conversation.workshop_id,
            conversation_id=conversation.id,
            **{**defaults, **fields},
        ),
    )
