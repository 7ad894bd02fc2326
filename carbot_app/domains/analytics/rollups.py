"""Sums per day: what an event adds to them (pure), adding it, and making them anew from the events."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy import insert as core_insert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, SQLModel

from carbot_app.domains.analytics.kinds import (
    ANSWERED,
    CHANNEL,
    DIMENSIONS,
    HOUR,
    KEPT,
    SERVICE,
    TECHNICIAN,
    counted_by_parts,
)
from carbot_app.domains.analytics.models import ALL_DAY, NOBODY, AnalyticsDaily, AnalyticsEvent
from carbot_app.kit.clock import system_clock
from carbot_app.kit.ids import new_id

BITS = {dimension: 1 << at for at, dimension in enumerate(DIMENSIONS)}
NOT_KEPT: Mapping[str, Any] = {HOUR: ALL_DAY, CHANNEL: "", SERVICE: "", TECHNICIAN: NOBODY}
"""Dimension → its value in sums that do not keep it apart."""
MOST_KEPT = 2
"""Dimensions kept apart at once. More of them make as many sums as there are events, which answer as fast."""
SPREAD = frozenset({ANSWERED})
"""Kinds of which single quantities are kept, for medians."""
_BATCH = 2_000


class Key(NamedTuple):
    """Which sum: what is not kept apart has its empty value."""

    keeps: int
    kind: str
    channel: str
    service_code: str
    technician_id: UUID
    hour: int
    day: date


@dataclass(slots=True)
class Tally:
    """What a sum has, or what is added to it."""

    events: int = 0
    quantity: int = 0
    amount_cents: int = 0
    spread: str = ""


Tallies = dict[Key, Tally]


class Counted(NamedTuple):
    """The columns of an event that count, so that facts, rows and plain results are all added up alike."""

    kind: str
    is_part: bool
    sign: int
    day: date
    hour: int
    channel: str
    service_code: str
    technician_id: UUID | None
    quantity: int
    amount_cents: int


def bits_of(dimensions: Iterable[str]) -> int:
    """``keeps`` of a set of dimensions."""
    return sum(BITS[dimension] for dimension in dimensions)


@lru_cache(maxsize=256)
def sets_of(kind: str, *, is_part: bool) -> tuple[tuple[str, ...], ...]:
    """The sets of dimensions a whole or a part of this kind counts in."""
    kept = KEPT[kind]
    every = (some for size in range(min(len(kept), MOST_KEPT) + 1) for some in combinations(kept, size))
    return tuple(some for some in every if counted_by_parts(kind, some) in (None, is_part))


def tally(counted: Iterable[Counted], into: Tallies | None = None) -> Tallies:
    """What these events add (pure)."""
    tallies: Tallies = {} if into is None else into
    for one in counted:
        spread = _spread(one) if one.kind in SPREAD else ""
        for key in _keys(one):
            into_key = tallies.setdefault(key, Tally())
            into_key.events += one.sign
            into_key.quantity += one.quantity
            into_key.amount_cents += one.amount_cents
            into_key.spread += spread
    return tallies


def add(session: Session, workshop_id: UUID, tallies: Tallies) -> None:
    """Add to the stored sums. The caller has the workshop's turn (recording.py)."""
    if not tallies:
        return
    table = table_of(AnalyticsDaily)
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    statement = insert(table)
    added = ("events", "quantity", "amount_cents", "spread")
    statement = statement.on_conflict_do_update(
        index_elements=["workshop_id", *Key._fields],
        set_={name: table.c[name] + statement.excluded[name] for name in added},
    )
    # Always in the same order, so that no two transactions wait for each other
    for rows in _batches(_rows(workshop_id, dict(sorted(tallies.items())))):
        session.execute(statement, rows)


