"""Tables of dunning: letters that were released, and base rates the workshop entered."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, cents, exact, json_field


class BaseRate(TenantRow, table=True):
    """Base rate of a half year (§ 247 BGB) that figures.toml does not know yet."""

    __table_args__ = (UniqueConstraint("workshop_id", "valid_from"),)

    valid_from: date
    """1 January or 1 July."""
    percent: Decimal = exact()
    by: str = Field(default="", max_length=120)


class DunningNotice(TenantRow, table=True):
    """One letter to one customer, released by a person."""

    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    level: int
    name: str = Field(max_length=12)
    """reminder, first, last or handover."""
    sent_on: date
    deadline: date
    way: str = Field(max_length=8)
    """mail or letter."""
    email: str = Field(default="", max_length=254)
    language: str = Field(default="de", max_length=2)
    recipient: str = Field(default="", max_length=160)
    open_cents: int = cents()
    fee_cents: int = cents(default=0)
    interest_cents: int = cents(default=0)
    currency: str = Field(max_length=3)
    letter: dict[str, Any] = json_field(dict)
    """What is printed besides the claims: sender and recipient as they were on that day."""
    by: str = Field(default="", max_length=120)


class DunningClaim(TenantRow, table=True):
    """An invoice in a letter, with what was asked for besides it."""

    __table_args__ = (UniqueConstraint("workshop_id", "invoice_id", "level"),)

    notice_id: UUID = Field(foreign_key="dunning_notice.id", index=True, ondelete="CASCADE")
    invoice_id: UUID = Field(foreign_key="invoice.id", index=True, ondelete="CASCADE")
    level: int
    """Of this invoice; no level is sent twice."""
    number: str = Field(max_length=40)
    issued_on: date
    due_on: date
    days_late: int
    open_cents: int = cents()
    fee_cents: int = cents(default=0)
    interest_cents: int = cents(default=0)
