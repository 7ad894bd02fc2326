"""What banking needs from outside: reading statements, writing direct debits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

MAX_BYTES = 10 * 1024 * 1024
"""Most a file may hold."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transaction; of an entry that collects several each is a line of its own."""

    cents: int
    """Below zero: went out."""
    currency: str
    booked_on: date
    valued_on: date | None = None
    bank_reference: str = ""
    """The bank's name for the entry (AcctSvcrRef); empty where it gave none."""
    part: int = 0
    """Position within its entry."""
    end_to_end_id: str = ""
    mandate: str = ""
    remittance: str = ""
    reference: str = ""
    counterparty: str = ""
    counterparty_iban: str = ""
    code: str = ""
    return_reason: str = ""
    charges_cents: int = 0
    """What the bank took within the amount."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account did between two balances; only what is booked for good."""

    iban: str
    currency: str
    lines: tuple[StatementLine, ...]
    number: str = ""
    from_on: date | None = None
    to_on: date | None = None
    opening_cents: int | None = None
    closing_cents: int | None = None
    """None: the file tells no balance of that day (CAMT.052)."""


class StatementReader(Protocol):
    """Reads statements as banks send them."""

    def read(self, content: bytes) -> tuple[Statement, ...]:
        """All statements of a file.

        Raises:
            Invalid: ``bank_file_type``, ``bank_file_broken``, ``bank_file_version``, ``bank_file_empty``.
            TooLarge: ``bank_file_too_large``.
        """
        ...


@dataclass(frozen=True, slots=True)
class Debit:
    """One direct debit to be written."""

    end_to_end_id: str
    cents: int
    holder: str
    iban: str
    mandate: str
    signed_on: date
    sequence: str
    """FRST, RCUR or OOFF."""
    collect_on: date
    text: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who collects."""

    name: str
    iban: str
    creditor_id: str
    bic: str = ""


class DebitWriter(Protocol):
    """Writes direct debits as banks take them."""

    def write(
        self, file_id: str, creditor: Creditor, debits: Sequence[Debit], *, scheme: str, at: datetime
    ) -> bytes:
        """A pain.008 over debits of one scheme, CORE or B2B."""
        ...
