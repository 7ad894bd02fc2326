"""Grammar of date expressions over symbols (see dates.py): regular expressions on one letter per symbol."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import cast

from . import date_readers as read
from .date_readers import Symbol

_LETTERS = {
    "WD": "w", "DATE": "d", "MONTH": "M", "MAY": "M", "TODAY": "t", "TOMORROW": "T", "DAYAFTER": "U",
    "WEEK": "k", "DAY": "y", "MONTHWORD": "m", "HOURWORD": "H", "THIS": "h", "NEXT": "n",
    "NEAREST": "r", "NEXTWEEK": "N", "AFTERNEXT": "A", "WEEKEND": "e", "BEGIN": "b", "MIDDLE": "g",
    "END": "z", "IN": "i", "AFTER": "a", "FROM": "f", "UNTIL": "u", "BEFORE": "v", "BETWEEN": "B",
    "OR": "o", "NOT": "x", "PAST": "p", "ASAP": "S", "PART": "q", "NUM": "1", "CALENDARWEEK": "K",
    "CLOCK": "c", "CLOCKWORD": ".", "MOVEDTO": ">", "INSTEADOF": "<", "DASH": "-", "STOP": "|",
    "WORD": ".",
    "OLDBEFORE": "l", "ORD": "F", "CHRISTMAS": "X", "NEWYEAR": "J", "YEAREND": "Y", "BETWEENYEARS": "W",
    "FORTNIGHT": "O", "UNTILPOST": "D", "FROMPOST": "E", "BEFOREPOST": "V", "AFTERPOST": "Q", "LATER": "L",
    "CORRECTION": "C", "MY": "j", "THISWEEK": "s", "WITHIN": "P", "EARLIER": "R", "INPOST": "G",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A date expression text[start:end].

    `rank`: 0 the date to move away from or ruled out, 1 bare time or this morning (often the past), 2 ASAP,
    3 an offset, 4 vague, 5 day, 6 the new date of a move.
    """

    start: int
    end: int
    from_on: date | None
    to_on: date | None
    clock: time | None = None
    clock_end: time | None = None
    rank: int = 5
    is_past: bool = False


