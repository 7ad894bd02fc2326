"""What the team domain needs from outside."""

from typing import Protocol
from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.team.models import Workshop


class PasswordHasher(Protocol):
    """Slow, salted hashing; calls take a quarter of a second and belong in threads."""

    def hash(self, password: str) -> str:
        """Encoded hash with its salt and parameters."""
        ...

    def verify(self, stored: str, password: str) -> bool:
        """Whether the password fits. An empty ``stored`` never fits and takes as long as a real one."""
        ...

    def is_outdated(self, stored: str) -> bool:
        """Whether ``stored`` was made with weaker parameters than those in force."""
        ...


class MailQueue(Protocol):
    """Writes a mail into the transaction of the session; it is sent after the commit."""

    def queue_mail(
        self,
        session: Session,
        *,
        workshop_id: UUID,
        kind: str,
        to_address: str,
        subject: str,
        text: str,
        dedupe_key: str,
        language: str,
    ) -> None:
        """Queue a mail once per ``dedupe_key``."""
        ...


class WorkshopSetup(Protocol):
    """Gives a new workshop what it needs on its first day: catalogue, technicians, bays."""

    def prepare(self, session: Session, workshop: Workshop, like: UUID | None = None) -> None:
        """Add the rows to the transaction that creates the workshop; the session has no tenant filter.

        ``like``: the workshop whose catalogue and prices are taken over.
        """
        ...
