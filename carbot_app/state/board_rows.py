"""The staff calendar as its grid draws it: lanes, visits, pauses, how full a day is, what fits (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from carbot_app.domains.booking.board_schemas import (
    Board,
    BoardLane,
    BoardPause,
    BoardVisit,
    EndOption,
    PlaceOption,
)
from carbot_app.domains.booking.schemas import AppointmentView
from carbot_app.kit.i18n import translate
from carbot_app.state.thread_side import APPOINTMENT_SIGNS
from carbot_app.state.wording import NO_PLATE, PlateText, Reader, initials, plate_text, tint

LOANER = "loaner"
MOVABLE = {"unplanned", "requested", "confirmed", "arrived", "in_work"}
PINNED = "in_work"
"""It keeps its start; see booking.states.may_start."""
_FULL, _NEARLY = 100, 90
_LOOK = {
    "unplanned": ("st-waiting", "neutral"),
    "requested": ("st-progress", "warn"),
    "confirmed": ("st-planned", "neutral"),
    "arrived": ("st-open", "info"),
    "in_work": ("st-progress", "accent"),
    "done": ("st-done", "ok"),
}
"""State → glyph and tone; what is only planned stays quiet."""
_HOUR = 60


@dataclass(frozen=True, slots=True)
class LoanerLine:
    """A loaner and whether it is there."""

    id: str
    name: str
    plate: PlateText
    until: str
    """Empty: it is free."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some days of the calendar, ready to draw."""

    zone: str = "Europe/Berlin"
    """Whose clock all times are."""
    opens: str = "07:00"
    closes: str = "18:00"
    lanes: tuple[dict[str, Any], ...] = ()
    visits: tuple[dict[str, Any], ...] = ()
    pauses: tuple[dict[str, Any], ...] = ()
    loads: tuple[dict[str, Any], ...] = ()
    unplanned: tuple[dict[str, Any], ...] = ()
    unplanned_hours: str = ""
    loaners: tuple[LoanerLine, ...] = ()


def draw(board: Board, reader: Reader, kind: str) -> Sheet:
    """Everything the grid and what stands beside it show."""
    lanes = [lane for lane in board.lanes if lane.kind == kind]
    closes = board.closes.hour + bool(board.closes.minute) if board.closes != time() else 24
    opens = board.opens.hour
    waiting = sum((one.ends_at - one.starts_at for one in board.unplanned), timedelta())
    return Sheet(
        zone=reader.zone.key,
        opens=f"{opens:02}:00",
        closes=f"{closes:02}:00",
        lanes=tuple(_lane(lane, board.days, reader) for lane in lanes),
        visits=tuple(_visit(visit, reader, kind) for visit in board.visits),
        pauses=tuple(_pauses(board, lanes, (opens, closes), reader)),
        loads=tuple({"on": day.isoformat(), **_load(lanes, [day], reader)} for day in board.days),
        unplanned=tuple(_card(one, reader, kind) for one in board.unplanned),
        unplanned_hours=_hours(waiting.total_seconds() / 60, reader),
        loaners=tuple(_loaner(lane, board, reader) for lane in board.lanes if lane.kind == LOANER),
    )


def places_of(options: Iterable[PlaceOption], reader: Reader) -> dict[str, dict[str, list[str]]]:
    """By lane and local start: refused, warning, bay, end; the empty lane is the best of all lanes."""
    cells: dict[str, dict[str, list[str]]] = {"": {}}
    for option in options:
        start = local(option.starts_at, reader)
        cell = [option.refused, option.warning, option.other, local(option.ends_at, reader)]
        cells.setdefault(str(option.lane_id), {})[start] = cell
        best = cells[""].get(start)
        if best is None or (bool(option.refused), option.warning) < (bool(best[0]), best[1]):
            cells[""][start] = cell
    return cells


def ends_of(options: Iterable[EndOption], reader: Reader) -> dict[str, str]:
    """By local end: why it cannot be, or empty."""
    return {local(option.ends_at, reader): option.refused for option in options}


def local(at: datetime, reader: Reader) -> str:
    """``2026-10-13T08:00`` on the workshop's clock."""
    return at.astimezone(reader.zone).strftime("%Y-%m-%dT%H:%M")


def work_minutes(visit: AppointmentView, pauses: Sequence[BoardPause], ends_at: datetime) -> int:
    """Work between a visit's start and another end, without the pauses of the workshop between."""
    closed = {(one.starts_at, one.ends_at) for one in pauses if one.kind == "closed"}
    rest = sum(
        (max(min(end, ends_at) - max(start, visit.starts_at), timedelta()) for start, end in closed),
        timedelta(),
    )
    return round((ends_at - visit.starts_at - rest).total_seconds() / 60)


def _lane(lane: BoardLane, days: Sequence[date], reader: Reader) -> dict[str, Any]:
    return {
        "id": str(lane.id),
        "name": lane.name,
        "remark": lane.remark,
        "initials": initials(lane.name),
        "tint": tint(lane.name),
        **_load([lane], days, reader),
    }


