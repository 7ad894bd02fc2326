"""Decides what an event that came back means; no input, no output.

Both sides may have changed. CarBot's time wins when both did: there customers and bays hang on it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from carbot_app.domains.calendars.ports import OwnEvent, RemoteEvent


class Meaning(Enum):
    """What to do about an event that carries our mark."""

    NOTHING = "nothing"
    """It is as we left it."""
    ADOPT = "adopt"
    """We wrote it and did not get round to noting that."""
    NOTE = "note"
    """Somebody changed what is not ours to keep (its title); note the new version."""
    RESTORE = "restore"
    """Ours counts: write it again."""
    MOVE = "move"
    """Its owner moved it: move the visit."""
    FOREIGN = "foreign"
    """A copy, or a visit we do not know: like any event of the owner."""


@dataclass(frozen=True, slots=True)
class Known:
    """What we noted about an event of ours."""

    event_id: str
    etag: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """What CarBot says about the same visit now; ``here``: this technician's, and not called off."""

    starts_at: datetime
    here: bool


def meaning_of(event: RemoteEvent, known: Known | None, visit: Visit | None) -> Meaning:
    """See Meaning."""
    if visit is None or not event.spans:
        return Meaning.FOREIGN
    if known is None:
        return Meaning.ADOPT
    if known.event_id != event.id:
        return Meaning.FOREIGN
    if known.etag == event.etag:
        return Meaning.NOTHING
    span = event.spans[0]
    if span.starts_at != known.starts_at:
        untouched = visit.here and visit.starts_at == known.starts_at
        return Meaning.MOVE if untouched and span.starts_at != visit.starts_at else Meaning.RESTORE
    return Meaning.NOTE if span.ends_at == known.ends_at and known.etag else Meaning.RESTORE


def fingerprint_of(event: OwnEvent) -> str:
    """Equal exactly when the calendar would show the same."""
    parts = (event.title, event.text, event.starts_at.isoformat(), event.ends_at.isoformat())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def absence_prefix(link_id: UUID) -> str:
    """What the keys of all absences of a calendar begin with."""
    return f"{link_id}:"


def absence_key(link_id: UUID, event_id: str) -> str:
    """The key of the absences that stand for an event; ids of events are longer than a column."""
    return f"{absence_prefix(link_id)}{hashlib.sha256(event_id.encode()).hexdigest()[:40]}"


def event_words(title: str, plate: str, customer: str) -> tuple[str, str]:
    """Title and text of a visit outside CarBot: work, plate and name. No telephone, mail, price or note:
    what lies in other people's calendars is out of our hands."""
    return " · ".join(filter(None, (plate, title)))[:250], customer
