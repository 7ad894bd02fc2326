"""The invoice of a supplier."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, cents, instant, json_field


class Expense(TenantRow, table=True):
    """A document somebody sent the workshop; its file lies in the store under the id of the row."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "entry_number"),
        UniqueConstraint("workshop_id", "sha256"),
        Index("ix_expense_posted_on", "workshop_id", "posted_on"),
        Index("ix_expense_number", "workshop_id", "supplier_key", "number"),
    )

    entry_number: str = Field(max_length=40)
    """Number of its receipt (ER-2026-00001)."""
    state: str = Field(default="received", max_length=10)
    """received (has to be looked at), checked, booked, rejected or paid."""
    source: str = Field(default="upload", max_length=8)
    """upload or mail."""
    supplier: str = Field(default="", max_length=160)
    supplier_vat_id: str = Field(default="", max_length=20)
    supplier_key: str = Field(default="", max_length=160)
    """VAT id, else the name in lower case: tells suppliers apart."""
    number: str = Field(default="", max_length=80)
    """What the supplier calls it."""
    issued_on: date | None = None
    due_on: date | None = None
    received_on: date
    posted_on: date
    """Day it is booked on: its own in the month it came, else the first day of that month."""
    currency: str = Field(default="EUR", max_length=3)
    amounts: list[dict[str, Any]] = json_field(list)
    """schemas.ExpenseAmount of each category and rate; below zero for a credit."""
    gross_cents: int = cents(default=0)
    category: str = Field(default="", max_length=20)
    """One of categories.CATEGORIES; its account stands in the workshop's mapping."""
    reason: str = Field(default="", max_length=300)
    """Why it was rejected."""
    paid_on: date | None = None
    paid_by: str = Field(default="", max_length=16)
    """cash or bank."""
    is_einvoice: bool = False
    filename: str = Field(default="", max_length=120)
    media_type: str = Field(default="", max_length=80)
    sha256: str = Field(max_length=64)
    findings: list[dict[str, Any]] = json_field(list)
    """einvoices.Finding."""
    document: dict[str, Any] = json_field(dict)
    """sheet.ReadableDocument; empty for a receipt that is no e-invoice."""
    booked_at: datetime | None = instant(default=None)
    handled_by: str = Field(default="", max_length=120)
