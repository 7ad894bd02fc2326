"""Inputs and views of work orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from carbot_app.domains.billing.lines import LUMP_SUM
from carbot_app.domains.billing.overrun import Overrun
from carbot_app.domains.billing.payers import Portion
from carbot_app.domains.billing.totals import Totals
from carbot_app.domains.customers.schemas import CustomerView, VehicleFacts, VehicleView


@dataclass(frozen=True, slots=True)
class OrderLineInput:
    """A position as people enter it; ``unit_price`` in whole currency units."""

    text: str
    unit_price: Decimal
    kind: str = LUMP_SUM
    """One of billing.lines.LINE_KINDS."""
    quantity: Decimal = Decimal(1)
    unit: str = "C62"
    gross: bool = True
    discount_percent: Decimal = Decimal(0)
    part_number: str = ""
    exchange: bool = False
    list_price: Decimal | None = None
    """Net list price of an exchange part."""
    cost_cents: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class JobInput:
    """A piece of work. With a ``service_code`` what is left out comes from the catalogue."""

    title: str = ""
    finding: str = ""
    urgency: str = ""
    """urgent, soon, later or empty."""
    service_code: str = ""
    technician_id: UUID | None = None
    lines: tuple[OrderLineInput, ...] = ()


@dataclass(frozen=True, slots=True)
class EstimateInput:
    """A new estimate. What an appointment or conversation knows does not have to be said again."""

    request_key: str
    customer_id: UUID | None = None
    vehicle_id: UUID | None = None
    vehicle: VehicleFacts = field(default_factory=VehicleFacts)
    """A car by its plate; a known one brings its owner along."""
    name: str = ""
    phone: str = ""
    email: str = ""
    """Of a customer who may be new."""
    appointment_id: UUID | None = None
    conversation_id: UUID | None = None
    service_codes: tuple[str, ...] = ()
    jobs: tuple[JobInput, ...] = ()
    title: str = ""
    complaint: str = ""
    km: int | None = None
    promised_at: datetime | None = None
    language: str = ""
    """Of the customer; empty: the one on record, else the actor's."""


@dataclass(frozen=True, slots=True)
class PayersInput:
    """Insurer and customer (billing.payers)."""

    insurer: str = ""
    """Name; empty: the customer pays all."""
    claim_number: str = ""
    deducts_input_tax: bool = False
    deductible_cents: int = 0


@dataclass(frozen=True, slots=True)
class HeadInput:
    """What may be changed of an order as a whole; None leaves it as it is."""

    title: str | None = None
    complaint: str | None = None
    note: str | None = None
    km: int | None = None
    technician_id: UUID | None = None
    promised_at: datetime | None = None
    discount_percent: Decimal | None = None
    discount_cents: int | None = None
    payers: PayersInput | None = None
    clear: frozenset[str] = frozenset()
    """Of km, technician_id and promised_at: to be emptied."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A position with what it comes to, told as its price is."""

    id: UUID
    kind: str
    text: str
    part_number: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    gross: bool
    discount_percent: Decimal
    exchange: bool
    list_price: Decimal | None
    cost_cents: int
    minutes: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class JobView:
    """A piece of work with its price."""

    id: UUID
    position: int
    title: str
    finding: str
    urgency: str
    service_code: str
    technician_id: UUID | None
    technician: str
    decision: str
    decided_at: datetime | None
    done_at: datetime | None
    gross_cents: int
    """What it adds to the bill by itself, before a discount on the order."""
    lines: tuple[LineView, ...]

    @property
    def minutes(self) -> int:
        """Working time told to the customer."""
        return sum(line.minutes for line in self.lines)


@dataclass(frozen=True, slots=True)
class HistoryView:
    """An entry of the audit chain about an order."""

    at: datetime
    kind: str
    by: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order in a list."""

    id: UUID
    number: str
    state: str
    title: str
    plate: str
    vehicle: str
    customer: str
    technician_id: UUID | None
    technician: str
    promised_at: datetime | None
    total_cents: int
    currency: str
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """A whole order."""

    id: UUID
    number: str
    state: str
    title: str
    complaint: str
    note: str
    language: str
    currency: str
    km: int | None
    technician_id: UUID | None
    technician: str
    promised_at: datetime | None
    appointment_id: UUID | None
    conversation_id: UUID | None
    invoice_id: UUID | None
    customer: CustomerView | None
    vehicle: VehicleView | None
    jobs: tuple[JobView, ...]
    totals: Totals
    """Of what is not declined, the discount taken off."""
    discount_percent: Decimal
    discount_cents: int
    payers: PayersInput
    portions: tuple[Portion, ...]
    """Who pays how much; empty: the customer alone."""
    estimate_cents: int | None
    approved_cents: int | None
    overrun: Overrun | None
    """None: no estimate was told yet."""
    created_at: datetime
    version: int
    history: tuple[HistoryView, ...] = field(default=())

    @property
    def total_cents(self) -> int:
        """Gross sum."""
        return self.totals.gross_cents
