"""What billing needs to put on paper: one layout for estimates, orders, invoices and reminders."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from carbot_app.domains.billing.document import Document

ESTIMATE, ORDER, INVOICE, CANCELLATION, CREDIT, DEPOSIT, REMINDER = (
    "estimate",
    "order",
    "invoice",
    "cancellation",
    "credit",
    "deposit",
    "reminder",
)
KINDS = (ESTIMATE, ORDER, INVOICE, CANCELLATION, CREDIT, DEPOSIT, REMINDER)
UNPAID = frozenset({ESTIMATE, ORDER, CANCELLATION, CREDIT})
"""Kinds that ask for no payment."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the workshop looks: its accent as #rrggbb and its logo as svg, png or jpg."""

    accent: str = "#17616f"
    logo: bytes = b""
    logo_format: str = "svg"
    website: str = ""
    bank_name: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """An invoice a reminder is about."""

    number: str
    issued_on: date
    due_on: date
    open_cents: int


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in the form a person gets it."""

    kind: str
    document: Document
    language: str = "de"
    look: Look = Look()
    country: str = "DE"
    """Where the workshop is: how amounts are written and which code is printed for paying."""
    customer_number: str = ""
    title: str = ""
    """Empty: that of its kind."""
    intro: str = ""
    closing: str = ""
    valid_until: date | None = None
    paid_on: date | None = None
    """The money was there before the document: it says so and asks for none."""
    claims: tuple[Claim, ...] = ()
    surcharges: tuple[tuple[str, int], ...] = ()
    """Interest and flat fees of a reminder, with their names."""


class DocumentPrinter(Protocol):
    """Prints documents."""

    def print(self, paper: Paper, xml: bytes = b"") -> bytes:
        """A PDF/A-3 that screen readers can read; with ``xml`` it is a ZUGFeRD invoice."""
        ...
