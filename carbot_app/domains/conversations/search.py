"""What a search in the inbox means, and the threads it finds through the full-text index (see db.search)."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    column,
    func,
    intersect,
    literal,
    select,
    table,
    union,
)
from sqlalchemy.sql.selectable import CompoundSelect

from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.kit.text import fold

MOST_WORDS = 6
NEWEST = 2_000
"""Rows one word may find; where it stands in more, the newest ones count."""
_WORD = re.compile(r"[^\W_]+")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_PHONE_DIGITS = 6

_ENTRY = table(
    "search_entry",
    column("id"),
    column("ref", Uuid()),
    column("workshop_id", Uuid()),
    column("kind", String()),
    column("thread", Uuid()),
)
_WORDS = table("search_words", column("rowid"), column("search_words"))
_THREAD = Conversation.__table__  # pyright: ignore[reportAttributeAccessIssue]
_LEAD = Lead.__table__  # pyright: ignore[reportAttributeAccessIssue]
_VEHICLE = Vehicle.__table__  # pyright: ignore[reportAttributeAccessIssue]


def read_words(search: str) -> list[tuple[str, ...]]:
    """The words looked for, each with the ways it may be written; every word must be found, as a beginning.

    ``Müller`` and ``Mueller`` find each other. A phone number is one word however it is grouped.
    """
    # Python's lower() makes two characters of a dotted capital I
    text = unicodedata.normalize("NFC", search).replace("İ", "i").lower()
    raw = _WORD.findall(text)[:MOST_WORDS]
    digits = "".join(raw)
    if digits.isdecimal() and len(digits) >= _PHONE_DIGITS:
        return [(digits.lstrip("0") or "0",)]
    return [_forms(word) for word in raw]


def found_threads(words: Sequence[tuple[str, ...]], workshop_id: UUID, *, sqlite: bool) -> Any:
    """A query of the ids of threads in which every word is found.

    Words that stand together in one entry, like a plate, are found however many rows each of them has.
    """
    together = _threads_with(words, workshop_id, sqlite=sqlite)
    if len(words) == 1:
        return together
    apart = (_threads_with([forms], workshop_id, sqlite=sqlite) for forms in words)
    return union(_ids_in(together), _ids_in(intersect(*map(_ids_in, apart))))


def _ids_in(compound: CompoundSelect[Any]) -> Select[Any]:
    # SQLite knows no brackets around the parts of a union
    return select(*compound.subquery().c)


def _forms(word: str) -> tuple[str, ...]:
    plain = fold(word)
    short = plain
    for long, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        short = short.replace(long, letter)
    forms = dict.fromkeys((plain, fold(word.translate(_WRITTEN_OUT)), short))
    # "ue" alone would find half of all words
    return tuple(form for form in forms if len(form) > 1 or form == plain)


def _threads_with(
    words: Sequence[tuple[str, ...]], workshop_id: UUID, *, sqlite: bool
) -> CompoundSelect[Any]:
    hits = (_sqlite_hits if sqlite else _postgres_hits)(words, workshop_id).cte()
    # Whose threads they are is asked outside: here it would tempt planners to begin with all threads.
    is_vehicle = hits.c.kind == "vehicle"
    return union(
        select(hits.c.thread).where(hits.c.thread.is_not(None)),
        select(_THREAD.c.id).join(hits, _both(hits, "customer", _THREAD.c.customer_id)),
        select(_LEAD.c.conversation_id).join(hits, _both(hits, "vehicle", _LEAD.c.vehicle_id)),
        select(_THREAD.c.id)
        .join(_VEHICLE, _VEHICLE.c.customer_id == _THREAD.c.customer_id)
        .join(hits, _VEHICLE.c.id == hits.c.ref)
        .where(is_vehicle),
    )


def _both(hits: Any, kind: str, key: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(hits.c.kind == kind, key == hits.c.ref)


def _sqlite_hits(words: Sequence[tuple[str, ...]], workshop_id: UUID) -> Select[Any, Any, Any]:
    match = " AND ".join("(" + " OR ".join(f'"{form}"*' for form in forms) + ")" for forms in words)
    return (
        select(_ENTRY.c.kind, _ENTRY.c.ref, _ENTRY.c.thread)
        .join(_WORDS, _WORDS.c.rowid == _ENTRY.c.id)
        .where(_WORDS.c.search_words.op("MATCH")(match), _ENTRY.c.workshop_id == workshop_id)
        .order_by(_WORDS.c.rowid.desc())
        .limit(NEWEST)
    )


def _postgres_hits(words: Sequence[tuple[str, ...]], _: UUID) -> Select[Any, Any, Any]:
    match = " & ".join("(" + " | ".join(f"'{form}':*" for form in forms) + ")" for forms in words)
    rows = func.search_rows(literal(match, String()), NEWEST).table_valued(
        column("kind", String()), column("ref", Uuid()), column("thread", Uuid())
    )
    return select(rows.c.kind, rows.c.ref, rows.c.thread)
