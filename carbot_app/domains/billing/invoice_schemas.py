"""What is said of drafts and issued documents."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.einvoices import Finding
from carbot_app.domains.billing.must_issue import EInvoiceDuty
from carbot_app.domains.billing.tax import Choice
from carbot_app.domains.billing.totals import TaxGroup, Totals


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it is stored."""

    id: UUID
    version: int
    draft: DraftInput
    gross_cents: int
    """As last computed; 0 while it cannot be."""
    currency: str
    updated_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DraftPreview:
    """What would be issued, and what still stands against it."""

    totals: Totals
    choice: Choice
    duty: EInvoiceDuty
    due_cents: int
    deposit_cents: int
    supplied_on: date
    due_on: date
    currency: str
    form: str
    simplified: bool
    """A simplified invoice will do, so the buyer may be left out."""
    vat_id_state: str
    """valid, unverified or invalid; empty: no number was told."""
    findings: tuple[Finding, ...]
    """What the rules of e-invoices have against it; fatal ones keep it from being issued."""
    problems: tuple["Problem", ...]
    """What has to be answered or completed before it can be issued."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason not to issue a draft yet; ``code`` is one of errors.json."""

    code: str
    field: str = ""
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LineView:
    """A position of an issued document."""

    position: int
    kind: str
    text: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net_cents: int
    category: str
    rate: int
    exchange: bool
    minutes: int
    service_code: str


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment or another end of a claim."""

    id: UUID
    kind: str
    method: str
    amount_cents: int
    received_on: date
    reference: str
    by: str


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An issued document with what has become of it."""

    id: UUID
    number: str
    kind: str
    issued_on: date
    supplied_on: date
    due_on: date
    currency: str
    net_cents: int
    vat_cents: int
    gross_cents: int
    due_cents: int
    settled_cents: int
    open_cents: int
    state: str
    overdue: bool
    paid_on: date | None
    customer_id: UUID | None
    vehicle_id: UUID | None
    order_id: UUID | None
    buyer_name: str
    plate: str
    email: str
    is_business: bool
    token: str
    link: str
    """Where the customer gets the document."""
    language: str
    form: str
    issued_by: str
    keep_until: date
    sent_at: datetime | None
    checked: bool
    dunning_level: int
    dunning_stop: str
    original_id: UUID | None
    original_number: str
    cancelled_by_id: UUID | None
    cancelled_by_number: str
    taken_off_by_id: UUID | None
    lines: tuple[LineView, ...]
    groups: tuple[TaxGroup, ...]
    payments: tuple[PaymentView, ...]
    draft: DraftInput
    """What it was made of."""


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """An issued document for other programs: without the secret of its link."""

    id: UUID
    number: str
    kind: str
    issued_on: date
    due_on: date
    currency: str
    gross_cents: int
    due_cents: int
    open_cents: int
    state: str
    paid_on: date | None
    customer_id: UUID | None
    order_id: UUID | None
    buyer_name: str
    plate: str


@dataclass(frozen=True, slots=True)
class CreditLine:
    """So much of a position of an issued document that is taken back; no quantity: all that is left."""

    position: int
    quantity: Decimal | None = None
