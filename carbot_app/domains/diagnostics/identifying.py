"""Which car of the workshop is on the adapter (pure).

A recording belongs to a car only when nothing speaks against it. Where something does, it belongs to no car
until somebody has answered the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

UNKNOWN_CAR = "unknown_car"
"""Nobody said which car this is, and no car on record has this VIN."""
VIN_DIFFERS = "vin_differs"
"""The car that was expected has another VIN on record."""
VIN_OF_ANOTHER = "vin_of_another"
"""The VIN belongs to another car on record than the one that was expected."""
VIN_TWICE = "vin_twice"
"""Several cars on record have this VIN."""
QUESTIONS = (UNKNOWN_CAR, VIN_DIFFERS, VIN_OF_ANOTHER, VIN_TWICE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A car on record."""

    id: UUID
    vin: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The car, or the question that keeps it open."""

    vehicle_id: UUID | None = None
    question: str = ""
    learns_vin: bool = False
    """The car on record had no VIN; this is it."""


def identify(vin: str, expected: Candidate | None, with_vin: Sequence[Candidate]) -> Answer:
    """``vin``: as read, empty when the car does not tell it; ``with_vin``: cars on record that have it."""
    if expected is None:
        if len(with_vin) == 1:
            return Answer(with_vin[0].id)
        return Answer(question=VIN_TWICE if with_vin else UNKNOWN_CAR)
    if not vin or expected.vin == vin:
        return Answer(expected.id)
    if any(car.id != expected.id for car in with_vin):
        return Answer(question=VIN_OF_ANOTHER)
    if expected.vin:
        return Answer(question=VIN_DIFFERS)
    return Answer(expected.id, learns_vin=True)
