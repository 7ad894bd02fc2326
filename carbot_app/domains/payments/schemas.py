"""What payments take in and give out."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

INVOICE, DEPOSIT = "invoice", "deposit"
PROVIDER = "stripe"
"""Name in Payment.provider of everything that was paid online."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """A payment request as staff sees it."""

    id: UUID
    purpose: str
    text: str
    amount_cents: int
    refunded_cents: int
    currency: str
    state: str
    method: str
    mismatch: str
    note: str
    url: str
    invoice_id: UUID | None
    appointment_id: UUID | None
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class PayPage:
    """What the public page shows. ``state`` is one of ports.STATES or ``checking``: a person has to look."""

    token: str
    workshop: str
    phone: str
    email: str
    purpose: str
    text: str
    amount_cents: int
    amount: str
    currency: str
    state: str
    language: str
    online: bool
    publishable_key: str
    """Of the provider's form on this page; empty: only the provider's own page is offered."""
    script_url: str
    account_name: str
    iban: str
    reference: str
    code: str
    """SVG for banking apps; empty: none."""
    paid_on: date | None
    terms: str
    """When a deposit goes back, in hours before the visit; empty: no deposit."""
    back_url: str
    slug: str


@dataclass(frozen=True, slots=True)
class PaymentInput:
    """Money that was taken without a provider."""

    invoice_id: UUID
    method: str
    """cash, card_terminal or transfer."""
    amount_cents: int
    received_on: date
    reference: str = ""
    """Cash: number of the till's receipt."""


@dataclass(frozen=True, slots=True)
class RecordedPayment:
    """A payment on an invoice, and what is left to pay afterwards."""

    id: UUID
    invoice_id: UUID
    kind: str
    method: str
    amount_cents: int
    currency: str
    received_on: date
    reference: str
    provider: str
    by: str
    left_cents: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """How a workshop takes money, for its settings."""

    available: bool
    """The operator has set a provider up."""
    connects: bool
    connected: bool
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    mode: str
    online: bool
    transfer: bool
    takes_online: bool
    """Everything together: customers can pay online now."""
    fee_percent: Decimal
    fee_fix_cents: int
    currency: str
    missing: tuple[str, ...] = ()
    """See ports.MISSING; known after ``refresh`` only."""


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A payment the payer's bank asks back."""

    dispute_id: str
    invoice_id: UUID | None
    text: str
    state: str
    reason: str
    amount_cents: int
    currency: str
    answer_until: datetime | None
    url: str
    """Where it is answered, at the provider's."""


@dataclass(frozen=True, slots=True)
class PayoutPartView:
    """A movement within a payout; ``text`` and ``invoice_id`` of what was paid, where we know it."""

    kind: str
    text: str
    invoice_id: UUID | None
    amount_cents: int
    fee_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class MismatchView:
    """Money that differs from what was asked for."""

    id: UUID
    kind: str
    """amount, currency, twice, cancelled, refund or changed (booked already, altered there)."""
    text: str
    invoice_id: UUID | None
    asked_cents: int
    came_cents: int | None
    """None: told only by the provider."""
    currency: str
    came_currency: str
    can_book: bool
    can_give_back: bool
    can_look_again: bool
    url: str


@dataclass(frozen=True, slots=True)
class FailedEventView:
    """News of the provider that could not be handled."""

    id: UUID
    kind: str
    happened_at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class PayoutView:
    """Money on its way to the workshop's bank."""

    payout_id: str
    state: str
    amount_cents: int
    currency: str
    arrives_on: date


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a look at the provider's books found."""

    looked_at: int
    booked: int
    flagged: int
