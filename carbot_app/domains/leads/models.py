"""Tables of leads and of what is learned from them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Lead(TenantRow, table=True):
    """The business side of a conversation: wish, vehicle, worth and state. One per conversation."""

    __table_args__ = (
        Index("ix_lead_created", "workshop_id", "created_at"),
        Index("ix_lead_score", "workshop_id", "score", "conversation_id"),
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
    """[{"code": "safety", "points": 31, "params": {...}}], translated as ``leads.reason_<code>``."""
    signals: dict[str, Any] = json_field(dict)
    """scoring.LeadSignals as last known before anything was booked: what models learn from."""
    model_version: int = 0
    """Of the model that gave the score; 0: the rules."""
    wish: str = Field(default="", max_length=400)
    service_codes: list[str] = json_field(list)
    value_min_cents: int = 0
    value_max_cents: int = 0
    desired_from: datetime | None = instant(default=None)
    desired_to: datetime | None = instant(default=None)
    booked_at: datetime | None = instant(default=None)
    closed_at: datetime | None = instant(default=None)
    lost_reason: str = Field(default="", max_length=16)
    """One of outcomes.LOST_REASONS; empty unless lost, or when nobody said why."""


class LeadModel(TenantRow, table=True):
    """What was learned from the outcomes of a workshop at one time; the newest version decides."""

    __table_args__ = (UniqueConstraint("workshop_id", "version"),)

    version: int
    """Counts from 1."""
    trained_at: datetime = instant()
    decision: str = Field(max_length=16)
    """used, not_better or few_outcomes (see learning.py)."""
    outcomes_digest: str = Field(max_length=64)
    """Of what was learned from: the same outcomes make no new version."""
    sample_size: int
    won: int
    held_back: int = 0
    brier: float | None = None
    rules_brier: float | None = None
    base_brier: float | None = None
    bins: list[dict[str, Any]] = json_field(list)
    """learning.Bin of the held-back outcomes."""
    weights: dict[str, Any] = json_field(dict)
    """probability.Weights; empty unless used."""
