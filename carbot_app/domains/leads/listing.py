"""Reading leads in pages, the busiest read of the API."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, inspect, or_, select
from sqlmodel import Session

from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.customers.schemas import VehicleView
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.schemas import LeadView, Reason
from carbot_app.kit.errors import Invalid

_OF_LEAD = [field.name for field in fields(LeadView) if field.name != "vehicle"]
_OF_VEHICLE = [field.name for field in fields(VehicleView)]
_LEAD = inspect(Lead).local_table
_VEHICLE = inspect(Vehicle).local_table
_same_car = and_(_VEHICLE.c.id == _LEAD.c.vehicle_id, _VEHICLE.c.workshop_id == _LEAD.c.workshop_id)
_PAGE = (
    select(*(_LEAD.c[name] for name in _OF_LEAD), *(_VEHICLE.c[name] for name in _OF_VEHICLE))
    .select_from(_LEAD.outerjoin(_VEHICLE, _same_car))
    .order_by(_LEAD.c.created_at.desc(), _LEAD.c.id.desc())
)


def list_page(
    session: Session, workshop_id: UUID, *, before: UUID | None, limit: int, temperature: str, state: str
) -> list[LeadView]:
    """Newest first, after the lead ``before``; empty filters let everything through.

    Raises:
        Invalid: ``cursor_invalid`` when the workshop has no lead ``before``.
    """
    # Plain columns on the connection cost half of what mapped rows do; the session's tenant filter does not
    # reach them, so the workshop stands in every condition here.
    connection = session.connection()
    ours = _LEAD.c.workshop_id == workshop_id
    page = _PAGE.where(ours).limit(limit)
    if before is not None:
        created_at = connection.scalar(select(_LEAD.c.created_at).where(ours, _LEAD.c.id == before))
        if created_at is None:
            raise Invalid("cursor_invalid", field="before")
        same_moment = and_(_LEAD.c.created_at == created_at, _LEAD.c.id < before)
        page = page.where(_LEAD.c.created_at <= created_at, or_(_LEAD.c.created_at < created_at, same_moment))
    if temperature:
        page = page.where(_LEAD.c.temperature == temperature)
    if state:
        page = page.where(_LEAD.c.state == state)
    return [_view(row) for row in connection.execute(page)]


def _view(row: Row[Any]) -> LeadView:
    of_lead: dict[str, Any] = dict(zip(_OF_LEAD, row, strict=False))
    of_vehicle = row[len(_OF_LEAD) :]
    of_lead["reasons"] = tuple(
        Reason(r["code"], r["points"], r.get("params", {})) for r in of_lead["reasons"]
    )
    of_lead["service_codes"] = tuple(of_lead["service_codes"])
    return LeadView(**of_lead, vehicle=VehicleView(*of_vehicle) if of_vehicle[0] else None)
