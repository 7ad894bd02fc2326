"""How the providers are doing; functions for the session of another use case, which acts for the system."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.messaging.models import ProviderHealth
from carbot_app.domains.messaging.schemas import Outage

OUT_AFTER = 3
"""Failures in a row that are the provider's, not the message's."""


def note_taken(session: Session, channel: str) -> None:
    """The provider took a message."""
    row = _find(session, channel)
    # The usual case writes nothing: the row would be everybody's bottleneck
    if row is not None and row.failures:
        row.failures, row.since, row.error = 0, None, ""


def note_outage(session: Session, channel: str, error: str, now: datetime) -> None:
    """The provider could not be reached, or was not able to take a message."""
    wait_for_turn(session, f"health {channel}")
    row = _find(session, channel) or ProviderHealth(channel=channel)
    row.failures, row.since, row.error = row.failures + 1, row.since or now, error
    session.add(row)


def outages(session: Session, channels: Collection[str]) -> tuple[Outage, ...]:
    """Channels in use that are out of order."""
    query = select(ProviderHealth).where(
        ProviderHealth.failures >= OUT_AFTER, col(ProviderHealth.channel).in_(sorted(channels))
    )
    return tuple(
        Outage(row.channel, row.since, row.error)
        for row in session.exec(query.order_by(ProviderHealth.channel))
        if row.since is not None
    )


def _find(session: Session, channel: str) -> ProviderHealth | None:
    return session.exec(select(ProviderHealth).where(ProviderHealth.channel == channel)).first()
