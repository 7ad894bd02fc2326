"""Reads visits as calendars show them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import FREE_STATES
from carbot_app.domains.calendars.matching import event_words
from carbot_app.domains.calendars.ports import OwnEvent
from carbot_app.domains.customers.models import Customer, Vehicle


def is_shown(row: Appointment) -> bool:
    """Whether a visit stands in calendars at all."""
    return row.state not in FREE_STATES


def list_visits(
    session: Session,
    workshop_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    resource_id: UUID | None = None,
) -> Sequence[Appointment]:
    """Visits between two instants by time, of one technician or of all."""
    query = select(Appointment).where(
        Appointment.workshop_id == workshop_id,
        col(Appointment.state).not_in(FREE_STATES),
        col(Appointment.ends_at) > starts_at,
        col(Appointment.starts_at) < ends_at,
    )
    if resource_id is not None:
        query = query.where(Appointment.technician_id == resource_id)
    return session.exec(query.order_by(col(Appointment.starts_at), col(Appointment.id))).all()


def own_events(session: Session, rows: Sequence[Appointment]) -> list[OwnEvent]:
    """The same visits as events."""
    customers = {row.customer_id for row in rows}
    vehicles = {row.vehicle_id for row in rows if row.vehicle_id}
    names = session.exec(select(Customer.id, Customer.name).where(col(Customer.id).in_(customers)))
    plates = session.exec(select(Vehicle.id, Vehicle.plate).where(col(Vehicle.id).in_(vehicles)))
    name_of, plate_of = dict(names.all()), dict(plates.all())
    found = []
    for row in rows:
        plate = plate_of.get(row.vehicle_id, "") if row.vehicle_id else ""
        title, text = event_words(row.title, plate, name_of.get(row.customer_id, ""))
        found.append(OwnEvent(row.id, title, text, row.starts_at, row.ends_at))
    return found
