"""Sums over the roll-ups: what every figure of the dashboard is worked out from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Executable, and_, cast, extract, func, literal, or_
from sqlalchemy import select as sa_select
from sqlmodel import Session

from carbot_app.domains.analytics.kinds import CHANNEL, HOUR, KEPT, SERVICE, TECHNICIAN, counted_by_parts
from carbot_app.domains.analytics.models import HAS_SERVICE, NOBODY, AnalyticsDaily, AnalyticsEvent
from carbot_app.domains.analytics.rollups import BITS, MOST_KEPT, NOT_KEPT, bits_of, table_of, values_of
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.kit.errors import Invalid

DAY, WEEKDAY = "day", "weekday"
BY = (DAY, WEEKDAY, HOUR, CHANNEL, SERVICE, TECHNICIAN)
LONGEST_DAYS = 3_660
"""Ten years; nobody reads a longer chart, and a thousand years are a slip of the pen."""
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Beyond these no instant of the day can be told apart in every zone, and nobody means them."""
EVERYTHING = Filters()


class Sum(NamedTuple):
    """``events``: how often; ``quantity`` and ``amount_cents`` as kinds.py defines them."""

    events: int = 0
    quantity: int = 0
    amount_cents: int = 0


NOTHING = Sum()
Sums = Mapping[tuple[Any, ...], Sum]
"""(kind, *what was asked ``by``) → sum; what did not happen is not there."""


def settle(span: Span) -> Span:
    """A span that can be answered: the right way round.

    Raises:
        Invalid: ``figures_span_too_long`` beyond ``LONGEST_DAYS``, ``figures_span_unknown`` before
            ``EARLIEST`` or after ``LATEST``.
    """
    first, last = sorted((span.first, span.last))
    if (last - first).days >= LONGEST_DAYS:
        raise Invalid("figures_span_too_long", days=LONGEST_DAYS)
    if first < EARLIEST or last > LATEST:
        raise Invalid("figures_span_unknown", first=EARLIEST.year, last=LATEST.year)
    return Span(first, last)


def sums(
    session: Session,
    span: Span,
    kinds: Iterable[str],
    filters: Filters = EVERYTHING,
    *,
    by: Sequence[str] = (),
) -> Sums:
    """Sums of the session's workshop, told apart ``by`` some of ``BY``.

    ``(kind, day)``, ``(kind, weekday, hour)`` …: days are dates, weekdays 0 Monday to 6 Sunday, technicians
    None for nobody. A kind that cannot be told apart by something has its empty value there; narrowed to
    something it does not know there is none of it (kinds.KEPT).
    """
    found: dict[tuple[Any, ...], Sum] = {}
    told = [(place, name) for place, name in enumerate(by, 1) if name in (WEEKDAY, TECHNICIAN)]
    size = 1 + len(by)
    for keeps, asked in _grouped(kinds, filters, by).items():
        finest = keeps.bit_count() > MOST_KEPT
        question = _of_events if finest else _of_sums
        rows = session.connection().execute(question(session, span, keeps, asked, filters, by))
        for row in rows.all():
            key = row[:size]
            for place, name in told:
                key = (*key[:place], _told(name, key[place]), *key[place + 1 :])
            found[key] = Sum._make(row[size:])
    return found


def spreads(
    session: Session, span: Span, kind: str, filters: Filters = EVERYTHING, *, by: Sequence[str] = ()
) -> Mapping[tuple[Any, ...], list[int]]:
    """Every single quantity of a kind of rollups.SPREAD, smallest first, as ``sums`` tells them apart.

    The keys have no kind: ``(day,)``, or ``()`` for all. Medians are exact.
    """
    words: dict[tuple[Any, ...], list[str]] = {}
    for keeps, asked in _grouped([kind], filters, by).items():
        table = table_of(AnalyticsDaily)
        columns = [_column(table, name) for name in by]
        query = sa_select(*columns, table.c.spread).where(
            *_where(session, table, span, keeps, asked, filters)
        )
        for *values, spread in session.connection().execute(query).all():
            key = tuple(_told(name, value) for name, value in zip(by, values, strict=True))
            words.setdefault(key, []).append(spread)
    return {key: kept for key, some in words.items() if (kept := values_of("".join(some)))}


