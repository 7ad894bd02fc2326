"""Rows of conversations → views."""

from collections.abc import Iterable

from carbot_app.domains.conversations.models import Message, MessageFile
from carbot_app.domains.conversations.schemas import MessageFileView, MessageView


def describe_message(row: Message, files: Iterable[MessageFile] = ()) -> MessageView:
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
        channel=row.channel,
        delivery=row.delivery,
        subject=row.subject,
        files=tuple(
            MessageFileView(file.id, file.kind, file.name, file.media_type, file.size, file.reason)
            for file in files
        ),
    )
