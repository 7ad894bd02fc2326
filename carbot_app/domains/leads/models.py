"""Table of leads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Lead(TenantRow, table=True):
    """The business side of a conversation: wish, vehicle, worth and state. One per conversation."""

    __table_args__ = (
        Index("ix_lead_created", "workshop_id", "created_at"),
        Index("ix_lead_score", "workshop_id", "score"),
    )

    conversation_id: UUID = Field(foreign_key="conversation.id", unique=True, ondelete="CASCADE")
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", index=True, ondelete="SET NULL")
    channel: str = Field(max_length=12)
    state: str = Field(default="open", max_length=12)
    """open, booked, won or lost."""
    intent: str = Field(default="other", max_length=32)
    score: int = 0
    temperature: str = Field(default="cold", max_length=8)
    urgency: str = Field(default="normal", max_length=12)
    reasons: list[dict[str, Any]] = json_field(list)
    """[{"code": "safety", "points": 31, "params": {...}}], translated as ``leads.reason.<code>``."""
    wish: str = Field(default="", max_length=400)
    service_codes: list[str] = json_field(list)
    value_min_cents: int = 0
    value_max_cents: int = 0
    desired_from: datetime | None = instant(default=None)
    desired_to: datetime | None = instant(default=None)
    booked_at: datetime | None = instant(default=None)
    closed_at: datetime | None = instant(default=None)
