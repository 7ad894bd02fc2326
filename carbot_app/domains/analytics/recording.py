"""Writing facts down once: what is new is added, what is no longer so is taken back."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select
from sqlmodel import Session

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.analytics.facts import Fact
from carbot_app.domains.analytics.kinds import WITH_PARTS
from carbot_app.domains.analytics.models import AnalyticsEvent
from carbot_app.domains.analytics.rollups import Counted, add, table_of, tally
from carbot_app.kit.clock import system_clock
from carbot_app.kit.ids import new_id

_AT_ONCE = 400
"""Subjects of one condition."""
Name = tuple[str, UUID, str]
"""Kind, subject and part: what can be so only once at a time."""


class Entry(NamedTuple):
    """A fact, its quantity and amount without the sign, with the revision and sign it is written under."""

    fact: Fact
    revision: int
    sign: int


def take_turn(session: Session, workshop_id: UUID) -> None:
    """Nobody else records or rebuilds for this workshop until the transaction ends."""
    wait_for_turn(session, f"analytics {workshop_id}")


def record(
    session: Session,
    workshop_id: UUID,
    kinds: Collection[str],
    subjects: Collection[UUID],
    facts: Iterable[Fact],
) -> int:
    """Make the events of ``subjects`` say ``facts``, which are all there is to say of ``kinds``.

    The caller has taken its turn before it read the records. Returns how many events were written.
    """
    standing = read_last(session, workshop_id, kinds, subjects)
    entries = list(revise(standing, facts))
    if not entries:
        return 0
    now = system_clock()
    table = table_of(AnalyticsEvent)
    session.execute(insert(table), [_row(workshop_id, entry, now) for entry in entries])
    add(session, workshop_id, tally(_counted(entry) for entry in entries))
    return len(entries)


def revise(last: Mapping[Name, Entry], facts: Iterable[Fact]) -> Iterator[Entry]:
    """What has to be written so that exactly ``facts`` stand (pure); ``last``: newest entry of each name."""
    wanted = {(one.kind, one.subject_id, one.part): one for one in facts}
    standing = {name: entry for name, entry in last.items() if entry.sign > 0}
    settled = _settled(standing, wanted)
    for name, entry in standing.items():
        if name not in settled:
            yield Entry(entry.fact, entry.revision + 1, -1)
    for name, one in wanted.items():
        if name in settled:
            continue
        before = last.get(name)
        taken_back = name in standing
        revision = 0 if before is None else before.revision + (2 if taken_back else 1)
        yield Entry(_completed(one, standing[name].fact if name in standing else None), revision, 1)


def read_last(
    session: Session, workshop_id: UUID, kinds: Collection[str], subjects: Collection[UUID]
) -> dict[Name, Entry]:
    """The newest entry of each name of these subjects."""
    table = table_of(AnalyticsEvent)
    found: dict[Name, Entry] = {}
    listed = list(subjects)
    for start in range(0, len(listed), _AT_ONCE):
        query = (
            select(table)
            .where(
                table.c.workshop_id == workshop_id,
                table.c.kind.in_(kinds),
                table.c.subject_id.in_(listed[start : start + _AT_ONCE]),
            )
            .order_by(table.c.revision)
        )
        for row in session.connection().execute(query):
            found[row.kind, row.subject_id, row.part] = _entry(row)
    return found


def _settled(standing: Mapping[Name, Entry], wanted: Mapping[Name, Fact]) -> set[Name]:
    """Names about which nothing has to be written."""
    same = {name for name, entry in standing.items() if name in wanted and _is_same(entry.fact, wanted[name])}
    # Shares follow the catalogue of their day: a price changed since does not share out an old visit anew
    for kind, subject_id, part in list(same):
        if part or kind not in WITH_PARTS:
            continue
        kept = {name for name in standing if name[:2] == (kind, subject_id)}
        if kept == {name for name in wanted if name[:2] == (kind, subject_id)}:
            same |= kept
    return same


def _is_same(kept: Fact, wanted: Fact) -> bool:
    completed = _completed(wanted, kept)
    # The database keeps instants to the microsecond and customers are merged and erased: neither is news
    return replace(completed, at=kept.at, customer_id=kept.customer_id) == kept


def _completed(wanted: Fact, known: Fact | None) -> Fact:
    """What was known of it stays known when only the record's link to it is gone."""
    if known is None:
        return wanted
    return replace(
        wanted,
        channel=wanted.channel or known.channel,
        technician_id=wanted.technician_id or known.technician_id,
    )


def _entry(row: Any) -> Entry:
    quantity, amount_cents = row.sign * row.quantity, row.sign * row.amount_cents
    one = Fact(
        row.kind, row.subject_id, row.occurred_at, row.day, row.hour, row.part, row.channel,
        row.service_code, row.technician_id, row.customer_id, quantity, amount_cents,
    )  # fmt: skip
    return Entry(one, row.revision, row.sign)


def _row(workshop_id: UUID, entry: Entry, now: Any) -> dict[str, Any]:
    one = entry.fact
    return {
        "id": new_id(),
        "created_at": now,
        "workshop_id": workshop_id,
        "kind": one.kind,
        "subject_id": one.subject_id,
        "part": one.part,
        "revision": entry.revision,
        "sign": entry.sign,
        "occurred_at": one.at,
        "day": one.day,
        "hour": one.hour,
        "channel": one.channel,
        "service_code": one.service_code,
        "technician_id": one.technician_id,
        "customer_id": one.customer_id,
        "quantity": entry.sign * one.quantity,
        "amount_cents": entry.sign * one.amount_cents,
    }


def _counted(entry: Entry) -> Counted:
    one = entry.fact
    return Counted(
        one.kind, one.part != "", entry.sign, one.day, one.hour, one.channel, one.service_code,
        one.technician_id, entry.sign * one.quantity, entry.sign * one.amount_cents,
    )  # fmt: skip
