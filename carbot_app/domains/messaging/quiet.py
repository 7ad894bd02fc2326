"""When a reminder leaves: so many hours before the visit, and not in the night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEFORE_QUIET = timedelta(minutes=15)
"""A reminder that cannot wait until morning leaves this long before the night begins."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local times of day between which nothing leaves; equal times: never quiet."""

    start: time
    end: time
    zone: ZoneInfo

    def contains(self, instant: datetime) -> bool:
        """Whether it is quiet then."""
        now = instant.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def end_after(self, instant: datetime) -> datetime:
        """The first end of quiet hours at or after an instant."""
        return next(at for at in self._all(self.end, instant) if at >= instant)

    def start_before(self, instant: datetime) -> datetime:
        """The last beginning of quiet hours at or before an instant."""
        return [at for at in self._all(self.start, instant) if at <= instant][-1]

    def _all(self, at: time, around: datetime) -> list[datetime]:
        day = around.astimezone(self.zone).date()
        return [_instant(day + timedelta(days=shift), at, self.zone) for shift in (-1, 0, 1)]


def reminder_time(starts_at: datetime, hours: int, quiet: QuietHours) -> datetime:
    """When to remind of a visit ``hours`` before it.

    What would fall into quiet hours waits for their end; if the visit has begun by then it leaves before
    the quiet begins.
    """
    due = starts_at - timedelta(hours=hours)
    if not quiet.contains(due):
        return due
    morning = quiet.end_after(due)
    return morning if morning < starts_at else quiet.start_before(due) - BEFORE_QUIET


def due_reminder(
    starts_at: datetime, hours: Sequence[int], quiet: QuietHours, *, told_at: datetime, now: datetime
) -> int | None:
    """Hours of the reminder that is due now, None when there is none.

    Of several that are due the one nearest to the visit: two at once help nobody. None is due that would
    have left before the customer was last told the time (``told_at``), nor once the visit has begun.
    """
    if now >= starts_at:
        return None
    times = {number: reminder_time(starts_at, number, quiet) for number in hours}
    due = [number for number, at in times.items() if told_at < at <= now]
    return min(due, default=None)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
