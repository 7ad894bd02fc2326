"""What the mailbox needs from outside: a mail server, somebody who takes messages in, a lock for secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Event
from typing import Protocol
from uuid import UUID

from carbot_app.domains.conversations.inbound_schemas import InboundMessage
from carbot_app.domains.messaging.ports import MailTransport


class MailboxError(Exception):
    """A mail server did not do what was asked; ``code`` names its text. Worth another try."""

    code = "unavailable"


class MailboxRefused(MailboxError):
    """It does not let us in with this user and password."""

    code = "refused"


class MailboxInsecure(MailboxError):
    """It offers no encryption, or its certificate is not for it."""

    code = "insecure"


@dataclass(frozen=True, slots=True)
class ServerLogin:
    """How to get in; ``port`` 993 and 465 are encrypted from the first byte, others by STARTTLS."""

    host: str
    port: int
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Folder:
    """State of the inbox; when ``uid_validity`` changes, UIDs known before mean nothing (RFC 3501)."""

    uid_validity: int
    next_uid: int


@dataclass(frozen=True, slots=True)
class MailHead:
    """A mail that lies there."""

    uid: int
    size: int
    arrived_at: datetime


class RemoteMailbox(Protocol):
    """The inbox on its server. Reads only: flags stay as they are. Raises MailboxError's children."""

    def open(self) -> Folder:
        """Look into the inbox."""
        ...

    def list_after(self, uid: int, *, since: date | None = None) -> Sequence[MailHead]:
        """Mails with a higher UID, in order; with ``since`` only those of that day and later."""
        ...

    def fetch(self, uid: int, max_bytes: int) -> bytes:
        """The beginning of a mail; empty when it is gone."""
        ...

    def wait(self, seconds: float, stop: Event) -> None:
        """Until something new may be there, the time is over or ``stop`` is set."""
        ...

    def close(self) -> None:
        """Sign out."""
        ...


class MailServers(Protocol):
    """Reaches mail servers."""

    def open_inbox(self, login: ServerLogin) -> RemoteMailbox:
        """Sign in. Raises MailboxError's children."""
        ...

    def check_outgoing(self, login: ServerLogin) -> None:
        """Sign in where mails are handed over. Raises MailboxError's children."""
        ...

    def outgoing(self, login: ServerLogin, sender: str) -> MailTransport:
        """What sends mails of ``sender`` through that server."""
        ...


class InboundMessages(Protocol):
    """Takes in what customers write."""

    def receive(self, workshop_id: UUID, message: InboundMessage) -> UUID | None:
        """The id of the message in its thread; None: it was there already."""
        ...


class Vault(Protocol):
    """Encrypts secrets for the database."""

    def seal(self, text: str, *, purpose: str) -> str:
        """Ciphertext that opens only for the same purpose."""
        ...

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text. Raises ValueError when sealed with another key or for another purpose."""
        ...
