"""Table of tasks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant


class Task(TenantRow, table=True):
    """Something to do until an instant, by one person or whoever comes first."""

    __table_args__ = (Index("ix_task_open", "workshop_id", "done_at", "due_at"),)

    title: str = Field(max_length=200)
    due_at: datetime = instant()
    assignee_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    """Nobody: everybody sees it."""
    remind: bool = False
    """Rings when it is due."""
    reminded_at: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)
    conversation_id: UUID | None = Field(
        default=None, foreign_key="conversation.id", index=True, ondelete="CASCADE"
    )
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="CASCADE")
    made_by: str = Field(default="", max_length=120)
    """Name of the automation or person it comes from."""
