"""Tables of payment requests and of what a provider tells about them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import Row, TenantRow, cents, exact, instant, json_field


class PaymentAccount(TenantRow, table=True):
    """How a workshop takes money; without a row: by transfer and over the counter."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    account_id: str = Field(default="", max_length=64, index=True)
    """Of the provider (Connect); empty: not connected."""
    mode: str = Field(default="test", max_length=4)
    """test or live, as the operator's key was when it was connected."""
    charges_enabled: bool = False
    payouts_enabled: bool = False
    details_submitted: bool = False
    online: bool = True
    """Whether customers may pay online once the provider allows it."""
    transfer: bool = True
    """Whether the page offers a transfer."""
    fee_percent: Decimal | None = exact(default=None)
    """Of the platform for this workshop; None: the operator's setting. So for the one below."""
    fee_fix_cents: int | None = cents(default=None)


class DepositTerms(TenantRow, table=True):
    """When a booking asks for money in advance; a workshop without a row never does."""

    __table_args__ = (UniqueConstraint("workshop_id"),)

    rule: str = Field(default="off", max_length=8)
    """off, risk (who may not come) or price (visits from ``from_cents`` on)."""
    from_score: int = 50
    from_cents: int = cents(default=30_000)
    kind: str = Field(default="percent", max_length=8)
    """percent of the lowest price of the visit, or fixed."""
    percent: int = 20
    fixed_cents: int = cents(default=5_000)
    refund_hours: int = 24
    """Cancelled this long before the visit, the deposit goes back by itself."""


class PaymentRequest(TenantRow, table=True):
    """Money somebody is asked for, and what became of it."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "request_key"),
        Index("ix_payment_request_intent", "provider", "intent_id"),
        Index("ix_payment_request_state", "workshop_id", "state"),
    )

    token: str = Field(max_length=64, unique=True)
    """Secret of the page where it is paid."""
    request_key: str = Field(max_length=80)
    """What it is for: asking again for the same finds it."""
    purpose: str = Field(max_length=8)
    """invoice or deposit."""
    invoice_id: UUID | None = Field(default=None, foreign_key="invoice.id", index=True, ondelete="SET NULL")
    """Of a deposit: its invoice, issued when it was paid."""
    appointment_id: UUID | None = Field(
        default=None, foreign_key="appointment.id", index=True, ondelete="SET NULL"
    )
    order_id: UUID | None = None
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    text: str = Field(default="", max_length=140)
    """What for: number of the document, title of the visit."""
    amount_cents: int = cents()
    currency: str = Field(max_length=3)
    language: str = Field(default="de", max_length=2)
    state: str = Field(default="open", max_length=12)
    """One of ports.STATES."""
    changed_at: datetime = instant()
    """When the provider saw what the state says; news older than this change nothing."""
    expires_at: datetime | None = instant(default=None)
    provider: str = Field(default="stripe", max_length=16)
    account_id: str = Field(default="", max_length=64)
    checkout_id: str = Field(default="", max_length=120)
    checkout_url: str = Field(default="", max_length=600)
    checkout_until: datetime | None = instant(default=None)
    intent_id: str = Field(default="", max_length=120)
    charge_id: str = Field(default="", max_length=120)
    method: str = Field(default="", max_length=16)
    """One of receivables.METHODS, once paid."""
    attempt: int = 0
    """Rises when a checkout ends unpaid; part of the key the provider tells repetitions by."""
    paid_on: date | None = None
    fee_cents: int = cents(default=0)
    refunded_cents: int = cents(default=0)
    mismatch: str = Field(default="", max_length=120)
    """What was paid differs from what was asked; a person has to look, nothing was booked."""
    mismatch_id: str = Field(default="", max_length=120)
    """The provider's name of the payment or refund that differs."""
    decided: list[str] = json_field(list)
    """Such names a person has decided about: the nightly comparison does not show them again."""
    refund_reason: str = Field(default="", max_length=140)
    """Why money is sent back, until the refund is booked, whoever is first to hear of it."""
    refund_by: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=200)
    """Why the last try failed, in the provider's words."""


class ProviderEvent(Row, table=True):
    """One webhook call, stored before anything is done with it. Seen only by code that acts for nobody.

    The workshop is not known before it is read; it stays None for an account nobody here has.
    """

    __table_args__ = (UniqueConstraint("provider", "event_id"), Index("ix_provider_event_at", "received_at"))

    workshop_id: UUID | None = Field(default=None, foreign_key="workshop.id", index=True, ondelete="CASCADE")
    provider: str = Field(max_length=16)
    event_id: str = Field(max_length=120)
    kind: str = Field(max_length=80)
    account_id: str = Field(default="", max_length=64)
    happened_at: datetime = instant()
    received_at: datetime = instant()
    handled_at: datetime | None = instant(default=None)
    attempts: int = 0
    error: str = Field(default="", max_length=200)
    payload: dict[str, Any] = json_field(dict)
    """Without names, addresses and details of cards: the adapter leaves them out."""


class Dispute(TenantRow, table=True):
    """A payment its payer's bank asks back."""

    __table_args__ = (UniqueConstraint("workshop_id", "dispute_id"),)

    request_id: UUID = Field(foreign_key="payment_request.id", index=True, ondelete="CASCADE")
    dispute_id: str = Field(max_length=120)
    state: str = Field(max_length=8)
    """open, won or lost."""
    reason: str = Field(default="", max_length=60)
    amount_cents: int = cents()
    currency: str = Field(max_length=3)
    answer_until: datetime | None = instant(default=None)
    seen_at: datetime = instant()


class Payout(TenantRow, table=True):
    """What the provider sends to the workshop's bank account."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "payout_id"),
        Index("ix_payout_arrives", "workshop_id", "arrives_on"),
    )

    payout_id: str = Field(max_length=120)
    state: str = Field(max_length=12)
    """pending, paid or failed."""
    amount_cents: int = cents()
    currency: str = Field(max_length=3)
    arrives_on: date
    seen_at: datetime = instant()
