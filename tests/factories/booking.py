"""Rows of the booking domain."""

from datetime import UTC, datetime, timedelta
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Allocation, Appointment, Claim, OccupiedCell, Resource
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_secret
from tests.factories.saving import save

_ABILITIES = {"technician": ["mechanic"], "bay": ["standard"], "loaner": []}


def make_resource(
    database: Database, workshop: Workshop, kind: str = "technician", **fields: Any
) -> Resource:
    """A technician who is a mechanic, with ``kind="bay"`` a standard bay with a lift, or a loaner."""
    defaults: dict[str, Any] = {"name": f"{kind} 1", "abilities": _ABILITIES[kind], "lift": kind == "bay"}
    return save(database, Resource(workshop_id=workshop.id, kind=kind, **{**defaults, **fields}))


def make_appointment(
    database: Database,
    workshop: Workshop,
    customer: Customer,
    technician: Resource,
    bay: Resource,
    **fields: Any,
) -> Appointment:
    """An hour on Tuesday 2026-11-24 at 9:00 in Berlin, that takes nobody (see make_claim)."""
    starts_at = fields.pop("starts_at", datetime(2026, 11, 24, 8, tzinfo=UTC))
    defaults: dict[str, Any] = {
        "ends_at": starts_at + timedelta(hours=1),
        "service_codes": ["SAF-BRK-001"],
        "title": "Bremsbeläge ersetzen (pro Achse)",
        "price_min_cents": 12_900,
        "price_max_cents": 12_900,
        "source": "page",
        "manage_token": new_secret(),
        "request_key": new_secret(12),
    }
    return save(
        database,
        Appointment(
            workshop_id=workshop.id,
            customer_id=customer.id,
            technician_id=technician.id,
            bay_id=bay.id,
            starts_at=starts_at,
            **{**defaults, **fields},
        ),
    )


def make_claim(database: Database, appointment: Appointment, resource: Resource) -> OccupiedCell:
    """The appointment takes the resource; the first quarter of an hour is returned."""
    claim = save(database, Claim(workshop_id=appointment.workshop_id, appointment_id=appointment.id))
    taken = {"workshop_id": appointment.workshop_id, "claim_id": claim.id, "resource_id": resource.id}
    save(database, Allocation(**taken, starts_at=appointment.starts_at, ends_at=appointment.ends_at))
    return save(database, OccupiedCell(**taken, cell_at=appointment.starts_at))
