"""What happens at a car goes into its history; an outbox consumer, so the same event may come twice."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.orders.models import CheckIn, OrderJob, WorkOrder
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.vehicle_history.chain import Pen
from carbot_app.domains.vehicle_history.entries import Happening
from carbot_app.domains.vehicle_history.happenings import (
    HANDED_OVER,
    check_in_reading,
    inspection,
    report,
    visit,
)
from carbot_app.domains.vehicle_history.keys import Keys
from carbot_app.domains.vehicle_history.ports import Signer, Vault
from carbot_app.kit.clock import Clock

REPORT_ISSUED = "diagnostics.report_issued"
"""Payload: ``vehicle_id`` and what ``happenings.report`` reads."""
VEHICLE_CHANGED = "vehicle.changed"
_ORDER_EVENTS = ("order.changed", "order.state")


class HistoryRecorder:
    """Writes the histories of cars."""

    def __init__(self, *, db: Database, clock: Clock, signer: Signer, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self.keys = Keys(signer, vault)

    def on_event(self, delivery: Delivery) -> None:
        """An order or car went on, or a report was issued."""
        if delivery.kind in _ORDER_EVENTS:
            self._follow_order(delivery)
        elif delivery.kind == VEHICLE_CHANGED:
            self._follow_vehicle(delivery)
        elif delivery.kind == REPORT_ISSUED:
            self._take_report(delivery)

    def _follow_order(self, delivery: Delivery) -> None:
        order_id = UUID(delivery.payload["order_id"])
        with self._db.reading(delivery.workshop_id) as session:
            # Orders change often and are handed over once: nobody waits for the writer's turn without need
            if not _order_happenings(session, delivery, order_id):
                return
        with self._db.writing(delivery.workshop_id) as session:
            order = session.exec(select(WorkOrder).where(WorkOrder.id == order_id)).first()
            pen = self._pen(session, delivery, order.vehicle_id) if order else None
            if order is None or pen is None:
                return
            for happening in _order_happenings(session, delivery, order_id):
                pen.write(happening, customer_id=order.customer_id)

    def _follow_vehicle(self, delivery: Delivery) -> None:
        with self._db.writing(delivery.workshop_id) as session:
            pen = self._pen(session, delivery, UUID(delivery.payload["vehicle_id"]))
            happening = inspection(pen.vehicle) if pen else None
            if pen and happening:
                pen.write(happening, customer_id=None)

    def _take_report(self, delivery: Delivery) -> None:
        with self._db.writing(delivery.workshop_id) as session:
            pen = self._pen(session, delivery, UUID(delivery.payload["vehicle_id"]))
            if pen:
                happening = report(delivery.payload, pen.today)
                pen.write(happening, customer_id=pen.vehicle.customer_id)

    def _pen(self, session: Session, delivery: Delivery, vehicle_id: UUID | None) -> Pen | None:
        """None: the car is not known any more."""
        vehicle = session.exec(select(Vehicle).where(Vehicle.id == vehicle_id)).first()
        if vehicle is None:
            return None
        zone = _zone(session, delivery.workshop_id)
        return Pen(session, self.keys, vehicle, self._clock(), _day(delivery.created_at, zone))


def _order_happenings(session: Session, delivery: Delivery, order_id: UUID) -> list[Happening]:
    order = session.exec(select(WorkOrder).where(WorkOrder.id == order_id)).first()
    if order is None or order.vehicle_id is None:
        return []
    zone = _zone(session, delivery.workshop_id)
    check_in = session.exec(select(CheckIn).where(CheckIn.order_id == order_id)).first()
    found: list[Happening | None] = []
    if check_in is not None:
        found.append(check_in_reading(check_in, _day(check_in.signed_at or delivery.created_at, zone)))
    if order.state in HANDED_OVER:
        jobs = session.exec(
            select(OrderJob).where(OrderJob.order_id == order_id).order_by(col(OrderJob.position))
        ).all()
        codes = {job.service_code for job in jobs} - {""}
        services = session.exec(select(Service).where(col(Service.code).in_(codes)))
        names = {service.code: service.names for service in services}
        found.append(visit(order, jobs, names, _day(delivery.created_at, zone)))
    return [happening for happening in found if happening]


def _zone(session: Session, workshop_id: UUID) -> ZoneInfo:
    return ZoneInfo(session.get_one(Workshop, workshop_id).timezone)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