_CLOCK_AROUND = re.compile(r"[.q]{0,3}[u>fva-]?\.{0,2}B?(c)(?:\.?[-uo]\.?(c)|\.?(Q|E))?")
_OPEN_CLOCK = re.compile(r"[fa]\.{0,2}B?c|c\.?[QE]")
_LAST_MINUTE = time(23, 59)
_MEANINGLESS = frozenset(".|-")
_DAY = r"(?:d|[1F][|]?\.?M|M[1F])"
_AND = r"\.{0,2}[-ou]\.{0,2}"
# Tried in this order at each place of the encoded text; the first reader with a result takes the symbols.
_RULES: tuple[tuple[re.Pattern[str], int, read.Reader], ...] = tuple(
    (re.compile(pattern), rank, reader)
    for pattern, rank, reader in (
        (r"w\.?[|]?[1F][|]?\.?[-ou]\.?w?\.?[1F][|]?\.?M", 5, read.read_month_day_range),
        (r"[Bfi]?\.{0,2}[1F]\.?[|]?[-ou>]\.{0,2}[1F][|]?\.?M", 5, read.read_month_day_range),
        (r"[1F][|]?\.?M\.?[-ou]\.{0,2}[1F][|]?\.?M", 5, read.read_month_day_range),
        (r"M\.?[1F]\.?[-ou]\.?[1F](?!\.?M)", 5, read.read_month_day_range),
        (r"d[|]?" + _AND + r"d", 5, read.date_pair),
        (r"1[|]?[-ou]\.{0,2}d", 5, read.day_and_date),
        (r"d[|]?\.?[-o]\.{0,2}1[|]?(?![kyHM1])", 5, read.date_and_day),
        (rf"[ks](?:\.|\.?[fb]\.{{0,2}})?{_DAY}", 5, read.read_week_of),
        (rf"k[aQ]\.{{0,2}}{_DAY}", 5, read.read_week_after),
        (r"[1F][|]?\.?kM|(?:F|1[|])Mk|[1F]\.?k\.{0,2}M|M\.{0,2}Fk", 4, read.read_week_of_month),
        (rf"{_DAY}\.{{0,2}}k(?!i)", 5, read.read_week_of),
        (r"[1F][|]?\.?Me|[1F]\.?e\.{0,2}M|M\.{0,2}Fe", 5, read.read_weekend_of_month),
        (r"[1F][|]?\.?w\.{0,2}i?\.?M|M\.{0,2}Fw", 5, read.read_weekday_of_month),
        (rf"y[v]\.?{_DAY}", 5, read.read_day_before),
        (r"w[|]?\.{0,2}[1F][|]?\.?M|[1F][|]?\.?(?:\.M|M)(?:[|]?1?\.?w)?", 5, read.read_month_day),
        (r"w\.?F(?!\.?[kewM])", 5, read.read_weekday_and_day),
        (r"M\.?[1F]", 5, read.read_month_day),
        (r"w\.?[|]?\.?d|d(?:[|]?1?\.?w)?", 5, read.read_date),
        (r"[bgz]-?\.?\.?M|M[bgz]", 4, read.read_month_end),
        (r"i?[bgz]\.?[nrN]k?|[Nnr]k?[bgz]", 4, read.part_of_week(1)),
        (r"[bgz]\.?[hs]k?|hk[bgz]", 4, read.part_of_week(0)),
        (r"[bgz]\.{0,2}k(?!\.{0,2}[fb]?\.{0,2}[1FMd])", 4, read.part_of_week(0)),
        (r"[bgz]\.?\.?[nr]m", 4, read.part_of_next_month),
        (r"[bgz]\.{0,2}J|J[bg]", 4, read.part_of_new_year),
        (r"z\.?h?m|hmz|mz", 4, read.read_end_of_month),
        (r"A[k]?\.{0,2}w|w\.?A", 5, read.weekday_in_week(2)),
        (r"Ak?", 4, read.weeks_ahead(2)),
        (r"h\.?o\.?nk", 4, read.read_this_or_next_week),
        (r"(?:N|[nr]k)\.{0,2}[|]?w[-ou]\.{0,2}w|w[-ou]\.{0,2}w\.?(?:N|[nr]k)", 5, read.read_weekday_range),
        (r"(?:N|[nr]k)t", 5, read.days_ahead(7)),
        (r"(?:N|[nr]k)\.{0,2}[|]?w|w[|]?\.{0,2}i?(?:N|[nr]k|kN|ik)(?!\.{0,2}w)", 5, read.weekday_in_week(1)),
        (r"(?:hk|s)\.{0,2}w|w\.?i?(?:hk|s)", 5, read.read_day_of_this_week),
        (r"[iP]\.?\.?[nr][1h]k|[nr][1h]k", 4, read.read_within_weeks),
        (r"[iP]\.?\.?[nr][1h]?y|[nr][1h]?y", 4, read.read_within_days),
        (r"w\.?i\.?1k|w\.?1k[aQ]|i\.?1k\.{0,2}w|1k[aQ]\.?w", 5, read.read_weekday_in_weeks),
        (r"wO|O\.?w", 5, read.weekday_later(14)),
        (r"wk(?!i)", 5, read.weekday_later(7)),
        (r"ti\.?1?k|tk(?!i)|k[aQ]\.?t", 5, read.read_day_in_weeks(0)),
        (r"Ti\.?1?k|Tk(?!i)|k[aQ]\.?T", 5, read.read_day_in_weeks(1)),
        (r"i?O", 4, read.weeks_ahead(2)),
        (r"i\.?[nr]k|[nr]kG?|NG?|k[nr]G?", 4, read.weeks_ahead(1)),
        (r"hk|ki|s", 4, read.read_this_week),
        (r"[hi]?m[hD]|h\.?m", 4, read.read_rest_of_month),
        (r"Y", 4, read.read_rest_of_year),
        (r"W", 5, read.read_between_years),
        (r"[rhni]?[nr]?e", 4, read.read_weekend),
        (r"K1|[1F][|]?K", 4, read.read_calendar_week),
        (r"[hrn]?w[-]w|[hrn]?wu\.?w", 5, read.read_weekday_range),
        (r"[hrn]?w\.{0,2}o\.{0,2}w", 5, read.weekday_choice),
        (r"t\.?o\.{0,2}T", 5, lambda symbols, today: (today, today + timedelta(days=1))),
        (r"T\.?o\.{0,2}U", 5, lambda symbols, today: (today + timedelta(days=1), today + timedelta(days=2))),
        (r"w\.{0,3}kn", 5, read.weekday_in_week(1)),
        (r"n\.?w|w\.?n(?!k)", 5, read.read_next_weekday),
        (r"w\.?ik|w\.?a(?=[|]|$)", 5, read.weekday_in_week(1)),
        (
            r"[hr]?w",
            5,
            lambda symbols, today: read.one(read.next_weekday(today, read.weekday_named(symbols))),
        ),
        (r"P\.{0,2}1k", 4, read.read_within_weeks),
        (r"P\.{0,2}1y", 4, read.read_within_days),
        (r"F(?=\.?[>f]?\.{0,2}c)", 5, read.read_day_alone),
        (r"ik\.{0,2}w", 5, read.weekday_in_week(1)),
        (r"i1[ok]?k|1k[aQ]", 4, read.read_in_weeks),
        (r"1k[iG]", 4, read.read_within_weeks),
        (r"ik|k[aQ]i?", 4, read.weeks_ahead(1)),
        (r"i1y|1y[aQ]", 5, read.read_in_days),
        (r"1y[iGD]", 4, read.read_within_days),
        (r"[iP]\.?1H", 4, lambda symbols, today: read.one(today) if read.number(symbols) <= 12 else None),
        (r"[va]\.?X|X[VQ]", 4, read.read_christmas),
        (r"[vai]?\.{0,2}J[VQ]?", 4, read.read_new_year),
        (r"tq?", 5, read.days_ahead(0)),
        (r"T", 5, read.days_ahead(1)),
        (r"U", 5, read.days_ahead(2)),
        (r"i?[nr]m", 4, read.read_next_month),
        (r"i?M", 4, read.read_month),
        (r"S", 2, lambda symbols, today: (today, None)),
    )
)
_MOVED_BY = re.compile(r"1?[yk][LR]")


