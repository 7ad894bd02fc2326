"""What may be offered to whoever brings a car, the most useful first (pure).

Nobody is asked about what is ordered already, nor again about what they declined a fortnight ago.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

DECLINED, INSPECTION, TYRES = "declined", "inspection", "tyres"
SERVICES = {INSPECTION: "SAF-HUA-001", TYRES: "TYR-CHG-001"}
"""What is added to the order."""
_URGENT = "urgent"
_INSPECTION_AHEAD = timedelta(days=60)
_REST = timedelta(days=14)
"""So long nobody asks again."""
_CHANGES = {3: "summer", 4: "summer", 10: "winter", 11: "winter"}
"""Month → stored wheels that belong on the car now (from October to Easter)."""


@dataclass(frozen=True, slots=True)
class DeclinedOnce:
    """Work that was declined and still waits."""

    id: UUID
    title: str
    service_code: str
    urgency: str
    on: date


@dataclass(frozen=True, slots=True)
class Due:
    """Something to offer, and why."""

    kind: str
    on: date | None = None
    season: str = ""
    is_late: bool = False
    declined_id: UUID | None = None


def line_up(
    *,
    today: date,
    inspection: date | None,
    stored: Collection[str],
    declined: Sequence[DeclinedOnce],
    ordered: Sequence[tuple[str, str]],
) -> list[Due]:
    """What fits this visit: what is urgent, the inspection, the season's wheels, then what was declined.

    ``ordered`` is service code and title of what the order has already; ``stored`` the seasons of the
    customer's wheels in store.
    """
    once = [
        Due(DECLINED, row.on, declined_id=row.id)
        for row in sorted(declined, key=lambda row: (row.urgency != _URGENT, row.on))
        if today - row.on >= _REST and not _is_ordered(row.service_code, row.title, ordered)
    ]
    urgent = {row.id for row in declined if row.urgency == _URGENT}
    first = [due for due in once if due.declined_id in urgent]
    return [*first, *_by_calendar(today, inspection, stored, ordered), *(x for x in once if x not in first)]


def _by_calendar(
    today: date, inspection: date | None, stored: Collection[str], ordered: Sequence[tuple[str, str]]
) -> Iterator[Due]:
    near = inspection is not None and inspection - today <= _INSPECTION_AHEAD
    if near and not _is_ordered(SERVICES[INSPECTION], "", ordered):
        yield Due(INSPECTION, inspection, is_late=inspection is not None and inspection < today)
    season = _CHANGES.get(today.month, "")
    if season in stored and not _is_ordered(SERVICES[TYRES], "", ordered):
        yield Due(TYRES, season=season)


def _is_ordered(code: str, title: str, ordered: Sequence[tuple[str, str]]) -> bool:
    """By title, or by the group of the service: ``TYR-CHG-002`` is a wheel change too."""
    group = code[:7]
    return any((group and has[:7] == group) or (title and title == named) for has, named in ordered)
