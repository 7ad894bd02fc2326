"""Tables of ratings."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant


class VisitRating(TenantRow, table=True):
    """Stars for one visit, given by whoever holds its link."""

    appointment_id: UUID = Field(foreign_key="appointment.id", unique=True, ondelete="CASCADE")
    stars: int
    """1 to 5."""
    comment: str = Field(default="", max_length=1000)
    language: str = Field(default="de", max_length=2)
    rated_at: datetime = instant(index=True)
    """When it was first given; from then on it can be changed for rules.CHANGEABLE."""
    call_wished_at: datetime | None = instant(default=None)
    """When the customer asked to be called because of it."""
