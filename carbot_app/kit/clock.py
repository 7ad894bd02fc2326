"""The current instant as a dependency, so that tests can stand still or travel."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Clock = Callable[[], datetime]
"""Returns the current instant, aware and in UTC."""


def system_clock() -> datetime:
    """The machine's current instant in UTC."""
    return datetime.now(UTC)


class ManualClock:
    """A clock that only moves when told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, delta: timedelta) -> None:
        """Move the clock forward by ``delta``."""
        self.now += delta


def epoch_ms(at: datetime) -> int:
    """Milliseconds since 1970 (UTC) of an aware instant."""
    return round((at - EPOCH) / timedelta(milliseconds=1))
