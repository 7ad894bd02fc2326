"""What hangs on the wall at one moment (pure)."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.states import ARRIVED, BEGUN, CHANGEABLE, DONE, IN_WORK
from carbot_app.domains.wall import schemas as words
from carbot_app.domains.wall.schemas import WallCar, WallLane

GRACE = timedelta(minutes=10)
"""Nobody is late before."""
_STATES = {**dict.fromkeys(CHANGEABLE, words.EXPECTED), ARRIVED: words.HERE, IN_WORK: words.IN_WORK}


@dataclass(frozen=True, slots=True)
class Wall:
    """Today's visits with what a wall may say about them.

    ``visits`` are in order of start; ``gone`` are those whose car was handed over.
    """

    visits: Sequence[Appointment]
    plates: Mapping[UUID, tuple[str, str]]
    """Plate and country."""
    names: Mapping[UUID, str]
    gone: Set[UUID]
    now: datetime
    zone: ZoneInfo
    language: str
    shows_names: bool

    def lane(self, resource: Resource, *, absent: bool) -> WallLane:
        """What is on the lift, or in front of the technician, and what comes next."""
        own = [visit for visit in self.visits if resource.id in (visit.technician_id, visit.bay_id)]
        begun = sorted(
            (visit for visit in own if visit.state in BEGUN),
            key=lambda visit: (visit.state != IN_WORK, visit.starts_at),
        )
        coming = [visit for visit in own if visit.state in CHANGEABLE and self._is_today(visit)]
        queue = [*begun, *coming]
        current = queue.pop(0) if begun else None
        following = self.car(queue[0]) if queue else None
        return WallLane(resource.name, self.car(current) if current else None, following, absent)

    def waiting(self) -> tuple[WallCar, ...]:
        """Customers in the waiting room, the longest there first."""
        return self._cars(visit for visit in self.visits if visit.waiting and visit.state in BEGUN)

    def ready(self) -> tuple[WallCar, ...]:
        """Finished today and not handed over, the latest first."""
        done = [visit for visit in self.visits if visit.state == DONE and visit.id not in self.gone]
        return self._cars(sorted(done, key=lambda visit: visit.ends_at, reverse=True))

    def expected(self) -> tuple[WallCar, ...]:
        """Still to come today."""
        return self._cars(
            visit for visit in self.visits if visit.state in CHANGEABLE and self._is_today(visit)
        )

    def car(self, visit: Appointment) -> WallCar:
        """One visit in the words of the wall."""
        state = _STATES.get(visit.state, words.READY)
        due = visit.starts_at if state == words.EXPECTED else visit.ends_at
        plate, country = self.plates.get(visit.id, ("", "DE"))
        return WallCar(
            plate=plate,
            country=country,
            work=visit.title,
            who=self._who(self.names.get(visit.id, "")),
            state=state,
            starts=clock_text(visit.starts_at, self.now, self.zone, self.language),
            ends=clock_text(visit.ends_at, self.now, self.zone, self.language),
            late=state != words.READY and self.now > due + GRACE,
            waits=visit.waiting,
        )

    def _cars(self, visits: Iterable[Appointment]) -> tuple[WallCar, ...]:
        return tuple(self.car(visit) for visit in visits)

    def _is_today(self, visit: Appointment) -> bool:
        return visit.starts_at.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()

    def _who(self, name: str) -> str:
        if self.shows_names or not name.strip():
            return name
        # Of the family name, by which a customer is called
        return f"{name.rsplit(maxsplit=1)[-1][0].upper()}."


def clock_text(instant: datetime, now: datetime, zone: ZoneInfo, language: str) -> str:
    """``8:00``; ``Di 8:00`` when it is another day than ``now``."""
    local = instant.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return f"{local:%-H:%M}"
    weekday = str(format_datetime(local, "EEE", locale=language)).rstrip(".")
    return f"{weekday} {local:%-H:%M}"
