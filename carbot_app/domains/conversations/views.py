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
        files=tuple(describe_file(file) for file in files),
    )


def describe_file(row: MessageFile) -> MessageFileView:
    """The view of a file of a message."""
    return MessageFileView(
        id=row.id,
        kind=row.kind,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        reason=row.reason,
        # Retention notes why, not when
        gone=row.gone_at is not None or (row.kind == "voice" and row.reason != ""),
        finding=row.finding,
    )
