"""Funnel, heat map, shares, cohorts and loads as the dashboard draws them (pure)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from babel import Locale
from babel.dates import format_skeleton

from carbot_app.domains.analytics.schemas import (
    Cohort,
    Filters,
    FunnelStep,
    HeatMap,
    MixItem,
    TechnicianLoad,
)
from carbot_app.kit.i18n import list_words, translate
from carbot_app.state.dashboard_figures import write_whole
from carbot_app.state.wording import Reader

MOST_BARS = 8
MOST_COHORTS = 12
FIRST_HOUR, LAST_HOUR = 7, 21
"""Hours the heat map shows at least."""
LEVELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a panel; ``width`` in percent of the longest one."""

    key: str
    label: str
    count: str
    share: str
    width: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One hour of a weekday; ``level`` 0 to LEVELS."""

    level: int
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """Rows from Monday, a cell per hour from ``first_hour`` on."""

    days: tuple[str, ...] = ()
    first_hour: int = FIRST_HOUR
    cells: tuple[tuple[HeatCell, ...], ...] = ()
    after_hours: str = ""
    """Share outside of the opening hours; empty: nothing was counted."""


@dataclass(frozen=True, slots=True)
class CohortCell:
    """Percent of a month's customers who came again; ``level`` 0 to LEVELS."""

    text: str
    level: int
    label: str


