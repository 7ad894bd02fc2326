"""The printed day plan: a page for each technician with work that day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import reflex as rx

from carbot_app.bootstrap import get_services
from carbot_app.domains.booking.board_schemas import Board
from carbot_app.domains.booking.schemas import AppointmentView
from carbot_app.kit.i18n import translate
from carbot_app.state.calendar import SPANS, CalendarState
from carbot_app.state.session import reader_for
from carbot_app.state.steps import staff_step
from carbot_app.state.wording import Reader

_PRINT = """((turn, pages) => {
  const page = document.documentElement;
  const print = (left) => {
    const drawn = document.querySelectorAll(`[data-plan-turn="${turn}"] > section`).length;
    if (left && drawn !== pages) return setTimeout(print, 50, left - 1);
    page.dataset.print = 'plan';
    addEventListener('afterprint', () => delete page.dataset.print, { once: true });
    window.print();
  };
  print(200);
})"""
"""Waits until the pages are drawn, because the browser stops for its dialog."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A visit on paper."""

    id: str
    time: str
    plate: str
    customer: str
    work: str
    minutes: str
    bay: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What a technician does on a day."""

    key: str
    name: str
    day: str
    rows: tuple[PlanRow, ...]


class DayPlanState(rx.State):
    """Filled when somebody prints."""

    pages: list[PlanPage] = []
    day: str = ""
    """What is said when nobody has work."""
    turn: int = 0
    """Grows with every printing."""

    @rx.event
    async def print_plan(self):
        """Draw the day or week the calendar shows, and open the browser's dialog."""
        async with staff_step(self) as step:
            actor, reader = await step.actor(), await reader_for(self)
            calendar = await self.get_state(CalendarState)
            first = date.fromisoformat(calendar.on) if calendar.on else reader.today()
            days = SPANS[calendar.span]
            board = await step.call(get_services().booking.get_board, actor, first_on=first, days=days)
            self.pages, self.day = list(plan_pages(board, reader)), reader.full_date(first)
            self.turn += 1
            step.outcome = rx.call_script(f"{_PRINT}({self.turn}, {max(1, len(self.pages))})")
        return step.outcome


def plan_pages(board: Board, reader: Reader) -> Iterator[PlanPage]:
    """Day by day, technicians in the order of their lanes; what nobody has been given comes last."""
    visits = [visit.appointment for visit in board.visits]
    names = {lane.id: lane.name for lane in board.lanes if lane.kind == "technician"}
    # Somebody who has left meanwhile still has a name on the visit
    people = dict.fromkeys([*names, *(visit.technician_id for visit in visits)])
    for day in board.days:
        for person in sorted(people, key=lambda one: one is None):
            rows = tuple(
                _row(one, reader)
                for one in visits
                if one.technician_id == person and _goes_on(one, day, reader)
            )
            if rows:
                found = next((one.technician for one in visits if one.technician_id == person), "")
                name = names.get(person, found) if person else ""
                yield PlanPage(
                    key=f"{day} {person}",
                    name=name or translate(reader.language, "calendar.print.nobody"),
                    day=reader.full_date(day),
                    rows=rows,
                )


def _goes_on(visit: AppointmentView, day: date, reader: Reader) -> bool:
    last = visit.ends_at - timedelta(seconds=1)
    return visit.starts_at.astimezone(reader.zone).date() <= day <= last.astimezone(reader.zone).date()


def _row(visit: AppointmentView, reader: Reader) -> PlanRow:
    vehicle = visit.vehicle
    return PlanRow(
        id=str(visit.id),
        time=f"{reader.clock(visit.starts_at)}–{reader.clock(visit.ends_at)}",
        plate=vehicle.plate if vehicle else "",
        customer=visit.customer.name,
        work=visit.title,
        minutes=str(visit.minutes or round((visit.ends_at - visit.starts_at).total_seconds() / 60)),
        bay=visit.bay,
    )
