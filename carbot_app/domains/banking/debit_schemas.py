"""What goes in and out of direct debits."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MandateInput:
    """A permission as it was signed; ``reference`` empty: one is made."""

    customer_id: UUID
    holder: str
    iban: str
    signed_on: date
    reference: str = ""
    bic: str = ""
    scheme: str = "CORE"
    recurring: bool = True


@dataclass(frozen=True, slots=True)
class MandateView:
    """A permission."""

    id: UUID
    customer_id: UUID | None
    reference: str
    holder: str
    iban: str
    scheme: str
    recurring: bool
    signed_on: date
    last_used_on: date | None
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class NamedMandate:
    """A permission with the customer who gave it; empty: they asked to be forgotten."""

    mandate: MandateView
    customer: str
    usable: bool
    """It permits a collection on the next bank day."""


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer a permission may be kept for."""

    id: UUID
    name: str
    contact: str
    """Mail or phone, which tells people of one name apart."""


@dataclass(frozen=True, slots=True)
class Collectable:
    """An open invoice whose customer permits to debit it."""

    invoice_id: UUID
    number: str
    holder: str
    cents: int
    due_on: date
    mandate: str
    scheme: str
    sequence: str


@dataclass(frozen=True, slots=True)
class RunView:
    """A file for the bank."""

    id: UUID
    file_id: str
    scheme: str
    collect_on: date
    count: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class DebitView:
    """What became of one direct debit."""

    invoice_id: UUID
    number: str
    holder: str
    cents: int
    state: str
    """sent, paid or returned."""
    reason: str
    """ISO code why it came back; empty: it did not, or the bank told none."""


@dataclass(frozen=True, slots=True)
class RunSheet:
    """A file for the bank with what became of its debits."""

    run: RunView
    debits: tuple[DebitView, ...]
