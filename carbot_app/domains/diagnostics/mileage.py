"""How far a car has probably gone by now, from readings that may be few, old or wrong (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_YEARLY_KM = {"diesel": 17_000, "electric": 12_000}
_USUAL_YEARLY_KM = 12_000
"""Where readings say nothing; round figures of the trade."""
_MOST_KM_A_DAY = 900
"""A reading that asks for more is a typing error."""
_SHORTEST_DAYS = 30
"""Two readings nearer to each other do not tell how somebody drives."""


@dataclass(frozen=True, slots=True)
class MileageReading:
    """What the odometer showed on a day."""

    on: date
    km: int


@dataclass(frozen=True, slots=True)
class Mileage:
    """What may be assumed today."""

    km: int | None
    """Projected; None: there is no believable reading."""
    km_per_day: float
    assumed: bool
    """The pace is that of an average car, not of this one."""
    doubted: tuple[MileageReading, ...] = ()
    """Readings that contradict the others and were left out."""

    def reached_on(self, km: int, today: date) -> date | None:
        """The day this car will have gone that far; ``today`` at the earliest; None: it cannot be said."""
        if self.km is None:
            return None
        if km <= self.km:
            return today
        days = (km - self.km) / self.km_per_day
        return today + timedelta(days=min(round(days), 36_500))


def project(readings: Iterable[MileageReading], today: date, fuel: str = "") -> Mileage:
    """The mileage today, in a straight line from the last two readings that lie a month apart.

    Readings after today are ignored. An odometer does not run backwards: of readings that contradict each
    other the largest group that agrees is believed, of two such groups the newer one.
    """
    given = sorted({r for r in readings if r.on <= today and r.km >= 0}, key=lambda r: (r.on, r.km))
    kept = _agreeing(given)
    doubted = tuple(reading for reading in given if reading not in kept)
    usual = _YEARLY_KM.get(fuel, _USUAL_YEARLY_KM) / 365
    if not kept:
        return Mileage(None, usual, True, doubted)
    last = kept[-1]
    earlier = next((r for r in reversed(kept) if (last.on - r.on).days >= _SHORTEST_DAYS), None)
    pace = (last.km - earlier.km) / (last.on - earlier.on).days if earlier else usual
    pace = max(pace, 1.0)
    return Mileage(last.km + round(pace * (today - last.on).days), pace, earlier is None, doubted)


def _agreeing(given: list[MileageReading]) -> list[MileageReading]:
    """The longest chain that never runs backwards nor faster than a car can, the one that ends latest."""
    chains: list[list[MileageReading]] = []
    for reading in given:
        before = [chain for chain in chains if _follows(chain[-1], reading)]
        chains.append([*max(before, key=_rank, default=[]), reading])
    return max(chains, key=_rank, default=[])


def _rank(chain: list[MileageReading]) -> tuple[int, date]:
    return len(chain), chain[-1].on


def _follows(before: MileageReading, after: MileageReading) -> bool:
    most = _MOST_KM_A_DAY * max((after.on - before.on).days, 1)
    return 0 <= after.km - before.km <= most
