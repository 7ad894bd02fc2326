"""Inputs and views of messaging."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MailView:
    """A line of the outbox page."""

    id: UUID
    kind: str
    to_address: str
    subject: str
    text: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    error: str


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
