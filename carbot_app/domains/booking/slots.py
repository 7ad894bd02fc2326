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

MAX_SPAN = 14 * 24 * 60 // CELL_MINUTES
"""Cells between begin and end of the longest visit, nights and closed days included."""

_CELL = CELL_MINUTES * 60
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

Window = tuple[int, int]
"""First cell and the cell after the last."""


@dataclass(frozen=True, slots=True)
class FreeTime:
    """A time at which the work can be done; ``end`` includes breaks and nights the work spans."""

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


def spans_of_day(
    windows: Sequence[Window], cells: int, following: Sequence[Window] = ()
) -> Iterator[FreeTime]:
    """Every start of ``cells`` cells of work on a day open during ``windows``.

    Work that fits into an opening window is not interrupted. Only work longer than every window of the day
    goes on after the break, and only what no day can hold goes on in the windows of the ``following`` days.
    """
    if any(end - start >= cells for start, end in windows):
        for start, end in windows:
            for first in range(start, end - cells + 1):
                yield FreeTime(first, first + cells)
        return
    for number, (start, end) in enumerate(windows):
        for first in range(start, end):
            last = end_of_work((*windows[number:], *following), first, cells)
            if last is not None and last - first <= MAX_SPAN:
                yield FreeTime(first, last)


def end_of_work(windows: Sequence[Window], first: int, cells: int) -> int | None:
    """The cell after ``cells`` cells of work begun at ``first``, done only during ``windows``."""
    left = cells
    for start, end in windows:
        begin = max(first, start)
        if end - begin >= left:
            return begin + left
        left -= max(0, end - begin)
    return None


def minus(windows: Sequence[Window], others: Sequence[Window]) -> list[Window]:
    """The parts of ``windows`` that no other window covers; both in order."""
    left: list[Window] = []
    for start, end in windows:
        at = start
        for other_start, other_end in others:
            if other_start >= end or other_end <= at:
                continue
            if at < other_start:
                left.append((at, other_start))
            at = other_end
        if at < end:
            left.append((at, end))
    return left


@dataclass(frozen=True, slots=True)
class Occupancy:
    """When one resource cannot be had: bit n stands for the cell ``base + n``."""

    base: int
    busy: int

    @classmethod
    def of(cls, base: int, windows: Iterable[Window]) -> "Occupancy":
        """From busy windows; parts before ``base`` are cut off."""
        busy = 0
        for start, end in windows:
            first = max(start, base)
            if end > first:
                busy |= _ones(end - first) << (first - base)
        return cls(base, busy)

    def free(self, start: int, end: int) -> bool:
        """Whether no cell from ``start`` to before ``end`` is busy; cells before the base are not known."""
        first = max(start, self.base)
        return not self.busy >> (first - self.base) & _ones(max(0, end - first))

    def free_starts(self, length: int, horizon: int) -> int:
        """Bits of the cells from which ``length`` cells are free, looking at ``horizon`` cells."""
        free, have = ~self.busy & _ones(horizon), 1
        while have < length:
            step = min(have, length - have)
            free &= free >> step
            have += step
        return free


def _ones(count: int) -> int:
    return (1 << count) - 1


class FreeStarts:
    """From where some technician and some bay are free for a whole piece of work, and how well it fits.

    ``opened`` are the opening windows between ``base`` and ``end``; ``spared`` the bays to be kept for other
    work if possible, ``buffer`` the cells kept free after the work.
    """

    def __init__(
        self,
        base: int,
        end: int,
        technicians: Sequence[Occupancy],
        bays: Sequence[Occupancy],
        *,
        opened: Sequence[Window] = (),
        spared: Sequence[Occupancy] = (),
        buffer: int = 0,
    ) -> None:
        self._base = base
        self._horizon = end - base
        self._technicians = technicians
        self._bays = bays
        self._spared = spared
        self._buffer = buffer
        self._closed = _ones(self._horizon) & ~Occupancy.of(base, opened).busy
        self._bits: dict[int, tuple[bytes, ...]] = {}

    def holds(self, time: FreeTime) -> bool:
        """Whether some technician and some bay are free for all of ``time`` and the buffer after it."""
        return self._has(0, time)

    def waste(self, time: FreeTime) -> float:
        """How badly a free time fits: 0 closes a gap, 1 stands alone; crumbs and lifts add."""
        closes_gap, leans_on, leaves_crumbs, takes_spared = (self._has(n, time) for n in range(1, 5))
        return (0 if closes_gap else 0.5 if leans_on else 1) + leaves_crumbs * 0.5 + takes_spared

    def _has(self, which: int, time: FreeTime) -> bool:
        place = time.start - self._base
        return bool(self._of(time.end - time.start)[which][place >> 3] >> (place & 7) & 1)

    def _of(self, length: int) -> tuple[bytes, ...]:
        # Bytes answer "is bit n set" in constant time; shifting a long integer for each question would not.
        if length not in self._bits:
            self._bits[length] = tuple(
                bits.to_bytes(self._horizon // 8 + 1, "little") for bits in self._judge(length + self._buffer)
            )
        return self._bits[length]

    def _judge(self, length: int) -> tuple[int, int, int, int, int]:
        horizon, beyond = self._horizon, ~_ones(self._horizon)
        bays = _any_free(self._bays, length, horizon)
        spared = _any_free(self._spared, length, horizon)
        free = closes_gap = leans_on = tidy = 0
        for technician in self._technicians:
            starts = technician.free_starts(length, horizon)
            free |= starts
            taken = technician.busy | self._closed | beyond
            before, after = taken << 1 | 1, taken >> length
            closes_gap |= starts & before & after
            leans_on |= starts & (before | after)
            # A quarter or half an hour left over is of no use to anybody.
            crumb_before = ~before & (taken << 2 | taken << 3)
            crumb_after = ~after & (taken >> length + 1 | taken >> length + 2)
            tidy |= starts & ~crumb_before & ~crumb_after
        everything = free & (bays | spared)
        return everything, closes_gap, leans_on, everything & ~tidy, everything & ~bays


def _any_free(resources: Sequence[Occupancy], length: int, horizon: int) -> int:
    free = 0
    for resource in resources:
        free |= resource.free_starts(length, horizon)
    return free


@dataclass(frozen=True, slots=True)
class DayTimes:
    """The free times of a day, how badly each fits (see FreeStarts.waste) and how full the day is, 0 to 1."""

    times: Sequence[FreeTime]
    waste: Sequence[float]
    load: float


_SAME_DAY = 2.5
_SAME_HOURS = 1.0
_HOURS_APART = 8
"""Cells closer than which two times on one day are no real choice."""


def rank(days: Sequence[DayTimes], limit: int) -> list[FreeTime]:
    """Up to ``limit`` times: the best first, the others in order of time.

    A day later costs 1, a poor fit up to 2.5, a full day 1; a second time on a day, and more so one close to
    the first, has to be that much better, so that there is a real choice of days and hours.
    """
    cost = {
        time: number + waste + day.load
        for number, day in enumerate(days)
        for time, waste in zip(day.times, day.waste, strict=True)
    }
    day_of = {time: number for number, day in enumerate(days) for time in day.times}
    chosen: list[FreeTime] = []
    while cost and len(chosen) < limit:
        best = min(cost, key=lambda time: (cost[time], time.start))
        chosen.append(best)
        del cost[best]
        for time in days[day_of[best]].times:
            if time in cost:
                close = abs(time.start - best.start) < _HOURS_APART
                cost[time] += _SAME_DAY + close * _SAME_HOURS
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
