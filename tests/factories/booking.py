"""Rows of the booking domain."""

from datetime import UTC, datetime, timedelta
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Appointment, OccupiedCell, Resource
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_secret
from tests.factories.saving import save

_ABILITIES = {"technician": ["mechanic"], "bay": ["standard"]}


def make_resource(
    database: Database, workshop: Workshop, kind: str = "technician", **fields: Any
) -> Resource:
    """A technician who is a mechanic, or with ``kind="bay"`` a standard bay."""
    defaults: dict[str, Any] = {"name": f"{kind} 1", "abilities": _ABILITIES[kind]}
    return save(database, Resource(workshop_id=workshop.id, kind=kind, **{**defaults, **fields}))


def make_appointment(
    database: Database,
    workshop: Workshop,
    customer: Customer,
    technician: Resource,
    bay: Resource,
    **fields: Any,
) -> Appointment:
    """An hour on Tuesday 2026-11-24 at 9:00 in Berlin, without occupied cells (see make_cell)."""
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


def make_cell(
    database: Database, appointment: Appointment, resource: Resource, cell_at: datetime
) -> OccupiedCell:
    """A quarter of an hour of the resource taken by the appointment."""
    return save(
        database,
        OccupiedCell(
            workshop_id=appointment.workshop_id,
            resource_id=resource.id,
            appointment_id=appointment.id,
            cell_at=cell_at,
        ),
    )
