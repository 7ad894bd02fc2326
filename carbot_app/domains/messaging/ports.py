"""What messaging needs from outside."""

from dataclasses import dataclass
from typing import Protocol


class DeliveryError(Exception):
    """A delivery failed. ``permanent``: trying again cannot help (bad address, subscription gone)."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(reason)


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


class MailTransport(Protocol):
    """Hands mail to a server."""

    def send(self, letter: Letter) -> None:
        """Send one mail; raises DeliveryError."""
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
