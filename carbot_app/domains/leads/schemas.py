"""Inputs and views of leads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carbot_app.domains.customers.schemas import VehicleView


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a score: translated as ``leads.reason_<code>`` with ``params``; points may be negative."""

    code: str
    points: int
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LeadView:
    """A lead for lists and the side pane."""

    id: UUID
    conversation_id: UUID
    channel: str
    state: str
    intent: str
    score: int
    temperature: str
    urgency: str
    reasons: tuple[Reason, ...]
    wish: str
    service_codes: tuple[str, ...]
    value_min_cents: int
    value_max_cents: int
    desired_from: datetime | None
    desired_to: datetime | None
    vehicle: VehicleView | None
    created_at: datetime
    model_version: int = 0
    """Of the model that gave the score; 0: the rules."""
    lost_reason: str = ""


@dataclass(frozen=True, slots=True)
class BinView:
    """Leads that were given about the same probability, and how many of them were won."""

    expected: float
    won: int
    count: int


@dataclass(frozen=True, slots=True)
class ModelView:
    """How leads are scored, and how good that is on outcomes nothing was learned from."""

    version: int
    """0: not measured yet."""
    trained_at: datetime | None
    decision: str
    """used, not_better or few_outcomes."""
    sample_size: int
    won: int
    held_back: int
    brier: float | None
    rules_brier: float | None
    base_brier: float | None
    bins: tuple[BinView, ...]
    min_outcomes: int
    min_of_each: int
