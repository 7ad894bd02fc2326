"""Inputs and views of orders that oblige to pay, and of withdrawals."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OrderConsent:
    """What the customer saw and agreed to when they pressed "order with obligation to pay"."""

    gross_cents: int
    """Total on the page."""
    early_start: bool
    """They ask for a start before the end of the withdrawal period and know what that means."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A service of an order."""

    name: str
    included: str
    """What belongs to it, in words; empty: the name says it all."""
    price: str


@dataclass(frozen=True, slots=True)
class OrderPreview:
    """What stands above the button."""

    binding: bool
    price_open: bool
    """See contract_rules.OrderKind."""
    lines: tuple[OrderLine, ...]
    total: str
    gross_cents: int
    withdrawal: bool
    """The customer may withdraw from what they order."""
    early_start: bool
    """The visit begins before the withdrawal period ends, which the customer has to ask for."""


@dataclass(frozen=True, slots=True)
class ContractView:
    """A concluded contract, for its customer and for staff."""

    number: str
    concluded: str
    """``23. November 2026, 9:00 Uhr``."""
    lines: tuple[OrderLine, ...]
    total: str
    early_start: bool
    withdrawal_until: str
    """Last day of the period in words; empty: there is no right of withdrawal."""
    withdrawn: str
    """When a withdrawal arrived, in words; empty: none has."""
    language: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """A withdrawal as somebody types it."""

    name: str
    contract: str
    email: str
    """For the acknowledgement of receipt."""
    language: str


@dataclass(frozen=True, slots=True)
class WithdrawalReceipt:
    """What the sender learns at once."""

    received_at: datetime
    received: str
    """The same in words."""
    email: str


@dataclass(frozen=True, slots=True)
class WithdrawalView:
    """A withdrawal staff has to deal with."""

    id: UUID
    name: str
    contract: str
    email: str
    received: str
    outcome: str
    appointment_id: UUID | None
