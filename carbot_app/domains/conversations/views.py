"""Rows of conversations → views."""

from carbot_app.domains.conversations.models import Message
from carbot_app.domains.conversations.schemas import MessageView


def describe_message(row: Message) -> MessageView:
    """The view of a message."""
    return MessageView(
        id=row.id,
        seq=row.seq,
        author=row.author,
        author_name=row.author_name,
        text=row.text,
        parts=tuple(row.parts),
        facts=tuple(row.facts),
        state=row.state,
        created_at=row.created_at,
    )
