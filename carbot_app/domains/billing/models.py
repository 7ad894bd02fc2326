"""Tables of invoices and what is owed.

What was issued is never changed: the database refuses it (migration ``bill``), and what goes on afterwards,
payments, reminders, disputes, stands in tables of its own (GoBD numbers 58 and 107 to 112).
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, event, text
from sqlmodel import Field, Session

from carbot_app.db.base import TenantRow, cents, exact, instant, json_field
from carbot_app.kit.errors import Conflict

_KNOWN = text("provider_id != ''")
WENT_BACK = text("amount_cents < 0")
"""Of a payment: said literally, as its index is."""


class BillingTerms(TenantRow, table=True):
    """How a workshop bills; a workshop without a row bills by the defaults."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    tax_number: str = Field(default="", max_length=30)
    """Of the local tax office (Steuernummer); the VAT id is the workshop's."""
    cash_accounting: bool = False
    """VAT is owed when paid, not when supplied (§ 20 UStG)."""
    turnover_before_cents: int | None = cents(default=None)
    """Turnover of the year before, for the duty to issue e-invoices; None: not told."""
    contact_name: str = Field(default="", max_length=120)
    account_holder: str = Field(default="", max_length=70)
    iban: str = Field(default="", max_length=34)
    bic: str = Field(default="", max_length=11)
    bank_name: str = Field(default="", max_length=80)
    creditor_id: str = Field(default="", max_length=35)
    """For SEPA direct debits."""
    payment_days: int = 14
    discount_days: int = 0
    discount_percent: Decimal = exact(default=Decimal(0))
    """Cash discount (Skonto) for paying within ``discount_days``."""
    number_formats: dict[str, Any] = json_field(dict)
    """Kind of range → pattern with {year} and {number}; what is missing is numbers.FORMATS."""
    einvoice_form: str = Field(default="zugferd", max_length=16)
    """One of einvoices.FORMS."""
    texts: dict[str, Any] = json_field(dict)
    """Language → closing words of the workshop."""
    logo_file: str = Field(default="", max_length=64)
    """Name in the file store; svg, png or jpg."""
    dunning: dict[str, Any] = json_field(dict)
    """Days of the levels and fees that differ from the defaults of dunning.py."""
    datev: dict[str, Any] = json_field(dict)
    """consultant, client, chart, account_length, year_begins, accounts (mapping)."""


class NumberRange(TenantRow, table=True):
    """The next number of a kind in a year; its row is locked until the document is issued."""

    __table_args__ = (UniqueConstraint("workshop_id", "kind", "year"),)

    kind: str = Field(max_length=12)
    year: int
    next_number: int = 1


class AuditEntry(TenantRow, table=True):
    """A link of the workshop's hash chain over orders, documents and money (audit_chain.py)."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "seq"),
        Index("ix_audit_entry_subject", "workshop_id", "subject", "subject_id"),
    )

    seq: int
    """From 1 without gaps."""
    at: datetime = instant()
    kind: str = Field(max_length=40)
    """``invoice.issued``, ``order.state`` …"""
    subject: str = Field(max_length=20)
    subject_id: UUID
    by: str = Field(default="", max_length=120)
    content: dict[str, Any] = json_field(dict)
    """No names or addresses of customers: this is kept longer than they may be."""
    hash: str = Field(max_length=64)


class InvoiceDraft(TenantRow, table=True):
    """An invoice that can still be changed; it has no number."""

    kind: str = Field(default="invoice", max_length=12)
    """invoice, deposit, credit."""
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")
    order_id: UUID | None = Field(default=None, index=True)
    buyer: dict[str, Any] = json_field(dict)
    """drafts.BuyerInput: name, address, business, vat_id, email, leitweg_id …"""
    lines: list[dict[str, Any]] = json_field(list)
    """drafts.LineInput, decimals as text."""
    terms: dict[str, Any] = json_field(dict)
    """Discount, payment terms, payers, answers to questions about tax, deposits taken off."""
    language: str = Field(default="de", max_length=2)
    form: str = Field(default="", max_length=16)
    supplied_on: date | None = None
    plate: str = Field(default="", max_length=16)
    km: int | None = None
    gross_cents: int = cents(default=0)
    """As last computed, for lists."""
    version: int = 1
    """Rises with every change; whoever saves an older one is told."""
    updated_by: str = Field(default="", max_length=120)


class Invoice(TenantRow, table=True):
    """An issued document. No column ever changes, and the row stays until ``keep_until`` has passed."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "number"),
        UniqueConstraint("workshop_id", "request_key"),
        Index("ix_invoice_issued_on", "workshop_id", "issued_on"),
    )

    number: str = Field(max_length=40)
    kind: str = Field(max_length=12)
    """invoice, deposit, credit or cancellation."""
    issued_on: date
    supplied_on: date
    keep_until: date
    """Last day it has to be kept (§ 147 AO, § 14b UStG: eight years from the end of the year)."""
    currency: str = Field(max_length=3)
    net_cents: int = cents()
    vat_cents: int = cents()
    gross_cents: int = cents()
    due_cents: int = cents()
    """What is to be paid by it, after deposits and rounding."""
    original_id: UUID | None = Field(default=None, foreign_key="invoice.id", index=True)
    """What a cancellation or credit refers to."""
    language: str = Field(max_length=2)
    form: str = Field(max_length=16)
    issued_by: str = Field(default="", max_length=120)
    paper: dict[str, Any] = json_field(dict)
    """Everything that stands on it and what it was made of, written by paper_codec.py."""
    groups: list[dict[str, Any]] = json_field(list)
    """totals.TaxGroup of each category and rate."""
    xml: str = ""
    """The e-invoice as it was issued."""
    request_key: str | None = Field(default=None, max_length=64)
    """Of the press of the button that issued it: pressing twice issues once."""


