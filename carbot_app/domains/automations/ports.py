"""What automations need from outside: whoever takes webhooks, a lock for secrets, the hands in a thread."""

from datetime import datetime
from typing import Protocol


class WebhookError(Exception):
    """A webhook did not arrive. ``permanent``: trying again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(reason)


class WebhookSender(Protocol):
    """Posts what happened to an address the owner entered."""

    def send(self, url: str, *, body: bytes, secret: str, delivery: str, at: datetime) -> None:
        """Post ``body`` signed with ``secret``; ``delivery`` stays the same when tried again.

        Raises:
            WebhookError: refused, not reached, or an address that may not be called.
        """
        ...


class Vault(Protocol):
    """Encrypts secrets for the database."""

    def seal(self, text: str, *, purpose: str) -> str:
        """Ciphertext that opens only for the same purpose."""
        ...

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text. Raises ValueError when sealed with another key or for another purpose."""
        ...
