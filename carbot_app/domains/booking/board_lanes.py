"""What each column of the staff calendar shows besides its visits, and what is wrong with a visit's place."""

from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime, time
from itertools import pairwise
from uuid import UUID

from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.board_schemas import BoardLane, BoardPause
from carbot_app.domains.booking.models import Absence, Appointment, Resource
from carbot_app.domains.booking.planning import LOANER
from carbot_app.domains.booking.slots import (
    CELL_MINUTES,
    Window,
    cell_at_or_after,
    cell_before,
    instant_of,
    minus,
)

_USUAL = (time(7), time(18))


class Lanes:
    """Resources of a workshop over some days with what is planned and who is absent."""

    def __init__(
        self,
        calendar: Calendar,
        days: Sequence[date],
        visits: Sequence[Appointment],
        absences: Sequence[Absence],
    ) -> None:
        self._calendar = calendar
        self._opened = {day: calendar.rules.windows_on(day) for day in days}
        self._visits: dict[UUID, list[Window]] = {}
        for visit in visits:
            for id_ in filter(None, (visit.technician_id, visit.bay_id, visit.loaner_id)):
                self._visits.setdefault(id_, []).append(_window(visit.starts_at, visit.ends_at))
        self._absences: dict[UUID, list[Absence]] = {}
        for absence in absences:
            self._absences.setdefault(absence.resource_id, []).append(absence)
        self._resources = {resource.id: resource for resource in calendar.resources}
        self._spans = [_window(visit.starts_at, visit.ends_at) for visit in visits]

    def hours(self) -> tuple[time, time]:
        """First and last local time of all opening hours and visits; 7 to 18 where there are none."""
        zone = self._calendar.rules.zone
        opened = [window for windows in self._opened.values() for window in windows]
        spans = [
            (instant_of(start).astimezone(zone), instant_of(end).astimezone(zone))
            for start, end in (*opened, *self._spans)
        ]
        # What goes on over night says nothing about the hours of a day
        ends = {
            (start.time(), end.time())
            for start, end in spans
            if end.date() == start.date() or end.time() == time()
        }
        if not ends:
            return _USUAL
        closes = [end for _, end in ends]
        return min(start for start, _ in ends), time() if time() in closes else max(closes)

    def describe(self, kind: str) -> Iterator[BoardLane]:
        """Every active resource of the kind, and every loaner."""
        for resource in self._calendar.resources:
            if resource.kind not in (kind, LOANER):
                continue
            free = {day: self._free(resource, day) for day in self._opened}
            yield BoardLane(
                id=resource.id,
                kind=resource.kind,
                name=resource.name,
                remark=resource.remark,
                plate=resource.plate,
                open_minutes={day: _minutes(windows) for day, windows in free.items()},
                busy_minutes={day: self._busy(resource, day) for day in self._opened},
                pauses=tuple(self._pauses(resource)),
            )

    def conflicts(self, visit: Appointment, skills: Set[str]) -> Iterator[str]:
        """What is wrong with where a visit is: outside_hours, absent, skill_missing."""
        start, _ = window = _window(visit.starts_at, visit.ends_at)
        windows = [window for windows in self._opened.values() for window in windows]
        local = self._calendar.rules.local_date(visit.starts_at)
        if local in self._opened and not any(first <= start < last for first, last in windows):
            yield "outside_hours"
        technician = self._resources.get(visit.technician_id) if visit.technician_id else None
        away = self._away(technician) if technician else ()
        if technician is None or any(start < window[1] and end > window[0] for start, end in away):
            yield "absent"
        if technician and skills and not skills & set(technician.abilities):
            yield "skill_missing"

    def _away(self, resource: Resource) -> list[Window]:
        absent = [_window(one.starts_at, one.ends_at) for one in self._absences.get(resource.id, ())]
        return [*absent, *self._calendar.off_duty(resource, self._opened)]

    def _free(self, resource: Resource, day: date) -> list[Window]:
        return minus(self._opened[day], sorted(self._away(resource)))

    def _busy(self, resource: Resource, day: date) -> int:
        taken = sorted(self._visits.get(resource.id, ()))
        return _minutes(self._opened[day]) - _minutes(minus(self._opened[day], taken))

    def _pauses(self, resource: Resource) -> Iterator[BoardPause]:
        for day, windows in self._opened.items():
            off = list(self._calendar.off_duty(resource, {day: windows}))
            if windows and not minus(windows, off):
                yield BoardPause(instant_of(windows[0][0]), instant_of(windows[-1][1]), "off")
                continue
            for (_, end), (start, _) in pairwise(windows):
                yield BoardPause(instant_of(end), instant_of(start), "closed")
            for start, end in off:
                yield BoardPause(instant_of(start), instant_of(end), "off")
        for absence in self._absences.get(resource.id, ()):
            yield BoardPause(absence.starts_at, absence.ends_at, absence.reason, absence.note)


def _window(starts_at: datetime, ends_at: datetime) -> Window:
    return cell_before(starts_at), cell_at_or_after(ends_at)


def _minutes(windows: Sequence[Window]) -> int:
    return sum(end - start for start, end in windows) * CELL_MINUTES
