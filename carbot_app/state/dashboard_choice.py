"""What the dashboard is asked for, as its address spells it (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

from carbot_app.domains.analytics.schemas import Filters, Question, Span

CODES = (
    *("new_leads", "conversion", "chat_volume", "first_response", "assistant_solved"),
    *("bookings", "no_show", "utilisation", "revenue", "average_order"),
    *("open_items", "hours_sold", "declined_value", "rating", "returning"),
)
"""The figures in the order of their tiles."""
STEPS = {
    **{"lead": "new_leads", "answered": "leads_answered", "priced": "leads_priced"},
    **{"booked": "leads_booked", "visited": "leads_came"},
}
"""Step of the funnel → its figure."""
ASKED = "leads_asked"
"""The figure of its first step where the figures are narrowed to a service."""
STEP_CODES = (*(code for code in STEPS.values() if code not in CODES), ASKED)
KNOWN = (*CODES, *STEP_CODES)
PERIODS = {"7": 7, "30": 30, "quartal": 91, "jahr": 364}
"""Days of a period that ends today: whole weeks where it is long, so that weekdays meet in comparisons."""
BEFORE, LAST_YEAR, NO_COMPARISON = COMPARISONS = ("davor", "vorjahr", "aus")
USUAL_PERIOD, USUAL_KPI = "30", "revenue"
LONGEST_DAYS = 3 * 366
OLDEST = date(2000, 1, 1)
FILTERS = ("kanal", "leistung", "person", "tag", "stunde")
_LONGEST_KEY = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """Range, comparison, figure and filters; ``period`` is empty where ``first`` and ``last`` are given."""

    period: str = USUAL_PERIOD
    first: date | None = None
    last: date | None = None
    compare: str = "davor"
    kpi: str = USUAL_KPI
    filters: Filters = field(default_factory=Filters)

    def span(self, today: date) -> Span:
        """Its days; never in the future, turned round where it was reversed, at most three years."""
        if self.first is None or self.last is None:
            return Span(today - timedelta(days=PERIODS.get(self.period, 30) - 1), today)
        first, last = sorted((self.first, self.last))
        last = max(min(last, today), OLDEST)
        return Span(max(min(first, last), OLDEST, last - timedelta(days=LONGEST_DAYS - 1)), last)

    def question(self, today: date) -> Question:
        """What the services are asked."""
        span = self.span(today)
        return Question(span, compared(span, self.compare), self.filters)

    def address(self) -> dict[str, str]:
        """Every parameter of the address; an empty one is left out of it."""
        kept = self.filters
        return {
            "zeitraum": self.period,
            "von": self.first.isoformat() if self.first and not self.period else "",
            "bis": self.last.isoformat() if self.last and not self.period else "",
            "vergleich": self.compare if self.compare != "davor" else "",
            "kennzahl": self.kpi if self.kpi != USUAL_KPI else "",
            "kanal": kept.channel,
            "leistung": kept.service_code,
            "person": str(kept.technician_id or ""),
            "tag": "" if kept.weekday is None else str(kept.weekday + 1),
            "stunde": "" if kept.hour is None else str(kept.hour),
        }

    def query(self) -> str:
        """The query string that shows it."""
        return urlencode({name: value for name, value in self.address().items() if value})

    def toggled(self, **values: str) -> "Choice":
        """These filters added, or taken away again where all of them are set so already."""
        now = {name: value for name, value in self.address().items() if name in values}
        return self.with_address(dict.fromkeys(values, "") if now == values else values)

    def with_address(self, changes: Mapping[str, str]) -> "Choice":
        """With some parameters of the address set anew."""
        return read_choice({**self.address(), **changes})


def read_choice(asked: Mapping[str, str]) -> Choice:
    """The choice of an address; what is nonsense in it counts as left out."""
    first, last = _day(asked.get("von", "")), _day(asked.get("bis", ""))
    period = asked.get("zeitraum", "")
    custom = first is not None and last is not None and period not in PERIODS
    choice = Choice(
        period="" if custom else period if period in PERIODS else USUAL_PERIOD,
        first=first if custom else None,
        last=last if custom else None,
        filters=Filters(
            channel=asked.get("kanal", "")[:_LONGEST_KEY],
            service_code=asked.get("leistung", "")[:_LONGEST_KEY],
            technician_id=_uuid(asked.get("person", "")),
            weekday=None if (day := _whole(asked.get("tag", ""), 1, 7)) is None else day - 1,
            hour=_whole(asked.get("stunde", ""), 0, 23),
        ),
    )
    return replace(
        choice,
        compare=asked["vergleich"] if asked.get("vergleich") in COMPARISONS else "davor",
        kpi=asked["kennzahl"] if asked.get("kennzahl") in KNOWN else USUAL_KPI,
    )


def compared(span: Span, compare: str) -> Span | None:
    """The days a span is compared with; None: nothing."""
    if compare == BEFORE:
        return Span(span.first - timedelta(days=span.days), span.first - timedelta(days=1))
    if compare == LAST_YEAR:
        first = _year_before(span.first)
        return Span(first, first + timedelta(days=span.days - 1))
    return None


def _year_before(day: date) -> date:
    """The same day, 28 February for the 29th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _whole(text: str, low: int, high: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        return None
    return int(text) if low <= int(text) <= high else None
