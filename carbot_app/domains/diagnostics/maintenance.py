"""What is due on a car, when and why: intervals, inspection, codes and slow trends (pure).

Intervals are those of the trade where neither the maker's nor the workshop's are known (domain.md 5); a
workshop's own, from its catalogue, go before. The inspection follows the law (customers/inspection.py).
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from statistics import linear_regression
from typing import Any

from carbot_app.domains.customers.inspection import CAR, due_on
from carbot_app.domains.diagnostics.explain import CodeView
from carbot_app.domains.diagnostics.mileage import Mileage
from carbot_app.domains.diagnostics.words import word

OVERDUE, NOW, SOON, LATER = "overdue", "now", "soon", "later"
URGENCIES = (OVERDUE, NOW, SOON, LATER)
_NOW_DAYS, _SOON_DAYS = 14, 60
_GRACE_DAYS = 30
"""So long after its day ordinary work is due, not overdue."""

COMBUSTION = frozenset({"petrol", "diesel", "hybrid", "lpg", "cng", ""})
_SPARK = frozenset({"petrol", "hybrid", "lpg", "cng"})
_DIESEL = frozenset({"diesel"})

INSPECTION = "SAF-HUA-001"
_ELECTRIC_INSPECTION = "SAF-HUA-010"
_BATTERY_TEST, _MIXTURE_CHECK = "ELE-BAT-001", "ENG-DIA-006"
_RESTING_VOLTS, _TRIM_PERCENT = 12.4, 8.0
_CODE_URGENCY = {"critical": OVERDUE, "high": NOW, "medium": SOON, "low": LATER}
_CODE_DAYS = {"critical": 0, "high": 7, "medium": 30, "low": 90}


@dataclass(frozen=True, slots=True)
class Interval:
    """Work that comes again after so many km or months, whichever is first; None: not counted."""

    service: str
    km: int | None
    months: int | None
    fuels: frozenset[str] = frozenset()
    """For these only; empty: for every car."""
    resets: frozenset[str] = frozenset()
    """Other services that include it."""


INTERVALS: Mapping[str, Interval] = {
    "oil": Interval(
        "ENG-OIL-001", 15_000, 12, COMBUSTION, frozenset({"ENG-INS-001", "ENG-INS-002", "ENG-OIL-002"})
    ),
    "service": Interval("ENG-INS-002", 30_000, 24, COMBUSTION),
    "service_electric": Interval("ENG-INS-003", 30_000, 24, frozenset({"electric"})),
    "brake_fluid": Interval("SAF-BRK-010", None, 24),
    "cabin_filter": Interval(
        "CLI-FIL-001", 15_000, 12, frozenset(), frozenset({"CLI-FIL-002", "ENG-INS-002"})
    ),
    "air_filter": Interval("ENG-AIR-001", 60_000, 48, COMBUSTION),
    "fuel_filter": Interval("ENG-FUE-001", 60_000, 48, _DIESEL),
    "spark_plugs": Interval("ENG-IGN-001", 60_000, 48, _SPARK),
    "timing_belt": Interval(
        "ENG-TIM-004", 120_000, 72, COMBUSTION, frozenset({"ENG-TIM-001", "ENG-TIM-002", "ENG-TIM-005"})
    ),
    "coolant": Interval("ENG-COO-001", 100_000, 60, COMBUSTION, frozenset({"ENG-TIM-001", "ENG-COO-002"})),
    "air_conditioning": Interval(
        "CLI-SRV-001", None, 24, frozenset(), frozenset({"CLI-SRV-002", "CLI-SRV-005"})
    ),
    "battery": Interval("ELE-BAT-001", None, 48, frozenset(), frozenset({"ELE-BAT-002", "ELE-BAT-003"})),
}
"""Work → interval. A timing belt is looked at first: whether a car has one only its maker knows."""


@dataclass(frozen=True, slots=True)
class DoneWork:
    """A service that was done on the car."""

    service: str
    on: date
    km: int | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What matters of a car here."""

    fuel: str = ""
    kind: str = CAR
    registered_on: date | None = None
    inspected_on: date | None = None
    inspection_due: date | None = None
    """As its papers say, before any calculation."""


@dataclass(frozen=True, slots=True)
class Trends:
    """Readings of earlier visits, oldest first: (day, value)."""

    resting_volts: Sequence[tuple[date, float]] = ()
    """Of the battery with the engine off."""
    fuel_trim: Sequence[tuple[date, float]] = ()
    """Long-term trim in percent."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing to do; ``reason`` and ``params`` make a sentence: ``diagnostic_codes.due.<reason>``."""

    work: str
    """Name: ``diagnostic_codes.work.<work>``; ``code`` for what a trouble code asks for."""
    service: str
    urgency: str
    """overdue, now, soon or later."""
    reason: str
    params: Mapping[str, Any] = field(default_factory=dict)
    due_on: date | None = None
    due_km: int | None = None

    def name(self, language: str) -> str:
        """What is to be done."""
        return word(language, f"work.{self.work}")

    def text(self, language: str) -> str:
        """Why, as a sentence."""
        return word(language, f"due.{self.reason}", self.params)


