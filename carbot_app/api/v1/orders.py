"""Work orders: estimates, jobs and where the car stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import Field
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import (
    CONFLICT,
    MAX_PAGE,
    NOT_FOUND,
    Input,
    Instant,
    JsonAnswer,
    Page,
    PlainText,
)
from carbot_app.api.v1.appointments import Code, ContactInput, VehicleInput
from carbot_app.domains.customers.schemas import CustomerView, VehicleFacts, VehicleView
from carbot_app.domains.orders.reading import ALL
from carbot_app.domains.orders.schemas import EstimateInput, JobView, LineView, OrderSummary, OrderView
from carbot_app.kit.ids import new_id

router = APIRouter(prefix="/orders", tags=["orders"])
State = Literal[
    "enquiry", "estimate", "scheduled", "accepted", "diagnosis", "approval_open", "parts_ordered", "in_work",
    "final_check", "ready", "picked_up", "billed", "paid", "cancelled", "complaint",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """A position; decimals are text so that no cent gets lost on the way."""

    id: UUID
    kind: str
    text: str
    part_number: str
    quantity: str
    unit: str
    """UN/ECE recommendation 20."""
    unit_price: str
    """In whole currency units."""
    gross: bool
    """Told with VAT."""
    discount_percent: str
    amount_cents: int
    minutes: int


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """A piece of work the customer agrees to or declines."""

    id: UUID
    title: str
    finding: str
    urgency: str
    service_code: str
    technician: str
    decision: str
    done_at: datetime | None
    gross_cents: int
    lines: tuple[LineAnswer, ...]


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """A whole order."""

    id: UUID
    number: str
    state: str
    title: str
    complaint: str
    language: str
    currency: str
    km: int | None
    technician: str
    promised_at: datetime | None
    appointment_id: UUID | None
    conversation_id: UUID | None
    invoice_id: UUID | None
    customer: CustomerView | None
    vehicle: VehicleView | None
    jobs: tuple[JobAnswer, ...]
    net_cents: int
    vat_cents: int
    total_cents: int
    estimate_cents: int | None
    approved_cents: int | None
    created_at: datetime
    version: int


class NewOrder(Input):
    """An estimate for a car, a visit or a conversation; prices come from the catalogue."""

    service_codes: Annotated[list[Code], Field(max_length=20)] = []
    vehicle: VehicleInput = VehicleInput()
    contact: ContactInput = ContactInput()
    customer_id: UUID | None = None
    vehicle_id: UUID | None = None
    appointment_id: UUID | None = None
    conversation_id: UUID | None = None
    title: Annotated[PlainText, Field(max_length=200)] = ""
    complaint: Annotated[PlainText, Field(max_length=1000)] = ""
    promised_at: Instant | None = None
    language: Literal["de", "en", "tr", "pl", ""] = ""


@router.get("", response_model=Page[OrderSummary])
def list_orders(
    *,
    actor: ApiActor,
    services: CurrentServices,
    state: State | None = None,
    q: Annotated[PlainText, Query(max_length=80)] = "",
    before: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 25,
) -> Response:
    """Newest first; `q` is part of a plate, number, title or name. Scope `orders.read`."""
    found = services.orders.list_orders(
        actor, show=ALL, search=q, state=state or "", before=before, limit=limit + 1
    )
    more = len(found) > limit
    return JsonAnswer({"items": found[:limit], "next": str(found[limit - 1].id) if more else None})


@router.get("/{order_id}", response_model=OrderAnswer, responses=NOT_FOUND)
def get_order(order_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """One order with its jobs and sums. Scope `orders.read`."""
    return JsonAnswer(_answer(services.orders.get(actor, order_id)))


@router.post("", response_model=OrderAnswer, status_code=201, responses={**NOT_FOUND, **CONFLICT})
def create_order(
    body: NewOrder,
    actor: ApiActor,
    services: CurrentServices,
    idempotency_key: Annotated[
        str | None,
        Header(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="Repeat it, and no second order is made"),
    ] = None,
) -> Response:
    """Make an estimate. Scopes `orders.manage` and `catalog.read`."""
    wanted = EstimateInput(
        request_key=idempotency_key or str(new_id()),
        customer_id=body.customer_id,
        vehicle_id=body.vehicle_id,
        vehicle=VehicleFacts(**body.vehicle.model_dump()),
        name=body.contact.name,
        phone=body.contact.phone,
        email=body.contact.email,
        appointment_id=body.appointment_id,
        conversation_id=body.conversation_id,
        service_codes=tuple(body.service_codes),
        title=body.title,
        complaint=body.complaint,
        km=body.vehicle.km,
        promised_at=body.promised_at,
        language=body.language,
    )
    return JsonAnswer(_answer(services.orders.create_estimate(actor, wanted)), status_code=201)


def _answer(order: OrderView) -> OrderAnswer:
    same = {name: getattr(order, name) for name in _SAME}
    return OrderAnswer(
        **same,
        jobs=tuple(_job(job) for job in order.jobs),
        net_cents=order.totals.net_cents,
        vat_cents=order.totals.vat_cents,
    )


def _job(job: JobView) -> JobAnswer:
    same = {name: getattr(job, name) for name in _SAME_IN_JOB}
    return JobAnswer(**same, lines=tuple(_line(line) for line in job.lines))


def _line(line: LineView) -> LineAnswer:
    same = {name: getattr(line, name) for name in _SAME_IN_LINE}
    return LineAnswer(
        **same,
        quantity=f"{line.quantity:f}",
        unit_price=f"{line.unit_price:f}",
        discount_percent=f"{line.discount_percent:f}",
    )


_SAME = (
    "id", "number", "state", "title", "complaint", "language", "currency", "km", "technician", "promised_at",
    "appointment_id", "conversation_id", "invoice_id", "customer", "vehicle", "total_cents", "estimate_cents",
    "approved_cents", "created_at", "version",
)  # fmt: skip
_SAME_IN_JOB = (
    "id", "title", "finding", "urgency", "service_code", "technician", "decision", "done_at", "gross_cents",
)  # fmt: skip
_SAME_IN_LINE = ("id", "kind", "text", "part_number", "unit", "gross", "amount_cents", "minutes")
