"""What privacy needs from outside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A line of the list that survives the database: whom to forget again after a backup was restored."""

    workshop_id: UUID
    at: datetime
    pseudonym: str
    fingerprints: tuple[str, ...]
    """Of the ids of the person's records; they tell nothing to whoever has no backup."""


class ErasureList(Protocol):
    """Kept outside the database, so that restoring an old one does not bring people back."""

    def add(self, line: Forgotten) -> None:
        """Keep a line; it survives a power cut. Unavailable: ``files_unwritable``."""
        ...

    def read(self) -> tuple[Forgotten, ...]:
        """Every line, the oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a printed disclosure with what stands under it."""

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    """(what, its value), or (who and when, what was written)."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a person reads about their data, in words of their language."""

    title: str
    language: str
    facts: tuple[tuple[str, str], ...]
    """Workshop, person, day."""
    parts: tuple[Part, ...]
    page: str
    """The word for page."""


class DisclosurePrinter(Protocol):
    """Makes a PDF."""

    def print_disclosure(self, disclosure: Disclosure) -> bytes:
        """A document for A4."""
        ...
