"""Inputs and views of what staff keeps beside a thread."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from carbot_app.domains.conversations.response_clock import ResponseClock

TONES = ("neutral", "info", "accent", "ok", "warn", "err", "heat")
"""Tones of the design system a label may have."""


@dataclass(frozen=True, slots=True)
class LabelView:
    """A word threads are sorted by."""

    id: UUID
    name: str
    category: str
    tone: str
    """One of TONES."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody threads can be given to and notes can call."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note among colleagues."""

    id: UUID
    author_id: UUID | None
    author_name: str
    text: str
    mentions: tuple[UUID, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CannedReplyView:
    """A text to insert; ``{{name}}`` and others are still in it."""

    id: UUID
    title: str
    category: str
    text: str


@dataclass(frozen=True, slots=True)
class ThreadDesk:
    """What staff keeps beside one thread, as the acting person sees it."""

    assigned_to: UUID | None
    assigned_name: str
    snoozed_until: datetime | None
    waiting_since: datetime | None
    labels: tuple[LabelView, ...]
    notes: tuple[NoteView, ...]
    """Oldest first."""
    draft: str
    clock: ResponseClock


@dataclass(frozen=True, slots=True)
class ThreadMark:
    """A thread before a change, to undo it."""

    conversation_id: UUID
    state: str
    assigned_to: UUID | None
    snoozed_until: datetime | None
    waiting_since: datetime | None
    label_ids: tuple[UUID, ...]
