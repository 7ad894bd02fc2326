"""Inputs and views of leads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from carbot_app.domains.customers.schemas import VehicleView


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a score: translated as ``leads.reason.<code>`` with ``params``."""

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
