"""When a workshop is open: weekly hours in its own zone, closures and public holidays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import holidays.countries  # all of them at once: the first who asks would wait for that

from carbot_app.domains.booking.slots import Window, cell_at_or_after, cell_before


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """Opening hours of one workshop.

    ``hours``: ISO weekday "1".."7" → list of ["07:30", "12:00"], local time; "24:00" is midnight.
    ``closures``: first and last day, both included, and the hours of these days; none: closed.
    """

    hours: Mapping[str, Any]
    zone: ZoneInfo
    country: str
    region: str
    closures: Sequence[tuple[date, date, Sequence[Sequence[str]]]]

    def is_closed(self, on: date) -> bool:
        """Whether nobody works that day: no hours, a closure or a public holiday."""
        return not self._hours_on(on)

    def _hours_on(self, on: date) -> Sequence[Sequence[str]]:
        special = [hours for first, last, hours in self.closures if first <= on <= last]
        if special:
            # Entered twice: a closed day stays closed
            return [] if not all(special) else [window for hours in special for window in hours]
        if on in public_holidays(self.country, self.region, on.year):
            return []
        return self.hours.get(str(on.isoweekday())) or []

    def windows_on(self, on: date) -> list[Window]:
        """Opening windows of the day in cells, in order; partial cells at the edges are not open."""
        return windows_of(self._hours_on(on), on, self.zone)

    def local_date(self, instant: datetime) -> date:
        """The workshop's calendar day of an instant."""
        return instant.astimezone(self.zone).date()


def windows_of(hours: Iterable[Any], on: date, zone: ZoneInfo) -> list[Window]:
    """Pairs of local times of a day as windows of whole cells, in order; those that touch are one."""
    windows: list[Window] = []
    for opens, closes in sorted(hours):
        start, end = _cells(zone, on, opens, closes)
        if windows and start <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        elif end > start:
            windows.append((start, end))
    return windows


@lru_cache(maxsize=8192)
def _cells(zone: ZoneInfo, on: date, opens: str, closes: str) -> Window:
    # Local times skipped or repeated by the clock change: read so that no window grows too long.
    return cell_at_or_after(max(_instants(zone, on, opens))), cell_before(min(_instants(zone, on, closes)))


def _instants(zone: ZoneInfo, on: date, clock_time: str) -> tuple[datetime, datetime]:
    """Both readings of a local time, in UTC; they differ only around clock changes."""
    day, clock = (on + timedelta(days=1), "00:00") if clock_time == "24:00" else (on, clock_time)
    local = datetime.combine(day, time.fromisoformat(clock), zone)
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
