"""What a visit needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from carbot_app.domains.booking.slots import MAX_CELLS, cells_of
from carbot_app.domains.catalog.schemas import ServiceView


@dataclass(frozen=True, slots=True)
class Demand:
    """Cells of work, skills and bay types (those of the longest service first), and what goes with them."""

    cells: int
    skills: tuple[str, ...]
    bays: tuple[str, ...]
    lift: bool = False
    loaner: bool = False
    waiting: bool = False
    """The customer stays: the work is done in one go, without a break or a night."""
    buffer: int = 0
    """Cells kept free afterwards."""
    parts_lead_days: int = 0
    """Working days until the parts are there."""

    @classmethod
    def of(
        cls,
        services: Sequence[ServiceView],
        *,
        minutes: int = 0,
        loaner: bool = False,
        waiting: bool = False,
        buffer_minutes: int = 0,
    ) -> "Demand":
        """Of the services of one visit, done one after the other; ``minutes`` replaces their sum."""
        by_length = sorted(services, key=lambda service: -service.minutes)
        return cls(
            min(cells_of(minutes or sum(service.minutes for service in services)), MAX_CELLS),
            tuple(dict.fromkeys(service.skill for service in by_length)),
            tuple(dict.fromkeys(service.bay for service in by_length)),
            lift=any(service.lift for service in services),
            loaner=loaner,
            waiting=waiting,
            buffer=cells_of(buffer_minutes) if buffer_minutes else 0,
            parts_lead_days=max(service.parts_lead_days for service in services),
        )
