"""Hash chain over what happened to documents, so that a later change shows (GoBD, numbers 58 and 107 to 112).

Every row carries SHA-256 of the hash before it and of its own content. The content is written in one
canonical way: sorted names, UTF-8, no spaces, instants in UTC; floats are refused because two machines may
write them differently.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

START = "0" * 64
"""Hash before the first row of a workshop."""


@dataclass(frozen=True, slots=True)
class ChainedRow:
    """A row as it is stored."""

    id: str
    content: Mapping[str, Any]
    hash: str


def row_hash(previous: str, row_id: str, content: Mapping[str, Any]) -> str:
    """Hash of a row that follows the one with hash ``previous``."""
    return hashlib.sha256(f"{previous}\n{row_id}\n{canonical(content)}".encode()).hexdigest()


def append(previous: str, row_id: str, content: Mapping[str, Any]) -> ChainedRow:
    """The next row of a chain."""
    return ChainedRow(row_id, content, row_hash(previous, row_id, content))


def verify(rows: Iterable[ChainedRow], *, start: str = START, end: str | None = None) -> str | None:
    """Id of the first row that does not fit, None when the chain is whole.

    ``end`` is the last hash that was noted elsewhere; without it nobody sees rows cut off at the end. When
    they are, the answer is ``end`` itself, for there is no row to name.
    """
    previous = start
    for row in rows:
        if row.hash != row_hash(previous, row.id, row.content):
            return row.id
        previous = row.hash
    return end if end is not None and end != previous else None


def canonical(content: Mapping[str, Any]) -> str:
    """The one way to write a content."""
    return json.dumps(_plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Decimal):
        # 1.50 and 1.5 are the same amount and databases return either.
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, (date, UUID)):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
