"""Tables of outbound messages, what customers answer, and push subscriptions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import Row, TenantRow, instant, json_field


class OutgoingMessage(TenantRow, table=True):
    """A message to send; without a provider for its channel it stays visible on the outbox page."""

    __table_args__ = (UniqueConstraint("workshop_id", "dedupe_key"),)

    kind: str = Field(max_length=32)
    channel: str = Field(default="mail", max_length=10)
    """mail, sms or whatsapp."""
    to_address: str = Field(max_length=254, index=True)
    """Mail address, or phone number in E.164."""
    subject: str = Field(max_length=200)
    text: str
    html: str = ""
    calendar: str = ""
    """Text of an attached ICS file; empty: none."""
    attachments: list[dict[str, str]] = json_field(list)
    """Files that are fetched when it leaves: ``source`` and whatever names a file there."""
    parameters: list[str] = json_field(list)
    """What the approved WhatsApp template of this kind is filled with."""
    language: str = Field(default="de", max_length=2)
    dedupe_key: str = Field(max_length=120)
    """The same thing is sent once, however often its event is delivered."""
    state: str = Field(default="queued", max_length=12)
    """queued, held (no provider), sending, sent, delivered, read, failed, unsure or dropped (states.py)."""
    attempts: int = 0
    next_attempt_at: datetime | None = instant(default=None, index=True)
    sent_at: datetime | None = instant(default=None)
    error: str = Field(default="", max_length=300)
    provider: str = Field(default="", max_length=10)
    provider_id: str = Field(default="", max_length=128, index=True)
    """The provider's name for the message; delivery reports carry it."""
    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", index=True, ondelete="CASCADE"
    )
    message_id: UUID | None = Field(default=None, foreign_key="message.id", index=True, ondelete="CASCADE")
    """The answer in a thread that leaves with it."""


class ProviderHealth(Row, table=True):
    """How a channel's provider has been doing; one row per channel, for all workshops."""

    __table_args__ = (UniqueConstraint("channel"),)

    channel: str = Field(max_length=10)
    failures: int = 0
    """In a row; a message the provider takes sets it back."""
    since: datetime | None = instant(default=None)
    error: str = Field(default="", max_length=300)


class ContactPreference(TenantRow, table=True):
    """On which channels a customer may be written to."""

    __table_args__ = (UniqueConstraint("customer_id"),)

    customer_id: UUID = Field(foreign_key="customer.id", ondelete="CASCADE")
    whatsapp_since: datetime | None = instant(default=None)
    """When the customer asked for WhatsApp; without it none is sent."""
    stopped: list[str] = json_field(list)
    """Channels the customer ended by writing STOP there."""


class AppointmentAnswer(TenantRow, table=True):
    """Whether the customer will come; asked anew after each move."""

    __table_args__ = (UniqueConstraint("appointment_id", "moved_count"),)

    appointment_id: UUID = Field(foreign_key="appointment.id", ondelete="CASCADE")
    moved_count: int
    answer: str = Field(max_length=3)
    """yes or no; the last one counts."""
    channel: str = Field(max_length=10)
    """sms, whatsapp or link."""
    answered_at: datetime = instant()


class MessagingTerms(TenantRow, table=True):
    """When a workshop reminds its customers; a workshop without a row has the defaults."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    reminder_hours: list[int] = json_field(list)
    quiet_from: str = Field(max_length=5)
    quiet_to: str = Field(max_length=5)


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


class NoticePreference(TenantRow, table=True):
    """How a person is told about one kind of thing; without a row as in notice_kinds.DEFAULTS."""

    __table_args__ = (UniqueConstraint("workshop_id", "person_id", "kind"),)

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(max_length=16)
    """One of notice_kinds.KINDS."""
    push: bool
    mail: bool
    sound: bool


class DigestTerms(TenantRow, table=True):
    """When a person gets the mail about what waits; a person without a row gets none."""

    __table_args__ = (UniqueConstraint("workshop_id", "person_id"),)

    person_id: UUID = Field(foreign_key="person.id", ondelete="CASCADE")
    send_at: str = Field(default="", max_length=5)
    """``07:30`` in the workshop's zone; empty: never."""
    sent_on: date | None = None


class EscalationTerms(TenantRow, table=True):
    """After how many minutes of opening hours somebody else is rung; without a row nobody is."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    minutes: int = 0
    """0: never."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    """Who is rung first, everybody after as long again; nobody: everybody at once."""


class Escalation(TenantRow, table=True):
    """Marks that a step was rung for a message nobody had answered, so that it rings once."""

    __table_args__ = (UniqueConstraint("conversation_id", "seq", "step"),)

    conversation_id: UUID = Field(foreign_key="conversation.id", ondelete="CASCADE")
    seq: int
    """Of the customer's message that waits."""
    step: int
