"""Takes technicians, bays and loaners; the unique constraint on cells decides who was first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.domains.booking.availability import Calendar
from carbot_app.domains.booking.demand import Demand
from carbot_app.domains.booking.models import Allocation, Appointment, Claim, OccupiedCell
from carbot_app.domains.booking.planning import Taken
from carbot_app.domains.booking.slots import FreeTime, Window, instant_of
from carbot_app.kit.clock import system_clock
from carbot_app.kit.errors import Conflict
from carbot_app.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece of work at a time; ids where staff has decided who or where."""

    demand: Demand
    time: FreeTime
    technician_id: UUID | None = None
    bay_id: UUID | None = None


def choose(
    session: Session, calendar: Calendar, wanted: Wanted, *, now: datetime, claim: Claim | None = None
) -> Taken:
    """Free resources; those of ``claim`` count as free and are kept where possible.

    Raises Conflict slot_taken when there are none, resource_absent when the chosen technician is not there.
    """
    day = calendar.rules.local_date(wanted.time.starts_at)
    planning = calendar.plan(
        session,
        wanted.demand,
        calendar.windows_from(day),
        now=now,
        besides=claim.id if claim else None,
        everybody=wanted.technician_id is not None or wanted.bay_id is not None,
    )
    held = _held(session, claim)
    taken = planning.choose(
        wanted.time, preferred=held, technician_id=wanted.technician_id, bay_id=wanted.bay_id
    )
    if taken is None:
        if wanted.technician_id and planning.is_absent(wanted.technician_id, wanted.time):
            raise Conflict("resource_absent", field="technician_id")
        raise Conflict("slot_taken", field="slot_id")
    return taken


def take(session: Session, calendar: Calendar, wanted: Wanted, claim: Claim, *, now: datetime) -> Taken:
    """Let the claim hold what ``wanted`` needs; what it held elsewhere becomes free.

    Whoever loses a race for a cell tries again with what is left; nobody free: Conflict("slot_taken").
    The loop ends because every lost race means another booking has been committed meanwhile.
    """
    _forget_expired(session, calendar.workshop.id, now, besides=claim.id)
    session.add(claim)
    session.flush()
    while True:
        taken = choose(session, calendar, wanted, now=now, claim=claim)
        try:
            with session.begin_nested():
                _take_cells(session, claim, taken.windows)
            break
        except IntegrityError:
            continue
    _write_allocations(session, claim, taken.windows)
    return taken


def occupy(
    session: Session, calendar: Calendar, appointment: Appointment, wanted: Wanted, *, now: datetime
) -> None:
    """Give the appointment its time, technician, bay and loaner; what it held elsewhere becomes free.

    Raises Conflict("slot_taken").
    """
    query = select(Claim).where(Claim.appointment_id == appointment.id)
    claim = session.exec(query).first() or Claim(
        workshop_id=appointment.workshop_id, appointment_id=appointment.id
    )
    taken = take(session, calendar, wanted, claim, now=now)
    appointment.technician_id, appointment.bay_id = taken.technician_id, taken.bay_id
    appointment.loaner_id = taken.loaner_id
    appointment.starts_at, appointment.ends_at = wanted.time.starts_at, wanted.time.ends_at
    session.flush()


def release(session: Session, appointment: Appointment) -> None:
    """Free everything the appointment holds."""
    session.execute(
        delete(Claim).where(
            col(Claim.workshop_id) == appointment.workshop_id,
            col(Claim.appointment_id) == appointment.id,
        )
    )


def _forget_expired(session: Session, workshop_id: UUID, now: datetime, *, besides: UUID) -> None:
    # Whoever finds one locked leaves it to the other, so that nobody waits here for anybody
    query = (
        select(Claim.id)
        .where(Claim.workshop_id == workshop_id, col(Claim.expires_at) <= now, Claim.id != besides)
        .with_for_update(skip_locked=True)
    )
    expired = session.exec(query).all()
    if expired:
        session.execute(delete(Claim).where(col(Claim.id).in_(expired)))


def _held(session: Session, claim: Claim | None) -> set[UUID]:
    if claim is None:
        return set()
    return set(session.exec(select(Allocation.resource_id).where(Allocation.claim_id == claim.id)))


def _take_cells(session: Session, claim: Claim, windows: Mapping[UUID, Window]) -> None:
    """Insert what is missing before deleting what is no longer needed.

    In this order, and with cells sorted, two transactions never wait for each other: nobody holds a deleted
    cell while waiting for another one.
    """
    rows = session.exec(select(OccupiedCell).where(OccupiedCell.claim_id == claim.id)).all()
    wanted_at = {(id_, instant_of(cell)) for id_, window in windows.items() for cell in range(*window)}
    held = {(row.resource_id, row.cell_at) for row in rows}
    missing = sorted(wanted_at - held, key=lambda cell: (cell[0].bytes, cell[1]))
    if missing:
        session.execute(
            insert(OccupiedCell),
            [
                {**_fresh(claim), "resource_id": resource_id, "cell_at": cell_at}
                for resource_id, cell_at in missing
            ],
        )
    spare = [row.id for row in rows if (row.resource_id, row.cell_at) not in wanted_at]
    if spare:
        session.execute(delete(OccupiedCell).where(col(OccupiedCell.id).in_(spare)))


def _write_allocations(session: Session, claim: Claim, windows: Mapping[UUID, Window]) -> None:
    session.execute(delete(Allocation).where(col(Allocation.claim_id) == claim.id))
    session.execute(
        insert(Allocation),
        [
            {
                **_fresh(claim),
                "resource_id": resource_id,
                "starts_at": instant_of(start),
                "ends_at": instant_of(end),
            }
            for resource_id, (start, end) in windows.items()
        ],
    )


def _fresh(claim: Claim) -> dict[str, object]:
    return {
        "id": new_id(),
        "created_at": system_clock(),
        "workshop_id": claim.workshop_id,
        "claim_id": claim.id,
    }
