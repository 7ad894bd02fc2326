"""What the page of invoices asks and gets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

FILTERS = ("all", "overdue", "open", "partial", "paid", "drafts", "cancelled")
OWED = ("overdue", "open", "partial")
"""Filters a period does not narrow: what is owed is shown however old it is."""
PERIODS = {"30": 30, "90": 90, "365": 365, "all": 0}
"""Name → days until today; 0: since ever."""
SORTS = ("newest", "oldest", "due", "amount")
BUYERS = ("business", "consumer")
Standing = Literal["draft", "open", "overdue", "partial", "paid", "cancelled", "written_off"]


@dataclass(frozen=True, slots=True)
class InvoiceQuery:
    """Which documents are wanted; empty values mean all."""

    view: str = "all"
    """One of FILTERS."""
    search: str = ""
    """Words of number, name and plate, each as a beginning."""
    since: date | None = None
    """First day of issue."""
    until: date | None = None
    buyer: str = ""
    """One of BUYERS."""
    method: str = ""
    """One of receivables.METHODS: something was paid that way."""
    least_cents: int | None = None
    most_cents: int | None = None
    sort: str = "newest"
    """One of SORTS."""


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A document of the list, or a draft."""

    id: UUID
    """Of the invoice, or of the draft when ``standing`` is draft."""
    number: str
    kind: str
    standing: Standing
    name: str
    plate: str
    plate_country: str
    issued_on: date | None
    """None for drafts."""
    due_on: date | None
    days_late: int
    gross_cents: int
    open_cents: int
    currency: str
    email: str = ""
    is_business: bool = False
    checked: bool = False
    dunning_level: int = 0
    sent_at: datetime | None = None
    changed_at: datetime | None = None
    """When a draft was begun."""


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """Rows and the figures of the whole filter."""

    rows: tuple[InvoiceRow, ...]
    counts: Mapping[str, int]
    """Filter → documents it would show."""
    total: int
    gross_cents: int
    open_cents: int
    checked: int
    """Documents whose e-invoice no rule speaks against, of ``issued``."""
    issued: int
    currency: str
    next_after: str | None = None
    cut: bool = False
    """The search found more than is counted; figures are of the newest."""


@dataclass(frozen=True, slots=True)
class InvoiceFigures:
    """Head of the page: what is late, what is owed, what came and what is to come."""

    today: date
    currency: str
    overdue_count: int
    overdue_cents: int
    oldest_days: int
    open_count: int
    open_cents: int
    income_cents: int
    """Of this month until today."""
    income_before_cents: int
    """Of the month before until the same day of it."""
    expected: tuple[tuple[date, int], ...]
    """The next 14 days and what falls due on each."""
    ages: Mapping[str, int] = field(default_factory=dict)
    """Age of what is owed → cents: not_due, week, month, quarter, older."""
    months: tuple[tuple[date, int], ...] = ()
    """First day of each of the last twelve months and what came in."""
