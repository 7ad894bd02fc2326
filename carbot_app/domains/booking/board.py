"""The staff calendar: who does what when, what would fit where, and putting it there."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.booking.availability import Calendar, get_workshop
from carbot_app.domains.booking.board_lanes import Lanes
from carbot_app.domains.booking.board_options import ends_of, places_of, start_of
from carbot_app.domains.booking.board_schemas import Board, BoardVisit, EndOption, Placement, PlaceOption
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.desk import (
    AppointmentDesk,
    demand_of_visit,
    emit_change,
    get_appointment_row,
    touching,
)
from carbot_app.domains.booking.models import Absence, Appointment, Claim
from carbot_app.domains.booking.occupation import Wanted, occupy, release
from carbot_app.domains.booking.offering import placed_time, suggest_times
from carbot_app.domains.booking.planning import TECHNICIAN, Planning
from carbot_app.domains.booking.schemas import AppointmentView, Slot
from carbot_app.domains.booking.slots import CELL_MINUTES, MAX_CELLS, Window, days_from
from carbot_app.domains.booking.states import (
    BEGUN,
    CHANGEABLE,
    CONFIRMED,
    FREE_STATES,
    PLACEABLE,
    UNPLANNED,
    may_start,
)
from carbot_app.domains.booking.views import slot_view
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Gone, Invalid

MAX_DAYS = 31
MAX_SUGGESTIONS = 12


class PlanningBoard(AppointmentDesk):
    """Reading needs ``bookings.read``, planning ``bookings.manage``."""

    def get_board(self, actor: Actor, *, first_on: date, days: int, kind: str = TECHNICIAN) -> Board:
        """``days`` days (at most 31) with a lane for each technician or bay, and for each loaner.

        Raises Invalid("range_invalid").
        """
        actor.require("bookings.read")
        if not 1 <= days <= MAX_DAYS:
            raise Invalid("range_invalid", field="days", days=MAX_DAYS)
        seen = days_from(first_on, days)
        names = self._names(actor, actor.language)
        with self._db.reading(actor.workshop_id) as session:
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            start, end = _midnight(calendar, first_on), _midnight(calendar, seen[-1] + timedelta(days=1))
            rows = self._planned(session, actor, start, end)
            unplanned = session.exec(
                select(Appointment)
                .where(Appointment.workshop_id == actor.workshop_id, Appointment.state == UNPLANNED)
                .order_by(col(Appointment.created_at))
            ).all()
            absences = session.exec(
                select(Absence).where(
                    Absence.workshop_id == actor.workshop_id, Absence.ends_at > start, Absence.starts_at < end
                )
            ).all()
            lanes = Lanes(calendar, seen, rows, absences)
            views = self._views(session, actor, [*rows, *unplanned], names)
            conflicts = [tuple(lanes.conflicts(row, self._skills(actor, row, names))) for row in rows]
            opens, closes = lanes.hours()
            return Board(
                days=tuple(seen),
                opens=opens,
                closes=closes,
                lanes=tuple(lanes.describe(kind)),
                visits=tuple(map(BoardVisit, views, conflicts)),
                unplanned=tuple(views[len(rows) :]),
            )

    def list_places(
        self,
        actor: Actor,
        appointment_id: UUID,
        *,
        first_on: date,
        days: int,
        minutes: int = 0,
        kind: str = TECHNICIAN,
    ) -> list[PlaceOption]:
        """What would happen if the visit began at any quarter of an hour, in each lane of the kind.

        ``minutes``: of work, instead of what it takes now. Raises NotFound appointment_unknown and Invalid
        range_invalid.
        """
        actor.require("bookings.manage")
        if not 1 <= days <= MAX_DAYS:
            raise Invalid("range_invalid", field="days", days=MAX_DAYS)
        with self._db.reading(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id)
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            opened = calendar.windows_from(first_on, days)
            if not any(opened.values()):
                return []
            planning = self._planning(session, actor, calendar, row, opened, minutes)
            now = self._clock()
            return list(places_of(planning, opened, days, calendar=calendar, row=row, now=now, kind=kind))

    def list_ends(self, actor: Actor, appointment_id: UUID) -> list[EndOption]:
        """What would happen if a planned visit took longer or shorter, by quarters of an hour of work.

        Its technician and bay stay; the last option is on its own day. Raises NotFound appointment_unknown.
        """
        actor.require("bookings.manage")
        with self._db.reading(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id)
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            opened = calendar.windows_from(calendar.rules.local_date(row.starts_at))
            if not any(opened.values()):
                return []
            planning = self._planning(session, actor, calendar, row, opened)
            return list(ends_of(planning, opened, row))

    def suggest_places(self, actor: Actor, appointment_id: UUID, *, limit: int = 3) -> list[Slot]:
        """Up to ``limit`` (at most 12) free times for a visit as it was agreed, the recommended one first.

        Raises NotFound appointment_unknown.
        """
        actor.require("bookings.manage")
        with self._db.reading(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id)
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            demand = self._demand(actor, calendar, row, 0)
            times = suggest_times(
                session,
                calendar,
                demand,
                now=self._clock(),
                after=None,
                until=None,
                part_of_day=None,
                limit=max(1, min(limit, MAX_SUGGESTIONS)),
            )
        return [
            slot_view(time, demand.cells, calendar.rules.zone, actor.language, recommended=number == 0)
            for number, time in enumerate(times)
        ]

    def place(self, actor: Actor, appointment_id: UUID, placement: Placement) -> AppointmentView:
        """Move, lengthen or shorten a visit, or plan an unplanned one; the customer is told of a new time.

        A visit whose car is there stays on its day, one in work keeps its start (see states.may_start); the
        customer, who is there too, is told nothing. Raises NotFound appointment_unknown, Gone
        appointment_over, Invalid minutes_invalid, and Conflict slot_taken, resource_absent, outside_hours,
        slot_past or visit_begun.
        """
        actor.require("bookings.manage")
        if not 0 <= placement.minutes <= MAX_CELLS * CELL_MINUTES:
            raise Invalid("minutes_invalid", field="minutes")
        with self._db.writing(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id, lock=True)
            if row.state not in PLACEABLE:
                raise Gone("appointment_over")
            now, before = self._clock(), (row.starts_at, row.state)
            whose = str(row.technician_id or "")
            calendar = Calendar.read(session, get_workshop(session, actor.workshop_id))
            planned, wanted_at = (start_of(calendar, at) for at in (row.starts_at, placement.starts_at))
            if not may_start(row.state, planned, wanted_at, calendar.rules.local_date(now)):
                raise Conflict("visit_begun", field="starts_at")
            demand = self._demand(actor, calendar, row, placement.minutes)
            # What has begun may go on from a day that is over
            earliest = min(now, row.starts_at) if row.state in BEGUN else now
            time = placed_time(calendar, demand, placement.starts_at, now=earliest)
            wanted = Wanted(demand, time, placement.technician_id, placement.bay_id)
            occupy(session, calendar, row, wanted, now=now)
            row.minutes = placement.minutes or row.minutes
            if row.state == UNPLANNED:
                row.state = CONFIRMED
            told = row.state not in BEGUN and before != (row.starts_at, row.state)
            row.moved_count += told
            emit_change(session, "moved" if told else "changed", row, technician_was=whose)
        return self.get_appointment(actor, appointment_id)

    def unplan(self, actor: Actor, appointment_id: UUID) -> AppointmentView:
        """Take a visit out of the calendar into the list of unplanned ones; its old time stays as the wish.

        The customer is told nothing until there is a new time. Raises NotFound appointment_unknown and Gone
        appointment_over.
        """
        actor.require("bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = get_appointment_row(session, actor.workshop_id, appointment_id, lock=True)
            if row.state != UNPLANNED:
                if row.state not in CHANGEABLE:
                    raise Gone("appointment_over")
                row.state = UNPLANNED
                whose = str(row.technician_id or "")
                row.technician_id = row.bay_id = row.loaner_id = None
                release(session, row)
                emit_change(session, "changed", row, technician_was=whose)
        return self.get_appointment(actor, appointment_id)

    def _planned(
        self, session: Session, actor: Actor, start: datetime, end: datetime
    ) -> Sequence[Appointment]:
        return session.exec(
            select(Appointment)
            .where(
                *touching(actor.workshop_id, start, end),
                col(Appointment.state).not_in(FREE_STATES),
            )
            .order_by(col(Appointment.starts_at), col(Appointment.id))
        ).all()

    def _planning(
        self,
        session: Session,
        actor: Actor,
        calendar: Calendar,
        row: Appointment,
        opened: Mapping[date, Sequence[Window]],
        minutes: int = 0,
    ) -> Planning:
        """Everybody's time for a visit, what it takes itself being free."""
        demand = self._demand(actor, calendar, row, minutes)
        claim = session.exec(select(Claim.id).where(Claim.appointment_id == row.id)).first()
        return calendar.plan(session, demand, opened, now=self._clock(), besides=claim, everybody=True)

    def _demand(self, actor: Actor, calendar: Calendar, row: Appointment, minutes: int) -> Demand:
        services = self._services(actor, row.service_codes, actor.language)
        return demand_of_visit(calendar, row, services, minutes=minutes)

    def _skills(self, actor: Actor, row: Appointment, names: Mapping[str, str]) -> set[str]:
        """Skills for the services of a visit; one whose entry in the catalogue was undone needs none."""
        codes = [code for code in row.service_codes if code in names]
        return {one.skill for one in self._services(actor, codes, actor.language)} if codes else set()


def _midnight(calendar: Calendar, on: date) -> datetime:
    return datetime.combine(on, time(), calendar.rules.zone)
