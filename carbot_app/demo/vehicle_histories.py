"""Ten years of a regular customer's car: inspections, wear, and one reading with a digit too few."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.bootstrap import Services
from carbot_app.demo.cast import HEROES
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.customers.inspection import next_due
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.vehicle_history.chain import Pen
from carbot_app.domains.vehicle_history.entries import INSPECTION, READING, VISIT, Happening
from carbot_app.domains.vehicle_history.mileage import CHECK_IN, ORDER
from carbot_app.kit.ids import new_id

VIN = "WVWZZZAUZFW118400"
# days ago, thousandths of what it has run today, what was done; no service: only read off
_VISITS: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (2_190, 265, ("ENG-INS-002",)),
    (1_830, 402, ("SAF-BRK-002", "ENG-OIL-001")),
    (1_455, 545, ("ENG-INS-002",)),
    (1_085, 669, ("CLI-SRV-001",)),
    (725, 81, ()),
    (724, 810, ("ENG-INS-002", "TYR-CHG-001")),
    (361, 921, ("ENG-OIL-001",)),
)
_INSPECTED = (1_830, 1_085, 361)
"""Days ago."""


def remember_a_car(services: Services, workshop: Workshop) -> None:
    """The history of the first regular's car."""
    now = services.clock()
    today = now.astimezone(ZoneInfo(workshop.timezone)).date()
    with services.db.writing(workshop.id) as session:
        car = session.exec(
            select(Vehicle).where(Vehicle.plate == HEROES[0].plate).order_by(col(Vehicle.id))
        ).first()
        if car is None or car.km is None:
            return
        car.vin = VIN
        told = [(ago, *_visit(session, car.km * part // 1000, codes)) for ago, part, codes in _VISITS]
        told += [(ago, INSPECTION, _inspection(today - timedelta(days=ago))) for ago in _INSPECTED]
        for ago, kind, facts in sorted(told, key=lambda one: -one[0]):
            on = today - timedelta(days=ago)
            pen = Pen(session, services.history_recorder.keys, car, now, on)
            pen.write(Happening(kind, f"{kind}:{new_id()}", on, facts, {}), customer_id=car.customer_id)


def _inspection(on: date) -> dict[str, Any]:
    return {"inspected_on": on.isoformat(), "due": next_due(on).isoformat()}


def _visit(session: Session, km: int, codes: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    if not codes:
        return READING, {"km": km, "km_from": CHECK_IN}
    found = session.exec(select(Service).where(col(Service.code).in_(codes)))
    services = [{"code": one.code, "names": dict(one.names)} for one in found]
    return VISIT, {"jobs": len(codes), "services": services, "km": km, "km_from": ORDER}
