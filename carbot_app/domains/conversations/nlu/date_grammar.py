"""Grammar of date expressions over symbols (see dates.py): regular expressions on one letter per symbol."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import cast

from . import date_readers as read
from .date_readers import Symbol

_LETTERS = {
    "WD": "w", "DATE": "d", "MONTH": "M", "MAY": "Y", "TODAY": "t", "TOMORROW": "T", "DAYAFTER": "U",
    "WEEK": "k", "DAY": "y", "MONTHWORD": "m", "HOURWORD": "H", "THIS": "h", "NEXT": "n",
    "NEAREST": "r", "NEXTWEEK": "N", "AFTERNEXT": "A", "WEEKEND": "e", "BEGIN": "b", "MIDDLE": "g",
    "END": "z", "IN": "i", "AFTER": "a", "FROM": "f", "UNTIL": "u", "BEFORE": "v", "BETWEEN": "B",
    "OR": "o", "NOT": "x", "PAST": "p", "ASAP": "S", "PART": "q", "NUM": "1", "CALENDARWEEK": "K",
    "CLOCK": "c", "CLOCKWORD": ".", "MOVEDTO": ">", "INSTEADOF": "<", "DASH": "-", "STOP": "|",
    "WORD": ".",
    "OLDBEFORE": "l", "FIRST": "F", "CHRISTMAS": "X", "NEWYEAR": "J",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A date expression text[start:end].

    `rank`: 0 the date to move away from, 1 this morning (often the past), 2 ASAP, 3 bare time, 4 vague,
    5 day, 6 the new date of a move.
    """

    start: int
    end: int
    from_on: date | None
    to_on: date | None
    clock: time | None = None
    rank: int = 5
    is_past: bool = False


_CLOCK_AROUND = re.compile(r"\.{0,2}[u>f-]?\.?(?:c\.?[-u>o]\.?)?c")
_MEANINGLESS = frozenset(".|-")
_DAY = r"(?:d|1[|]?\.?[MY])"
# Tried in this order at each place of the encoded text; the first reader with a result takes the symbols.
_RULES: tuple[tuple[re.Pattern[str], int, read.Reader], ...] = tuple(
    (re.compile(pattern), rank, reader)
    for pattern, rank, reader in (
        (r"[Bfi]?\.{0,2}1\.?[|]?[-ou>]\.?1[|]?\.?[MY]", 5, read.read_month_day_range),
        (r"1[|]?\.?[MY]\.?[-ou]\.?1[|]?\.?[MY]", 5, read.read_month_day_range),
        (r"d\.{0,2}[-ou]\.{0,2}d", 5, read.date_pair),
        (r"1[|]?[-ou]\.{0,2}d", 5, read.day_and_date),
        (rf"k\.{{0,2}}[fb]?\.{{0,2}}{_DAY}", 5, read.read_week_of),
        (r"F\.?k\.{0,2}M", 5, read.read_first_week_of_month),
        (r"w[|]?\.{0,2}1[|]?\.?[MY]|1[|]?\.?[MY]", 5, read.read_month_day),
        (r"[MY]\.?1", 5, read.read_month_day),
        (r"w\.?[|]?\.?d|d", 5, read.read_date),
        (r"[bgz]\.?\.?M|M[bgz]", 5, read.read_month_end),
        (r"i?[bgz]\.?[nrN]k?|[Nnr]k?[bgz]", 5, read.part_of_week(1)),
        (r"[bgz]\.?hk|hk[bgz]", 5, read.part_of_week(0)),
        (r"[bgz]\.?\.?[nr]m", 5, read.part_of_next_month),
        (r"z\.?h?m|hmz|mz", 4, read.read_end_of_month),
        (r"A[k]?\.{0,2}w|w\.?A", 5, read.weekday_in_week(2)),
        (r"Ak?", 5, read.weeks_ahead(2)),
        (r"h\.?o\.?nk", 5, read.read_this_or_next_week),
        (r"(?:N|[nr]k)\.{0,2}[|]?w[-ou]\.?w|w[-ou]\.?w\.?(?:N|[nr]k)", 5, read.read_weekday_range),
        (r"(?:N|[nr]k)\.{0,2}[|]?w|w[|]?\.{0,2}i?(?:N|[nr]k|kN|ik)", 5, read.weekday_in_week(1)),
        (r"hk\.{0,2}w|w\.?i?hk", 5, read.read_day_of_this_week),
        (r"i\.?[nr]1k|[nr]1k", 4, read.read_within_weeks),
        (r"i\.?[nr]1?y|[nr]1?y", 4, read.read_within_days),
        (r"i\.?[nr]k|[nr]k|N|k[nr]", 5, read.weeks_ahead(1)),
        (r"hk|ki", 5, read.read_this_week),
        (r"[rhni]?[nr]?e", 5, read.read_weekend),
        (r"K1|1[|]?K", 5, read.read_calendar_week),
        (r"w[-]w|wuw", 5, read.read_weekday_range),
        (r"w\.{0,2}o\.{0,2}w", 5, read.weekday_choice),
        (r"t\.?o\.?T", 5, lambda symbols, today: (today, today + timedelta(days=1))),
        (r"T\.?o\.?U", 5, lambda symbols, today: (today + timedelta(days=1), today + timedelta(days=2))),
        (r"n\.?w", 5, read.read_next_weekday),
        (r"w\.?ik|w\.?a(?![.]?[wdtT1])", 5, read.weekday_in_week(1)),
        (
            r"[hr]?w",
            5,
            lambda symbols, today: read.one(read.next_weekday(today, read.weekday_named(symbols))),
        ),
        (r"i1[ok]?k|1ka", 5, read.read_in_weeks),
        (r"1ki", 4, read.read_within_weeks),
        (r"ik|kai?", 5, read.weeks_ahead(1)),
        (r"i1y|1ya", 5, read.read_in_days),
        (r"1yi", 4, read.read_within_days),
        (r"i\.?1H", 4, lambda symbols, today: read.one(today) if read.number(symbols) <= 12 else None),
        (r"[va]\.?X|Xv", 5, read.read_christmas),
        (r"[va]\.?J|J[va]", 5, read.read_new_year),
        (r"tq?", 5, read.days_ahead(0)),
        (r"T", 5, read.days_ahead(1)),
        (r"U", 5, read.days_ahead(2)),
        (r"i?[nr]m", 4, read.read_next_month),
        (r"i?M", 4, read.read_month),
        (r"S", 2, lambda symbols, today: (today, None)),
    )
)


