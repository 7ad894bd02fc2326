"""What goes in and out of banking."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

OPEN, BOOKED, IGNORED = "open", "booked", "ignored"
STATES = (OPEN, BOOKED, IGNORED)
LEAVE_OPEN, AS_DISCOUNT, AS_FEE = "open", "discount", "fee"
DIFFERENCES = (LEAVE_OPEN, AS_DISCOUNT, AS_FEE)
"""What becomes of what is missing: still owed, Skonto, or kept by banks on the way."""


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a transaction falls on an invoice, and what is settled besides."""

    invoice_id: UUID
    cents: int
    """Below zero for money that went back."""
    discount_cents: int = 0
    fee_cents: int = 0


@dataclass(frozen=True, slots=True)
class PartView:
    """A part with what people know the invoice by."""

    invoice_id: UUID
    number: str
    buyer_name: str
    cents: int
    discount_cents: int = 0
    fee_cents: int = 0
    open_cents: int = 0
    """What is open of the invoice before it is booked."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a transaction is thought to settle; see matching.Match."""

    action: str
    """book, suggest or none."""
    found_by: str
    reason: str
    parts: tuple[PartView, ...] = ()
    short_cents: int = 0
    rest_cents: int = 0


@dataclass(frozen=True, slots=True)
class EntryView:
    """A transaction with what it settles or is thought to settle."""

    id: UUID
    amount_cents: int
    currency: str
    booked_on: date
    counterparty: str
    counterparty_iban: str
    remittance: str
    end_to_end_id: str
    return_reason: str
    state: str
    parts: tuple[PartView, ...]
    suggestion: Suggestion | None
    automatic: bool
    decided_by: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Transactions of a state, the newest first, with the figures above them."""

    entries: tuple[EntryView, ...]
    has_more: bool
    open: int
    booked: int
    ignored: int
    safe: int
    """Open ones that would be booked without a question."""
    last_on: date | None
    """Newest day any file told of."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Money on the account that nobody has assigned: what came in, and what was sent back."""

    count: int = 0
    incoming_cents: int = 0
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a file brought."""

    lines: int
    new: int
    booked: int
    """New ones that were booked by themselves."""
    suggested: int
    """New ones with a suggestion."""
    known_file: bool
    """Exactly this file was read before."""


@dataclass(frozen=True, slots=True)
class OpenView:
    """An invoice that money may be assigned to."""

    invoice_id: UUID
    number: str
    buyer_name: str
    open_cents: int
    due_on: date
    currency: str