def _load(lanes: Sequence[BoardLane], days: Sequence[date], reader: Reader) -> dict[str, Any]:
    free = sum(lane.open_minutes.get(day, 0) for lane in lanes for day in days)
    busy = sum(lane.busy_minutes.get(day, 0) for lane in lanes for day in days)
    percent = round(busy * 100 / free) if free else (_FULL + 1 if busy else 0)
    tone = "err" if percent > _FULL else "warn" if percent > _NEARLY else "ok"
    text = translate(
        reader.language,
        "calendar.board.load",
        busy=reader.number(round(busy / _HOUR, 2)),
        free=_hours(free, reader),
    )
    return {"percent": percent, "tone": tone, "text": text}


def _hours(minutes: float, reader: Reader) -> str:
    count = reader.number(round(minutes / _HOUR, 2))
    return translate(reader.language, "calendar.board.hours", hours=count)


def _card(found: AppointmentView, reader: Reader, kind: str) -> dict[str, Any]:
    """A visit without a place, or what every visit shows."""
    plate = plate_text(found.vehicle.plate, found.vehicle.plate_country) if found.vehicle else NO_PLATE
    badge = APPOINTMENT_SIGNS[found.state]
    glyph, tone = _LOOK[found.state]
    word = translate(reader.language, f"staff.state.{badge}")
    lane = found.bay_id if kind == "bay" else found.technician_id
    span = f"{reader.clock(found.starts_at)}–{reader.clock(found.ends_at)}"
    named = f"{plate.city} {plate.rest}".strip()
    return {
        "id": str(found.id),
        "lane": str(lane or ""),
        "starts": local(found.starts_at, reader),
        "ends": local(found.ends_at, reader),
        "minutes": round((found.ends_at - found.starts_at).total_seconds() / 60),
        "hours": _hours((found.ends_at - found.starts_at).total_seconds() / 60, reader),
        "city": plate.city,
        "rest": plate.rest,
        "country": plate.country,
        "name": found.customer.name,
        "work": found.title,
        "time": span,
        "word": word,
        "icon": glyph,
        "tone": tone,
        "loaner": bool(found.loaner_id or found.wants_loaner),
        "waiting": found.waiting,
        "movable": found.state in MOVABLE,
        "pinned": found.state == PINNED,
        "conflicts": "",
        "label": ", ".join(
            filter(None, (span, named, found.customer.name, found.title, word, found.technician))
        ),
    }


def _visit(visit: BoardVisit, reader: Reader, kind: str) -> dict[str, Any]:
    words = [translate(reader.language, f"calendar.conflict.{code}") for code in visit.conflicts]
    shown = _card(visit.appointment, reader, kind)
    return {**shown, "conflicts": " · ".join(words), "label": ", ".join([shown["label"], *words])}


def _pauses(
    board: Board, lanes: Sequence[BoardLane], hours: tuple[int, int], reader: Reader
) -> Iterable[dict[str, Any]]:
    for day in board.days:
        closed = all(not lane.open_minutes.get(day) for lane in lanes)
        for lane in lanes:
            if not lane.open_minutes.get(day):
                kind = (
                    "holiday" if closed else next((p.kind for p in lane.pauses if _on(p, day, reader)), "off")
                )
                yield {
                    "lane": str(lane.id),
                    "starts": f"{day}T{hours[0]:02}:00",
                    "ends": f"{day}T{hours[1]:02}:00"
                    if hours[1] < 24
                    else f"{day + timedelta(days=1)}T00:00",
                    "word": translate(reader.language, f"calendar.pause.{kind}"),
                    "whole": True,
                }
                continue
            for pause in lane.pauses:
                if _on(pause, day, reader):
                    yield {
                        "lane": str(lane.id),
                        "starts": max(local(pause.starts_at, reader), f"{day}T00:00"),
                        "ends": min(local(pause.ends_at, reader), f"{day + timedelta(days=1)}T00:00"),
                        "word": translate(reader.language, f"calendar.pause.{pause.kind}"),
                        "whole": False,
                    }


def _on(pause: BoardPause, day: date, reader: Reader) -> bool:
    start, end = local(pause.starts_at, reader), local(pause.ends_at, reader)
    return start < f"{day + timedelta(days=1)}T00:00" and end > f"{day}T00:00"


def _loaner(lane: BoardLane, board: Board, reader: Reader) -> LoanerLine:
    taken = [
        visit.appointment.ends_at
        for visit in board.visits
        if visit.appointment.loaner_id == lane.id
        and visit.appointment.ends_at > reader.now
        and visit.appointment.starts_at.astimezone(reader.zone).date() <= board.days[0]
    ]
    until = reader.clock(max(taken)) if taken else ""
    return LoanerLine(
        str(lane.id), lane.name, plate_text(lane.plate, "DE") if lane.plate else NO_PLATE, until
    )
