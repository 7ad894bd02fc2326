"""Tables of photos."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant


class PhotoBasket(TenantRow, table=True):
    """Photos of somebody who is booking; they become the visit's when it is booked."""

    token_fingerprint: str = Field(max_length=64, unique=True)
    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", index=True, ondelete="CASCADE"
    )
    """Of the booked visit; a photo that arrives later goes there at once."""


class Photo(TenantRow, table=True):
    """One photo of exactly one owner. Its two files in the store are named after its id."""

    basket_id: UUID | None = Field(
        default=None, foreign_key="photo_basket.id", index=True, ondelete="CASCADE"
    )
    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", index=True, ondelete="CASCADE"
    )
    wheel_set_id: UUID | None = Field(
        default=None, foreign_key="wheel_set.id", index=True, ondelete="CASCADE"
    )
    order_job_id: UUID | None = Field(
        default=None, foreign_key="order_job.id", index=True, ondelete="CASCADE"
    )
    check_in_id: UUID | None = Field(default=None, foreign_key="check_in.id", index=True, ondelete="CASCADE")
    position: int
    """Order within its owner."""
    media_type: str = Field(max_length=32)
    width: int
    height: int
    size: int
    """Bytes of the large file."""
    sha256: str = Field(max_length=64)
    """Of the large file; the same photo sent again is found by it."""
    uploaded_by: str = Field(default="", max_length=120)
    """Who of the team; empty: the customer."""
    deleted_at: datetime | None = instant(default=None, index=True)
    """Can be taken back until the next sweep finds it a day old."""
