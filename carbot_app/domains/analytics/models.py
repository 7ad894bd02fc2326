"""Tables of what happened, and of its sums per day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from carbot_app.db.base import TenantRow, cents, instant

NOBODY = UUID(int=0)
"""Technician of a sum that is of nobody or of everybody: a key may not be null."""
ALL_DAY = -1
"""Hour of a sum over whole days."""

HAS_SERVICE = text("service_code <> ''")


class AnalyticsEvent(TenantRow, table=True):
    """One thing that happened, as kinds.py defines it. Rows are only added; the database refuses changes.

    But for ``customer_id``: it follows the customer when records are merged and is blanked by an erasure.
    """

    __table_args__ = (
        UniqueConstraint("workshop_id", "kind", "subject_id", "part", "revision"),
        Index("ix_analytics_event_day", "workshop_id", "kind", "day", "occurred_at"),
        # Holds all that cohorts are counted from, so that no row is read for them
        Index(
            "ix_analytics_event_came_again", *("workshop_id", "kind", "customer_id", "day", "part", "sign")
        ),
        # For what no sums are kept of; messages, most of a year, know no service
        Index(
            "ix_analytics_event_service",
            *("workshop_id", "kind", "service_code", "channel", "hour", "day"),
            sqlite_where=HAS_SERVICE,
            postgresql_where=HAS_SERVICE,
        ),
    )

    kind: str = Field(max_length=24)
    subject_id: UUID
    """The record it is about."""
    part: str = Field(default="", max_length=32)
    """Which part of the record; empty: the whole."""
    revision: int = 0
    sign: int = 1
    """1 when it is so, -1 when it takes back the revision before; quantity and amount have it already."""
    occurred_at: datetime = instant()
    day: date
    hour: int
    """0 to 23."""
    channel: str = Field(default="", max_length=12)
    service_code: str = Field(default="", max_length=20)
    technician_id: UUID | None = None
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    quantity: int = cents(default=1)
    """Seconds, minutes, points or pieces; 1 where it only counts."""
    amount_cents: int = cents(default=0)


class AnalyticsDaily(TenantRow, table=True):
    """Sums of one day and kind, once for every set of dimensions kept apart (rollups.sets_of).

    A question reads the coarsest rows that know what it asks, so narrowing costs nothing. They can be made
    anew from the events at any time (rollups.py).
    """

    # What narrows comes before the day: a narrowed year is one stretch of the index
    __table_args__ = (
        UniqueConstraint(
            *("workshop_id", "keeps", "kind", "channel", "service_code", "technician_id", "hour", "day"),
            name="uq_analytics_daily_sums",
        ),
    )

    keeps: int
    """Bits of rollups.BITS."""
    kind: str = Field(max_length=24)
    day: date
    hour: int = ALL_DAY
    channel: str = Field(default="", max_length=12)
    service_code: str = Field(default="", max_length=20)
    technician_id: UUID = NOBODY
    events: int
    quantity: int = cents()
    amount_cents: int = cents()
    spread: str = ""
    """Single quantities of kinds whose median is asked for, as ``12,-12,40,``; the minus takes one back."""