def due_work(
    vehicle: Vehicle,
    mileage: Mileage,
    done: Iterable[DoneWork],
    today: date,
    *,
    codes: Iterable[CodeView] = (),
    trends: Trends | None = None,
    intervals: Mapping[str, Interval] | None = None,
) -> tuple[DueItem, ...]:
    """All that is due, most urgent first; what nobody can know is left out."""
    history = tuple(done)
    items = [
        item
        for work, interval in (intervals or INTERVALS).items()
        if (item := _recurring(work, interval, vehicle, mileage, history, today))
    ]
    items += _inspection(vehicle, today)
    items += (_from_code(view, today) for view in codes)
    items += _from_trends(trends or Trends(), today)
    return tuple(
        sorted(_once(items), key=lambda i: (URGENCIES.index(i.urgency), i.due_on or date.max, i.work))
    )


def intervals_of(own: Mapping[str, tuple[int | None, int | None]]) -> Mapping[str, Interval]:
    """INTERVALS with those a workshop's catalogue states put over them: service → (km, months)."""
    return {
        work: replace(interval, km=own[interval.service][0], months=own[interval.service][1])
        if any(own.get(interval.service, ()))
        else interval
        for work, interval in INTERVALS.items()
    }


def _recurring(
    work: str,
    interval: Interval,
    vehicle: Vehicle,
    mileage: Mileage,
    history: Sequence[DoneWork],
    today: date,
) -> DueItem | None:
    """Counted from when it was last done, else from the first registration."""
    if interval.fuels and vehicle.fuel not in interval.fuels:
        return None
    last = _last(interval, history)
    start, start_km = (last.on, last.km) if last else (vehicle.registered_on, 0)
    by_date = add_months(start, interval.months) if start and interval.months else None
    by_km = (
        start_km + interval.km if interval.km and start_km is not None and mileage.km is not None else None
    )
    reached = mileage.reached_on(by_km, today) if by_km is not None else None
    due = min((day for day in (by_date, reached) if day), default=None)
    if due is None:
        return None
    if last is None and due <= today:
        return DueItem(work, interval.service, SOON, "no_record")
    first_by_km = reached is not None and (by_date is None or reached < by_date)
    if first_by_km and by_km is not None:
        over = (mileage.km or 0) - by_km
        urgency = OVERDUE if over > (interval.km or 0) // 10 else _urgency(due, today)
        return DueItem(work, interval.service, urgency, "km", {"km": by_km}, due, by_km)
    return DueItem(
        work, interval.service, _urgency(due, today), "months", {"months": interval.months}, due, by_km
    )


def _last(interval: Interval, history: Sequence[DoneWork]) -> DoneWork | None:
    services = interval.resets | {interval.service}
    return max((work for work in history if work.service in services), key=lambda work: work.on, default=None)


def _inspection(vehicle: Vehicle, today: date) -> list[DueItem]:
    due = vehicle.inspection_due or due_on(
        vehicle.kind, registered_on=vehicle.registered_on, inspected_on=vehicle.inspected_on
    )
    if due is None:
        return []
    service = _ELECTRIC_INSPECTION if vehicle.fuel == "electric" else INSPECTION
    urgency = OVERDUE if due < today else _urgency(due, today)
    return [DueItem("inspection", service, urgency, "inspection", {}, due)]


def _from_code(view: CodeView, today: date) -> DueItem:
    due = today + timedelta(days=_CODE_DAYS[view.severity])
    return DueItem("code", view.next_service, _CODE_URGENCY[view.severity], "code", {"code": view.code}, due)


def _from_trends(trends: Trends, today: date) -> list[DueItem]:
    items = []
    volts = falls_below(trends.resting_volts, _RESTING_VOLTS)
    if volts is not None:
        params = {"volts": round(volts, 1)}
        due = today + timedelta(days=_SOON_DAYS)
        items.append(DueItem("battery", _BATTERY_TEST, SOON, "battery_trend", params, due))
    low = falls_below([(day, -abs(value)) for day, value in trends.fuel_trim], -_TRIM_PERCENT)
    if low is not None:
        params = {"percent": round(-low)}
        due = today + timedelta(days=_SOON_DAYS)
        items.append(DueItem("mixture", _MIXTURE_CHECK, SOON, "trim_trend", params, due))
    return items


def falls_below(points: Sequence[tuple[date, float]], limit: float) -> float | None:
    """The last value when at least three fall steadily and the last lies below the limit; else None."""
    if len(points) < 3 or points[0][0] == points[-1][0] or points[-1][1] >= limit:
        return None
    days = [(day - points[0][0]).days for day, _ in points]
    slope = linear_regression(days, [value for _, value in points]).slope
    return points[-1][1] if slope < 0 else None


def _once(items: Iterable[DueItem]) -> list[DueItem]:
    """One entry per service and kind of work, the most urgent one."""
    kept: dict[tuple[str, str], DueItem] = {}
    for item in items:
        key = (item.service, str(item.params.get("code", "")) if item.work == "code" else "")
        before = kept.get(key)
        if before is None or URGENCIES.index(item.urgency) < URGENCIES.index(before.urgency):
            kept[key] = item
    return list(kept.values())


def _urgency(due: date, today: date) -> str:
    days = (due - today).days
    if days < -_GRACE_DAYS:
        return OVERDUE
    if days <= _NOW_DAYS:
        return NOW
    return SOON if days <= _SOON_DAYS else LATER


def add_months(day: date, months: int) -> date:
    """The same day so many months later, the last of a shorter month."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