@dataclass(frozen=True, slots=True)
class CohortRow:
    """Customers whose first visit was in a month."""

    month: str
    customers: str
    cells: tuple[CohortCell, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """A technician's time: bars in percent of the most anybody was present, booked or billed."""

    id: str
    name: str
    booked: int
    sold: int
    present: int
    text: str
    share: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The same as a table."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A filter that is on; ``name`` is the address' word for it."""

    name: str
    label: str


def describe_funnel(steps: Sequence[FunnelStep], reader: Reader) -> list[Bar]:
    """How far leads got, each step as a share of the first."""
    first = steps[0].count if steps else 0
    return [
        Bar(
            key=step.code,
            label=_word(reader, f"funnel.{step.code}"),
            count=reader.number(step.count),
            share=f"{round(100 * step.count / first)} %" if place and first else "",
            width=_percent(step.count, first),
        )
        for place, step in enumerate(steps)
    ]


def describe_heat(heat: HeatMap, reader: Reader, filters: Filters) -> Heat:
    """Hours with something in them, at least those of a day."""
    used = [hour for row in heat.counts for hour, count in enumerate(row) if count]
    first, last = min([*used, FIRST_HOUR]), max([*used, LAST_HOUR])
    most = max([max(row, default=0) for row in heat.counts] + [1])
    names = weekdays(reader.language)

    def cell(day: int, hour: int) -> HeatCell:
        count = heat.counts[day][hour]
        return HeatCell(
            level=-(-count * LEVELS // most),
            label=_word(reader, "heat.cell", day=names[day], hour=str(hour), number=reader.number(count)),
            chosen=(filters.weekday, filters.hour) == (day, hour),
        )

    share = heat.after_hours_percent
    return Heat(
        days=tuple(name[:2] for name in weekdays(reader.language, "abbreviated")),
        first_hour=first,
        cells=tuple(
            tuple(cell(day, hour) for hour in range(first, last + 1)) for day in range(len(heat.counts))
        ),
        after_hours=""
        if share is None
        else _word(reader, "heat.after_hours", percent=reader.number(round(share))),
    )


def describe_mix(
    items: Sequence[MixItem], reader: Reader, chosen: str, name: Callable[[MixItem], str]
) -> list[Bar]:
    """The largest shares, and the chosen one in any case."""
    largest = sorted(items, key=lambda item: item.count, reverse=True)
    shown = largest[:MOST_BARS] + [item for item in largest[MOST_BARS:] if item.key == chosen]
    most, total = max([item.count for item in items] + [1]), sum(item.count for item in items)
    return [
        Bar(
            key=item.key,
            label=name(item),
            count=reader.number(item.count),
            share=f"{round(100 * item.count / total)} %" if total else "",
            width=_percent(item.count, most),
            chosen=bool(chosen) and item.key == chosen,
        )
        for item in shown
    ]


def describe_cohorts(cohorts: Sequence[Cohort], reader: Reader) -> list[CohortRow]:
    """The newest months, oldest first; the month itself is left out: everybody was there."""
    rows = []
    for cohort in sorted(cohorts, key=lambda one: one.month)[-MOST_COHORTS:]:
        month = format_skeleton("yMMM", cohort.month, locale=reader.language)
        cells = []
        for later, count in enumerate(cohort.returned[1 : MOST_COHORTS + 1], 1):
            percent = round(100 * count / cohort.customers) if cohort.customers else 0
            label = _word(
                reader, "cohorts.cell", month=month, later=str(later), number=str(count), percent=str(percent)
            )
            cells.append(
                CohortCell(str(percent) if count else "·", min(-(-percent * LEVELS // 50), LEVELS), label)
            )
        rows.append(CohortRow(month, reader.number(cohort.customers), tuple(cells)))
    return rows


def describe_loads(loads: Sequence[TechnicianLoad], reader: Reader, chosen: UUID | None) -> list[Load]:
    """Everybody with their hours."""
    most = max([max(load.booked_minutes, load.sold_minutes, load.present_minutes) for load in loads] + [1])

    def hours(minutes: int) -> str:
        return reader.number(round(minutes / 60))

    return [
        Load(
            id=str(load.technician_id),
            name=load.name,
            booked=_percent(load.booked_minutes, most),
            sold=_percent(load.sold_minutes, most),
            present=_percent(load.present_minutes, most),
            text=_word(
                reader,
                "loads.text",
                booked=hours(load.booked_minutes),
                sold=hours(load.sold_minutes),
                present=hours(load.present_minutes),
            ),
            share=f"{round(100 * load.booked_minutes / load.present_minutes)} %"
            if load.present_minutes
            else "–",
            chosen=load.technician_id == chosen,
        )
        for load in loads
    ]


def describe_filters(filters: Filters, names: dict[str, str], reader: Reader) -> list[FilterChip]:
    """Chips of what narrows the figures; ``names`` of services, channels and technicians by their key."""
    channels = list_words(reader.language, "inbox")
    found = [
        FilterChip(name, names.get(key) or channels.get(f"channel.{key}", key))
        for name, key in (("kanal", filters.channel), ("leistung", filters.service_code))
        if key
    ]
    if filters.technician_id:
        key = str(filters.technician_id)
        found.append(FilterChip("person", names.get(key, _word(reader, "filter.technician"))))
    if filters.weekday is not None:
        found.append(FilterChip("tag", weekdays(reader.language)[filters.weekday]))
    if filters.hour is not None:
        found.append(FilterChip("stunde", _word(reader, "filter.hour", hour=str(filters.hour))))
    return found


def mix_grid(items: Iterable[MixItem], reader: Reader, currency: str, name: Callable[[MixItem], str]) -> Grid:
    """Every share with its money."""
    rows = sorted(items, key=lambda item: item.count, reverse=True)
    return Grid(
        heads=tuple(_word(reader, f"table.{head}") for head in ("name", "count", "amount")),
        rows=tuple(
            (
                name(item),
                reader.number(item.count),
                write_whole(item.amount_cents, "cents", reader, currency),
            )
            for item in rows
        ),
    )


def heat_grid(heat: HeatMap, reader: Reader) -> Grid:
    """A row per hour, a column per weekday."""
    return Grid(
        heads=(_word(reader, "table.hour"), *weekdays(reader.language, "abbreviated")),
        rows=tuple(
            (f"{hour:02}", *(reader.number(day[hour]) for day in heat.counts))
            for hour in range(24)
            if any(day[hour] for day in heat.counts)
        ),
    )


def load_grid(loads: Sequence[TechnicianLoad], reader: Reader) -> Grid:
    """Hours booked, billed and present."""
    return Grid(
        heads=tuple(_word(reader, f"table.{head}") for head in ("hours", "booked", "sold", "present")),
        rows=tuple(
            (
                load.name,
                *(
                    reader.number(round(minutes / 60, 1))
                    for minutes in (load.booked_minutes, load.sold_minutes, load.present_minutes)
                ),
            )
            for load in loads
        ),
    )


def weekdays(language: str, width: str = "wide") -> list[str]:
    """Monday to Sunday."""
    names = Locale.parse(language).days["stand-alone"][width]
    return [names[day] for day in range(7)]


def _percent(part: float, whole: float) -> int:
    """A width: what is there at all can be seen."""
    return max(round(100 * max(part, 0) / whole), 1 if part > 0 else 0) if whole > 0 else 0


def _word(reader: Reader, key: str, **values: str) -> str:
    return translate(reader.language, f"dashboard.{key}", **values)
