"""Tables of bank statements and direct debits."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, cents, instant, json_field


class BankStatement(TenantRow, table=True):
    """A statement of a file that was read; the same file is read once."""

    __table_args__ = (UniqueConstraint("workshop_id", "sha256", "position"),)

    sha256: str = Field(max_length=64)
    """Of the whole file."""
    position: int = 0
    """Of the statement in its file."""
    file_name: str = Field(default="", max_length=200)
    number: str = Field(default="", max_length=40)
    """The bank's own."""
    iban: str = Field(max_length=34)
    currency: str = Field(max_length=3)
    from_on: date | None = None
    to_on: date | None = None
    opening_cents: int | None = cents(default=None)
    closing_cents: int | None = cents(default=None)
    lines: int = 0
    new_lines: int = 0
    """Those no earlier file had."""
    by: str = Field(default="", max_length=120)


class BankEntry(TenantRow, table=True):
    """A transaction on the workshop's account."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "iban", "key"),
        Index("ix_bank_entry_state", "workshop_id", "state", "booked_on"),
    )

    statement_id: UUID = Field(foreign_key="bank_statement.id", index=True, ondelete="CASCADE")
    iban: str = Field(max_length=34)
    """The workshop's account."""
    key: str = Field(max_length=120)
    """The bank's reference or what stands in for it (entry_keys.py): overlapping files add nothing."""
    amount_cents: int = cents()
    """Below zero: went out."""
    currency: str = Field(max_length=3)
    booked_on: date
    valued_on: date | None = None
    end_to_end_id: str = Field(default="", max_length=35)
    mandate: str = Field(default="", max_length=35)
    remittance: str = Field(default="", max_length=1000)
    reference: str = Field(default="", max_length=35)
    """RF or QR reference."""
    counterparty: str = Field(default="", max_length=140)
    counterparty_iban: str = Field(default="", max_length=34)
    code: str = Field(default="", max_length=40)
    """Bank transaction code, ``PMNT/RCDT/ESCT``."""
    return_reason: str = Field(default="", max_length=4)
    """ISO code why a payment came back (AC04, MS03 …); empty: it is no return."""
    charges_cents: int = cents(default=0)
    """Taken by the bank within the amount."""
    state: str = Field(default="open", max_length=8)
    """open, booked or ignored."""
    matches: list[dict[str, Any]] = json_field(list)
    """What it settles: invoice_id, number, cents, discount_cents, fee_cents, reopened."""
    round: int = 0
    """Rises when bookings are undone: a counter-booking and the next attempt need names of their own."""
    automatic: bool = False
    """Booked without a person."""
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    decided_at: datetime | None = instant(default=None)
    decided_by: str = Field(default="", max_length=120)


class SepaMandate(TenantRow, table=True):
    """A customer's permission to debit an account."""

    __table_args__ = (UniqueConstraint("workshop_id", "reference"),)

    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    reference: str = Field(max_length=35)
    holder: str = Field(max_length=70)
    iban: str = Field(max_length=34)
    bic: str = Field(default="", max_length=11)
    scheme: str = Field(default="CORE", max_length=4)
    """CORE or B2B."""
    recurring: bool = True
    signed_on: date
    last_used_on: date | None = None
    uses: int = 0
    revoked_on: date | None = None


class DebitRun(TenantRow, table=True):
    """Direct debits handed to the bank in one file."""

    file_id: str = Field(max_length=35)
    """MsgId within the file."""
    scheme: str = Field(default="CORE", max_length=4)
    collect_on: date
    """The earliest day any of them is collected."""
    count: int
    total_cents: int = cents()
    file: str = ""
    """The pain.008 as it was made."""
    by: str = Field(default="", max_length=120)


class DebitItem(TenantRow, table=True):
    """One direct debit; the money counts only when the statement shows it."""

    __table_args__ = (UniqueConstraint("workshop_id", "run_id", "invoice_id"),)

    run_id: UUID = Field(foreign_key="debit_run.id", index=True, ondelete="CASCADE")
    invoice_id: UUID = Field(foreign_key="invoice.id", index=True, ondelete="CASCADE")
    mandate_id: UUID = Field(foreign_key="sepa_mandate.id", index=True, ondelete="CASCADE")
    end_to_end_id: str = Field(max_length=35)
    amount_cents: int = cents()
    sequence: str = Field(max_length=4)
    """FRST, RCUR or OOFF."""
    collect_on: date
    state: str = Field(default="sent", max_length=8)
    """sent, paid or returned."""
