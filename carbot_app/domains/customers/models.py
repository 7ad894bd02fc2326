"""Tables of customers and vehicles."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Customer(TenantRow, table=True):
    """A person or company that wrote, called or booked."""

    __table_args__ = (
        Index("ix_customer_phone", "workshop_id", "phone"),
        Index("ix_customer_email", "workshop_id", "email"),
    )

    name: str = Field(default="", max_length=120)
    phone: str = Field(default="", max_length=20)
    """E.164 or empty."""
    email: str = Field(default="", max_length=254)
    """Lower case or empty."""
    language: str = Field(default="de", max_length=2)
    merged_into_id: UUID | None = Field(default=None, foreign_key="customer.id", ondelete="SET NULL")
    """Whose record it became a part of; it is empty then, and kept so that the merge can be undone."""


class ContactPoint(TenantRow, table=True):
    """A number or address known to be a customer's; a verified one is nobody else's."""

    __table_args__ = (
        UniqueConstraint("customer_id", "kind", "value"),
        Index(
            "uq_contact_point_verified",
            "workshop_id",
            "kind",
            "value",
            unique=True,
            sqlite_where=text("verified_at IS NOT NULL"),
            postgresql_where=text("verified_at IS NOT NULL"),
        ),
    )

    customer_id: UUID = Field(foreign_key="customer.id", ondelete="CASCADE")
    kind: str = Field(max_length=8)
    """phone or email."""
    value: str = Field(max_length=254)
    """E.164, or an address in lower case."""
    verified_at: datetime | None = instant(default=None)
    verified_by: str = Field(default="", max_length=12)
    """wrote_from, link, code or staff."""


class ContactChange(TenantRow, table=True):
    """A merge or split of customers, with everything that moved, so that it can be undone."""

    kind: str = Field(max_length=8)
    """merge or split."""
    from_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    """Whose rows moved away."""
    to_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    """Who has them now."""
    moved: dict[str, Any] = json_field(dict)
    """Table → ids of the rows that moved."""
    before: dict[str, Any] = json_field(dict)
    """Fields of both customers as they were."""
    done_by: str = Field(default="", max_length=120)
    undone_at: datetime | None = instant(default=None)


class Vehicle(TenantRow, table=True):
    """A car as the workshop knows it."""

    __table_args__ = (Index("ix_vehicle_plate", "workshop_id", "plate"),)

    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    plate: str = Field(default="", max_length=16)
    """Normalised, e.g. ``DO-AB 123``; empty when unknown."""
    plate_country: str = Field(default="DE", max_length=2)
    make: str = Field(default="", max_length=40)
    model: str = Field(default="", max_length=60)
    year: int | None = None
    fuel: str = Field(default="", max_length=12)
    vehicle_class: str = Field(default="", max_length=20)
    """One of catalog.pricing.VEHICLE_CLASSES, empty when unknown."""
    km: int | None = None
    vin: str = Field(default="", max_length=17)
    kind: str = Field(default="car", max_length=16)
    """One of inspection.VEHICLE_KINDS."""
    registered_on: date | None = None
    """First registration."""
    inspected_on: date | None = None
    """Last main inspection (HU)."""
    inspection_due: date | None = Field(default=None, index=True)
    """Last day of the month of the next one."""


class Consent(TenantRow, table=True):
    """A customer's consent to a kind of advertising; kept after it was withdrawn, as its own proof."""

    customer_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    kind: str = Field(max_length=24)
    """One of consents.KINDS."""
    channel: str = Field(default="email", max_length=12)
    text_version: str = Field(max_length=24)
    """Which wording was agreed to."""
    source: str = Field(max_length=24)
    """How it was given, such as ``desk`` for a signature at the front desk."""
    noted_by: str = Field(default="", max_length=120)
    """Who wrote it down."""
    given_at: datetime = instant()
    withdrawn_at: datetime | None = instant(default=None)
    token: str = Field(max_length=64, unique=True)
    """Secret of the link that withdraws it."""
