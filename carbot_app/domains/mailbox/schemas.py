"""Inputs and views of the workshop's mailbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MailboxLogin:
    """What a person types to connect a mailbox; ``user`` and the servers may be empty."""

    address: str
    password: str
    user: str = ""
    incoming: str = ""
    """``imap.example.org`` or with a port."""
    outgoing: str = ""


@dataclass(frozen=True, slots=True)
class MailboxView:
    """The connected mailbox; fields as in Mailbox."""

    address: str
    incoming: str
    outgoing: str
    user: str
    state: str
    error: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptMailView:
    """A mail that is in no thread; fields as in ReceivedMail."""

    id: UUID
    from_address: str
    from_name: str
    subject: str
    sent_at: datetime
    kind: str
    state: str
    reason: str
    text: str
    can_take: bool
    """A person may have it taken in."""


@dataclass(frozen=True, slots=True)
class MailboxOverview:
    """Everything the settings show."""

    mailbox: MailboxView | None
    kept: tuple[KeptMailView, ...]
    """The newest mails that are in no thread."""
    waiting: int
    """How many of all wait for a person."""
    taken: int
    """How many became messages in the last thirty days."""