def find_spans(symbols: Sequence[Symbol], today: date) -> list[Span]:
    """All date expressions in order, with clock times joined to the day next to them."""
    encoded = "".join(_LETTERS.get(symbol.kind, ".") for symbol in symbols)
    spans: list[Span] = []
    position = 0
    while position < len(symbols):
        span, length = _read_at(encoded, symbols, position, today)
        if spans and (match := _MOVED_BY.match(encoded, position)):
            span, length = _later(spans[0], symbols[position : match.end()]), match.end() - position
        if span is not None:
            spans.append(span)
        position += length
    return spans


def _later(old: Span, symbols: Sequence[Symbol]) -> Span | None:
    """ "A day later", "a week earlier": counted from the first day named."""
    if old.from_on is None:
        return None
    days = read.number(symbols) * (7 if symbols[-2].kind == "WEEK" else 1)
    days = -days if symbols[-1].kind == "EARLIER" else days
    day = old.from_on + timedelta(days=days)
    return Span(symbols[0].start, symbols[-1].end, day, day, rank=3)


def _read_at(encoded: str, symbols: Sequence[Symbol], position: int, today: date) -> tuple[Span | None, int]:
    for pattern, rank, reader in _RULES if encoded[position] not in _MEANINGLESS else ():
        match = pattern.match(encoded, position)
        found = reader(symbols[position : match.end()], today) if match else None
        if match and found:
            end = match.end()
            span = Span(symbols[position].start, symbols[end - 1].end, *found, rank=rank)
            span, end = _with_clock(span, encoded, symbols, position, end)
            span = _in_context(span, symbols, encoded, position, today)
            return _before_postposition(span, encoded, end, today), end - position
    if encoded[position] == "c":
        symbol = symbols[position]
        span = Span(symbol.start, symbol.end, None, None, clock=cast(time, symbol.value), rank=1)
        return _in_context(span, symbols, encoded, position, today), 1
    return None, 1


