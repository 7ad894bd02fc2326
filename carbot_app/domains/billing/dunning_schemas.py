"""What goes in and out of dunning."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

DISPUTE, INSTALMENTS, INSOLVENCY, MANUAL = "dispute", "instalments", "insolvency", "manual"
STOP_REASONS = (DISPUTE, INSTALMENTS, INSOLVENCY, MANUAL)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """An invoice that is due in a letter."""

    invoice_id: UUID
    number: str
    issued_on: date
    due_on: date
    days_late: int
    level: int
    name: str
    open_cents: int
    fee_cents: int
    """What this letter adds."""
    earlier_fee_cents: int
    interest_cents: int


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One letter to one customer that a person may release."""

    key: str
    """What it is released by."""
    customer_id: UUID | None
    recipient: str
    email: str
    way: str
    """mail or letter."""
    language: str
    level: int
    name: str
    deadline: date
    currency: str
    claims: tuple[ClaimView, ...]
    missing_rate: date | None
    """Half year whose base rate has to be entered before interest can be claimed."""

    @property
    def open_cents(self) -> int:
        """What is owed by the invoices."""
        return sum(claim.open_cents for claim in self.claims)

    @property
    def fee_cents(self) -> int:
        """Fees of this letter and those before it."""
        return sum(claim.fee_cents + claim.earlier_fee_cents for claim in self.claims)

    @property
    def interest_cents(self) -> int:
        """Default interest until today."""
        return sum(claim.interest_cents for claim in self.claims)

    @property
    def total_cents(self) -> int:
        """What the letter asks for."""
        return self.open_cents + self.fee_cents + self.interest_cents


@dataclass(frozen=True, slots=True)
class HeldView:
    """An overdue invoice nobody is reminded of, and why: a stop, or that the last level was sent."""

    invoice_id: UUID
    number: str
    buyer_name: str
    open_cents: int
    currency: str
    due_on: date
    level: int
    reason: str
    can_resume: bool


@dataclass(frozen=True, slots=True)
class DunningRun:
    """The list a person goes through."""

    proposals: tuple[ProposalView, ...]
    held: tuple[HeldView, ...]
    finished: tuple[HeldView, ...]
    """Went through every level: to be handed over."""
    missing_rate: date | None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A letter that was released."""

    id: UUID
    recipient: str
    name: str
    level: int
    sent_on: date
    deadline: date
    way: str
    total_cents: int
    currency: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateView:
    """A base rate the workshop entered."""

    valid_from: date
    percent: Decimal
