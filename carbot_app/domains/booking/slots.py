"""Free times: a quarter-hour grid, opening hours and what technicians and bays are busy with.

Time is counted in cells of 15 minutes since 1970 in UTC, which makes summer time harmless: every zone of the
countries we serve is off by whole cells. Sets of cells are the bits of integers, so that sixty days of a
whole workshop are combined in a few operations.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CELL_MINUTES = 15
LEAD_TIME = timedelta(hours=2)
"""The earliest slot offered starts this long from now."""
HORIZON_DAYS = 60
"""Slots are offered from today on for this many days."""
MAX_CELLS = 127
"""Longest work a slot id can carry; far longer than any day is open."""

_CELL = CELL_MINUTES * 60
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

Window = tuple[int, int]
"""First cell and the cell after the last."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which the work can be done; ``end`` includes a break the work spans."""

    start: int
    end: int

    @property
    def starts_at(self) -> datetime:
        """Aware, UTC."""
        return instant_of(self.start)

    @property
    def ends_at(self) -> datetime:
        """Aware, UTC."""
        return instant_of(self.end)


def cells_of(minutes: int) -> int:
    """Minutes of work as cells, rounded up."""
    return max(1, -(-minutes // CELL_MINUTES))


def cell_at_or_after(instant: datetime) -> int:
    """First cell that starts at or after ``instant``."""
    return -(-int(instant.timestamp()) // _CELL) if instant.microsecond == 0 else cell_before(instant) + 1


def cell_before(instant: datetime) -> int:
    """The cell that ``instant`` lies in."""
    return int(instant.timestamp()) // _CELL


def instant_of(cell: int) -> datetime:
    """Start of the cell, aware and in UTC."""
    return datetime.fromtimestamp(cell * _CELL, UTC)


def encode_slot(start: int, cells: int) -> str:
    """Opaque id of a slot: start and length of the work, in Crockford's base 32."""
    number, digits = start * (MAX_CELLS + 1) + cells, ""
    while number:
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return digits


def decode_slot(slot_id: str) -> tuple[int, int] | None:
    """Start cell and cells of work of an id; None for anything that cannot be one."""
    if not 1 <= len(slot_id) <= 8 or any(letter not in _ALPHABET for letter in slot_id):
        return None
    number = 0
    for letter in slot_id:
        number = number * 32 + _ALPHABET.index(letter)
    start, cells = divmod(number, MAX_CELLS + 1)
    return (start, cells) if start and cells else None


def day_of_slot(slot_id: str, timezone: str) -> date | None:
    """Day on which the work of a slot begins in the workshop's zone; None for what is no slot."""
    decoded = decode_slot(slot_id)
    return instant_of(decoded[0]).astimezone(ZoneInfo(timezone)).date() if decoded else None


def spans_of_day(windows: Sequence[Window], cells: int) -> Iterator[FreeTime]:
    """Every start of ``cells`` cells of work on a day open during ``windows``.

    Work that fits into an opening window is not interrupted. Only work longer than every window of the day
    goes on after the break, and it must be finished by closing time.
    """
    if any(end - start >= cells for start, end in windows):
        for start, end in windows:
            for first in range(start, end - cells + 1):
                yield FreeTime(first, first + cells)
        return
    for number, (start, end) in enumerate(windows):
        for first in range(start, end):
            last = _end_of_work(windows[number:], first, cells)
            if last is not None:
                yield FreeTime(first, last)


def _end_of_work(windows: Sequence[Window], first: int, cells: int) -> int | None:
    left = cells
    for start, end in windows:
        begin = max(first, start)
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


@dataclass(frozen=True, slots=True)
class Occupancy:
    """What one technician or bay is busy with: bit n stands for the cell ``base + n``."""

    base: int
    busy: int

    @classmethod
    def of(cls, base: int, windows: Iterable[Window]) -> "Occupancy":
        """From busy windows; parts before ``base`` are cut off."""
        busy = 0
        for start, end in windows:
            first = max(start, base)
            if end > first:
                busy |= ((1 << (end - first)) - 1) << (first - base)
        return cls(base, busy)

    def free_starts(self, length: int, horizon: int) -> int:
        """Bits of the cells from which ``length`` cells are free, looking at ``horizon`` cells."""
        free, have = ~self.busy & ((1 << horizon) - 1), 1
        while have < length:
            step = min(have, length - have)
            free &= free >> step
            have += step
        return free


class FreeStarts:
    """From where technician and bay are free for a whole piece of work, between two cells."""

    def __init__(
        self, base: int, end: int, technicians: Sequence[Occupancy], bays: Sequence[Occupancy]
    ) -> None:
        self._base = base
        self._horizon = end - base
        self._kinds = (technicians, bays)
        self._bits: dict[int, bytes] = {}

    def holds(self, time: FreeTime) -> bool:
        """Whether some technician and some bay are free for all of ``time``."""
        place = time.start - self._base
        return bool(self._of(time.end - time.start)[place >> 3] >> (place & 7) & 1)

    def _of(self, length: int) -> bytes:
        # Bytes answer "is bit n set" in constant time; shifting a long integer for each question would not.
        if length not in self._bits:
            free = (1 << self._horizon) - 1
            for resources in self._kinds:
                free &= _any_free(resources, length, self._horizon)
            self._bits[length] = free.to_bytes(self._horizon // 8 + 1, "little")
        return self._bits[length]


def _any_free(resources: Sequence[Occupancy], length: int, horizon: int) -> int:
    free = 0
    for resource in resources:
        free |= resource.free_starts(length, horizon)
    return free


def spread(days: Sequence[Sequence[FreeTime]], limit: int) -> list[FreeTime]:
    """Up to ``limit`` times that give a real choice: the earliest first, then other days, then other hours.

    ``days`` are the free times day by day. On every second day the later half is taken, so that the choice
    holds mornings and afternoons. With fewer days than ``limit`` the rest lies as far apart as they allow.
    """
    filled = [times for times in days if times]
    chosen = [
        times[0] if number % 2 == 0 else times[len(times) // 2] for number, times in enumerate(filled[:limit])
    ]
    pool = [time for times in filled for time in times]
    while len(chosen) < min(limit, len(pool)):
        left = [time for time in pool if time not in chosen]
        chosen.append(max(left, key=lambda time: min(abs(time.start - other.start) for other in chosen)))
    return chosen[:1] + sorted(chosen[1:], key=lambda time: time.start)


def thin_out(times: Sequence[FreeTime], step: int) -> list[FreeTime]:
    """Times at least ``step`` cells apart, earliest first: a day's list a thumb can read."""
    kept: list[FreeTime] = []
    for time in times:
        if not kept or time.start - kept[-1].start >= step:
            kept.append(time)
    return kept


def days_from(first: date, days: int) -> list[date]:
    """``days`` dates from ``first`` on."""
    return [first + timedelta(days=number) for number in range(days)]
