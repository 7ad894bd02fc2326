"""What a search among invoices means, and the receivables it finds (db/search_receivables.py)."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import String, Uuid, column, func, literal, select, table

from carbot_app.kit.text import fold

MOST_WORDS = 6
MOST_FOUND = 2_000
"""Documents a search counts; of more the newest count."""
_WORD = re.compile(r"[^\W_]+")
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LONGEST_NUMBER = 8
_ENTRY = table("search_receivable", column("id"), column("ref", Uuid()), column("workshop_id", Uuid()))
_WORDS = table("search_receivable_words", column("rowid"), column("search_receivable_words"))


def read_words(search: str) -> list[tuple[str, ...]]:
    """The words looked for, each with the ways it may be written; every one must be found, as a beginning.

    ``418`` finds number ``00418``, ``Müller`` and ``Mueller`` find each other.
    """
    text = unicodedata.normalize("NFC", search[:80]).replace("İ", "i").lower()
    return [_forms(word) for word in _WORD.findall(text)[:MOST_WORDS]]


def found_receivables(words: Sequence[tuple[str, ...]], workshop_id: UUID, *, sqlite: bool) -> Any:
    """A query of the ids of receivables that have every word, the newest MOST_FOUND and one more."""
    if not sqlite:
        match = " & ".join("(" + " | ".join(f"'{form}':*" for form in forms) + ")" for forms in words)
        rows = func.receivable_rows(literal(match, String()), MOST_FOUND + 1)
        return select(rows.table_valued(column("ref", Uuid())).c.ref)
    match = " AND ".join("(" + " OR ".join(f'"{form}"*' for form in forms) + ")" for forms in words)
    return (
        select(_ENTRY.c.ref)
        .join(_WORDS, _WORDS.c.rowid == _ENTRY.c.id)
        .where(_WORDS.c.search_receivable_words.op("MATCH")(match), _ENTRY.c.workshop_id == workshop_id)
        .order_by(_WORDS.c.rowid.desc())
        .limit(MOST_FOUND + 1)
    )


def _forms(word: str) -> tuple[str, ...]:
    if word.isdecimal() and len(word) < _LONGEST_NUMBER:
        padded = (word.rjust(length, "0") for length in range(len(word) + 1, _LONGEST_NUMBER + 1))
        return (word, *padded)
    plain = fold(word)
    short = plain
    for long, letter in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        short = short.replace(long, letter)
    forms = dict.fromkeys((plain, fold(word.translate(_WRITTEN_OUT)), short))
    return tuple(form for form in forms if len(form) > 1 or form == plain)
