"""Who and what is free between two instants, and which of them a visit gets."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.booking.slots import DayTimes, FreeStarts, FreeTime, Occupancy, Window, spans_of_day

TECHNICIAN = "technician"
BAY = "bay"
LOANER = "loaner"


@dataclass(frozen=True, slots=True)
class Reservation:
    """A resource and when it cannot be had."""

    resource: Resource
    occupancy: Occupancy
    away: Occupancy
    """The part of it that is not work."""
    able: bool = True
    """It can do the work; staff may decide for another."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a visit takes: each resource from one cell to before another."""

    technician_id: UUID
    bay_id: UUID
    loaner_id: UUID | None
    windows: Mapping[UUID, Window]


@dataclass(frozen=True, slots=True)
class Planning:
    """Free and busy resources between two cells for one demand, those of a kind in order of preference."""

    base: int
    end: int
    opened: Sequence[Window]
    demand: Demand
    reservations: Mapping[str, Sequence[Reservation]]
    _starts: FreeStarts = field(init=False)

    def __post_init__(self) -> None:
        bays = self._able(BAY)
        spared = [bay for bay in bays if bay.resource.lift and not self.demand.lift]
        starts = FreeStarts(
            self.base,
            self.end,
            [one.occupancy for one in self._able(TECHNICIAN)],
            [one.occupancy for one in bays if one not in spared],
            opened=self.opened,
            spared=[one.occupancy for one in spared],
            buffer=self.demand.buffer,
        )
        object.__setattr__(self, "_starts", starts)

    def times_of(self, windows: Sequence[Window], following: Sequence[Window], first_cell: int) -> DayTimes:
        """Free times of a day open during ``windows``, none before ``first_cell``."""
        spans = spans_of_day(windows, self.demand.cells, following)
        times = [
            span
            for span in spans
            if span.start >= first_cell
            and self._starts.holds(span)
            and self.has_loaner(span)
            and not (self.demand.waiting and span.end - span.start > self.demand.cells)
        ]
        return DayTimes(times, [self._starts.waste(time) for time in times], self._load(windows))

    def choose(
        self,
        time: FreeTime,
        *,
        preferred: Collection[UUID] = (),
        technician_id: UUID | None = None,
        bay_id: UUID | None = None,
    ) -> Taken | None:
        """A free technician, bay and, if wished, loaner for ``time``; None when one is missing.

        ``preferred`` come first; an id given takes just that technician or bay, able or not.
        """
        until = time.end + self.demand.buffer
        technician = self._first(TECHNICIAN, time.start, until, preferred, only=technician_id)
        bay = self._first(BAY, time.start, until, preferred, only=bay_id)
        loaner = self._loaner(time, preferred) if self.demand.loaner else None
        if technician is None or bay is None or (self.demand.loaner and loaner is None):
            return None
        windows = {technician: (time.start, until), bay: (time.start, until)}
        if loaner is not None:
            windows[loaner] = (time.start, self._returned(time))
        return Taken(technician, bay, loaner, windows)

    def hindrance(self, one: Reservation, time: FreeTime) -> str:
        """Why a resource cannot be had for ``time`` and the buffer after it: absent, busy or empty."""
        until = time.end + self.demand.buffer
        if not one.away.free(time.start, until):
            return "absent"
        return "" if one.occupancy.free(time.start, until) else "busy"

    def free(self, kind: str, time: FreeTime) -> list[Resource]:
        """The able resources of a kind that are free for ``time`` and its buffer."""
        return [one.resource for one in self._able(kind) if not self.hindrance(one, time)]

    def is_absent(self, technician_id: UUID, time: FreeTime) -> bool:
        """Whether a technician is not at work for all of ``time``."""
        found = (one for one in self.reservations[TECHNICIAN] if one.resource.id == technician_id)
        return any(self.hindrance(one, time) == "absent" for one in found)

    def has_loaner(self, time: FreeTime) -> bool:
        """Whether the wish for a loaner, if there is one, can be met."""
        return not self.demand.loaner or self._loaner(time) is not None

    def _able(self, kind: str) -> list[Reservation]:
        return [one for one in self.reservations.get(kind, ()) if one.able]

    def _first(
        self, kind: str, start: int, end: int, preferred: Collection[UUID], *, only: UUID | None = None
    ) -> UUID | None:
        candidates = self.reservations.get(kind, ()) if only else self._able(kind)
        free = [
            one.resource.id
            for one in candidates
            if only in (None, one.resource.id) and one.occupancy.free(start, end)
        ]
        return next((id_ for id_ in free if id_ in preferred), free[0] if free else None)

    def _loaner(self, time: FreeTime, preferred: Collection[UUID] = ()) -> UUID | None:
        return self._first(LOANER, time.start, self._returned(time), preferred)

    def _returned(self, time: FreeTime) -> int:
        """The cell at which a loaner is back: closing time, as customers come whenever they like that day."""
        place = bisect_left(self.opened, time.end, key=lambda window: window[1])
        until = time.end
        while place < len(self.opened):
            until = max(until, self.opened[place][1])
            place += 1
            # A gap of less than six hours is a break, more is a night
            if place < len(self.opened) and self.opened[place][0] - until > 24:
                break
        return until

    def _load(self, windows: Sequence[Window]) -> float:
        everybody = self._able(TECHNICIAN)
        open_cells = sum(end - start for start, end in windows) * len(everybody)
        busy = sum(
            (one.occupancy.busy >> (start - self.base) & ((1 << (end - start)) - 1)).bit_count()
            for one in everybody
            for start, end in windows
        )
        return busy / open_cells if open_cells else 1
