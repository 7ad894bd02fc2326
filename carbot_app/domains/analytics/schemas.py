"""Questions to the figures and their answers."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Span:
    """Days from ``first`` to ``last``, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many; 0 where the span is reversed."""
        return max(0, (self.last - self.first).days + 1)

    def each(self) -> tuple[date, ...]:
        """Its days, oldest first."""
        return tuple(self.first + timedelta(days=offset) for offset in range(self.days))


@dataclass(frozen=True, slots=True)
class Filters:
    """What the figures are narrowed to; they combine, and what is empty does not narrow."""

    channel: str = ""
    service_code: str = ""
    technician_id: UUID | None = None
    weekday: int | None = None
    """0 Monday to 6 Sunday."""
    hour: int | None = None
    """0 to 23, in the workshop's zone."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a view asks for. ``compare`` None: nothing to compare with."""

    span: Span
    compare: Span | None = None
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure with its comparison and daily series.

    ``code`` is one of kpis.CODES. ``unit`` is count, percent, seconds, cents, minutes or stars. ``value``
    None: nothing to measure, or a filter under which the figure has no meaning (``reason`` names it).
    ``previous`` is the same figure over the span compared with. ``good_when`` is up or down. ``series`` has
    one value a day, oldest first; days without anything to measure are 0.
    """

    code: str
    unit: str
    value: float | None
    previous: float | None
    good_when: str
    series: tuple[float, ...]
    beside: float | None = None
    """What the value is measured against; of hours_sold the minutes present."""
    reason: str = ""
    """The filter that cannot narrow this figure: channel, service_code, technician_id or hour; else empty."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is expected of a day: between ``low`` and ``high``, most likely ``mid``."""

    day: date
    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class TimeSeries:
    """A KPI per day. ``previous`` has as many values as ``values`` (None: no such day), or is empty."""

    code: str
    unit: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    previous: tuple[float | None, ...] = ()
    forecast: tuple[Band, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """``code``: lead, answered, priced, booked or visited; ``count`` of the leads that got this far."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """What customers asked and booked by weekday (Monday first) and hour.

    ``after_hours_percent`` is the share outside of the opening hours; None: nothing was counted.
    """

    counts: tuple[tuple[int, ...], ...]
    after_hours_percent: float | None


@dataclass(frozen=True, slots=True)
class MixItem:
    """A slice. ``key`` filters by it; ``label`` is its name, empty where the reader's language has a word."""

    key: str
    label: str
    count: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers whose first visit was in ``month`` (its first day), and how many came again.

    ``returned[n]`` counts those with a visit in the n-th month after it; the first entry is the month itself
    and equals ``customers``. It is as long as months have passed.
    """

    month: date
    customers: int
    returned: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TechnicianLoad:
    """Minutes of a technician in the span: booked, sold on invoices, present."""

    technician_id: UUID
    name: str
    booked_minutes: int
    sold_minutes: int
    present_minutes: int


@dataclass(frozen=True, slots=True)
class DrillRow:
    """A record behind a figure.

    ``title`` is empty where the customer was deleted, ``href`` where no page shows the record.
    """

    at: datetime
    title: str
    detail: str
    plate: str
    quantity: int
    amount_cents: int
    href: str


@dataclass(frozen=True, slots=True)
class DrillPage:
    """Some rows, newest first. ``after`` asks for the next ones; empty: these are the last."""

    rows: tuple[DrillRow, ...]
    after: str = ""
    total: int = 0


@dataclass(frozen=True, slots=True)
class Today:
    """Figures of one day for the Heute page."""

    appointments: int
    arrived: int
    utilisation_percent: int
    """Booked share of the technicians' working time."""
    planned_cents: int
    """Sum of the upper prices of today's appointments, gross."""
    currency: str


@dataclass(frozen=True, slots=True)
class AnswersToday:
    """What came in today and how it was answered."""

    solved_by_assistant: int
    answered: int
    """Threads answered today, by anybody."""
    new_leads: int
    first_answer_seconds: float | None
    """Median of today's threads; None before the first answer."""
