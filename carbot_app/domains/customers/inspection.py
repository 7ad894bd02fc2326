"""Main inspection (HU) and emission test (AU) in Germany: when they are due, and what being late means.

Sources: § 29 and Anlage VIII StVZO (intervals in 2.1, counting from the month of inspection in 2.3, sticker
in Anlage IX), § 47a StVZO (the AU is part of the HU), Nr. 186 BKatV (fines). A date is due at the end of its
month, so a due date is always the last day of a month; 29 February needs no rule of its own.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

CAR, MOTORCYCLE, TRAILER, TAXI_OR_RENTAL, HEAVY = "car", "motorcycle", "trailer", "taxi_or_rental", "heavy"
VEHICLE_KINDS = (CAR, MOTORCYCLE, TRAILER, TAXI_OR_RENTAL, HEAVY)
"""``trailer`` is a light one (up to 750 kg or without brake), ``heavy`` anything above 3.5 t."""
ELECTRIC = "electric"
STICKER_COLOURS = ("green", "orange", "blue", "yellow", "brown", "pink")
_FIRST_STICKER_YEAR = 2024

# months until the first inspection, months between those that follow
_INTERVALS = {
    CAR: (36, 24),
    MOTORCYCLE: (24, 24),
    TRAILER: (36, 24),
    TAXI_OR_RENTAL: (12, 12),
    HEAVY: (12, 12),
}
_EXTENDED_TEST_AFTER = 2
# months after the due month → cents, points; for vehicles without a safety test (SP) between inspections
_FINES = ((8, 6_000, 1), (4, 2_500, 0), (2, 1_500, 0))


@dataclass(frozen=True, slots=True)
class Lateness:
    """What driving with an inspection that is due since ``months`` months means."""

    months: int = 0
    """Begun months after the due month; 0: in time."""
    extended_test: bool = False
    """A more thorough, more expensive test is due (Anlage VIII 2.7)."""
    fine_cents: int = 0
    points: int = 0


def first_due(registered_on: date, kind: str = CAR) -> date:
    """Last day of the month in which a new vehicle is inspected first."""
    return _month_end(registered_on, _INTERVALS[kind][0])


def next_due(inspected_on: date, kind: str = CAR) -> date:
    """Last day of the month of the next inspection.

    It counts from the month of the inspection itself: since 2012 being late is not dated back.
    """
    return _month_end(inspected_on, _INTERVALS[kind][1])


def due_on(kind: str, *, registered_on: date | None = None, inspected_on: date | None = None) -> date | None:
    """Due date from what is known of a vehicle; None when nothing is."""
    if inspected_on is not None:
        return next_due(inspected_on, kind)
    return first_due(registered_on, kind) if registered_on is not None else None


def month_end(day: date) -> date:
    """Last day of the month of ``day``."""
    return _month_end(day, 0)


def lateness(due: date, today: date) -> Lateness:
    """Consequences of being inspected, or stopped by the police, ``today``."""
    if today <= month_end(due):
        return Lateness()
    months = (today.year - due.year) * 12 + today.month - due.month
    fine, points = next(((cents, points) for after, cents, points in _FINES if months > after), (0, 0))
    return Lateness(months, months > _EXTENDED_TEST_AFTER, fine, points)


def sticker_colour(year: int) -> str:
    """Colour of the sticker of inspections due in ``year``; six colours in turn."""
    return STICKER_COLOURS[(year - _FIRST_STICKER_YEAR) % len(STICKER_COLOURS)]


def needs_emission_test(kind: str, fuel: str) -> bool:
    """Whether the inspection includes an AU: not for electric cars, and a trailer has no engine."""
    return kind != TRAILER and fuel != ELECTRIC


def _month_end(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])
