"""Tables of outbound mail and push subscriptions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import Row, TenantRow, instant


class OutgoingMail(TenantRow, table=True):
    """A mail to send; without an SMTP server it stays visible on the outbox page."""

    __table_args__ = (UniqueConstraint("workshop_id", "dedupe_key"),)

    kind: str = Field(max_length=32)
    to_address: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    text: str
    html: str = ""
    calendar: str = ""
    """Text of an attached ICS file; empty: none."""
    language: str = Field(default="de", max_length=2)
    dedupe_key: str = Field(max_length=120)
    """The same thing is mailed once, however often its event is delivered."""
    state: str = Field(default="queued", max_length=12)
    """queued, held (no SMTP configured), sending, sent or failed."""
    attempts: int = 0
    next_attempt_at: datetime | None = instant(default=None, index=True)
    sent_at: datetime | None = instant(default=None)
    error: str = Field(default="", max_length=300)


class PushSubscription(TenantRow, table=True):
    """One device of a person that receives web pushes (RFC 8030)."""

    __table_args__ = (UniqueConstraint("workshop_id", "endpoint"),)

    person_id: UUID = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    endpoint: str = Field(max_length=600)
    p256dh: str = Field(max_length=120)
    auth: str = Field(max_length=40)
    device: str = Field(default="", max_length=120)
    last_success_at: datetime | None = instant(default=None)
    failures: int = 0


class PushReceipt(Row, table=True):
    """Marks an event as pushed to a subscription, so that a retry does not ring twice."""

    __table_args__ = (UniqueConstraint("event_id", "subscription_id"),)

    event_id: UUID
    subscription_id: UUID = Field(foreign_key="push_subscription.id", ondelete="CASCADE")
