"""Rows of the conversations domain."""

from datetime import UTC, datetime
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import AssistantUsage, Conversation, Message
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import fingerprint, new_secret
from tests.factories.saving import save


def make_conversation(database: Database, workshop: Workshop, **fields: Any) -> Conversation:
    """An empty, open chat; its token is unknown unless ``token_fingerprint`` is given."""
    defaults: dict[str, Any] = {
        "channel": "chat",
        "token_fingerprint": fingerprint(new_secret()),
        "last_message_at": datetime(2026, 11, 23, 8, tzinfo=UTC),
    }
    return save(database, Conversation(workshop_id=workshop.id, **{**defaults, **fields}))


def make_message(database: Database, conversation: Conversation, seq: int = 1, **fields: Any) -> Message:
    """What the customer wrote; the counters of the conversation stay as they are."""
    defaults = {"author": "customer", "text": "Bremsen quietschen, Golf 7 BJ 2015, was kostet das?"}
    return save(
        database,
        Message(
            workshop_id=conversation.workshop_id,
            conversation_id=conversation.id,
            seq=seq,
            **{**defaults, **fields},
        ),
    )


def make_usage(
    database: Database, workshop: Workshop, month: str = "2026-11", **fields: Any
) -> AssistantUsage:
    """Cost of the external model in a month."""
    return save(database, AssistantUsage(workshop_id=workshop.id, month=month, **fields))
