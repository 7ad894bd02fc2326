"""The lift of the end-to-end tests: a misfiring car on record, an adapter in it, and the agent beside it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import select

from carbot_app.adapters.live.memory import MemoryLiveBus
from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.diagnostics.agents import AgentService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import system_clock
from tests.e2e.conftest import ROOT, Served
from tests.factories import make_customer, make_vehicle, staff_of
from tests.peers.elm327_cars import VIN
from tests.peers.obd_adapter import SimulatedAdapter

NAME, PHONE_NUMBER, PLATE = "Katarzyna Wójcik", "+4915155501477", "UN-WZ 907"


def workshop_of(database: Database) -> Workshop:
    """The demo workshop."""
    with database.reading(SYSTEM) as session:
        return session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()


@contextmanager
def car_on_record(served: Served) -> Iterator[Database]:
    """The database of the running server, which knows the car with the simulator's VIN."""
    database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
    workshop = workshop_of(database)
    with database.reading(SYSTEM) as session:
        known = session.exec(select(Vehicle).where(Vehicle.vin == VIN)).first()
    if known is None:
        owner = make_customer(database, workshop, name=NAME, phone=PHONE_NUMBER)
        make_vehicle(
            database, workshop, owner, vin=VIN, plate=PLATE, make="Škoda", model="Octavia III 1.4 TSI"
        )
    yield database
    database.close()


@contextmanager
def agent_at(served: Served, database: Database, adapter: SimulatedAdapter) -> Iterator[None]:
    """``carbot obd-agent`` as somebody starts it on the PC at the lift."""
    agents = AgentService(db=database, clock=system_clock, live=MemoryLiveBus(), server_adapters=False)
    _, token = agents.create_agent(staff_of(workshop_of(database)), "Hebebühne 3")
    command = [sys.executable, "-m", "carbot_app.cli", "obd-agent", "--server", served.url]
    environment = {
        **os.environ,
        "CARBOT_OBD_TOKEN": token,
        "CARBOT_OBD_BUFFER": str(served.data_dir / "obd-agent"),
    }
    process = subprocess.Popen([*command, "--adapter", adapter.address], cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
