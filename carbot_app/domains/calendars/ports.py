"""What the calendars need from outside: a calendar server, a lock for secrets, somebody who moves visits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from carbot_app.kit.actor import Actor

Secret = dict[str, Any]
"""What opens a calendar: address, user and password, or the tokens of an authorisation."""


class CalendarError(Exception):
    """A calendar server did not do what was asked; ``code`` names its text."""

    code = "unavailable"


class CalendarRevoked(CalendarError):
    """It no longer lets us in: password, consent or calendar are gone. Asking again is useless."""

    code = "revoked"


class CalendarUnavailable(CalendarError):
    """It is slow, down or answers nonsense; worth another try."""


class CalendarBusy(CalendarError):
    """It asks us to come back later, in ``retry_after`` seconds."""

    code = "busy"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class EventChanged(CalendarError):
    """The event is no longer as we knew it; read the changes first."""

    code = "changed"


@dataclass(frozen=True, slots=True)
class Window:
    """The time that is kept in step; ``zone`` tells when a day without a zone begins."""

    starts_at: datetime
    ends_at: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class CalendarChoice:
    """A calendar of an account; ``primary`` is the one a person means without saying."""

    id: str
    name: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when somebody is busy."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class RemoteEvent:
    """An event as the server has it; a series is one event with several spans, or several events.

    ``spans`` are the busy times within the window, none for an event that blocks nobody. ``appointment_id``
    is set on what we wrote ourselves. What the event is called is nobody's business here.
    """

    id: str
    etag: str
    spans: tuple[Span, ...]
    appointment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since a token; ``is_full``: all there is, what is missing has been deleted."""

    events: tuple[RemoteEvent, ...]
    deleted: tuple[str, ...]
    token: str
    is_full: bool


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """A visit as we write it; ``revision`` counts how often it had to be written anew."""

    appointment_id: UUID
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """Where an event of ours is, and its version there."""

    id: str
    etag: str


class RemoteCalendar(Protocol):
    """An account on a calendar server. Every method raises CalendarError's children."""

    def list_calendars(self) -> list[CalendarChoice]:
        """The calendars that events can be written to."""
        ...

    def list_changes(self, calendar_id: str, token: str, window: Window) -> Changes:
        """Changes since ``token``; everything when it is empty or the server has forgotten it."""
        ...

    def put_event(self, calendar_id: str, event: OwnEvent, known: Written | None) -> Written:
        """Write the event; over ``known`` if it is still at that version, else as a new one.

        A new one under the same appointment never makes a second event. Raises EventChanged otherwise.
        """
        ...

    def delete_event(self, calendar_id: str, known: Written) -> None:
        """Delete it at whatever version; deleting twice is fine."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class CalendarAccounts(Protocol):
    """Opens accounts at the providers."""

    @property
    def providers(self) -> Mapping[str, bool]:
        """Provider (caldav, google, microsoft) → whether this installation is set up for it."""
        ...

    def open(self, provider: str, secret: Secret, keep: Callable[[Secret], None]) -> RemoteCalendar:
        """The account; ``keep`` gets a renewed secret before it is used."""
        ...

    def consent_url(self, provider: str, *, state: str, challenge: str) -> str:
        """Where a person allows access (RFC 6749 with PKCE, RFC 7636)."""
        ...

    def redeem(self, provider: str, *, code: str, verifier: str) -> Secret:
        """The secret for what came back from there. Raises CalendarError's children."""
        ...


class Vault(Protocol):
    """Encrypts secrets for the database."""

    def seal(self, text: str, *, purpose: str) -> str:
        """Ciphertext that opens only for the same purpose."""
        ...

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """The text. Raises ValueError when sealed with another key or for another purpose."""
        ...


class VisitMover(Protocol):
    """Moves a visit as staff does."""

    def move_visit(
        self, actor: Actor, appointment_id: UUID, *, starts_at: datetime, technician_id: UUID
    ) -> None:
        """Raises AppError when it cannot be there."""
        ...
