"""Views of the wall screen."""

from dataclasses import dataclass
from datetime import datetime

EXPECTED, HERE, IN_WORK, READY = "expected", "here", "in_work", "ready"
"""States of a car, the last part of a locale key."""


@dataclass(frozen=True, slots=True)
class WallCar:
    """A car as it may hang on a wall."""

    plate: str
    """``DO-AB 123``; empty: not known, or the car was erased."""
    country: str
    """Of the plate: DE, AT or CH."""
    work: str
    who: str
    """An initial (``K.``), or the name where the owner turned names on."""
    state: str
    starts: str
    """``8:00`` in the workshop's zone; with the weekday when it is not today's."""
    ends: str
    late: bool = False
    """Not here although it should be, or not ready although planned."""
    waits: bool = False
    """Its driver sits in the waiting room."""


@dataclass(frozen=True, slots=True)
class WallLane:
    """A technician or a bay: what is being done and what comes after."""

    name: str
    current: WallCar | None
    following: WallCar | None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class WallScreen:
    """Everything on the screen at one moment."""

    workshop: str
    language: str
    at: datetime
    """In the workshop's zone."""
    accent_hue: float
    accent_chroma: float
    lanes: tuple[WallLane, ...]
    waiting: tuple[WallCar, ...]
    ready: tuple[WallCar, ...]
    expected: tuple[WallCar, ...]
    """Still to come today, beginning with those that are late."""
    next_free: str
    """When an hour of work could begin: ``14:30``, with the weekday when not today; empty: not soon."""
    closed: bool
    """Nobody works today."""


@dataclass(frozen=True, slots=True)
class WallTerms:
    """The link as the owner sees it. ``token`` empty: there is none."""

    token: str = ""
    shows_names: bool = False
