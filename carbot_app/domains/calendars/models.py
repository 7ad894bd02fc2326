"""Tables of connected calendars and calendar feeds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class CalendarLink(TenantRow, table=True):
    """A calendar kept in step with the visits of a technician."""

    __table_args__ = (UniqueConstraint("workshop_id", "provider", "calendar_id"),)

    resource_id: UUID = Field(foreign_key="resource.id", index=True, ondelete="CASCADE")
    provider: str = Field(max_length=12)
    """caldav, google or microsoft."""
    calendar_id: str = Field(max_length=500)
    name: str = Field(default="", max_length=120)
    account: str = Field(default="", max_length=200)
    """Whose it is, as the person typed it; empty after a consent page."""
    secret: str = ""
    """Sealed JSON; see ports.Secret."""
    state: str = Field(default="ok", max_length=8)
    """ok, failing (tried again by itself) or revoked (somebody has to connect it anew)."""
    error: str = Field(default="", max_length=20)
    """Locale key below ``settings.calendars.error``; empty while ok."""
    failures: int = 0
    """In a row."""
    notices: list[dict[str, Any]] = json_field(list)
    """Moves in the calendar that could not be: ``appointment_id, title, at, wanted, code``."""
    sync_token: str = ""
    full_at: datetime | None = instant(default=None)
    """When everything was read last; the window wanders, so a token does not do for ever."""
    last_synced_at: datetime | None = instant(default=None)
    next_at: datetime = instant(index=True)
    wanted_at: datetime | None = instant(default=None)
    """Since when a visit waits to be written."""
    claimed_until: datetime | None = instant(default=None)
    """A process is at it; afterwards it has died."""


class SyncedEvent(TenantRow, table=True):
    """A visit in a calendar: where, at which version, and what we wrote last."""

    __table_args__ = (UniqueConstraint("link_id", "appointment_id"),)

    link_id: UUID = Field(foreign_key="calendar_link.id", ondelete="CASCADE")
    appointment_id: UUID = Field(foreign_key="appointment.id", index=True, ondelete="CASCADE")
    event_id: str = Field(max_length=500)
    etag: str = Field(default="", max_length=300)
    """Empty: deleted there, to be written anew."""
    fingerprint: str = Field(default="", max_length=64)
    """Of what we wrote; empty: to be written again."""
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    """As the calendar has it, as far as we know."""
    revision: int = 0
    """How often it had to be written anew."""


class CalendarFeed(TenantRow, table=True):
    """A secret link to read visits in any calendar program; deleting the row ends it."""

    resource_id: UUID | None = Field(default=None, foreign_key="resource.id", index=True, ondelete="CASCADE")
    """Whose visits; None: all of the workshop."""
    token: str = Field(max_length=64, unique=True)
    """Needed in the clear: the person copies it into a second program later."""
