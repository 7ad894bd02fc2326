"""Inputs and views of expenses."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from carbot_app.domains.billing.einvoices import Finding
from carbot_app.domains.expenses.sheet import ReadableDocument

RECEIVED, CHECKED, BOOKED, REJECTED, PAID = "received", "checked", "booked", "rejected", "paid"
STATES = (RECEIVED, CHECKED, BOOKED, REJECTED, PAID)
UPLOAD, MAIL = "upload", "mail"
CASH, BANK = "cash", "bank"


@dataclass(frozen=True, slots=True)
class ExpenseAmount:
    """What falls under one category (UNTDID 5305) and rate; below zero on a credit."""

    category: str
    rate: int
    """Hundredths of a percent."""
    net_cents: int
    vat_cents: int


@dataclass(frozen=True, slots=True)
class ReceiptInput:
    """What people type in from a receipt that is no e-invoice."""

    supplier: str
    number: str
    issued_on: date
    amounts: tuple[ExpenseAmount, ...]
    supplier_vat_id: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExpenseRow:
    """An expense in a list."""

    id: UUID
    entry_number: str
    state: str
    source: str
    supplier: str
    number: str
    issued_on: date | None
    due_on: date | None
    received_on: date
    gross_cents: int
    currency: str
    category: str
    is_einvoice: bool
    fatal: int
    """Rules of the standard that speak against it."""


@dataclass(frozen=True, slots=True)
class ExpenseDetail:
    """An expense with everything that is known of it."""

    row: ExpenseRow
    supplier_vat_id: str
    amounts: tuple[ExpenseAmount, ...]
    findings: tuple[Finding, ...]
    document: ReadableDocument | None
    duplicates: tuple[str, ...]
    """Entry numbers of others with the same number of the same supplier."""
    can_type: bool
    """Whether people may type in or correct what stands on it."""
    reason: str
    filename: str
    media_type: str
    posted_on: date
    paid_on: date | None
    paid_by: str
    handled_by: str


@dataclass(frozen=True, slots=True)
class ExpenseList:
    """Expenses, the newest first, and how many there are of each state."""

    rows: tuple[ExpenseRow, ...]
    counts: dict[str, int]
    has_more: bool


@dataclass(frozen=True, slots=True)
class ExpenseFile:
    """The file as it came."""

    name: str
    media_type: str
    content: bytes