def find_spans(symbols: Sequence[Symbol], today: date) -> list[Span]:
    """All date expressions in order, with clock times joined to the day next to them."""
    encoded = "".join(_LETTERS.get(symbol.kind, ".") for symbol in symbols)
    spans: list[Span] = []
    position = 0
    while position < len(symbols):
        span, length = _read_at(encoded, symbols, position, today)
        if span is not None:
            spans.append(span)
        position += length
    return spans


def _read_at(encoded: str, symbols: Sequence[Symbol], position: int, today: date) -> tuple[Span | None, int]:
    for pattern, rank, reader in _RULES if encoded[position] not in _MEANINGLESS else ():
        match = pattern.match(encoded, position)
        found = reader(symbols[position : match.end()], today) if match else None
        if match and found:
            end = match.end()
            span = Span(symbols[position].start, symbols[end - 1].end, *found, rank=rank)
            span, end = _with_clock(span, encoded, symbols, position, end)
            if _is_old(encoded, end):
                span = replace(span, rank=0)
            return _in_context(span, symbols, encoded, position, today), end - position
    if encoded[position] == "c":
        symbol = symbols[position]
        span = Span(symbol.start, symbol.end, None, None, clock=cast(time, symbol.value), rank=3)
        return _in_context(span, symbols, encoded, position, today), 1
    return None, 1


def _with_clock(
    span: Span, encoded: str, symbols: Sequence[Symbol], start: int, end: int
) -> tuple[Span, int]:
    """ "Wednesday at 10": the clock may follow or stand right before; a part of day may stand between."""
    if span.from_on != span.to_on or span.rank == 2:
        return span, end
    while end < len(encoded) and encoded[end] == "q":
        end += 1
    if match := _CLOCK_AROUND.match(encoded, end):
        clock = symbols[match.end() - 1]
        return replace(span, end=clock.end, clock=cast(time, clock.value)), match.end()
    if (start > 0 and encoded[start - 1] == "c") or (start > 1 and encoded[start - 2 : start] == "c."):
        clock = symbols[start - 1 if encoded[start - 1] == "c" else start - 2]
        return replace(span, start=clock.start, clock=cast(time, clock.value)), end
    return replace(span, end=symbols[end - 1].end), end


def _in_context(span: Span, symbols: Sequence[Symbol], encoded: str, position: int, today: date) -> Span:
    """Words before the expression: until, before, after, from; past; the old date of a move."""
    before = re.split(r"[wdtTUkM1c|]", encoded[max(0, position - 5) : position])[-1]
    near = before.replace(".", "")
    if "p" in before[-3:] or (span.to_on is not None and span.to_on < today) or _month_gone(span, today):
        return replace(span, is_past=True)
    if "<" in before:
        return replace(span, rank=0)
    if encoded[position : position + 2] == "tq" and symbols[position + 1].value == "morning":
        return replace(span, rank=1)
    if span.from_on is None or span.clock is not None or span.rank == 2:
        return replace(span, rank=6) if near.endswith(">") else span
    if near.endswith("u") and span.to_on:
        return replace(span, from_on=today)
    if near.endswith("v") and span.from_on > today:
        return replace(span, from_on=today, to_on=span.from_on - timedelta(days=1))
    if near.endswith("a") and span.from_on == span.to_on:
        return replace(span, from_on=span.from_on + timedelta(days=1), to_on=None)
    if near.endswith("f"):
        return replace(span, to_on=None)
    return replace(span, rank=6) if near.endswith(">") else span


def _month_gone(span: Span, today: date) -> bool:
    """ "In August" said in November tells when something ran out, not when to come."""
    return span.rank == 4 and span.from_on is not None and span.from_on > today + timedelta(days=190)


def _is_old(encoded: str, end: int) -> bool:
    """ "15 Aralık'taki randevumu": the words behind the date say that it is the one to leave."""
    return encoded[end : end + 3].lstrip(".").startswith("l")
