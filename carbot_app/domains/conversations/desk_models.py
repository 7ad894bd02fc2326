"""Tables of what staff keeps beside a thread no customer sees: notes, labels, drafts, canned replies."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class ThreadNote(TenantRow, table=True):
    """Something colleagues tell each other about a thread."""

    conversation_id: UUID = Field(foreign_key="conversation.id", index=True, ondelete="CASCADE")
    author_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    author_name: str = Field(default="", max_length=120)
    text: str = ""
    mentions: list[Any] = json_field(list)
    """Ids of the people it calls, as text."""


class Label(TenantRow, table=True):
    """A word the workshop sorts its threads by."""

    __table_args__ = (UniqueConstraint("workshop_id", "name"),)

    name: str = Field(max_length=30)
    category: str = Field(default="", max_length=30)
    """Heading it stands under in menus; empty: none."""
    tone: str = Field(default="neutral", max_length=8)
    """One of desk_schemas.TONES."""


class ThreadLabel(TenantRow, table=True):
    """A label on a thread."""

    __table_args__ = (UniqueConstraint("conversation_id", "label_id"),)

    conversation_id: UUID = Field(foreign_key="conversation.id", ondelete="CASCADE")
    label_id: UUID = Field(foreign_key="label.id", index=True, ondelete="CASCADE")


class CannedReply(TenantRow, table=True):
    """A text written once and inserted often; ``{{name}}`` and others are filled in (see canned)."""

    __table_args__ = (UniqueConstraint("workshop_id", "title"),)

    title: str = Field(max_length=60)
    category: str = Field(default="", max_length=30)
    text: str = ""


class ThreadDraft(TenantRow, table=True):
    """What one person has begun to answer and not sent."""

    __table_args__ = (UniqueConstraint("conversation_id", "person_id"),)

    conversation_id: UUID = Field(foreign_key="conversation.id", ondelete="CASCADE")
    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    text: str = ""
    written_at: datetime = instant()
