"""Table of replies prepared for staff."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class SuggestedReply(TenantRow, table=True):
    """What the assistant would answer in a thread a person has taken over; it never leaves by itself."""

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        Index("ix_suggested_reply_settled", "workshop_id", "settled_at"),
    )

    conversation_id: UUID = Field(foreign_key="conversation.id", ondelete="CASCADE")
    seq: int
    """Of the customer's message it answers."""
    text: str
    facts: list[dict[str, Any]] = json_field(list)
    """What its figures rely on, like Message.facts."""
    state: str = Field(default="open", max_length=10)
    """open, taken (in the composer), sent, edited, discarded, or replaced by a newer one."""
    settled_at: datetime | None = instant(default=None)
    settled_by: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
