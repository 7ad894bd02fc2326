"""What the list of payments takes in and gives out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from carbot_app.domains.payments.schemas import RequestView

ALL, BACK = "all", "back"
ONLINE, TERMINAL, CASH_DESK, TRANSFERRED, DEBITED = "online", "terminal", "cash", "transfer", "debit"
WAYS = (ONLINE, TERMINAL, CASH_DESK, TRANSFERRED, DEBITED)
VIEWS: tuple[str, ...] = (ALL, *WAYS, BACK)
"""Ways money comes, and (back) what went back: refunds, disputes, returned debits."""
PERIODS: Mapping[str, int] = {"30": 30, "90": 90, "365": 365, "all": 0}
"""Name → days back; 0: everything."""


@dataclass(frozen=True, slots=True)
class PaymentQuery:
    """Which payments, in words of the page."""

    view: str = ALL
    search: str = ""
    """In number, name of the buyer and reference."""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentLineView:
    """A row of the list."""

    id: UUID
    invoice_id: UUID
    number: str
    buyer_name: str
    kind: str
    way: str
    method: str
    amount_cents: int
    currency: str
    received_on: date


@dataclass(frozen=True, slots=True)
class WayTotal:
    """How often and how much of a way; money that went back is taken off."""

    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Rows of a view with the figures of every view over the same period and search."""

    rows: tuple[PaymentLineView, ...]
    totals: Mapping[str, WayTotal]
    currency: str
    next_after: str | None


@dataclass(frozen=True, slots=True)
class PaymentSheet:
    """One payment with all that belongs to it."""

    line: PaymentLineView
    customer_id: UUID | None
    order_id: UUID | None
    reference: str
    by: str
    fee_cents: int
    request: RequestView | None
    """Of an online payment."""
    can_refund_cents: int
    """What may still go back online."""
    can_undo: bool
    """It was noted by a person and may be booked back."""
    url: str
    """At the provider's; empty: it was not paid there."""
