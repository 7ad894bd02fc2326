"""The running background work brings a visit into a real calendar and back, with nobody calling by hand."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from carbot_app.bootstrap import build_services
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Absence
from carbot_app.domains.calendars.schemas import CalDavLogin
from carbot_app.jobs.runtime import Runtime
from carbot_app.kit.clock import system_clock
from tests.contracts.calendar_peers import RadicalePeer
from tests.factories import (
    make_appointment,
    make_customer,
    make_event,
    make_resource,
    make_workshop,
    staff_of,
)
from tests.peers.radicale_server import PASSWORD, USER, Radicale
from tests.services.bookings import rows

PATIENCE_SECONDS = 30


def eventually(happened: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if happened():
            return True
        time.sleep(0.1)
    return False


def test_visits_and_busy_times_travel_by_themselves(
    database: Database, radicale: Radicale, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carbot_app.jobs.runtime.CALENDAR_SECONDS", 0.3)
    settings = Settings(data_dir=tmp_path, calendar_private_hosts=True)
    services = build_services(settings, db=database)
    workshop = make_workshop(database)
    technician, bay = make_resource(database, workshop), make_resource(database, workshop, "bay")
    peer = RadicalePeer(radicale)
    services.calendars.connect_caldav(
        staff_of(workshop),
        CalDavLogin(radicale.origin, USER, PASSWORD),
        calendar_id=peer.calendar_id,
        resource_id=technician.id,
    )
    tomorrow = system_clock().replace(microsecond=0) + timedelta(days=1)
    peer.add(tomorrow, tomorrow + timedelta(hours=1))
    runtime = Runtime(services)
    runtime.start()
    try:
        assert eventually(lambda: len(rows(database, Absence)) == 1)
        customer = make_customer(database, workshop)
        later = tomorrow + timedelta(days=1)
        visit = make_appointment(database, workshop, customer, technician, bay, starts_at=later)
        make_event(database, workshop, kind="appointment.booked", payload={"appointment_id": str(visit.id)})
        assert eventually(lambda: peer.stored() == 2)
    finally:
        runtime.stop()
        peer.account.close()
