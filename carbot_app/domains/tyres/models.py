"""Tables of the tyre hotel."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field

_STORED = text("taken_on IS NULL")


class WheelSet(TenantRow, table=True):
    """Up to four wheels of a car from the day they come in to the day they go out."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "code"),
        # Two sets cannot lie in one place, whatever runs in parallel.
        Index(
            "uq_wheel_set_place",
            *("workshop_id", "location"),
            unique=True,
            sqlite_where=_STORED,
            postgresql_where=_STORED,
        ),
    )

    code: str = Field(max_length=12)
    """What the label says, ``R00042``; the workshop's own numbers."""
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", index=True, ondelete="SET NULL")
    season: str = Field(max_length=12)
    """One of condition.SEASONS."""
    size: str = Field(default="", max_length=24)
    rims: str = Field(default="", max_length=8)
    """steel, alloy, none or empty when unknown."""
    tpms: str = Field(default="", max_length=8)
    """Tyre pressure monitoring (RDKS): direct, indirect, none or empty when unknown."""
    location: str = Field(max_length=12)
    """Rack and level, ``R3-2``."""
    tyres: list[dict[str, Any]] = json_field(list)
    """position, brand, dot and tread (tenths of a millimetre, None when not measured) of each tyre."""
    remarks: str = Field(default="", max_length=500)
    fee_cents: int = 0
    """Per season, gross."""
    stored_on: date
    taken_on: date | None = None


class SeasonCampaign(TenantRow, table=True):
    """Invitations to the wheel change of one season, so many a day."""

    season: str = Field(max_length=12)
    """Of the wheels that are fitted: summer or winter."""
    service_code: str = Field(max_length=20)
    starts_on: date
    ends_on: date
    """Days on which invitations leave, both included."""
    per_day: int
    state: str = Field(default="running", max_length=8)
    """running, paused or stopped."""


class SeasonInvitation(TenantRow, table=True):
    """An invitation that left, with a time that is kept for a while."""

    __table_args__ = (UniqueConstraint("campaign_id", "customer_id"),)

    campaign_id: UUID = Field(foreign_key="season_campaign.id", ondelete="CASCADE")
    customer_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")
    wheel_set_id: UUID | None = Field(default=None, foreign_key="wheel_set.id", ondelete="SET NULL")
    token: str = Field(max_length=64, unique=True)
    """Secret of the link in the message, and of the hold that keeps the time."""
    slot_id: str = Field(max_length=8)
    starts_at: datetime = instant()
    held_until: datetime = instant()
    appointment_id: UUID | None = Field(default=None, foreign_key="appointment.id", ondelete="SET NULL")
    """What the link was answered with; who booked another way is found by customer and car."""
