"""What an invoice is made of before it is issued. Stored as JSON with decimals as text (draft_codec.py)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class BuyerInput:
    """Who is billed; ``country`` is ISO 3166, empty: the workshop's."""

    name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    business: bool = False
    vat_id: str = ""
    buyer_reference: str = ""
    """Leitweg-ID or what the buyer asks for (BT-10)."""


@dataclass(frozen=True, slots=True)
class LineInput:
    """A position as people enter it; ``unit_price`` in whole currency units, told gross or net."""

    kind: str
    """One of lines.LINE_KINDS."""
    text: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)
    unit: str = "C62"
    gross: bool = True
    discount_percent: Decimal = Decimal(0)
    exchange: bool = False
    list_price: Decimal | None = None
    """Net list price of an exchange part; needed where ``gross``."""
    service_code: str = ""
    revenue: str = ""
    """labour, parts, tyres, paint or other; empty: by kind and service."""
    technician_id: UUID | None = None
    minutes: int = 0
    cost_cents: int = 0


@dataclass(frozen=True, slots=True)
class DraftInput:
    """A whole draft; ``supplied_on`` empty: the day it is issued, or the last of a period that begins with
    ``supplied_from``."""

    lines: tuple[LineInput, ...]
    kind: str = "invoice"
    """invoice, deposit or credit."""
    buyer: BuyerInput = BuyerInput()
    customer_id: UUID | None = None
    vehicle_id: UUID | None = None
    order_id: UUID | None = None
    original_id: UUID | None = None
    """The issued document a credit refers to."""
    language: str = "de"
    form: str = ""
    """One of einvoices.FORMS; empty: the workshop's."""
    supplied_on: date | None = None
    supplied_from: date | None = None
    plate: str = ""
    km: int | None = None
    order_number: str = ""
    discount_percent: Decimal = Decimal(0)
    discount_cents: int = 0
    payment_days: int | None = None
    """None: the workshop's terms; so for the two below."""
    cash_discount_days: int | None = None
    cash_discount_percent: Decimal | None = None
    supply: str = "repair"
    """One of tax.KINDS, for the document as a whole."""
    answers: dict[str, str] = field(default_factory=dict)
    """Answers to questions of tax.Choice."""
    deposits: tuple[UUID, ...] = ()
    """Issued and paid deposit invoices that are taken off."""
    payers: tuple[dict[str, str], ...] = ()
    received_on: date | None = None
    """Of a deposit: the day its money came, so that the document asks for none."""
    """Who settles how much: payer (insurer, customer), name, cents, made_of as text."""
    intro: str = ""
    closing: str = ""
