"""Tables of the workshop's mailbox and of what came in there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class Mailbox(TenantRow, table=True):
    """The workshop's own mail account; one at most."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    address: str = Field(max_length=254)
    """Lower case; what customers write to and what answers come from."""
    incoming: str = Field(max_length=260)
    """IMAP server as ``host:port``."""
    outgoing: str = Field(max_length=260)
    """SMTP server as ``host:port``."""
    user: str = Field(max_length=254)
    secret: str = ""
    """The password, sealed."""
    state: str = Field(default="ok", max_length=8)
    """ok, failing (tried again by itself) or revoked (somebody has to connect it anew)."""
    error: str = Field(default="", max_length=20)
    """Locale key below ``mailbox.error``; empty while ok."""
    failures: int = 0
    """In a row."""
    uid_validity: int = Field(default=0, sa_type=BigInteger)
    """0: not opened yet."""
    last_uid: int = Field(default=0, sa_type=BigInteger)
    """Everything up to here has been taken in."""
    connected_at: datetime = instant()
    """Mails that arrived before stay where they are."""
    checked_at: datetime | None = instant(default=None)
    """When nothing new was left last."""
    next_at: datetime = instant(index=True)
    claimed_until: datetime | None = instant(default=None)
    """A process holds the connection; afterwards it has died."""
    claimed_by: str = Field(default="", max_length=32)


class ReceivedMail(TenantRow, table=True):
    """A mail that arrived, and what became of it."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "fingerprint"),
        Index("ix_received_mail_sender", "workshop_id", "from_address", "created_at"),
        Index("ix_received_mail_state", "workshop_id", "state"),
    )

    fingerprint: str = Field(max_length=64)
    """The same for every copy."""
    message_id: str = Field(default="", max_length=402)
    reference_ids: list[str] = json_field(list)
    from_address: str = Field(default="", max_length=254)
    from_name: str = Field(default="", max_length=120)
    subject: str = Field(default="", max_length=200)
    sent_at: datetime = instant()
    original: str = ""
    """Its words with quotes and signature."""
    kind: str = Field(max_length=12)
    """letter, automatic, bounce, bulk or loop (see kinds.py)."""
    state: str = Field(max_length=10)
    """taking, taken (is in a thread), aside (not for a thread), held or failed (a person decides)."""
    reason: str = Field(default="", max_length=16)
    """Why it is not in a thread: its kind, flood, no_sender or error."""
    attempts: int = 0
    uid_validity: int = Field(default=0, sa_type=BigInteger)
    uid: int = Field(default=0, sa_type=BigInteger)
    size: int = 0
    thread_message_id: UUID | None = Field(default=None, index=True)
    """The message it became."""
    outgoing_id: UUID | None = None
    """The mail of ours a delivery report is about."""
