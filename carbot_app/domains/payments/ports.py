"""What payments need from outside: a provider, and the rules of tills.

Amounts are cents, currencies upper-case ISO 4217, instants aware.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

OPEN, PROCESSING, PAID, FAILED = "open", "processing", "paid", "failed"
EXPIRED, CANCELLED, REFUNDED = "expired", "cancelled", "refunded"
STATES = (OPEN, PROCESSING, PAID, FAILED, EXPIRED, CANCELLED, REFUNDED)
PENDING, SUCCEEDED = "pending", "succeeded"
WON, LOST = "won", "lost"
MISSING = ("terms", "company", "person", "business", "bank", "other")
"""Kinds of what an account lacks: consent to terms, the firm, its people, its trade, where payouts go."""


class ProviderError(Exception):
    """The provider did not do it; ``permanent``: asking the same again cannot help."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        self.reason = reason
        self.permanent = permanent
        super().__init__(reason)


class UntrustedEvent(Exception):
    """A webhook call without a valid signature."""


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What a customer is to pay, told to the provider."""

    request_id: UUID
    amount_cents: int
    currency: str
    text: str
    language: str
    key: str
    """Repeating the same order with the same key makes nothing new."""
    email: str = ""
    account_id: str = ""
    """Whose money it is (Connect); empty: the operator's own account."""
    fee_cents: int = 0
    """What the platform keeps of it."""
    success_url: str = ""
    cancel_url: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page of the provider where a customer pays."""

    checkout_id: str
    url: str
    expires_at: datetime | None = None
    intent_id: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment that is made in a form on our own page."""

    intent_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class SeenPayment:
    """A payment as the provider sees it now."""

    state: str
    """open, processing, paid, failed, expired or cancelled."""
    amount_cents: int
    currency: str
    at: datetime
    request_id: str = ""
    """What we gave it along; empty: not ours, or not told."""
    intent_id: str = ""
    checkout_id: str = ""
    charge_id: str = ""
    method: str = ""
    """One of receivables.METHODS; empty: not known yet."""
    fee_cents: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class SeenRefund:
    """Money that goes back."""

    refund_id: str
    state: str
    """pending, succeeded or failed."""
    amount_cents: int
    currency: str
    at: datetime
    intent_id: str = ""
    charge_id: str = ""


@dataclass(frozen=True, slots=True)
class SeenDispute:
    """A payment the payer's bank asks back; ``withdrawn``: it has been taken from the account."""

    dispute_id: str
    state: str
    """open, won or lost."""
    amount_cents: int
    currency: str
    at: datetime
    intent_id: str = ""
    charge_id: str = ""
    reason: str = ""
    withdrawn: bool = True
    answer_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenPayout:
    """Money on its way to the workshop's bank."""

    payout_id: str
    state: str
    amount_cents: int
    currency: str
    arrives_on: date
    at: datetime


CHARGE, TAKEN_BACK, OTHER = "charge", "refund", "other"


@dataclass(frozen=True, slots=True)
class PayoutPart:
    """One of the movements a payout is made of."""

    kind: str
    """charge, refund or other (fees, corrections)."""
    charge_id: str
    """Of the payment; empty: none of ours."""
    amount_cents: int
    """Below zero: taken from the payout."""
    fee_cents: int
    currency: str


@dataclass(frozen=True, slots=True)
class SeenAccount:
    """What an account of a workshop may do."""

    account_id: str
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    missing: tuple[str, ...] = ()
    """What the provider still wants to know, of MISSING; told only when it is asked, not by its news."""


Seen = SeenPayment | SeenRefund | SeenDispute | SeenPayout | SeenAccount


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """A webhook call whose signature was right."""

    event_id: str
    kind: str
    at: datetime
    account_id: str
    payload: dict[str, Any]


class PaymentProvider(Protocol):
    """Takes money for workshops. Every method but the last three raises ProviderError."""

    name: str
    connects: bool
    """Workshops have accounts of their own; else all money goes to the operator's."""
    live: bool
    publishable_key: str
    """For forms on our own page; empty: only the provider's page is offered."""
    script_url: str
    """What draws such a form."""

    def create_checkout(self, order: PaymentOrder) -> Checkout:
        """Open a page of the provider for a payment."""
        ...

    def create_payment_intent(self, order: PaymentOrder) -> Intent:
        """Begin a payment that is finished on our own page."""
        ...

    def expire_checkout(self, checkout_id: str) -> None:
        """Nobody shall pay there any more; one that is over already is fine."""
        ...

    def retrieve(self, *, intent_id: str = "", checkout_id: str = "") -> SeenPayment:
        """A payment as it stands now."""
        ...

    def refund(
        self, intent_id: str, amount_cents: int, *, key: str, connected: bool, fee: bool
    ) -> SeenRefund:
        """Send money back; ``connected``: out of the workshop's account, ``fee``: with the platform's."""
        ...

    def list_since(self, since: datetime) -> Sequence[SeenPayment | SeenRefund]:
        """Payments and refunds since then, the oldest first."""
        ...

    def list_payout_parts(self, payout_id: str, account_id: str) -> Sequence[PayoutPart]:
        """What a payout of an account (empty: the operator's) is made of."""
        ...

    def create_account(self, *, country: str, email: str, name: str, key: str) -> SeenAccount:
        """An account for a workshop, still without rights."""
        ...

    def onboarding_url(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """Where the workshop tells the provider who it is."""
        ...

    def get_account(self, account_id: str) -> SeenAccount:
        """What an account may do now."""
        ...

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> SignedEvent:
        """A webhook call, ``headers`` in lower case; raises UntrustedEvent."""
        ...

    def understand(self, payload: Mapping[str, Any]) -> Seen | None:
        """What a stored payload means; None: nothing for us."""
        ...

    def page_of(self, intent_id: str) -> str:
        """Where the workshop's people see a payment at the provider's."""
        ...


@dataclass(frozen=True, slots=True)
class TransferTarget:
    """Where a transfer goes, as a banking app reads it."""

    name: str
    iban: str
    amount_cents: int
    currency: str
    reference: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "DE"
    language: str = "de"


class TransferCodes(Protocol):
    """Draws what banking apps scan."""

    def draw(self, target: TransferTarget) -> str:
        """SVG of a GiroCode or of the Swiss payment part; empty: none can be made of it."""
        ...


class DepositInvoices(Protocol):
    """Issues the invoice of a deposit that was paid."""

    def issue(self, request_id: UUID, workshop_id: UUID) -> UUID:
        """The invoice of this paid request; asked again it answers the same. Raises AppError."""
        ...

    def take_back(self, invoice_id: UUID, workshop_id: UUID) -> None:
        """Cancel the invoice of a deposit that went back; one that is cancelled already is fine."""
        ...


class TillReceipts(Protocol):
    """A till with a technical security device (§ 146a AO): only with one may receipts of a till be printed.

    CarBot has none: cash is noted with the number of the workshop's own till (PaymentService.record), and
    nothing here prints a receipt of a till.
    """

    def sign(self, *, amount_cents: int, currency: str, at: datetime) -> str:
        """Signature of a cash payment for its receipt; raises ProviderError."""
        ...
