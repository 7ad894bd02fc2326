"""Sessions as rows and as views; inside another's transaction."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics.identifying import Answer, Candidate, identify
from carbot_app.domains.diagnostics.models import DiagnosticAgent, DiagnosticMark, DiagnosticSession
from carbot_app.domains.diagnostics.schemas import CarView, MarkView, SessionView
from carbot_app.domains.diagnostics.signals import rates
from carbot_app.kit.errors import NotFound


def get_row(session: Session, session_id: UUID) -> DiagnosticSession:
    """One session; NotFound("diagnostic_session_unknown") otherwise."""
    row = session.exec(select(DiagnosticSession).where(DiagnosticSession.id == session_id)).first()
    if row is None:
        raise NotFound("diagnostic_session_unknown")
    return row


def wanted_rates(row: DiagnosticSession) -> dict[int, float]:
    """What is read of this car: what somebody chose, else the usual as far as it has it."""
    if row.rates:
        return {int(pid): hz for pid, hz in row.rates.items()}
    return rates(row.pids)


def vehicles_with(session: Session, vin: str) -> list[Vehicle]:
    """Cars on record with this VIN, at most three; none for an empty one."""
    if not vin:
        return []
    return list(session.exec(select(Vehicle).where(Vehicle.vin == vin).order_by(col(Vehicle.id)).limit(3)))


def settle_car(session: Session, row: DiagnosticSession) -> Answer:
    """Find out whose readings these are and write it down: a car, or the question that is open."""
    expected = session.get(Vehicle, row.expected_vehicle_id) if row.expected_vehicle_id else None
    known = [Candidate(car.id, car.vin) for car in vehicles_with(session, row.vin)]
    answer = identify(row.vin, Candidate(expected.id, expected.vin) if expected else None, known)
    row.question = answer.question
    assign(session, row, answer.vehicle_id)
    if answer.learns_vin and expected is not None:
        expected.vin = row.vin
    return answer


def assign(session: Session, row: DiagnosticSession, vehicle_id: UUID | None) -> None:
    """The readings belong to this car and to whoever drives it now."""
    vehicle = session.get(Vehicle, vehicle_id) if vehicle_id else None
    row.vehicle_id = vehicle_id
    row.customer_id = vehicle.customer_id if vehicle else None


def raise_mileage(session: Session, row: DiagnosticSession) -> None:
    """What the odometer told goes to the car on record; kilometres only grow."""
    vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id and row.km else None
    if vehicle is not None and row.km is not None and row.km > (vehicle.km or 0):
        vehicle.km = row.km


def session_view(session: Session, row: DiagnosticSession) -> SessionView:
    """Everything about one session but its readings and codes."""
    agent = session.get(DiagnosticAgent, row.agent_id) if row.agent_id else None
    marks = session.exec(
        select(DiagnosticMark).where(DiagnosticMark.session_id == row.id).order_by(col(DiagnosticMark.at))
    )
    expected = session.get(Vehicle, row.expected_vehicle_id) if row.expected_vehicle_id else None
    car = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
    return SessionView(
        id=row.id,
        way=row.way,
        state=row.state,
        reason=row.reason,
        question=row.question,
        car=car_view(session, car),
        expected=car_view(session, expected) if row.question else None,
        with_vin=tuple(_cars(session, vehicles_with(session, row.vin))) if row.question else (),
        vin=row.vin,
        protocol=row.protocol,
        adapter=row.adapter,
        agent_name=agent.name if agent else "",
        pids=tuple(row.pids),
        rates=wanted_rates(row),
        paused=row.paused,
        started_at=row.started_at,
        ended_at=row.ended_at,
        km=row.km,
        order_id=row.order_id,
        opened_by=row.opened_by,
        sample_count=row.sample_count,
        batches_lost=row.batches_lost,
        marks=tuple(mark_view(mark) for mark in marks),
    )


def car_view(session: Session, vehicle: Vehicle | None) -> CarView | None:
    """A car as sessions name it."""
    if vehicle is None:
        return None
    owner = session.get(Customer, vehicle.customer_id) if vehicle.customer_id else None
    label = f"{vehicle.make} {vehicle.model}".strip()
    return CarView(
        vehicle.id, vehicle.plate, vehicle.plate_country, label, vehicle.vin, owner.name if owner else ""
    )


def mark_view(row: DiagnosticMark) -> MarkView:
    """View of a row."""
    return MarkView(row.id, row.at, row.text, row.by)


def _cars(session: Session, vehicles: Iterable[Vehicle]) -> Iterable[CarView]:
    return (view for vehicle in vehicles if (view := car_view(session, vehicle)))
