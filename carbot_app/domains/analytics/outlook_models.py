"""Tables of what is expected, and of what the owner weighs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class DemandForecast(TenantRow, table=True):
    """The forecast of one series as it was made last; the next night replaces it."""

    __table_args__ = (UniqueConstraint("workshop_id", "series"),)

    series: str = Field(max_length=12)
    """One of demand.SERIES."""
    made_at: datetime = instant()
    until: date
    """The last day that was known."""
    method: str = Field(max_length=16)
    reason: str = Field(default="", max_length=24)
    """Both as in forecast.Forecast."""
    coverage: float | None = None
    bands: list[list[Any]] = json_field(list)
    """``["2026-12-01", low, mid, high]`` per day."""


class ScoreWeights(TenantRow, table=True):
    """How much each part of the performance score counts here; a workshop without a row uses the usual."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    weights: dict[str, int] = json_field(dict)
    """Part (score.PARTS) → 0 to 100."""
