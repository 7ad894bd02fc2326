"""Tables of vehicle histories.

Entries are only ever added: a guard here and triggers in the database refuse everything else. They name
nobody, so that forgetting a person leaves every chain whole; what could name somebody is a commitment in the
entry, and its words lie in ``HistoryText``, which may go.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint, event
from sqlmodel import Field, Session

from carbot_app.db.base import TenantRow, instant, json_field
from carbot_app.kit.errors import Conflict


class HistoryKey(TenantRow, table=True):
    """A pair of keys of the workshop; the one that is not retired signs, all of them prove."""

    __table_args__ = (UniqueConstraint("workshop_id", "fingerprint"),)

    fingerprint: str = Field(max_length=64)
    """SHA-256 of the public key, hexadecimal."""
    public_key: str = Field(max_length=64)
    """Ed25519, 32 bytes as base64."""
    sealed_private: str = Field(default="", max_length=255)
    """By the vault; emptied when the key retires, for it signs nothing any more."""
    retired_at: datetime | None = instant(default=None)


class VehicleChain(TenantRow, table=True):
    """Which chain is whose; without this row a chain is that of some car."""

    __table_args__ = (UniqueConstraint("vehicle_id"),)

    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")


class HistoryEntry(TenantRow, table=True):
    """A link of the chain of one car (entries.py says what its content is)."""

    __table_args__ = (UniqueConstraint("chain_id", "seq"), UniqueConstraint("chain_id", "source"))

    chain_id: UUID
    """Of VehicleChain, without a foreign key: that row may go, entries stay."""
    seq: int
    """From 1 without gaps."""
    source: str = Field(max_length=80)
    """What it tells of, so that the same thing is told once: ``order:<id>``."""
    content: dict[str, Any] = json_field(dict)
    hash: str = Field(max_length=64)
    signature: str = Field(max_length=96)
    """Ed25519, 64 bytes as base64."""


class HistoryText(TenantRow, table=True):
    """Words of an entry with the salt that ties them to it; without the salt nobody can guess them."""

    __table_args__ = (UniqueConstraint("entry_id", "name"),)

    entry_id: UUID
    name: str = Field(max_length=12)
    """vin, works or summary."""
    salt: str = Field(max_length=64)
    value: Any = json_field(str)
    """A text or a list of texts."""
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="CASCADE")
    """Whose order or report it was; None: it belongs to the car."""
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", index=True, ondelete="CASCADE")


@event.listens_for(Session, "before_flush")
def _refuse_changes(session: Session, *_: object) -> None:
    """The database refuses it too; here it is refused in words, before anything is sent."""
    changed = (row for row in session.dirty if isinstance(row, HistoryEntry) and session.is_modified(row))
    gone = (row for row in session.deleted if isinstance(row, HistoryEntry))
    if any(True for rows in (changed, gone) for _row in rows):
        raise Conflict("history_immutable")
