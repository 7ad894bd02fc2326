"""Transactional outbox: what others care about is written with the change and delivered at least once."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Session

from carbot_app.db.base import TenantRow, instant, json_field

_AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Due whatever the clock of the machine that delivers says."""


class OutboxEvent(TenantRow, table=True):
    """One fact that happened, with the consumers that have already handled it."""

    kind: str = Field(max_length=64)
    payload: dict[str, Any] = json_field(dict)
    available_at: datetime = instant(default=_AT_ONCE, index=True)
    attempts: int = 0
    handled_by: list[str] = json_field(list)
    delivered_at: datetime | None = instant(default=None, index=True)
    error: str | None = None


CHAIN = "chain"
"""Name of what a session and its events know about the automations that cause them, the first one first."""


def emit(session: Session, workshop_id: UUID, kind: str, **payload: Any) -> None:
    """Add an event to the session's transaction. ``payload`` holds ids and plain values, no personal data."""
    if CHAIN in session.info:
        payload = {**payload, CHAIN: session.info[CHAIN]}
    session.add(
        OutboxEvent(
            workshop_id=workshop_id,
            kind=kind,
            payload={key: str(value) if isinstance(value, UUID) else value for key, value in payload.items()},
        )
    )