def check(session: Session, workshop_id: UUID, first: date, last: date, *, mend: bool) -> int:
    """How many sums of these days are wrong, missing or too many; ``mend`` makes them anew if any is."""
    table = table_of(AnalyticsDaily)
    within = (table.c.workshop_id == workshop_id, table.c.day.between(first, last))
    fresh = recount(session, workshop_id, first, last)
    wrong = compare(stored(session, workshop_id, first, last), fresh)
    if wrong and mend:
        session.execute(delete(table).where(*within))
        for rows in _batches(_rows(workshop_id, dict(sorted(fresh.items())))):
            session.execute(core_insert(table), rows)
    return wrong


def compare(kept: Tallies, fresh: Tallies) -> int:
    """How many sums differ (pure); a sum of nothing and no sum are the same."""
    nothing = Tally()
    return sum(
        _settled(kept.get(key, nothing)) != _settled(fresh.get(key, nothing))
        for key in kept.keys() | fresh.keys()
    )


def recount(session: Session, workshop_id: UUID, first: date, last: date) -> Tallies:
    """The sums of these days as the events say."""
    table = table_of(AnalyticsEvent)
    columns = ("part" if name == "is_part" else name for name in Counted._fields)
    query = select(*(table.c[name] for name in columns)).where(
        table.c.workshop_id == workshop_id, table.c.day.between(first, last)
    )
    rows = session.connection().execute(query.execution_options(yield_per=20_000))
    return tally(Counted(*row)._replace(is_part=row.part != "") for row in rows)


def stored(session: Session, workshop_id: UUID, first: date, last: date) -> Tallies:
    """The sums of these days as they are kept."""
    table = table_of(AnalyticsDaily)
    columns = [table.c[name] for name in (*Key._fields, "events", "quantity", "amount_cents", "spread")]
    query = select(*columns).where(table.c.workshop_id == workshop_id, table.c.day.between(first, last))
    rows = session.connection().execute(query.execution_options(yield_per=20_000))
    size = len(Key._fields)
    return {Key(*row[:size]): Tally(*row[size:]) for row in rows}


def first_and_last_day(session: Session, workshop_id: UUID) -> tuple[date, date] | None:
    """Between which there are events or sums; None: nothing yet."""
    ends = [
        day
        for table in (table_of(AnalyticsEvent), table_of(AnalyticsDaily))
        for day in session.connection()
        .execute(
            select(func.min(table.c.day), func.max(table.c.day)).where(table.c.workshop_id == workshop_id)
        )
        .one()
        if day is not None
    ]
    return (min(ends), max(ends)) if ends else None


def table_of(model: type[SQLModel]) -> Any:
    """Its table, for statements without objects; they name the workshop themselves."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def values_of(spread: str) -> list[int]:
    """Single quantities, smallest first; ``-12,`` takes one 12 back. Zero is taken back as ``-0``."""
    if "-" not in spread:
        return np.sort(np.fromstring(spread[:-1], np.int64, sep=",")).tolist()
    kept: dict[int, int] = {}
    for word in spread.split(",")[:-1]:
        value = abs(int(word))
        kept[value] = kept.get(value, 0) + (-1 if word[0] == "-" else 1)
    return [value for value in sorted(kept) for _ in range(kept[value])]


def _settled(one: Tally) -> tuple[int, int, int, list[int]]:
    return one.events, one.quantity, one.amount_cents, values_of(one.spread)


def _spread(one: Counted) -> str:
    return f"{'-' if one.sign < 0 else ''}{abs(one.quantity)},"


def _keys(one: Counted) -> Iterator[Key]:
    for kept in sets_of(one.kind, is_part=one.is_part):
        known = {name: getattr(one, name) if name in kept else nothing for name, nothing in NOT_KEPT.items()}
        known[TECHNICIAN] = known[TECHNICIAN] or NOBODY
        yield Key(bits_of(kept), one.kind, day=one.day, **known)


def _rows(workshop_id: UUID, tallies: Tallies) -> Iterator[dict[str, Any]]:
    now = system_clock()
    for key, one in tallies.items():
        yield {
            "id": new_id(),
            "created_at": now,
            "workshop_id": workshop_id,
            **key._asdict(),
            "events": one.events,
            "quantity": one.quantity,
            "amount_cents": one.amount_cents,
            "spread": one.spread,
        }


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
