"""Tables of workshops and the people who work in them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import Row, TenantRow, instant, json_field


class Workshop(Row, table=True):
    """One business with its own customers, prices and brand."""

    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=120)
    short_name: str = Field(default="", max_length=40)
    legal_form: str = Field(default="", max_length=120)
    represented_by: str = Field(default="", max_length=120)
    street: str = Field(default="", max_length=120)
    postal_code: str = Field(default="", max_length=10)
    city: str = Field(default="", max_length=80)
    country: str = Field(default="DE", max_length=2)
    region: str = Field(default="", max_length=8)
    """Subdivision for public holidays, e.g. ``NW`` (ISO 3166-2)."""
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=254)
    website: str = Field(default="", max_length=200)
    vat_id: str = Field(default="", max_length=20)
    register_entry: str = Field(default="", max_length=120)
    chamber: str = Field(default="", max_length=160)
    timezone: str = Field(default="Europe/Berlin", max_length=40)
    currency: str = Field(default="EUR", max_length=3)
    language: str = Field(default="de", max_length=2)
    accent_hue: float = 215.0
    accent_chroma: float = 0.09
    opening_hours: dict[str, Any] = json_field(dict)
    """ISO weekday "1".."7" → list of ["07:30", "12:00"] in the workshop's zone; absent: closed."""
    library_version: str = Field(default="", max_length=16)
    """State of the service library its catalogue was last brought up to."""
    assistant_on: bool = True
    online_booking: str = Field(default="request", max_length=8)
    """How the booking page ends: request, or binding where the customer owes payment."""
    binding_since: datetime | None = instant(default=None)
    """When it was first binding. From then on contracts may exist, also after a change back."""
    rating: str = Field(default="", max_length=8)
    rating_count: int = 0


class Closure(TenantRow, table=True):
    """Days with other hours than usual, first and last included: closed, or open at ``hours``."""

    starts_on: date
    ends_on: date
    hours: list[list[str]] = json_field(list)
    """``[["08:00", "12:00"]]``, also on a public holiday; empty: closed."""
    reason: str = Field(default="", max_length=120)


class Person(Row, table=True):
    """Somebody who can sign in; works for one or more workshops through memberships."""

    email: str = Field(max_length=254, unique=True)
    """Lower case."""
    name: str = Field(max_length=120)
    password_hash: str = ""
    language: str = Field(default="de", max_length=2)
    failed_sign_ins: int = 0
    locked_until: datetime | None = instant(default=None)


class Membership(TenantRow, table=True):
    """A person's role in a workshop and how they want to be told about things."""

    __table_args__ = (UniqueConstraint("workshop_id", "person_id"),)

    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    role: str = Field(max_length=20)
    active: bool = True
    invited_as: str = Field(default="", max_length=120)
    """The name in an invitation that somebody with an account has not accepted; then not ``active`` yet."""
    push_quiet_from: str = Field(default="", max_length=5)
    """``22:00`` in the workshop's zone; empty: no quiet hours."""
    push_quiet_to: str = Field(default="", max_length=5)
    push_hot_always: bool = True
    """Hot leads and emergencies ring through quiet hours."""


class LoginSession(Row, table=True):
    """A signed-in browser; only the fingerprint of its cookie is kept."""

    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    workshop_id: UUID = Field(foreign_key="workshop.id", ondelete="CASCADE")
    token_fingerprint: str = Field(max_length=64, unique=True)
    user_agent: str = Field(default="", max_length=300)
    last_seen_at: datetime = instant()
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)


class PasswordReset(Row, table=True):
    """A reset or invitation link; usable once."""

    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    token_fingerprint: str = Field(max_length=64, unique=True)
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)


class ApiKey(TenantRow, table=True):
    """A key for the REST API; only its fingerprint is kept."""

    name: str = Field(max_length=80)
    prefix: str = Field(max_length=12)
    key_fingerprint: str = Field(max_length=64, unique=True)
    scopes: list[str] = json_field(list)
    created_by: UUID | None = None
    last_used_at: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)
