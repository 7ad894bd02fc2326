"""Grammar of date expressions over symbols (see dates.py): regular expressions on one letter per symbol."""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import cast

_LETTERS = {
    "WD": "w", "DATE": "d", "MONTH": "M", "MAY": "Y", "TODAY": "t", "TOMORROW": "T", "DAYAFTER": "U",
    "WEEK": "k", "DAY": "y", "MONTHWORD": "m", "HOURWORD": "H", "THIS": "h", "NEXT": "n",
    "NEAREST": "r", "NEXTWEEK": "N", "AFTERNEXT": "A", "WEEKEND": "e", "BEGIN": "b", "MIDDLE": "g",
    "END": "z", "IN": "i", "AFTER": "a", "FROM": "f", "UNTIL": "u", "BEFORE": "v", "BETWEEN": "B",
    "OR": "o", "NOT": "x", "PAST": "p", "ASAP": "S", "PART": "q", "NUM": "1", "CALENDARWEEK": "K",
    "CLOCK": "c", "CLOCKWORD": ".", "MOVEDTO": ">", "INSTEADOF": "<", "DASH": "-", "STOP": "|",
    "WORD": ".",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Symbol:
    """One piece of text with a meaning for dates; `value` depends on the kind."""

    kind: str
    value: int | str | date | time | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A date expression text[start:end].

    `rank`: 0 the date to move away from, 1 ASAP, 2 bare time, 3 vague, 4 day, 5 the new date of a move.
    """

    start: int
    end: int
    from_on: date | None
    to_on: date | None
    clock: time | None = None
    rank: int = 4
    is_past: bool = False


DayRange = tuple[date | None, date | None]
_Reader = Callable[[Sequence[Symbol], date], "DayRange | None"]


def _number(symbols: Sequence[Symbol], index: int = 0) -> int:
    numbers = [symbol.value for symbol in symbols if symbol.kind == "NUM"]
    return cast(int, numbers[index]) if numbers else 1


def _weekday(symbols: Sequence[Symbol], index: int = 0) -> int:
    return cast(int, [symbol.value for symbol in symbols if symbol.kind == "WD"][index])


def _next_weekday(today: date, weekday: int) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def _day_of_month(day: int, month: int, today: date) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            return None
        if found >= today - timedelta(days=45):
            return found
    return None


def _month(symbols: Sequence[Symbol], index: int = 0) -> int:
    months = [
        5 if symbol.kind == "MAY" else cast(int, symbol.value)
        for symbol in symbols
        if symbol.kind in ("MONTH", "MAY")
    ]
    return months[min(index, len(months) - 1)]


def _one(day: date | None) -> "DayRange | None":
    return (day, day) if day else None


def _read_month_day(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    days = [
        cast(int, symbol.value)
        for symbol in symbols
        if symbol.kind == "NUM" and cast(int, symbol.value) <= 31
    ]
    return _one(_day_of_month(days[0], _month(symbols), today)) if days else None


def _read_month_day_range(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    first, last = _number(symbols, 0), _number(symbols, 1)
    month_count = sum(symbol.kind in ("MONTH", "MAY") for symbol in symbols)
    start = _day_of_month(first, _month(symbols, 0), today)
    end = _day_of_month(last, _month(symbols, month_count - 1), today)
    return (start, end) if start and end and start <= end else None


def _read_month_end(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """Beginning (1-10), middle (11-20) or end (21-) of a month."""
    month = _month(symbols)
    year = today.year if month >= today.month else today.year + 1
    last = calendar.monthrange(year, month)[1]
    kinds = {symbol.kind for symbol in symbols}
    first_day, last_day = (1, 10) if "BEGIN" in kinds else (11, 20) if "MIDDLE" in kinds else (21, last)
    return date(year, month, first_day), date(year, month, last_day)


def _read_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    month = _month(symbols)
    year = today.year if month >= today.month else today.year + 1
    first = date(year, month, 1)
    return max(first, today), date(year, month, calendar.monthrange(year, month)[1])


def _read_next_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _read_end_of_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    last = today.replace(day=calendar.monthrange(today.year, today.month)[1])
    return max(today, last - timedelta(days=6)), last


def _weeks_ahead(weeks: int) -> _Reader:
    return lambda symbols, today: (_monday(today, weeks), _monday(today, weeks) + timedelta(days=4))


def _weekday_in_week(weeks: int) -> _Reader:
    return lambda symbols, today: _one(_monday(today, weeks) + timedelta(days=_weekday(symbols)))


def _part_of_week(weeks: int) -> _Reader:
    def read(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
        kinds = {symbol.kind for symbol in symbols}
        first, last = (0, 1) if "BEGIN" in kinds else (2, 2) if "MIDDLE" in kinds else (3, 4)
        monday = _monday(today, weeks)
        return max(today, monday + timedelta(days=first)), monday + timedelta(days=last)

    return read


def _read_this_week(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, max(today, _monday(today, 0) + timedelta(days=4))


def _read_weekend(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    weeks = 1 if any(symbol.kind == "NEXT" for symbol in symbols) else 0
    saturday = _monday(today, weeks) + timedelta(days=5)
    return saturday, saturday + timedelta(days=1)


def _read_calendar_week(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    week = _number(symbols)
    if not 1 <= week <= 53:
        return None
    year = today.year if week >= today.isocalendar().week else today.year + 1
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=4)


def _read_weekday_range(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    first = _next_weekday(today, _weekday(symbols, 0))
    if any(symbol.kind in ("NEXT", "NEXTWEEK") for symbol in symbols):
        first = _monday(today, 1) + timedelta(days=_weekday(symbols, 0))
    last = _next_weekday(first, _weekday(symbols, 1))
    return first, last


def _read_in_weeks(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return _weeks_ahead(_number(symbols))(symbols, today) if _number(symbols) <= 20 else None


def _read_in_days(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return _one(today + timedelta(days=_number(symbols))) if _number(symbols) <= 90 else None


def _read_within_weeks(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, today + timedelta(days=7 * _number(symbols) - 1)


def _read_within_days(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    return today, today + timedelta(days=_number(symbols))


def _read_next_weekday(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    """ "Next Wednesday" said on Monday is the one of next week; "this" or "coming" is the nearest."""
    nearest = _next_weekday(today, _weekday(symbols))
    in_this_week = nearest < _monday(today, 1)
    return _one(nearest + timedelta(days=7) if in_this_week else nearest)


def _weekday_choice(symbols: Sequence[Symbol], today: date) -> DayRange:
    days = sorted(_next_weekday(today, _weekday(symbols, index)) for index in (0, 1))
    return days[0], days[1]


def _date_pair(symbols: Sequence[Symbol]) -> "DayRange | None":
    first, last = (cast(date, symbol.value) for symbol in symbols if symbol.kind == "DATE")
    return (first, last) if first <= last else (last, first)


def _day_and_date(symbols: Sequence[Symbol]) -> "DayRange | None":
    last = cast(date, next(symbol.value for symbol in symbols if symbol.kind == "DATE"))
    try:
        first = last.replace(day=_number(symbols))
    except ValueError:
        return None
    return (first, last) if first <= last else None


def _part_of_next_month(symbols: Sequence[Symbol], today: date) -> "DayRange | None":
    following = (today.month % 12) + 1
    return _read_month_end([*symbols, Symbol("MONTH", following, 0, 0)], today)


_CLOCK_AROUND = re.compile(r"\.{0,2}[u>f-]?\.?(?:c\.?[-u>o]\.?)?c")
# Tried in this order at each place of the encoded text; the first reader with a result takes the symbols.
_RULES: tuple[tuple[re.Pattern[str], int, _Reader], ...] = tuple(
    (re.compile(pattern), rank, reader)
    for pattern, rank, reader in (
        (r"[BPfi]?\.{0,2}1\.?[|]?[-ou>]\.?1[|]?\.?[MY]", 4, _read_month_day_range),
        (r"1[|]?\.?[MY]\.?[-ou]\.?1[|]?\.?[MY]", 4, _read_month_day_range),
        (r"d\.{0,2}[-ou]\.{0,2}d", 4, lambda s, t: _date_pair(s)),
        (r"1[|]?[-ou]\.{0,2}d", 4, lambda s, t: _day_and_date(s)),
        (r"w[|]?\.{0,2}1[|]?\.?[MY]|1[|]?\.?[MY]", 4, _read_month_day),
        (r"[MY]\.?1", 4, _read_month_day),
        (r"w\.?[|]?\.?d|d", 4, lambda s, t: _one(cast(date, next(x.value for x in s if x.kind == "DATE")))),
        (r"[bgz]\.?\.?M|M[bgz]", 4, _read_month_end),
        (r"i?[bgz]\.?[nrN]k?|[Nnr]k?[bgz]", 4, _part_of_week(1)),
        (r"[bgz]\.?hk|hk[bgz]", 4, _part_of_week(0)),
        (r"[bgz]\.?\.?[nr]m", 4, _part_of_next_month),
        (r"z\.?h?m|hmz|mz", 3, _read_end_of_month),
        (r"A[k]?\.{0,2}w|w\.?A", 4, _weekday_in_week(2)),
        (r"Ak?", 4, _weeks_ahead(2)),
        (r"(?:N|[nr]k)\.{0,2}[|]?w[-ou]\.?w|w[-ou]\.?w\.?(?:N|[nr]k)", 4, _read_weekday_range),
        (r"(?:N|[nr]k)\.{0,2}[|]?w|w[|]?\.{0,2}i?(?:N|[nr]k|kN)", 4, _weekday_in_week(1)),
        (r"hk\.{0,2}w|w\.?i?hk", 4, lambda s, t: _one(_next_weekday(t - timedelta(days=1), _weekday(s)))),
        (r"i\.?[nr]1k|[nr]1k", 3, _read_within_weeks),
        (r"i\.?[nr]1?y|[nr]1?y", 3, _read_within_days),
        (r"i\.?[nr]k|[nr]k|N|k[nr]", 4, _weeks_ahead(1)),
        (r"hk|ki", 4, _read_this_week),
        (r"[rhni]?[nr]?e", 4, _read_weekend),
        (r"K1|1[|]?K", 4, _read_calendar_week),
        (r"w[-]w|wuw", 4, _read_weekday_range),
        (r"w\.{0,2}o\.{0,2}w", 4, _weekday_choice),
        (r"t\.?o\.?T", 4, lambda s, t: (t, t + timedelta(days=1))),
        (r"T\.?o\.?U", 4, lambda s, t: (t + timedelta(days=1), t + timedelta(days=2))),
        (r"n\.?w", 4, _read_next_weekday),
        (r"[hr]?w", 4, lambda s, t: _one(_next_weekday(t, _weekday(s)))),
        (r"i1[ok]?k|1ka", 4, _read_in_weeks),
        (r"1ki", 3, _read_within_weeks),
        (r"ik|kai?", 4, _weeks_ahead(1)),
        (r"i1y|1ya", 4, _read_in_days),
        (r"1yi", 3, _read_within_days),
        (r"i\.?1H|1H", 3, lambda s, t: _one(t) if _number(s) <= 12 else None),
        (r"t", 4, lambda s, t: _one(t)),
        (r"T", 4, lambda s, t: _one(t + timedelta(days=1))),
        (r"U", 4, lambda s, t: _one(t + timedelta(days=2))),
        (r"i?[nr]m", 3, _read_next_month),
        (r"i?M", 3, _read_month),
        (r"S", 1, lambda s, t: (t, None)),
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
    for pattern, rank, reader in _RULES:
        match = pattern.match(encoded, position)
        found = reader(symbols[position : match.end()], today) if match else None
        if match and found:
            end = match.end()
            span = Span(symbols[position].start, symbols[end - 1].end, *found, rank=rank)
            span, end = _with_clock(span, encoded, symbols, position, end)
            return _in_context(span, encoded, position, today), end - position
    if encoded[position] == "c":
        symbol = symbols[position]
        span = Span(symbol.start, symbol.end, None, None, clock=cast(time, symbol.value), rank=2)
        return _in_context(span, encoded, position, today), 1
    return None, 1


def _with_clock(
    span: Span, encoded: str, symbols: Sequence[Symbol], start: int, end: int
) -> tuple[Span, int]:
    """ "Wednesday at 10": the clock may follow or stand right before; a part of day may stand between."""
    if span.from_on != span.to_on or span.rank == 1:
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


def _in_context(span: Span, encoded: str, position: int, today: date) -> Span:
    """Words before the expression: until, before, from; past; the old date of a move."""
    before = encoded[max(0, position - 3) : position]
    near = before[-2:].replace(".", "")
    if "p" in before or (span.to_on is not None and span.to_on < today):
        return replace(span, is_past=True)
    if "<" in encoded[max(0, position - 5) : position]:
        return replace(span, rank=0)
    if span.from_on is None or span.clock is not None or span.rank == 1:
        return replace(span, rank=5) if near.endswith(">") else span
    if near.endswith("u") and span.to_on:
        return replace(span, from_on=today)
    if near.endswith("v") and span.from_on > today:
        return replace(span, from_on=today, to_on=span.from_on - timedelta(days=1))
    if near.endswith("f"):
        return replace(span, to_on=None)
    return replace(span, rank=5) if near.endswith(">") else span
