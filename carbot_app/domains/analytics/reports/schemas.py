"""What reports take and give."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from carbot_app.domains.analytics.reports.planning import Rhythm
from carbot_app.domains.analytics.reports.templates import PDF
from carbot_app.domains.analytics.schemas import Filters, Span

Value = str | date | int | float | None
"""By the unit of its column: text, day, count, percent, seconds, cents, minutes or stars; None: nothing."""


@dataclass(frozen=True, slots=True)
class Column:
    """``title`` in the report's language; ``unit`` one of templates' units."""

    key: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: every row has a value for every column; ``total`` is a row or empty.

    ``drawn``: a chart says the same, so paper does without it. ``listed``: CSV has it too, below.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()
    drawn: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure in words with its change: ``verdict`` good, bad or neutral, ``direction`` up, down or flat."""

    label: str
    figure: str
    unit: str = ""
    delta: str = ""
    direction: str = "flat"
    verdict: str = "neutral"
    series: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """Something drawn. ``kind``: bars, heat or funnel; ``alt`` says it in words.

    ``labels`` and ``values`` have the same length; a heat map has 7 × 24 ``values``, Monday first, and the
    short names of the days as ``labels``. ``marks`` are the values in words, of a funnel.
    """

    kind: str
    title: str
    alt: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    top: str = ""
    """The largest value in words."""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose report it is, and how the workshop looks and writes."""

    workshop: str
    address: str = ""
    language: str = "de"
    country: str = "DE"
    currency: str = "EUR"
    timezone: str = "Europe/Berlin"
    accent: str = "#17616f"
    logo: bytes = b""
    logo_format: str = "svg"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report says; its files are made from this alone."""

    code: str
    title: str
    span: Span
    head: Letterhead
    made_at: datetime
    tiles: tuple[Tile, ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()
    note: str = ""
    scope: str = ""
    """What it is narrowed to, or that it cannot be; empty: everything was asked for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A report somebody asks for. ``compare`` None: the days before; ``compares`` False: nothing."""

    template: str
    columns: tuple[str, ...]
    first: date
    last: date
    form: str = PDF
    filters: Filters = field(default_factory=Filters)
    compare: Span | None = None
    compares: bool = True


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """A plan as it is written down."""

    template: str
    columns: tuple[str, ...]
    form: str
    rhythm: Rhythm
    people: tuple[UUID, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody a plan sends to. ``state``: fine, unconfirmed or gone (left the team)."""

    name: str
    state: str = "fine"
    email: str = ""
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A plan with what becomes of it."""

    id: UUID
    draft: ScheduleDraft
    enabled: bool
    recipients: tuple[Recipient, ...]
    next_at: datetime | None
    """None: it is switched off."""


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail with the report. ``state``: that of the outgoing message, or ``gone`` once that was deleted."""

    to: str
    state: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class RunView:
    """A report of the archive."""

    id: UUID
    template: str
    form: str
    first: date
    last: date
    state: str
    progress: int
    at: datetime
    requested_by: str
    planned: bool
    size: int
    error: str
    narrowed: str = ""
    """What it is narrowed to, in words."""
    mails: tuple[MailView, ...] = ()
    may_send: bool = False
    """Its plan has somebody to send it to."""


@dataclass(frozen=True, slots=True)
class RunPage:
    """Some of the archive, newest first; ``before`` asks for older ones, None: there are none."""

    runs: tuple[RunView, ...] = field(default=())
    before: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report to save."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AddressPage:
    """What the link for an address shows."""

    email: str
    workshop: str
    language: str
    confirmed: bool
