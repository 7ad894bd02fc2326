"""Inputs and views of messaging."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to queue; see OutgoingMessage for the fields."""

    kind: str
    channel: str
    to_address: str
    subject: str
    text: str
    dedupe_key: str
    language: str
    html: str = ""
    calendar: str = ""
    parameters: tuple[str, ...] = ()
    appointment_id: UUID | None = None
    send_at: datetime | None = None
    """Not before; None: at once."""
    message_id: UUID | None = None
    """The answer in a thread that leaves with it."""
    attachments: tuple[dict[str, str], ...] = ()
    """See OutgoingMessage."""


@dataclass(frozen=True, slots=True)
class DepositView:
    """Money in advance for a visit, as its customer sees it."""

    state: str
    """open, processing, checking (a person has to look), paid or refunded."""
    path: str
    """Of the page where it is paid, or that says what became of it."""
    amount_cents: int
    amount: str
    """With its currency, in the reader's language."""
    until: str
    """The visit's beginning, until when it can be paid: in the reader's words and the workshop's zone."""


@dataclass(frozen=True, slots=True)
class AttendanceView:
    """What a customer said about coming, and what is asked of them before the visit is relied on."""

    answer: str
    """yes, no or empty."""
    must_confirm: bool
    deposit: DepositView | None = None
    """Money asked for in advance, whose payment says yes as well; None: nothing is or was asked for."""


@dataclass(frozen=True, slots=True)
class MessageView:
    """A line of the outbox page."""

    id: UUID
    kind: str
    channel: str
    to_address: str
    subject: str
    text: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    error: str
    can_retry: bool


@dataclass(frozen=True, slots=True)
class Outage:
    """A channel whose provider takes nothing at the moment."""

    channel: str
    since: datetime
    error: str


@dataclass(frozen=True, slots=True)
class MessagingTermsView:
    """When a workshop reminds its customers."""

    reminder_hours: tuple[int, ...]
    """Hours before the visit, the longest first; empty: no reminders."""
    quiet_from: str
    """``21:00``: from then on no reminder leaves, in the workshop's zone."""
    quiet_to: str


@dataclass(frozen=True, slots=True)
class PushDeviceView:
    """A device that receives pushes."""

    id: UUID
    device: str
    created_at: datetime
    last_success_at: datetime | None


@dataclass(frozen=True, slots=True)
class PushSubscriptionInput:
    """What the browser's PushManager hands out."""

    endpoint: str
    p256dh: str
    auth: str
    device: str
