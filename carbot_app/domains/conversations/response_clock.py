"""How long a customer has waited for an answer while somebody could have given one (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.slots import instant_of

LONGEST_DAYS = 60
LATE = timedelta(hours=1)
"""From here on a wait is too long."""


@dataclass(frozen=True, slots=True)
class ResponseClock:
    """Runs while the workshop is open; without opening hours it always runs."""

    rules: OpeningRules

    def waited(self, since: datetime, now: datetime) -> timedelta:
        """Opening time from ``since`` to ``now``; at most what lies in the last sixty days."""
        since = max(since, now - timedelta(days=LONGEST_DAYS))
        if not any(self.rules.hours.values()):
            return max(now - since, timedelta(0))
        total = timedelta(0)
        day, last = self.rules.local_date(since), self.rules.local_date(now)
        while day <= last:
            for opens, closes in self.rules.windows_on(day):
                begins, ends = max(instant_of(opens), since), min(instant_of(closes), now)
                total += max(ends - begins, timedelta(0))
            day += timedelta(days=1)
        return total
