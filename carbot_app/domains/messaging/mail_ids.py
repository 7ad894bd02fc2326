"""Message-ID of our mails: stable over retries, so that receivers drop a duplicate and answers find us."""

import re
from uuid import UUID

_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@carbot>")


def mail_id(outgoing_id: UUID) -> str:
    """The Message-ID of an outgoing mail, with its brackets."""
    return f"<{outgoing_id}@carbot>"


def outgoing_of(message_id: str) -> UUID | None:
    """Which outgoing mail a Message-ID is of; None: it is none of ours."""
    match = _OURS.fullmatch(message_id.strip().lower())
    return UUID(match[1]) if match else None
