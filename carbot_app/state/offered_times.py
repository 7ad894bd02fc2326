"""Free times as the picker shows them: some days, one time recommended (blocking, no Reflex)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from typing import TypedDict
from zoneinfo import ZoneInfo

from carbot_app.bootstrap import Services
from carbot_app.domains.booking.labels import (
    date_label,
    month_label,
    slot_label,
    time_label,
    weekday_label,
)
from carbot_app.domains.booking.schemas import Slot, SlotDay
from carbot_app.domains.booking.slots import decode_slot, instant_of
from carbot_app.kit.actor import Actor

SHOWN_DAYS = 8
"""Six working days even when a weekend lies between."""
_NOON = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """What the customer wants besides a time, and the token of what is held for them."""

    waiting: bool = False
    loaner: bool = False
    hold: str = ""


class TimeEntry(TypedDict):
    """A time to choose."""

    value: str
    label: str
    taken: bool
    best: bool


class DayColumn(TypedDict):
    """A day of the picker with its times by half-day, in the reader's language."""

    value: str
    weekday: str
    day: str
    name: str
    """The whole date, read aloud."""
    free: int
    morning: list[TimeEntry]
    afternoon: list[TimeEntry]


@dataclass(frozen=True, slots=True)
class Offering:
    """Some days of free times as the page shows them."""

    days: tuple[DayColumn, ...] = ()
    month: str = ""
    best: str = ""
    """Id of the recommended slot, empty when it is not among these days."""
    best_label: str = ""
    start_on: str = ""
    """ISO date of the first day, empty when nothing is free in the whole horizon."""
    labels: tuple[tuple[str, str], ...] = ()
    """Slot id → ``Do, 15. Okt., 8:00 Uhr``."""


def offer_times(
    services: Services,
    actor: Actor,
    codes: list[str],
    *,
    language: str,
    after: date | None = None,
    lost_id: str = "",
    wish: Wish | None = None,
) -> Offering:
    """Days from the first free time on, at or after ``after``; ``lost_id`` is shown as taken. Blocking.

    Raises:
        Invalid: as BookingService.suggest_slots.
    """
    zone = ZoneInfo(services.team.get_workshop(actor).timezone)
    lost = _lost_slot(lost_id, zone, language)
    asked = {**asdict(wish or Wish()), "language": language}
    suggest = partial(services.booking.suggest_slots, actor, codes, limit=1, **asked)
    list_days = partial(services.booking.list_days, actor, codes, **asked)
    best = _best(suggest, lost)
    if best is None:
        return Offering()
    listed = _listed(list_days, after or services.clock().astimezone(zone).date())
    columns = tuple(_column(day, zone, language, best, lost) for day in listed)
    shown = {slot.id: slot.label for day in listed for slot in day.slots} | {best.id: best.label}
    return Offering(
        days=columns,
        month=_months(listed, language),
        best=best.id if any(day.on == best.starts_at.astimezone(zone).date() for day in listed) else "",
        best_label=best.label,
        start_on=listed[0].on.isoformat(),
        labels=tuple(shown.items()),
    )


def _best(suggest: Callable[..., list[Slot]], lost: Slot | None) -> Slot | None:
    """The recommended time; after one was lost the next that comes after it."""
    found = suggest(after=lost.starts_at if lost else None) or suggest()
    return found[0] if found else None


def _lost_slot(slot_id: str, zone: ZoneInfo, language: str) -> Slot | None:
    decoded = decode_slot(slot_id)
    if decoded is None:
        return None
    at = instant_of(decoded[0])
    return Slot(slot_id, at, at, slot_label(at, zone, language), time_label(at, zone, language))


def _listed(list_days: Callable[..., list[SlotDay]], after: date) -> list[SlotDay]:
    """Some days from the first with a free time on."""
    start_on = after
    for days in (14, 31, 31):
        found = list_days(start_on=start_on, days=days)
        first = next((number for number, day in enumerate(found) if day.slots), None)
        if first is not None:
            shown = found[first : first + SHOWN_DAYS]
            return shown if len(shown) == SHOWN_DAYS else list_days(start_on=shown[0].on, days=SHOWN_DAYS)
        start_on += timedelta(days=days)
    return list_days(start_on=after, days=SHOWN_DAYS)


def _column(day: SlotDay, zone: ZoneInfo, language: str, best: Slot, lost: Slot | None) -> DayColumn:
    here = [slot for slot in (best, lost) if slot and slot.starts_at.astimezone(zone).date() == day.on]
    slots = {slot.id: slot for slot in (*day.slots, *here)}
    ordered = sorted(slots.values(), key=lambda slot: slot.starts_at)
    halves: tuple[list[TimeEntry], list[TimeEntry]] = ([], [])
    for slot in ordered:
        taken = lost is not None and slot.id == lost.id
        entry = TimeEntry(value=slot.id, label=slot.time, taken=taken, best=slot.id == best.id)
        halves[slot.starts_at.astimezone(zone).hour >= _NOON].append(entry)
    return DayColumn(
        value=day.on.isoformat(),
        weekday=weekday_label(day.on, language),
        day=str(day.on.day),
        name=date_label(day.on, language),
        free=sum(not entry["taken"] for half in halves for entry in half),
        morning=halves[0],
        afternoon=halves[1],
    )


def _months(days: list[SlotDay], language: str) -> str:
    first, last = month_label(days[0].on, language), month_label(days[-1].on, language)
    return first if first == last else f"{first} – {last}"
