"""When a workshop is open: weekly hours in its own zone, closures and public holidays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from carbot_app.domains.booking.slots import Window, cell_at_or_after, cell_before


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """Opening hours of one workshop.

    ``hours``: ISO weekday "1".."7" → list of ["07:30", "12:00"], local time; "24:00" is midnight.
    ``closures``: first and last closed day, both included.
    """

    hours: Mapping[str, Any]
    zone: ZoneInfo
    country: str
    region: str
    closures: Sequence[tuple[date, date]]

    def is_closed(self, on: date) -> bool:
        """Whether nobody works that day: no hours, a closure or a public holiday."""
        return (
            not self.hours.get(str(on.isoweekday()))
            or any(first <= on <= last for first, last in self.closures)
            or on in public_holidays(self.country, self.region, on.year)
        )

    def windows_on(self, on: date) -> list[Window]:
        """Opening windows of the day in cells, in order; partial cells at the edges are not open."""
        if self.is_closed(on):
            return []
        windows: list[Window] = []
        for opens, closes in sorted(self.hours[str(on.isoweekday())]):
            # Local times skipped or repeated by the clock change: read so that no window grows too long.
            start = cell_at_or_after(max(self._instants(on, opens)))
            end = cell_before(min(self._instants(on, closes)))
            if windows and start <= windows[-1][1]:
                windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
            elif end > start:
                windows.append((start, end))
        return windows

    def local_date(self, instant: datetime) -> date:
        """The workshop's calendar day of an instant."""
        return instant.astimezone(self.zone).date()

    def _instants(self, on: date, clock_time: str) -> tuple[datetime, datetime]:
        """Both readings of a local time, in UTC; they differ only around clock changes."""
        day, clock = (on + timedelta(days=1), "00:00") if clock_time == "24:00" else (on, clock_time)
        local = datetime.combine(day, time.fromisoformat(clock), self.zone)
        return local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)


@lru_cache(maxsize=512)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """Public holidays of the region (ISO 3166-2, ``NW`` or ``DE-NW``); unknown region: the country's."""
    subdivision = region.removeprefix(f"{country}-") or None
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year)
    except NotImplementedError:
        found = holidays.country_holidays(country, years=year)
    return frozenset(found)
