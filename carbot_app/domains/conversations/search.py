"""What a search in the inbox means, and the threads it finds through the full-text index (see db.search)."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, column, func, literal, select, table, union
from sqlalchemy.sql.selectable import CompoundSelect

from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customers.models import Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.kit.text import fold

MOST_WORDS = 6
NEWEST = 10_000
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


def found_threads(words: Sequence[tuple[str, ...]], workshop_id: UUID, *, sqlite: bool) -> list[Any]:
    """One query of conversation ids per word."""
    return [_threads_with(forms, workshop_id, sqlite=sqlite) for forms in words]


def _forms(word: str) -> tuple[str, ...]:
    plain = fold(word)
    short = plain
    for long, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        short = short.replace(long, letter)
    forms = dict.fromkeys((plain, fold(word.translate(_WRITTEN_OUT)), short))
    # "ue" alone would find half of all words
    return tuple(form for form in forms if len(form) > 1 or form == plain)


def _threads_with(forms: tuple[str, ...], workshop_id: UUID, *, sqlite: bool) -> CompoundSelect[Any]:
    hits = (_sqlite_hits if sqlite else _postgres_hits)(forms, workshop_id).cte()
    owned = _THREAD.c.workshop_id == workshop_id
    is_vehicle = hits.c.kind == "vehicle"
    return union(
        select(hits.c.thread).where(hits.c.thread.is_not(None)),
        select(_THREAD.c.id).join(hits, _both(hits, "customer", _THREAD.c.customer_id)).where(owned),
        select(_LEAD.c.conversation_id).join(hits, _both(hits, "vehicle", _LEAD.c.vehicle_id)),
        select(_THREAD.c.id)
        .join(_VEHICLE, _VEHICLE.c.customer_id == _THREAD.c.customer_id)
        .join(hits, _VEHICLE.c.id == hits.c.ref)
        .where(owned, is_vehicle),
    )


def _both(hits: Any, kind: str, key: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(hits.c.kind == kind, key == hits.c.ref)


def _sqlite_hits(forms: tuple[str, ...], workshop_id: UUID) -> Select[Any, Any, Any]:
    match = " OR ".join(f'"{form}"*' for form in forms)
    return (
        select(_ENTRY.c.kind, _ENTRY.c.ref, _ENTRY.c.thread)
        .join(_WORDS, _WORDS.c.rowid == _ENTRY.c.id)
        .where(_WORDS.c.search_words.op("MATCH")(match), _ENTRY.c.workshop_id == workshop_id)
        .order_by(_WORDS.c.rowid.desc())
        .limit(NEWEST)
    )


def _postgres_hits(forms: tuple[str, ...], _: UUID) -> Select[Any, Any, Any]:
    match = " | ".join(f"'{form}':*" for form in forms)
    rows = func.search_rows(literal(match, String()), NEWEST).table_valued(
        column("kind", String()), column("ref", Uuid()), column("thread", Uuid())
    )
    return select(rows.c.kind, rows.c.ref, rows.c.thread)
