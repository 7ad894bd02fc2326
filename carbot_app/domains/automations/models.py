"""Tables of automations, their runs and what still waits for its time."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Automation(TenantRow, table=True):
    """When · if · then, as the owner built it."""

    __table_args__ = (Index("ix_automation_trigger", "workshop_id", "enabled", "trigger"),)

    name: str = Field(max_length=80)
    enabled: bool = False
    enabled_since: datetime | None = instant(default=None)
    """Nothing that happened before is acted upon."""
    trigger: str = Field(max_length=24)
    """One of vocabulary.TRIGGERS."""
    delay_minutes: int = 0
    """How long after the event; 0: at once."""
    conditions: list[dict[str, Any]] = json_field(list)
    """Shape of schemas.Condition; all must hold."""
    actions: list[dict[str, Any]] = json_field(list)
    """Shape of schemas.Action, in order."""
    version: int = 1
    """Grows with every change; runs say which one acted."""
    webhook_secret: str = Field(default="", max_length=200)
    """Sealed; signs what its webhooks send."""


class AutomationRun(TenantRow, table=True):
    """What an automation did about one occurrence."""

    __table_args__ = (
        UniqueConstraint("automation_id", "occurrence"),
        Index("ix_automation_run_recent", "workshop_id", "conversation_id", "created_at"),
    )

    automation_id: UUID = Field(foreign_key="automation.id", ondelete="CASCADE")
    occurrence: str = Field(max_length=100)
    """Names what happened, so that it is acted upon once however many events tell of it."""
    event_id: UUID
    version: int
    state: str = Field(max_length=12)
    """done, failed (an action failed) or stopped (by the loop guard)."""
    outcomes: list[dict[str, Any]] = json_field(list)
    """Per action ``{"kind", "state", "detail"}``; states as in actions.py."""
    error: str = Field(default="", max_length=60)
    """Why it was stopped: a verdict of loop_guard."""
    conversation_id: UUID | None = Field(default=None, foreign_key="conversation.id", ondelete="CASCADE")
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", ondelete="SET NULL")


class AutomationDeadline(TenantRow, table=True):
    """An occurrence that is looked at again when its time has come."""

    __table_args__ = (UniqueConstraint("automation_id", "occurrence"),)

    automation_id: UUID = Field(foreign_key="automation.id", ondelete="CASCADE")
    occurrence: str = Field(max_length=100)
    occasion: dict[str, Any] = json_field(dict)
    """Shape of occasions.Occasion."""
    due_at: datetime = instant(index=True)
    attempts: int = 0
