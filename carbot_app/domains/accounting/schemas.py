"""Inputs and views of accounting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

CSV, XLSX = "csv", "xlsx"
FORMS = (CSV, XLSX)
OPEN_ITEMS, CASH_BOOK, SERVICES, TECHNICIANS, VAT, STATEMENT = (
    *("open_items", "cash_book", "services", "technicians", "vat", "statement"),
)
LISTS = (OPEN_ITEMS, CASH_BOOK, SERVICES, TECHNICIANS, VAT, STATEMENT)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file for somebody to save."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DatevTerms:
    """What the tax adviser told, and the accounts that differ from the chart."""

    consultant: int = 0
    """0: not told yet."""
    client: int = 0
    chart: str = "03"
    account_length: int = 4
    year_begins: int = 1
    """Month the business year begins with."""
    accounts: Mapping[str, int] = field(default_factory=dict)
    """Key of billing/datev.toml → account; ``revenue_1900.parts`` gives a group of revenue its own."""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of the mapping."""

    key: str
    number: int
    """0: the chart has none and the workshop told none."""
    is_own: bool


@dataclass(frozen=True, slots=True)
class DatevMapping:
    """The terms with every account they lead to."""

    terms: DatevTerms
    lines: tuple[AccountLine, ...]


@dataclass(frozen=True, slots=True)
class ExportView:
    """A DATEV file that was handed out."""

    id: UUID
    at: datetime
    by: str
    sha256: str
    rows: int
    with_payments: bool
    with_expenses: bool


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month at a glance. Amounts in cents, what was cancelled or is only handed on taken off."""

    month: date
    currency: str
    documents: int
    net_cents: int
    vat_cents: int
    gross_cents: int
    received_cents: int
    open_cents: int
    """At the end of the month, or today while it lasts."""
    expenses: int
    expense_cents: int
    exports: tuple[ExportView, ...]
    """Newest first."""
    is_outdated: bool
    """Something of the month came or changed after its newest export."""
    problem: str = ""
    """Code of the error that stops an export; ``problem_params`` fill its text."""
    problem_params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Whether the chain of the audit log is whole."""

    entries: int
    broken_id: str
    """First entry that was changed; empty: none."""
    checked_at: datetime
    last_hash: str
    """Noted elsewhere, it also tells whether entries were cut off at the end."""


@dataclass(frozen=True, slots=True)
class RevenueLine:
    """What a service or technician brought, without VAT."""

    key: str
    name: str
    positions: int
    minutes: int
    net_cents: int
    cost_cents: int
    """Of the positions whose cost is known."""
    known_net_cents: int
    """What these positions brought."""

    @property
    def margin_cents(self) -> int | None:
        """What is left of the positions whose cost is known; None: of none."""
        return self.known_net_cents - self.cost_cents if self.cost_cents else None
