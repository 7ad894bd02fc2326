"""What messaging needs from outside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.schemas import DepositView


class DeliveryError(Exception):
    """A delivery failed.

    ``permanent``: trying again cannot help (bad address, subscription gone). ``unsure``: the provider may
    have taken the message although its answer never came; trying again could send it twice.
    """

    def __init__(self, reason: str, *, permanent: bool, unsure: bool = False) -> None:
        self.permanent = permanent
        self.unsure = unsure
        super().__init__(reason)


class UntrustedReport(Exception):
    """A request to a webhook that the provider did not sign."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that hangs on a mail."""

    filename: str
    media_type: str
    content: bytes


AttachmentSource = Callable[[UUID, Mapping[str, str]], Attached]
"""Workshop and name of a file → the file."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to be sent."""

    to_address: str
    subject: str
    text: str
    html: str
    calendar: str
    message_id: str
    """Stable over retries, so that receivers can drop a duplicate."""
    reply_to: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    """Message ids of the thread it belongs to, the nearest last (RFC 5322)."""
    auto_submitted: str = "auto-generated"
    """Of RFC 3834; empty: a person wrote it."""
    attachments: tuple[Attached, ...] = ()


class MailTransport(Protocol):
    """Hands mail to a server."""

    def send(self, letter: Letter) -> None:
        """Send one mail; raises DeliveryError."""
        ...


class WorkshopMail(Protocol):
    """Mail accounts of workshops, through which their mails leave."""

    def list_workshops(self, session: Session) -> Sequence[UUID]:
        """Those with an account that works, among those the session sees."""
        ...

    def prepare(
        self, message: OutgoingMessage, letter: Letter, platform: MailTransport | None
    ) -> tuple[MailTransport, Letter]:
        """By whom the letter is sent, and the letter with what makes it part of its thread.

        Raises DeliveryError when it must not leave: nobody can send it, or it would feed a loop.
        """
        ...


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """An SMS or WhatsApp message ready to be sent."""

    to_number: str
    """E.164."""
    text: str
    template: str
    """Name of the approved template, for WhatsApp; empty: free text, within 24 hours of the customer's."""
    parameters: tuple[str, ...]
    language: str
    report_url: str
    """Where the provider may report the delivery; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class Media:
    """A file a customer sent, still with the provider; ``name`` and ``media_type`` are claims."""

    ref: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a customer wrote."""

    sender: str
    """E.164."""
    text: str
    provider_id: str = ""
    to_address: str = ""
    sender_name: str = ""
    sent_at: datetime | None = None
    """None: just now."""
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class MissedCall:
    """A call nobody took; ``is_ringing``: not yet, it counts only where nobody is there to take it."""

    caller: str
    """E.164, or whatever stands for a hidden number."""
    provider_id: str
    to_address: str = ""
    is_ringing: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of a message; ``state`` is sent, delivered, read or failed."""

    provider_id: str
    state: str
    error: str = ""


Report = Reply | DeliveryReport | MissedCall


class ShortMessageProvider(Protocol):
    """Sends short messages on one channel and understands the provider's webhook."""

    name: str
    """twilio, seven or whatsapp: also the last part of the webhook's address."""
    channel: str
    """sms or whatsapp."""

    def send(self, message: ShortMessage) -> str:
        """Hand over one message and return the provider's id of it; raises DeliveryError."""
        ...

    def read_reports(
        self, *, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> Sequence[Report]:
        """What a webhook call says, ``headers`` in lower case; raises UntrustedReport."""
        ...


@runtime_checkable
class MediaProvider(Protocol):
    """A provider that keeps files of customers until they are fetched."""

    def fetch(self, media: Media) -> bytes:
        """The content, empty when it is too large; raises DeliveryError, permanent when it is gone."""
        ...


class Deposits(Protocol):
    """Takes money in advance from customers who may not turn up; whoever paid is noted as coming."""

    def find_for(self, appointment_id: UUID, *, language: str) -> DepositView | None:
        """What is asked in advance for a visit, or was paid; asking again finds the same. None: nothing."""
        ...


class PushTransport(Protocol):
    """Hands a message to a browser's push service (RFC 8030, 8291, 8292)."""

    @property
    def public_key(self) -> str:
        """Application server key for PushManager.subscribe: base64url of the uncompressed P-256 point."""
        ...

    def push(self, *, endpoint: str, p256dh: str, auth: str, payload: str, urgent: bool, topic: str) -> None:
        """Send one encrypted message; raises DeliveryError, permanent when the subscription is gone."""
        ...
