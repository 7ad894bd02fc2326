"""A Golf that misfires on cylinder 1: its readings, its codes, and the report its driver got."""

from datetime import datetime, timedelta
from math import sin
from typing import Any

from sqlmodel import Session, col, select

from carbot_app.bootstrap import Services
from carbot_app.demo.cast import HEROES
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.diagnostics import states
from carbot_app.domains.diagnostics.models import (
    CodeFinding,
    CodeReading,
    DiagnosticBlock,
    DiagnosticMark,
    DiagnosticSession,
)
from carbot_app.domains.diagnostics.recording import pack
from carbot_app.domains.diagnostics.report_paper import NOT_SENT
from carbot_app.domains.diagnostics.report_schemas import ReportWish
from carbot_app.domains.team.models import Workshop

_AGO = timedelta(minutes=35)
_SECONDS, _BLOCK = 240, 10
_PIDS = (0x04, 0x05, 0x06, 0x07, 0x0C, 0x0D, 0x0F, 0x10, 0x11, 0x42)
_FRAME = {"4": 31.0, "5": 88.0, "6": 7.8, "7": 10.9, "12": 742.0, "13": 0.0}
_FOUND: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("P0301", "stored", _FRAME),
    ("P0171", "stored", {}),
    ("P0420", "pending", {}),
)
_READINESS = {"misfire": True, "fuel_system": True, "components": True, "catalyst": False, "o2_sensor": True}


def read_a_car(services: Services, workshop: Workshop) -> None:
    """The first regular's car was on the lift this morning."""
    begin = services.clock() - _AGO
    with services.db.writing(workshop.id) as session:
        car = session.exec(
            select(Vehicle).where(Vehicle.plate == HEROES[0].plate).order_by(col(Vehicle.id))
        ).first()
        if car is None:
            return
        row = _session(session, workshop, car, begin)
        session_id = row.id
    actor = services.team.system_actor(workshop.id)
    services.diagnostics.reports.issue(actor, session_id, ReportWish(channel=NOT_SENT))


def _session(session: Session, workshop: Workshop, car: Vehicle, begin: datetime) -> DiagnosticSession:
    of: dict[str, Any] = {"workshop_id": workshop.id}
    end = begin + timedelta(seconds=_SECONDS)
    row = DiagnosticSession(
        **of,
        car_key=f"demo-{car.id.hex}",
        way=states.AGENT,
        state=states.ENDED,
        reason="unplugged",
        vehicle_id=car.id,
        customer_id=car.customer_id,
        vin=car.vin,
        protocol="ISO 15765-4 CAN 11/500",
        adapter="ELM327 v1.5",
        pids=list(_PIDS),
        started_at=begin,
        heard_at=end,
        ended_at=end,
        km=car.km,
        opened_by="Emre Yıldız",
        last_seq=_SECONDS // _BLOCK,
        sample_count=_SECONDS * 2 * len(_PIDS),
    )
    session.add(row)
    session.flush()
    for number in range(_SECONDS // _BLOCK):
        session.add(_block(row, number, begin))
    at = begin + timedelta(seconds=95)
    session.add(DiagnosticMark(**of, session_id=row.id, at=at, text="Ruckelt im Leerlauf", by="Emre Yıldız"))
    reading = CodeReading(
        **of,
        session_id=row.id,
        read_at=begin + timedelta(seconds=20),
        read_by="Emre Yıldız",
        mil=True,
        readiness=dict(_READINESS),
    )
    session.add(reading)
    session.flush()
    for code, kind, frame in _FOUND:
        found = CodeFinding(**of, reading_id=reading.id, ecu="7E8", code=code, kind=kind, freeze_frame=frame)
        session.add(found)
    return row


def _block(row: DiagnosticSession, number: int, begin: datetime) -> DiagnosticBlock:
    starts = number * _BLOCK
    rows = [
        (step * 500, pid, value)
        for step in range(_BLOCK * 2)
        for pid, value in _values(starts + step / 2).items()
    ]
    return DiagnosticBlock(
        workshop_id=row.workshop_id,
        session_id=row.id,
        first_seq=number + 1,
        last_seq=number + 1,
        starts_at=begin + timedelta(seconds=starts),
        span_ms=rows[-1][0],
        sample_count=len(rows),
        packed=pack(rows),
    )


def _values(second: float) -> dict[int, float]:
    """Idling roughly, with a minute of higher revs; the mixture is lean at idle only."""
    revving = 120 <= second < 180
    rough = 55 * sin(second * 2.7) + 30 * sin(second * 7.1)
    return {
        0x04: round(48 + 6 * sin(second) if revving else 27 + rough / 20, 1),
        0x05: float(round(min(91, 82 + second / 20))),
        0x06: round(2.3 + sin(second) if revving else 7.8 + 2 * sin(second * 1.3), 1),
        0x07: 3.1 if revving else 10.9,
        0x0C: float(round(2600 + 40 * sin(second) if revving else 742 + rough)),
        0x0D: 0.0,
        0x0F: 24.0,
        0x10: round(14.5 + sin(second) if revving else 3.1 + rough / 200, 2),
        0x11: 21.6 if revving else 13.3,
        0x42: round(14.1 + 0.1 * sin(second), 1),
    }