class InvoiceLine(TenantRow, table=True):
    """A position of an issued document, for accounting and figures; as immutable as the document."""

    __table_args__ = (Index("ix_invoice_line_invoice", "invoice_id", "position"),)

    invoice_id: UUID = Field(foreign_key="invoice.id")
    position: int
    kind: str = Field(max_length=12)
    """One of lines.LINE_KINDS."""
    text: str = Field(max_length=300)
    service_code: str = Field(default="", max_length=20)
    revenue: str = Field(default="", max_length=16)
    """Group of revenue for accounting: labour, parts, tyres, paint or other."""
    technician_id: UUID | None = None
    minutes: int = 0
    """Billed working time."""
    quantity: Decimal = exact()
    unit: str = Field(default="C62", max_length=8)
    unit_price: Decimal = exact()
    net_cents: int = cents()
    cost_cents: int = cents(default=0)
    """What it cost the workshop, for margins; 0: not known."""
    category: str = Field(max_length=2)
    rate: int
    """Hundredths of a percent."""
    exchange: bool = False


class Receivable(TenantRow, table=True):
    """What is owed by an issued document, and all that goes on with it; lists read only this."""

    __table_args__ = (
        UniqueConstraint("invoice_id"),
        # These two also hold what the figures beside the list add up, so that no row is read for them
        Index(
            "ix_receivable_issued",
            *("workshop_id", "issued_on", "number", "state", "is_business", "gross_cents", "checked"),
        ),
        Index(
            "ix_receivable_state",
            *("workshop_id", "state", "due_on", "issued_on", "is_business"),
            *("gross_cents", "due_cents", "settled_cents", "checked"),
        ),
        Index("ix_receivable_due", "workshop_id", "due_on", "number"),
        Index("ix_receivable_amount", "workshop_id", "gross_cents", "number"),
    )

    invoice_id: UUID = Field(foreign_key="invoice.id")
    number: str = Field(max_length=40)
    kind: str = Field(max_length=12)
    issued_on: date
    due_on: date
    currency: str = Field(max_length=3)
    gross_cents: int = cents()
    due_cents: int = cents()
    """What was to be paid by it at first; below zero for what goes back."""
    settled_cents: int = cents(default=0)
    """Payments, discounts taken, offsets; never more than the sum of its rows of Payment."""
    state: str = Field(default="open", max_length=12)
    """open, partial, paid, cancelled or written_off; overdue follows from ``due_on``."""
    paid_on: date | None = None
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")
    order_id: UUID | None = Field(default=None, index=True)
    buyer_name: str = Field(default="", max_length=160)
    plate: str = Field(default="", max_length=16)
    search: str = Field(default="", max_length=300)
    """Number, name and plate in lower case."""
    email: str = Field(default="", max_length=254)
    is_business: bool = False
    token: str = Field(max_length=64, unique=True)
    """Secret of the page where the customer sees and pays it."""
    sent_at: datetime | None = instant(default=None)
    checked: bool = False
    """No rule of the e-invoice speaks against it."""
    dunning_level: int = 0
    reminded_on: date | None = None
    dunning_stop: str = Field(default="", max_length=16)
    """dispute, instalments, insolvency or manual; empty: may be reminded."""
    cancelled_by_id: UUID | None = None
    """The cancellation, or for a credit in full the credit."""
    taken_off_by_id: UUID | None = None
    """The final invoice a deposit was taken off; a deposit is taken off once."""


class Payment(TenantRow, table=True):
    """Money that came or went, or a claim that ended another way. Rows are only added."""

    __table_args__ = (
        Index("ix_payment_received_on", "workshop_id", "received_on", "kind", "amount_cents"),
        Index("ix_payment_method", "workshop_id", "method", "invoice_id"),
        Index(
            "ix_payment_went_back",
            *("workshop_id", "invoice_id"),
            sqlite_where=WENT_BACK,
            postgresql_where=WENT_BACK,
        ),
        Index(
            "uq_payment_provider",
            *("workshop_id", "provider", "provider_id"),
            unique=True,
            sqlite_where=_KNOWN,
            postgresql_where=_KNOWN,
        ),
    )

    invoice_id: UUID = Field(foreign_key="invoice.id", index=True)
    kind: str = Field(default="payment", max_length=12)
    """payment, refund, dispute, returned (a debit or transfer the bank sent back), discount (Skonto), offset
    (cancellation), write_off or rounding."""
    method: str = Field(max_length=16)
    """receivables.METHODS: cash, card_terminal, transfer, direct_debit, card, paypal, wallet, none."""
    amount_cents: int = cents()
    """Above zero: settles what the document asks for."""
    currency: str = Field(max_length=3)
    received_on: date
    reference: str = Field(default="", max_length=140)
    """Receipt number of the till, purpose of the transfer."""
    provider: str = Field(default="", max_length=16)
    """stripe or bank; empty: noted by a person."""
    provider_id: str = Field(default="", max_length=120)
    """Its name there; the same is never booked twice."""
    fee_cents: int = cents(default=0)
    """What the provider kept."""
    by: str = Field(default="", max_length=120)


IMMUTABLE = (Invoice, InvoiceLine, Payment, AuditEntry)


@event.listens_for(Session, "before_flush")
def _refuse_changes(session: Session, *_: object) -> None:
    """The database refuses it too; here it is refused in words, before anything is sent."""
    changed = [row for row in session.dirty if isinstance(row, IMMUTABLE) and session.is_modified(row)]
    if changed or any(isinstance(row, IMMUTABLE) for row in session.deleted):
        raise Conflict("invoice_immutable")
