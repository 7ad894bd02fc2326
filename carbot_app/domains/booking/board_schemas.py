"""Inputs and views of the staff calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from carbot_app.domains.booking.schemas import AppointmentView


@dataclass(frozen=True, slots=True)
class Placement:
    """Where staff puts a visit."""

    starts_at: datetime
    technician_id: UUID | None = None
    """None: whoever fits, its own if possible."""
    bay_id: UUID | None = None
    minutes: int = 0
    """Work; 0: as long as it is now."""


@dataclass(frozen=True, slots=True)
class BoardPause:
    """A time at which a lane cannot be had."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    """closed, off (not the person's hours), or the reason of an absence."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class BoardLane:
    """A technician, bay or loaner with its pauses and, by day, the minutes it has and how many are taken."""

    id: UUID
    kind: str
    name: str
    remark: str
    plate: str
    open_minutes: Mapping[date, int]
    busy_minutes: Mapping[date, int]
    pauses: tuple[BoardPause, ...]


@dataclass(frozen=True, slots=True)
class BoardVisit:
    """A planned visit and what is wrong with its place: outside_hours, absent, skill_missing."""

    appointment: AppointmentView
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Some days of the calendar; ``opens`` and ``closes`` hold every opening hour and visit of them."""

    days: tuple[date, ...]
    opens: time
    closes: time
    """Local; midnight is the end of the day."""
    lanes: tuple[BoardLane, ...]
    visits: tuple[BoardVisit, ...]
    unplanned: tuple[AppointmentView, ...]


@dataclass(frozen=True, slots=True)
class PlaceOption:
    """What happens when a visit is dropped on a lane at a time."""

    lane_id: UUID
    """A technician, or a bay where bays were asked for."""
    starts_at: datetime
    ends_at: datetime
    refused: str
    """Empty, or why it cannot be: closed, past, begun, absent, busy, no_bay, no_technician, no_loaner."""
    warning: str
    """Empty, skill_missing or bay_unfit."""
    other: str
    """Name of the bay it would get, or of the technician where bays were asked for."""


@dataclass(frozen=True, slots=True)
class EndOption:
    """What happens when a planned visit is made to end at a time."""

    ends_at: datetime
    refused: str
    """Empty, absent, busy or no_loaner."""
