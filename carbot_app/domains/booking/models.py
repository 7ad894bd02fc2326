"""Tables of resources and appointments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Resource(TenantRow, table=True):
    """A technician or bay that can do one thing at a time."""

    kind: str = Field(max_length=12)
    """technician or bay."""
    name: str = Field(max_length=60)
    abilities: list[str] = json_field(list)
    """Skills of a technician, bay types of a bay; values of Service.skill and Service.bay."""
    active: bool = True


class Appointment(TenantRow, table=True):
    """A booked visit. States: requested, confirmed, arrived, in_work, done, cancelled, no_show."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "request_key"),
        Index("ix_appointment_starts", "workshop_id", "starts_at"),
    )

    customer_id: UUID = Field(foreign_key="customer.id", index=True)
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")
    conversation_id: UUID | None = Field(default=None, index=True)
    technician_id: UUID = Field(foreign_key="resource.id")
    bay_id: UUID = Field(foreign_key="resource.id")
    service_codes: list[str] = json_field(list)
    title: str = Field(max_length=200)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    state: str = Field(default="requested", max_length=12)
    price_min_cents: int = 0
    price_max_cents: int = 0
    currency: str = Field(default="EUR", max_length=3)
    source: str = Field(max_length=12)
    """chat, page, staff or api."""
    language: str = Field(default="de", max_length=2)
    note: str = Field(default="", max_length=2000)
    manage_token: str = Field(max_length=64, unique=True)
    """Secret of the link to move or cancel; needed in the clear for later mails."""
    request_key: str = Field(max_length=64)
    """Idempotency key of the request: a double click books once."""
    moved_count: int = 0
    cancelled_at: datetime | None = instant(default=None)


class OccupiedCell(TenantRow, table=True):
    """A quarter of an hour of a resource taken by an appointment.

    The unique constraint makes double booking impossible on every engine, whatever runs in parallel.
    """

    __table_args__ = (UniqueConstraint("resource_id", "cell_at"),)

    resource_id: UUID = Field(foreign_key="resource.id", ondelete="CASCADE")
    cell_at: datetime = instant()
    appointment_id: UUID = Field(foreign_key="appointment.id", index=True, ondelete="CASCADE")
