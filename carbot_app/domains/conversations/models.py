"""Tables of conversations and messages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Conversation(TenantRow, table=True):
    """A thread with one customer. ``mode`` human keeps the assistant silent until handed back."""

    __table_args__ = (
        Index("ix_conversation_recent", "workshop_id", "state", "last_message_at"),
        Index("ix_conversation_latest", "workshop_id", "last_message_at"),
        Index("ix_conversation_assigned", "workshop_id", "assigned_to", "last_message_at"),
        Index("ix_conversation_snoozed", "snoozed_until"),
        Index(
            "ix_conversation_counted",
            *("workshop_id", "state", "snoozed_until", "assigned_to", "mode", "last_author", "last_seq"),
            "staff_seen_seq",
        ),
        Index("ix_conversation_customer_recent", "workshop_id", "customer_id", "last_message_at"),
    )

    channel: str = Field(max_length=12)
    """Where it began: chat, booking, mail, sms, whatsapp or call."""
    last_channel: str = Field(default="chat", max_length=12)
    """Where the customer wrote last; answers go there unless somebody chooses otherwise."""
    last_address: str = Field(default="", max_length=254)
    """What they wrote from; empty in the chat."""
    contact_verified: bool = False
    """The customer is who they say: only then do messages of other channels join this thread."""
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    language: str = Field(default="de", max_length=2)
    state: str = Field(default="open", max_length=12)
    """open or done."""
    mode: str = Field(default="assistant", max_length=12)
    """assistant or human."""
    handover_reason: str = Field(default="", max_length=24)
    """asked, complaint, emergency, unsure or staff; empty while the assistant answers."""
    taken_by: UUID | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    taken_at: datetime | None = instant(default=None)
    assigned_to: UUID | None = None
    """Person who sees to it, whether the assistant answers or not; taking over assigns."""
    snoozed_until: datetime | None = instant(default=None)
    """Out of the way until then, or until the customer writes."""
    waiting_since: datetime | None = instant(default=None)
    """When the customer wrote what nobody has answered yet."""
    token_fingerprint: str = Field(max_length=64, unique=True)
    page_url: str = Field(default="", max_length=300)
    last_seq: int = 0
    last_message_at: datetime = instant()
    last_text: str = Field(default="", max_length=200)
    """The customer's last words."""
    last_author: str = Field(default="", max_length=12)
    staff_seen_seq: int = 0
    customer_seen_seq: int = 0
    first_answer_at: datetime | None = instant(default=None)
    first_answer_by: str = Field(default="", max_length=12)
    """assistant or staff."""
    dialogue: dict[str, Any] = json_field(dict)
    """What the dialogue engine knows so far; see conversations.dialogue.DialogueState."""


class Message(TenantRow, table=True):
    """One entry of a thread; ``seq`` counts from 1 without gaps."""

    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        UniqueConstraint("workshop_id", "provider", "provider_id"),
    )

    conversation_id: UUID = Field(foreign_key="conversation.id", ondelete="CASCADE")
    seq: int
    author: str = Field(max_length=12)
    """customer, assistant, staff or system."""
    author_id: UUID | None = None
    author_name: str = Field(default="", max_length=120)
    text: str = ""
    parts: list[dict[str, Any]] = json_field(list)
    """Cards of the widget contract: slots, replies, contact, booking, danger, link."""
    facts: list[dict[str, Any]] = json_field(list)
    """Tool results an assistant message relies on: [{"tool": "quote", "label": …}]."""
    state: str = Field(default="complete", max_length=12)
    """streaming, complete or failed."""
    client_id: str | None = Field(default=None, max_length=64)
    """Idempotency key of a customer's message."""
    channel: str = Field(default="chat", max_length=12)
    """chat, mail, sms, whatsapp or call."""
    address: str = Field(default="", max_length=254, index=True)
    """Of the customer on that channel: where it came from or goes to."""
    provider: str | None = Field(default=None, max_length=12)
    provider_id: str | None = Field(default=None, max_length=255)
    """The provider's name of an incoming message; a delivery that is repeated is known by it."""
    subject: str = Field(default="", max_length=200)
    references: list[str] = json_field(list)
    """Message ids an incoming mail answers, the nearest last."""
    delivery: str = Field(default="", max_length=10)
    """Of an answer that leaves the house: queued, sent, delivered, read or failed; empty in the chat."""


class MessageFile(TenantRow, table=True):
    """A file that came with a message; its content lies in the file store under its id."""

    __table_args__ = (Index("ix_message_file_kind", "kind", "reason"),)

    message_id: UUID = Field(foreign_key="message.id", index=True, ondelete="CASCADE")
    position: int
    kind: str = Field(max_length=8)
    """photo (made anew, with a small one beside it), voice, file, or refused (nothing was kept)."""
    name: str = Field(max_length=120)
    """Safe to show and to save under."""
    media_type: str = Field(max_length=80)
    size: int
    sha256: str = Field(max_length=64)
    reason: str = Field(default="", max_length=24)
    """Why nothing was kept: too_large, dangerous, gone or broken; why a voice is gone: heard or old."""
    finding: dict[str, Any] = json_field(dict)
    """What a photo probably shows; see media.ports.PhotoFinding."""

    @property
    def is_gone(self) -> bool:
        """Whether the content is not there, or not any more."""
        return self.reason != ""


class AssistantUsage(TenantRow, table=True):
    """Tokens and cost of the external model, per workshop and month."""

    __table_args__ = (UniqueConstraint("workshop_id", "month"),)

    month: str = Field(max_length=7)
    """``2026-11`` in UTC."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_microcents: int = 0
    """Millionths of a cent, so that small calls add up without rounding."""
