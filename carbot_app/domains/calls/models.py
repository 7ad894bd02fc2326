"""Table of callbacks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant

_OPEN = text("state = 'open'")


class Callback(TenantRow, table=True):
    """Somebody wants to be called: a task of the front desk with a number and a time."""

    __table_args__ = (
        Index("ix_callback_starts", "workshop_id", "state", "starts_at"),
        # Who asks twice is one task, whatever runs in parallel.
        Index(
            "uq_callback_open",
            *("workshop_id", "phone"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    name: str = Field(max_length=120)
    phone: str = Field(max_length=20)
    """E.164."""
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    conversation_id: UUID | None = Field(
        default=None, foreign_key="conversation.id", index=True, ondelete="SET NULL"
    )
    plate: str = Field(default="", max_length=16)
    plate_country: str = Field(default="DE", max_length=2)
    starts_at: datetime = instant()
    """Of the wished window."""
    ends_at: datetime = instant()
    soon: bool = False
    """As soon as possible; the window is then the next two opening hours."""
    language: str = Field(default="de", max_length=2)
    note: str = Field(default="", max_length=500)
    state: str = Field(default="open", max_length=12)
    """open, done or cancelled; one that was not reached stays open."""
    attempts: int = 0
    """How often nobody answered."""
    source: str = Field(max_length=12)
    """page, chat, staff or api."""
    handled_by: str = Field(default="", max_length=120)
    """Who did something about it last."""
    handled_at: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)
