"""Rows of an order as views."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.billing.models import AuditEntry
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.catalog.vehicle_classes import class_of
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.customers.schemas import VehicleFacts
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.orders.models import OrderJob, OrderLine, WorkOrder
from carbot_app.domains.orders.reckoning import (
    Setting,
    amount,
    job_gross,
    overrun_of,
    payers_from_json,
    portions_of,
)
from carbot_app.domains.orders.rows import SUBJECT, Content, count, line_input, read_content, setting_of
from carbot_app.domains.orders.schemas import HistoryView, JobView, LineView, OrderSummary, OrderView
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid

_SAME = (
    "id", "number", "state", "title", "complaint", "note", "language", "currency", "km", "technician_id",
    "promised_at", "appointment_id", "conversation_id", "invoice_id", "discount_percent", "discount_cents",
    "estimate_cents", "approved_cents", "created_at", "version",
)  # fmt: skip
_SAME_IN_LIST = (
    "id", "number", "state", "title", "technician_id", "promised_at", "total_cents", "currency", "created_at",
    "version",
)  # fmt: skip
_SAME_IN_JOB = (
    "id", "position", "title", "finding", "urgency", "service_code", "technician_id", "decision",
    "decided_at", "done_at",
)  # fmt: skip
_SAME_IN_LINE = (
    "id", "kind", "text", "part_number", "quantity", "unit", "unit_price", "gross", "discount_percent",
    "exchange", "list_price", "cost_cents", "minutes",
)  # fmt: skip


def order_view(session: Session, row: WorkOrder, customers: CustomerService, clock: Clock) -> OrderView:
    """A whole order with its history."""
    setting = setting_of(session, row.workshop_id, clock())
    content = read_content(session, row.id)
    names = names_of(session, {row.technician_id, *(job.technician_id for job in content.jobs)})
    totals = count(row, content, setting)
    payers = payers_from_json(row.payers)
    country = session.get_one(Workshop, row.workshop_id).country
    customer = session.get(Customer, row.customer_id) if row.customer_id else None
    vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
    return OrderView(
        **{name: getattr(row, name) for name in _SAME},
        technician=names.get(row.technician_id, ""),
        customer=customers.describe_customer(customer, country=country) if customer else None,
        vehicle=customers.describe_vehicle(vehicle) if vehicle else None,
        jobs=tuple(job_view(job, content, setting, names) for job in content.jobs),
        totals=totals,
        payers=payers,
        portions=_portions(payers, totals),
        overrun=overrun_of(row.estimate_cents, totals.gross_cents, setting.on, row.approved_cents),
        history=_history(session, row.id),
    )


def job_view(job: OrderJob, content: Content, setting: Setting, names: Mapping[UUID | None, str]) -> JobView:
    """A job with its lines and price."""
    lines = content.of(job)
    return JobView(
        **{name: getattr(job, name) for name in _SAME_IN_JOB},
        technician=names.get(job.technician_id, ""),
        gross_cents=job_gross([line_input(line) for line in lines], setting),
        lines=tuple(line_view(line, setting) for line in lines),
    )


def line_view(line: OrderLine, setting: Setting) -> LineView:
    """A line with what it comes to."""
    same = {name: getattr(line, name) for name in _SAME_IN_LINE}
    return LineView(**same, amount_cents=amount(line_input(line), setting).cents)


def summary(
    row: WorkOrder, customer: Customer | None, vehicle: Vehicle | None, names: Mapping[UUID | None, str],
    customers: CustomerService,
) -> OrderSummary:  # fmt: skip
    """An order in a list."""
    return OrderSummary(
        **{name: getattr(row, name) for name in _SAME_IN_LIST},
        plate=vehicle.plate if vehicle else "",
        vehicle=customers.describe_vehicle(vehicle).label if vehicle else "",
        customer=(customer.name or customer.email or customer.phone) if customer else "",
        technician=names.get(row.technician_id, ""),
    )


def facts_of(vehicle: Vehicle | None, said: VehicleFacts | None = None) -> VehicleFacts:
    """What is on record of a car, completed by what was said now; enough to price its work."""
    said = said or VehicleFacts()
    if vehicle is None:
        return said
    make, model = vehicle.make or said.make, vehicle.model or said.model
    return VehicleFacts(
        plate=vehicle.plate,
        plate_country=vehicle.plate_country,
        make=make,
        model=model,
        year=vehicle.year or said.year,
        fuel=vehicle.fuel or said.fuel,
        vehicle_class=vehicle.vehicle_class or said.vehicle_class or class_of(make, model),
        km=vehicle.km,
    )


def names_of(session: Session, ids: set[UUID | None]) -> dict[UUID | None, str]:
    """Names of technicians."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    return {row.id: row.name for row in session.exec(select(Resource).where(col(Resource.id).in_(wanted)))}


def _portions(payers: Any, totals: Any) -> tuple[Any, ...]:
    try:
        return portions_of(payers, totals)
    except Invalid:
        # Jobs were taken out until the deductible is more than the sum: the page says so, and still opens.
        return ()


def _history(session: Session, order_id: UUID) -> tuple[HistoryView, ...]:
    entries: Sequence[AuditEntry] = session.exec(
        select(AuditEntry)
        .where(AuditEntry.subject == SUBJECT, AuditEntry.subject_id == order_id)
        .order_by(col(AuditEntry.seq))
    ).all()
    return tuple(HistoryView(entry.at, entry.kind, entry.by, entry.content) for entry in entries)
