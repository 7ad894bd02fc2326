"""Tables of accounting: whose account is which, and what was handed to the tax adviser."""

from datetime import date
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, json_field


class LedgerAccount(TenantRow, table=True):
    """The account of a customer or supplier; it is given once and never to anybody else."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "kind", "number"),
        UniqueConstraint("workshop_id", "kind", "party"),
    )

    kind: str = Field(max_length=8)
    """debtor or creditor."""
    party: str = Field(max_length=160)
    """Id of the customer; VAT id, else the name of the supplier in lower case."""
    number: int
    """Counted from 1; the digits in front follow from the length of the workshop's accounts."""


class DatevExport(TenantRow, table=True):
    """A file of a month that was handed out."""

    __table_args__ = (Index("ix_datev_export_month", "workshop_id", "month"),)

    month: date
    """Its first day."""
    sha256: str = Field(max_length=64)
    """Of the file."""
    content_sha256: str = Field(max_length=64)
    """Of the file without the stamp of its making, so that a later change of the month shows."""
    rows: int
    with_payments: bool
    with_expenses: bool
    accounts: dict[str, Any] = json_field(dict)
    """Id of a document → number of the account it was booked on: merged customers change nothing."""
    by: str = Field(default="", max_length=120)
