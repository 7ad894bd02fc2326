"""Tables of retention, disclosures to people and erasures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class RetentionTerms(TenantRow, table=True):
    """How long a workshop keeps what; a workshop without a row keeps it as retention.KINDS says."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    periods: dict[str, int] = json_field(dict)
    """Kind → days, months or years, where the owner chose another period than the usual one."""
    started_at: datetime | None = instant(default=None)
    """When the last run began; the next one waits for the next night."""


class RetentionRun(TenantRow, table=True):
    """Proof that something was deleted because its time was over: one kind in one run."""

    __table_args__ = (Index("ix_retention_run_recent", "workshop_id", "at"),)

    kind: str = Field(max_length=12)
    """One of retention.KINDS."""
    count: int
    at: datetime = instant()
    """When the run began."""


class PrivacyExport(TenantRow, table=True):
    """What a person was told about their data (Art. 15 GDPR): a file that is built, handed out and ends."""

    __table_args__ = (Index("ix_privacy_export_expires", "expires_at"),)

    customer_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    state: str = Field(default="queued", max_length=8)
    """queued, building, ready or failed."""
    progress: int = 0
    """Percent."""
    checked_by: str = Field(max_length=12)
    """How staff made sure who asks: one of rules.CHECKS."""
    requested_by: str = Field(default="", max_length=120)
    token_fingerprint: str | None = Field(default=None, max_length=64, unique=True)
    """Of the link for the person; a new link ends the old one."""
    size: int = 0
    expires_at: datetime = instant()


class Erasure(TenantRow, table=True):
    """That somebody was forgotten (Art. 17 GDPR), without telling who it was.

    The fingerprints find the same rows again in a restored backup.
    """

    pseudonym: str = Field(max_length=24)
    """What is left of the name where the law has something kept."""
    fingerprints: list[str] = json_field(list)
    """Of the ids of all records the person had."""
    checked_by: str = Field(max_length=12)
    """How staff made sure who asks: one of rules.CHECKS; ``backup`` when it was done again."""
    done_by: str = Field(default="", max_length=120)
    removed: dict[str, Any] = json_field(dict)
    """Kind of thing → how many went."""
    kept: dict[str, Any] = json_field(dict)
    """Kind of thing → how many stay without a name."""