def _grouped(kinds: Iterable[str], filters: Filters, by: Sequence[str]) -> Mapping[int, list[str]]:
    """``keeps`` of the coarsest sums that can answer → kinds."""
    if unknown := set(by) - set(BY):
        raise ValueError(f"figures cannot be told apart by {sorted(unknown)}")
    narrowed = {name for name, _ in _narrowed(filters)}
    groups: dict[int, list[str]] = {}
    for kind in kinds:
        kept = set(KEPT[kind])
        if narrowed <= kept:
            groups.setdefault(bits_of((narrowed | set(by)) & kept), []).append(kind)
    return groups


def _narrowed(filters: Filters) -> Iterator[tuple[str, object]]:
    for name, value in (
        (HOUR, filters.hour),
        (CHANNEL, filters.channel or None),
        (SERVICE, filters.service_code or None),
        (TECHNICIAN, filters.technician_id),
    ):
        if value is not None:
            yield name, value


def _of_sums(
    session: Session, span: Span, keeps: int, kinds: Sequence[str], filters: Filters, by: Sequence[str]
) -> Executable:
    table = table_of(AnalyticsDaily)
    columns = [table.c.kind, *(_column(table, name) for name in by)]
    where = _where(session, table, span, keeps, kinds, filters)
    if DAY in by:
        # What is kept of a day is one row already
        return sa_select(*columns, *(table.c[name] for name in Sum._fields)).where(*where)
    added = (_added(table.c[name]) for name in Sum._fields)
    return sa_select(*columns, *added).where(*where).group_by(*columns)


def _of_events(
    session: Session, span: Span, keeps: int, kinds: Sequence[str], filters: Filters, by: Sequence[str]
) -> Executable:
    """The same of the events themselves, for what no sums are kept of."""
    table = table_of(AnalyticsEvent)
    kept = tuple(name for name, bit in BITS.items() if keeps & bit)
    told = [name for name in by if name in (DAY, WEEKDAY, *kept)]
    columns = {name: _column(table, name) for name in told}
    nothing = {name: literal(NOT_KEPT[name]) for name in by if name not in columns}
    counted = []
    for kind in kinds:
        by_parts = counted_by_parts(kind, kept)
        which = () if by_parts is None else ((table.c.part != "") == by_parts,)
        counted.append(and_(table.c.kind == kind, *which))
    added = (_added(table.c[name]) for name in ("sign", "quantity", "amount_cents"))
    where = [
        table.c.workshop_id == session.info["workshop_id"],
        table.c.kind.in_(kinds),
        table.c.day.between(span.first, span.last),
        or_(*counted),
        *(table.c[name] == value for name, value in _narrowed(filters)),
    ]
    if filters.service_code:
        # Says literally what the index of services is limited to
        where.append(HAS_SERVICE)
    if filters.weekday is not None:
        where.append(_column(table, WEEKDAY) == (filters.weekday + 1) % 7)
    return (
        sa_select(table.c.kind, *({**columns, **nothing}[name] for name in by), *added)
        .where(*where)
        .group_by(table.c.kind, *columns.values())
    )


def _where(
    session: Session, table: Any, span: Span, keeps: int, kinds: Sequence[str], filters: Filters
) -> Iterator[ColumnElement[bool]]:
    yield table.c.workshop_id == session.info["workshop_id"]
    yield table.c.keeps == keeps
    yield table.c.kind.in_(kinds)
    narrowed = dict(_narrowed(filters))
    for name, nothing in NOT_KEPT.items():
        # What is not kept apart is known too: with it a span is one stretch of the index
        if name in narrowed:
            yield table.c[name] == narrowed[name]
        elif not keeps & BITS[name]:
            yield table.c[name] == nothing
    yield table.c.day.between(span.first, span.last)
    if filters.weekday is not None:
        yield _column(table, WEEKDAY) == (filters.weekday + 1) % 7


def _added(column: ColumnElement[int]) -> ColumnElement[int]:
    # The sum of 64 bits is a decimal to PostgreSQL
    return cast(func.sum(column), BigInteger)


def _column(table: Any, name: str) -> ColumnElement[Any]:
    # Both databases count weekdays from Sunday
    return extract("dow", table.c.day) if name == WEEKDAY else table.c[name]


def _told(name: str, value: Any) -> date | int | str | UUID | None:
    if name == WEEKDAY:
        return (int(value) + 6) % 7
    if name == TECHNICIAN:
        return None if value == NOBODY else value
    return value