def _with_clock(
    span: Span, encoded: str, symbols: Sequence[Symbol], start: int, end: int
) -> tuple[Span, int]:
    """ "Wednesday at 10": the clock may follow or stand right before; a part of day may stand between."""
    if span.from_on != span.to_on or span.rank == 2:
        return span, end
    clock_end: time | None = None
    if match := _CLOCK_AROUND.match(encoded, end):
        clocks = [cast(time, symbols[match.start(group)].value) for group in (1, 2) if match[group]]
        is_open = _OPEN_CLOCK.search(match[0])
        first, last, end = span.start, symbols[match.end() - 1].end, match.end()
        clock_end = clocks[1] if len(clocks) > 1 else _LAST_MINUTE if is_open else None
    elif match := re.search(r"(?:c[-uo])?c(?:u\.?|[.|QE]{0,2})$", encoded[max(0, start - 5) : start]):
        offset = max(0, start - 5) + match.start()
        clocks = [cast(time, symbol.value) for symbol in symbols[offset:start] if symbol.kind == "CLOCK"]
        first, last = symbols[offset].start, span.end
        if len(clocks) > 1:
            clock_end = clocks[1]
        elif _OPEN_CLOCK.search(encoded[max(0, offset - 2) : start]):
            clock_end = _LAST_MINUTE
    else:
        while end < len(encoded) and encoded[end] == "q":
            end += 1
        return replace(span, end=symbols[end - 1].end), end
    parts = {symbol.value for symbol in symbols[max(0, start - 1) : end + 1] if symbol.kind == "PART"}
    clock = _by_part_of_day(clocks[0], parts)
    if clock_end is not None and clock_end < clock:
        clock_end = time(clock_end.hour + 12, clock_end.minute) if clock_end.hour < 12 else None
    return replace(span, start=first, end=last, clock=clock, clock_end=clock_end), end


def _by_part_of_day(clock: time, parts: Collection[object]) -> time:
    """ "In the evening at seven" is 19:00."""
    if clock.hour < 12 and (
        ("evening" in parts and clock.hour >= 4) or ("afternoon" in parts and clock.hour < 8)
    ):
        return time(clock.hour + 12, clock.minute)
    return clock


def _in_context(span: Span, symbols: Sequence[Symbol], encoded: str, position: int, today: date) -> Span:
    """Words before the expression: until, before, after, from; past; the old date of a move."""
    before = re.split(r"[wdtTUkM1c|]", encoded[max(0, position - 5) : position])[-1]
    near = before[:-1] if before.endswith(".") else before
    if before.endswith(("j", "x")):
        return replace(span, rank=0)
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
    if near.endswith("f") and (span.from_on == span.to_on or span.rank == 4):
        return replace(span, to_on=None)
    return replace(span, rank=6) if near.endswith(">") else span


def _month_gone(span: Span, today: date) -> bool:
    """ "In August" said in November tells when something ran out, not when to come."""
    return span.rank == 4 and span.from_on is not None and span.from_on > today + timedelta(days=190)


def _before_postposition(span: Span, encoded: str, end: int, today: date) -> Span:
    """Words behind the expression: Turkish "until", "from" and "after", and what makes it the old date."""
    behind = re.match(r"\.{0,2}([lDE])|\.?([VQ])|[.|-]{0,4}(C)", encoded[end : end + 5])
    kind = next(group for group in behind.groups() if group) if behind else ""
    if kind in ("l", "C"):
        return replace(span, rank=0)
    if not kind or span.from_on is None or span.clock is not None or span.rank == 2 or span.to_on is None:
        return span
    if kind == "D":
        return replace(span, from_on=today)
    if kind == "E":
        return replace(span, to_on=None)
    if kind == "V" and span.from_on > today:
        return replace(span, from_on=today, to_on=span.from_on - timedelta(days=1))
    if kind == "Q" and span.from_on == span.to_on:
        return replace(span, from_on=span.from_on + timedelta(days=1), to_on=None)
    return span
