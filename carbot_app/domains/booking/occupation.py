"""Takes technicians and bays; the unique constraint on cells decides who was first."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.domains.booking.availability import Demand, fitting_resources
from carbot_app.domains.booking.models import Appointment, OccupiedCell, Resource
from carbot_app.domains.booking.slots import FreeTime, instant_of
from carbot_app.kit.clock import system_clock
from carbot_app.kit.errors import Conflict
from carbot_app.kit.ids import new_id

_Cell = tuple[UUID, int]


def choose_resources(
    session: Session, workshop_id: UUID, demand: Demand, time: FreeTime, *, moving: Appointment | None = None
) -> tuple[UUID, UUID]:
    """Ids of a free technician and bay; an appointment being moved keeps its own where it can.

    Raises Conflict("slot_taken") when there is none.
    """
    occupied = select(OccupiedCell.resource_id).where(
        OccupiedCell.workshop_id == workshop_id,
        col(OccupiedCell.cell_at) >= time.starts_at,
        col(OccupiedCell.cell_at) < time.ends_at,
    )
    if moving is not None:
        occupied = occupied.where(OccupiedCell.appointment_id != moving.id)
    taken = set(session.exec(occupied.distinct()))
    preferred = {moving.technician_id, moving.bay_id} if moving else set()
    technicians, bays = fitting_resources(session, workshop_id, demand)
    return _first_free(technicians, taken, preferred), _first_free(bays, taken, preferred)


def _first_free(resources: Sequence[Resource], taken: set[UUID], preferred: set[UUID]) -> UUID:
    free = [resource.id for resource in resources if resource.id not in taken]
    if not free:
        raise Conflict("slot_taken", field="slot_id")
    return next((id_ for id_ in free if id_ in preferred), free[0])


def occupy(session: Session, appointment: Appointment, demand: Demand, time: FreeTime) -> None:
    """Give the appointment its time, technician, bay and cells; cells it held elsewhere become free.

    Whoever loses a race for a cell tries again with what is left; nobody free: Conflict("slot_taken").
    The loop ends because every lost race means another booking has been committed meanwhile.
    """
    while True:
        technician_id, bay_id = choose_resources(
            session, appointment.workshop_id, demand, time, moving=appointment
        )
        wanted = {(id_, cell) for id_ in (technician_id, bay_id) for cell in range(time.start, time.end)}
        try:
            with session.begin_nested():
                _take_cells(session, appointment, wanted)
            break
        except IntegrityError:
            continue
    appointment.technician_id, appointment.bay_id = technician_id, bay_id
    appointment.starts_at, appointment.ends_at = time.starts_at, time.ends_at
    session.flush()


def release(session: Session, appointment: Appointment) -> None:
    """Free every cell of the appointment."""
    session.execute(
        delete(OccupiedCell).where(
            col(OccupiedCell.workshop_id) == appointment.workshop_id,
            col(OccupiedCell.appointment_id) == appointment.id,
        )
    )


def _take_cells(session: Session, appointment: Appointment, wanted: set[_Cell]) -> None:
    """Insert what is missing before deleting what is no longer needed.

    In this order, and with cells sorted, two transactions never wait for each other: nobody holds a deleted
    cell while waiting for another one.
    """
    rows = session.exec(select(OccupiedCell).where(OccupiedCell.appointment_id == appointment.id)).all()
    wanted_at = {(id_, instant_of(cell)) for id_, cell in wanted}
    held = {(row.resource_id, row.cell_at) for row in rows}
    missing = sorted(wanted_at - held, key=lambda cell: (cell[0].bytes, cell[1]))
    if missing:
        session.execute(
            insert(OccupiedCell),
            [
                {
                    "id": new_id(),
                    "created_at": system_clock(),
                    "workshop_id": appointment.workshop_id,
                    "appointment_id": appointment.id,
                    "resource_id": resource_id,
                    "cell_at": cell_at,
                }
                for resource_id, cell_at in missing
            ],
        )
    spare = [row.id for row in rows if (row.resource_id, row.cell_at) not in wanted_at]
    if spare:
        session.execute(delete(OccupiedCell).where(col(OccupiedCell.id).in_(spare)))
