"""Inputs and views of callbacks."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

SOON = "soon"
"""Key of the window "as soon as possible"."""


@dataclass(frozen=True, slots=True)
class CallWindow:
    """A time in which the customer expects the call."""

    starts_at: datetime
    ends_at: datetime
    soon: bool = False

    @property
    def key(self) -> str:
        """What a form sends back: ``soon`` or ``20261123T1300Z``."""
        return SOON if self.soon else f"{self.starts_at.astimezone(UTC):%Y%m%dT%H%MZ}"


@dataclass(frozen=True, slots=True)
class OfferedWindow:
    """A window to choose from, in the reader's words."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class CallbackRequest:
    """What a customer asks for."""

    name: str
    phone: str
    """As typed; brought to E.164."""
    window: str = SOON
    """Key of an offered window."""
    note: str = ""
    plate: str = ""
    plate_country: str = "DE"
    language: str = "de"
    source: str = "page"
    """page or chat."""


@dataclass(frozen=True, slots=True)
class CallbackDraft:
    """What staff writes down; without ``starts_at`` as soon as possible, without ``ends_at`` two hours."""

    name: str
    phone: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    note: str = ""
    plate: str = ""
    plate_country: str = "DE"
    language: str = "de"


@dataclass(frozen=True, slots=True)
class CallbackPromise:
    """What a visitor hears: nothing they did not say themselves."""

    when: str
    """The window in words."""
    phone: str
    """The number as people read it."""
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CallbackView:
    """A callback for staff."""

    id: UUID
    name: str
    phone: str
    phone_text: str
    customer_id: UUID | None
    conversation_id: UUID | None
    plate: str
    plate_country: str
    starts_at: datetime
    ends_at: datetime
    soon: bool
    when: str
    """The window in the reader's words."""
    overdue: bool
    """Its window has passed."""
    language: str
    note: str
    state: str
    attempts: int
    source: str
    handled_by: str
    handled_at: datetime | None
    created_at: datetime
    done_at: datetime | None
