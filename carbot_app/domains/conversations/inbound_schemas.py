"""What comes in from outside the chat, whatever the channel."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file that came with a message; ``name`` and ``media_type`` are the sender's claims."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message of a customer that a channel took in; ``provider_id`` is unique within ``provider``."""

    channel: str
    """mail, sms, whatsapp or call."""
    provider: str
    provider_id: str
    from_address: str
    """Mail address in lower case, or phone number in E.164."""
    from_name: str
    to_address: str
    text: str
    sent_at: datetime
    subject: str = ""
    references: tuple[str, ...] = ()
    """Message ids this one answers, the nearest last."""
    attachments: tuple[InboundFile, ...] = ()
