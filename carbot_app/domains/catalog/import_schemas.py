"""Inputs and views of the catalogue's import."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any
from uuid import UUID

from carbot_app.domains.catalog.changes import Edit
from carbot_app.domains.catalog.columns import Guess
from carbot_app.domains.catalog.sheets import Sheet

NEW, CHANGED, UNCHANGED, ERROR = "new", "changed", "unchanged", "error"


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """A file that was read, and what its columns probably are."""

    filename: str
    sheet: Sheet
    guesses: tuple[Guess, ...]
    sample: tuple[tuple[str, ...], ...]
    """The first five rows."""

    @property
    def mapping(self) -> dict[int, str]:
        """Position in the file → key of the column, as guessed."""
        return {guess.position: guess.column for guess in self.guesses}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with a row; the text is the locale key ``key`` filled with ``params``."""

    field: str
    """Of the table Service."""
    column: str
    """Header in the file, or the German title of a column the file does not have."""
    key: str
    params: Mapping[str, Any] = default(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CellChange:
    """One value of a service before and after, as the export would write it."""

    column: str
    """Key of the column."""
    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What a row of the file would do."""

    line: int
    """As a spreadsheet counts."""
    code: str
    """A new service without a number already has the one it would get."""
    name: str
    status: str
    """new, changed, unchanged or error."""
    changes: tuple[CellChange, ...] = ()
    """Of a new service its place, price and duration, without a before."""
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do; nothing is stored. Stays on the server: ``apply`` trusts it."""

    workshop_id: UUID
    new: int
    changed: int
    unchanged: int
    errors: int
    rows: tuple[ImportRow, ...]
    sheet: Sheet
    edits: tuple[Edit, ...]
    seen: Mapping[str, str]
    """Code → fingerprint of the service each edit rests on, empty when there was none."""
    shelves: frozenset[str]
    """Categories the edits rest on."""
    links: frozenset[str]
    """Services the edits point to and do not make themselves."""
