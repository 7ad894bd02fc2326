"""Tables of work orders, from the estimate to the car that was picked up."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, cents, exact, instant, json_field


class WorkOrder(TenantRow, table=True):
    """One visit's work with its price; the states are those of states.py."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "number"),
        UniqueConstraint("workshop_id", "request_key"),
        Index("ix_work_order_state", "workshop_id", "state"),
    )

    number: str = Field(max_length=40)
    state: str = Field(default="estimate", max_length=20)
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", index=True, ondelete="SET NULL")
    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", index=True, ondelete="SET NULL"
    )
    conversation_id: UUID | None = Field(
        default=None, foreign_key="conversation.id", index=True, ondelete="SET NULL"
    )
    technician_id: UUID | None = Field(default=None, foreign_key="resource.id", ondelete="SET NULL")
    title: str = Field(default="", max_length=200)
    complaint: str = Field(default="", max_length=1000)
    """What the customer says is wrong."""
    language: str = Field(default="de", max_length=2)
    currency: str = Field(default="EUR", max_length=3)
    km: int | None = None
    promised_at: datetime | None = instant(default=None)
    """When the car is to be ready."""
    payers: list[dict[str, Any]] = json_field(list)
    """Insurer and customer: billing.payers; empty: the customer alone."""
    discount_percent: Decimal = exact(default=Decimal(0))
    discount_cents: int = cents(default=0)
    estimate_cents: int | None = cents(default=None)
    """Gross sum the customer was told first; what the overrun guard measures against."""
    approved_cents: int | None = cents(default=None)
    """Highest gross sum the customer has approved."""
    total_cents: int = cents(default=0)
    """Gross sum of what is not declined, as last computed."""
    invoice_id: UUID | None = Field(default=None, index=True)
    note: str = Field(default="", max_length=2000)
    request_key: str = Field(max_length=64)
    """Idempotency key: one estimate per press of the button."""
    version: int = 1
    """Rises with every change; whoever saves an older one is told."""


class OrderJob(TenantRow, table=True):
    """A piece of work the customer agrees to or declines as a whole; its lines make its price."""

    order_id: UUID = Field(foreign_key="work_order.id", index=True, ondelete="CASCADE")
    position: int
    title: str = Field(max_length=200)
    finding: str = Field(default="", max_length=500)
    """What was seen: ``Belag noch 1,8 mm, mindestens 2 mm``."""
    urgency: str = Field(default="", max_length=8)
    """urgent, soon, later or empty."""
    service_code: str = Field(default="", max_length=20)
    technician_id: UUID | None = Field(default=None, foreign_key="resource.id", ondelete="SET NULL")
    decision: str = Field(default="open", max_length=10)
    """open, approved or declined."""
    decided_at: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)


class OrderLine(TenantRow, table=True):
    """Labour, a part, a lump sum or a fee of a job (billing.lines.LINE_KINDS)."""

    job_id: UUID = Field(foreign_key="order_job.id", index=True, ondelete="CASCADE")
    position: int
    kind: str = Field(max_length=12)
    text: str = Field(max_length=300)
    part_number: str = Field(default="", max_length=60)
    quantity: Decimal = exact(default=Decimal(1))
    unit: str = Field(default="C62", max_length=8)
    """UN/ECE recommendation 20: C62 pieces, HUR hours, LTR litres; labour units are HUR by lines.py."""
    unit_price: Decimal = exact()
    gross: bool = True
    """Told with VAT, as catalogue prices are; False: net."""
    discount_percent: Decimal = exact(default=Decimal(0))
    exchange: bool = False
    list_price: Decimal | None = exact(default=None)
    """Net list price of an exchange part."""
    cost_cents: int = cents(default=0)
    """Net, of all; 0: not known."""
    minutes: int = 0
    """Working time told to the customer."""


class OrderApproval(TenantRow, table=True):
    """A question to the customer whether this may be done at this price, and the answer."""

    order_id: UUID = Field(foreign_key="work_order.id", index=True, ondelete="CASCADE")
    kind: str = Field(default="estimate", max_length=10)
    """estimate, extra (found later) or overrun."""
    token: str = Field(max_length=64, unique=True)
    asked: list[dict[str, Any]] = json_field(list)
    """Jobs as they were shown: id, title, finding, urgency, gross_cents; once answered also approved."""
    asked_at: datetime = instant()
    asked_by: str = Field(default="", max_length=120)
    sent_on: str = Field(default="", max_length=8)
    """Channel the link left on; empty: handed over in person."""
    expires_at: datetime = instant()
    opened_at: datetime | None = instant(default=None)
    decided_at: datetime | None = instant(default=None)
    channel: str = Field(default="", max_length=8)
    """How it was answered: link, phone or desk."""
    approved_cents: int | None = cents(default=None)
    signed_name: str = Field(default="", max_length=120)
    signature_file: str = Field(default="", max_length=64)
    """PNG in the file store."""
    noted_by: str = Field(default="", max_length=120)
    """Who of the team wrote down what was said on the phone."""
    closed: bool = False
    """Replaced by a newer question or taken back."""


class CheckIn(TenantRow, table=True):
    """The car as it came in (Dialogannahme), signed by whoever brought it."""

    __table_args__ = (UniqueConstraint("order_id"),)

    order_id: UUID = Field(foreign_key="work_order.id", ondelete="CASCADE")
    km: int | None = None
    fuel_percent: int | None = None
    charge_percent: int | None = None
    marks: list[dict[str, Any]] = json_field(list)
    """Damage: view (left, right, front, rear, top), x and y in thousandths, kind, note."""
    tread: dict[str, Any] = json_field(dict)
    """Wheel (fl, fr, rl, rr) → tenths of a millimetre."""
    observations: list[str] = json_field(list)
    """Codes of lamps, brakes and lights that were seen."""
    belongings: str = Field(default="", max_length=300)
    keep_old_parts: bool = False
    test_drive: bool = True
    remark: str = Field(default="", max_length=1000)
    terms_version: str = Field(default="", max_length=24)
    signed_name: str = Field(default="", max_length=120)
    signature_file: str = Field(default="", max_length=64)
    signed_at: datetime | None = instant(default=None)
    taken_by: str = Field(default="", max_length=120)
    addenda: list[dict[str, Any]] = json_field(list)
    """What was added after the signature: at, by, text."""
    offer_answer: str = Field(default="", max_length=8)
    """taken or refused; empty: nothing was offered yet. One car is offered one thing."""


class DeclinedJob(TenantRow, table=True):
    """Work a customer did not want now, so that it is not forgotten."""

    job_id: UUID | None = Field(default=None, foreign_key="order_job.id", index=True, ondelete="SET NULL")
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="CASCADE")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")
    title: str = Field(max_length=200)
    urgency: str = Field(default="", max_length=8)
    service_code: str = Field(default="", max_length=20)
    gross_cents: int = cents()
    declined_on: date
    follow_up_on: date
    state: str = Field(default="open", max_length=8)
    """open, due (its day has come and was told), done (ordered later) or dropped."""
