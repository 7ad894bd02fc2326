"""The signed history of one car, unfolded inside whatever shows the car."""

from dataclasses import dataclass

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.vehicle_history.certificate import doubt, told
from carbot_app.domains.vehicle_history.entries import INSPECTION, READING, REPORT, VEHICLE, VISIT
from carbot_app.domains.vehicle_history.schemas import EntryView, HistoryView
from carbot_app.kit.i18n import translate
from carbot_app.state.mileage_curve import mileage_curve
from carbot_app.state.session import reader_for
from carbot_app.state.steps import Step, parse_id, staff_step
from carbot_app.state.wording import Reader

FIRST = 6
"""Entries shown before somebody asks for all."""
_ICONS = {
    VISIT: "wrench",
    READING: "gauge",
    REPORT: "activity",
    INSPECTION: "clipboard-check",
    VEHICLE: "car",
}


@dataclass(frozen=True, slots=True)
class HistoryEntryLine:
    """An entry, ready to read."""

    key: str
    icon: str
    title: str
    told: tuple[str, ...]
    km: str
    meta: str
    doubt: str
    note: str


@dataclass(frozen=True, slots=True)
class HistoryCard:
    """What stands above the entries."""

    km: str = ""
    """The reading that is believed; empty: none."""
    on: str = ""
    curve: str = ""
    """SVG."""
    curve_label: str = ""
    contradictory: bool = False
    broken: str = ""
    """What does not hold; empty: everything does."""
    can_hand_out: bool = False


class VehicleHistoryState(rx.State):
    """One car opened at a time."""

    vehicle_id: str = ""
    status: str = "loading"
    """loading, ready or failed."""
    card: HistoryCard = HistoryCard()
    lines: list[HistoryEntryLine] = []
    more: int = 0
    """How many older entries are not shown yet."""

    @rx.event
    async def open(self, vehicle_id: str):
        """Unfold the history of a car."""
        self.vehicle_id, self.status = vehicle_id, "loading"
        self.card, self.lines, self.more = HistoryCard(), [], 0
        yield
        async with staff_step(self) as step:
            await self._fetch(step, most=FIRST)
        self.status = "failed" if step.error else "ready"
        yield step.outcome

    @rx.event
    async def show_all(self):
        """Older entries too."""
        async with staff_step(self) as step:
            await self._fetch(step, most=None)
        return step.outcome

    @rx.event
    async def close(self):
        """Fold it up again."""
        async with staff_step(self) as step:
            await step.actor()
            self.vehicle_id = ""
        return step.outcome

    async def _fetch(self, step: Step, *, most: int | None) -> None:
        actor, reader = await step.actor(), await reader_for(self)
        found = await step.call(
            get_services().vehicle_histories.get_history, actor, parse_id(self.vehicle_id)
        )
        newest = found.entries[::-1]
        self.card = describe_history(found, reader, can_hand_out=actor.can("bookings.manage"))
        self.lines = [describe_entry(entry, reader) for entry in newest[:most]]
        self.more = len(newest) - len(self.lines)


def describe_history(found: HistoryView, reader: Reader, *, can_hand_out: bool) -> HistoryCard:
    """Kilometres, seal and curve."""
    current, broken = found.current, found.broken
    km = f"{reader.number(current.km)} km" if current else ""
    return HistoryCard(
        km=km,
        on=reader.short_date(current.on) if current else "",
        curve=mileage_curve(found.readings, reader),
        curve_label=translate(reader.language, "history.curve", km=km),
        contradictory=found.is_contradictory,
        broken=translate(reader.language, "history.broken_text", seq=broken.seq) if broken else "",
        can_hand_out=can_hand_out,
    )


def describe_entry(entry: EntryView, reader: Reader) -> HistoryEntryLine:
    """One entry."""

    def word(key: str, **params: object) -> str:
        return translate(reader.language, f"history.{key}", **params)

    notes = [word("corrects", seq=entry.corrects)] if entry.corrects else []
    notes += [word("withheld")] if entry.is_withheld else []
    return HistoryEntryLine(
        key=f"{entry.seq}-{entry.hash[:8]}",
        icon=_ICONS.get(entry.kind, "history"),
        title=word(f"kind.{entry.kind}"),
        told=told(entry, reader.language),
        km=f"{reader.number(entry.km)} km" if entry.km is not None else "",
        meta=f"{reader.short_date(entry.on)} · {word('entry', seq=entry.seq)}",
        doubt=doubt(entry.reading, reader.language),
        note=" · ".join(notes),
    )
