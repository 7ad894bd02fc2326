"""Rows of the tyre hotel."""

from datetime import date
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.tyres.models import WheelSet
from tests.factories.saving import save

GOOD_TYRES = [
    {"position": position, "brand": "Continental", "dot": "2324", "tread": 65}
    for position in ("FL", "FR", "RL", "RR")
]


def make_wheel_set(database: Database, workshop: Workshop, vehicle: Vehicle, **fields: Any) -> WheelSet:
    """Four good winter wheels of the car that lie in R1-1."""
    defaults: dict[str, Any] = {
        "code": "R00001",
        "vehicle_id": vehicle.id,
        "customer_id": vehicle.customer_id,
        "season": "winter",
        "size": "205/55 R16",
        "location": "R1-1",
        "tyres": GOOD_TYRES,
        "stored_on": date(2026, 4, 7),
    }
    return save(database, WheelSet(workshop_id=workshop.id, **{**defaults, **fields}))
