"""Inputs and views of connected calendars."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carbot_app.domains.calendars.ports import CalendarChoice


@dataclass(frozen=True, slots=True)
class CalDavLogin:
    """What a person types to connect a CalDAV account."""

    address: str
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class RefusedMove:
    """Somebody moved a visit in the calendar to where it cannot be."""

    appointment_id: UUID
    title: str
    at: datetime
    """Where it stays."""
    wanted: datetime
    code: str
    """Locale key below ``errors``."""


@dataclass(frozen=True, slots=True)
class CalendarLinkView:
    """A connected calendar; fields as in CalendarLink."""

    id: UUID
    resource_id: UUID
    technician: str
    provider: str
    name: str
    account: str
    state: str
    error: str
    last_synced_at: datetime | None
    notices: tuple[RefusedMove, ...]


@dataclass(frozen=True, slots=True)
class CalendarFeedView:
    """A secret link; without ``resource_id`` for the whole workshop."""

    resource_id: UUID | None
    technician: str
    url: str
    """Empty: there is none."""


@dataclass(frozen=True, slots=True)
class CalendarsView:
    """Everything the settings show."""

    providers: tuple[tuple[str, bool], ...]
    """Provider → whether this installation is set up for it."""
    technicians: tuple[tuple[UUID, str], ...]
    links: tuple[CalendarLinkView, ...]
    feeds: tuple[CalendarFeedView, ...]


@dataclass(frozen=True, slots=True)
class ProbedAccount:
    """An account that let us in, and its calendars."""

    login: CalDavLogin
    calendars: tuple[CalendarChoice, ...]
