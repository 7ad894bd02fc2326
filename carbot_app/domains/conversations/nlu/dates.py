"""Dates wished for in free text, in four languages: words become symbols, a small grammar reads the symbols.

Rules (workshop practice): "this week" ends on Friday, "next week" is Monday to Friday, a bare weekday is its
next occurrence (today excluded), "as soon as possible" has no end. All results carry the zone of `now`.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from . import lexicon
from .date_grammar import Span, find_spans
from .date_readers import Symbol
from .phrases import PhraseBook
from .schemas import DesiredDate
from .text import fold, strip_marks

_NUMERIC_DATE = lexicon.pattern("date_numeric")
_CLOCK = lexicon.pattern("clock")
_ABBREVIATED_DAY = lexicon.pattern("abbreviated_day")
_DAY_OF_MONTH = lexicon.pattern("day_of_month")
_WORD = re.compile(r"[a-z]+|\d+(?:st|nd|rd|th)?|[-–]|[.!?\n;]")
_DAYS = {
    name: index
    for index, names in enumerate(
        (
            "mo mon pon pzt",
            "di tue tues wt",
            "mi wed sr car",
            "do thu czw",
            "fr fri pt",
            "sa sat sob cmt",
            "so sun ndz",
        )
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class DateFindings:
    """The date wished for, if any, the part of day, and every span read as a date or a time.

    `moved_to` is the date wished for if the customer moves an appointment: of several the last one.
    """

    desired: DesiredDate | None
    moved_to: DesiredDate | None
    part_of_day: str | None
    spans: tuple[Span, ...]


@cache
def _date_words() -> PhraseBook:
    return PhraseBook(lexicon.phrases(lexicon.read("dates")))


def find_dates(text: str, now: datetime) -> DateFindings:
    """Read all date expressions of `text` relative to `now` (aware) and pick the one wished for."""
    symbols = _symbols(strip_marks(text), now.date())
    spans = find_spans(symbols, now.date())
    wished = [
        span for span in spans if not span.is_past and (span.clock is not None or span.from_on is not None)
    ]
    parts = [str(symbol.value) for symbol in symbols if symbol.kind == "PART"]
    return DateFindings(
        desired=_desired_date(text, max(wished, key=lambda span: (span.rank, -span.start)), now)
        if wished
        else None,
        moved_to=_desired_date(text, max(wished, key=_moved_rank), now) if wished else None,
        part_of_day=parts[0] if parts else None,
        spans=tuple(spans),
    )


def _moved_rank(span: Span) -> tuple[int, int]:
    """Any day beats a bare time; of several days the last one is the new one."""
    return (5 if span.rank in (4, 5) else span.rank, span.start)


def _desired_date(text: str, span: Span, now: datetime) -> DesiredDate:
    first = span.from_on or now.date()
    clock = span.clock or time()
    start = datetime.combine(first, clock, tzinfo=now.tzinfo)
    if span.clock is not None:
        end: datetime | None = start if span.to_on is not None or span.from_on is None else None
    else:
        end = datetime.combine(span.to_on, time(), tzinfo=now.tzinfo) if span.to_on else None
    return DesiredDate(text[span.start : span.end].strip(" .,-"), start, end)


def _symbols(plain: str, today: date) -> list[Symbol]:
    """Symbols of the text in order; words without meaning become one WORD symbol each."""
    fixed = _numeric_symbols(plain, today)
    taken = [(symbol.start, symbol.end) for symbol in fixed]
    words = [
        (match[0], match.start(), match.end())
        for match in _WORD.finditer(plain)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    symbols = fixed + _word_symbols(words)
    return sorted(symbols, key=lambda symbol: symbol.start)


def _numeric_symbols(plain: str, today: date) -> list[Symbol]:
    symbols: list[Symbol] = []
    for match in _NUMERIC_DATE.finditer(plain):
        day = _numeric_date(match, today)
        if day is not None:
            symbols.append(Symbol("DATE", day, match.start(), match.end()))
    for match in _CLOCK.finditer(plain):
        clock = _clock(match)
        if clock is not None and not any(s.start < match.end() and match.start() < s.end for s in symbols):
            symbols.append(Symbol("CLOCK", clock, match.start(), match.end()))
    for match in _DAY_OF_MONTH.finditer(plain):
        day = _next_day_of_month(int(match[1]), today)
        if day is not None:
            symbols.append(Symbol("DATE", day, match.start(), match.end()))
    for match in _ABBREVIATED_DAY.finditer(plain):
        name = next(group for group in match.groups() if group)
        symbols.append(Symbol("WD", _DAYS[name], match.start(), match.end()))
    return symbols


def _numeric_date(match: re.Match[str], today: date) -> date | None:
    if match["iso_year"]:
        year, month, day = int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
    else:
        # "11/15" is a registration month, "1/2" a fraction: slashes need the year; "2.0" is an engine.
        if match["gap"] == "/" and not match["year"]:
            return None
        day, month = int(match["day"]), int(match["month"])
        year = int(match["year"] or 0) % 100 + 2000 if match["year"] else today.year
    try:
        found = date(year, month, day)
        if not match["iso_year"] and not match["year"] and (today - found).days > 45:
            found = date(year + 1, month, day)
    except ValueError:
        return None
    return found


def _next_day_of_month(day: int, today: date) -> date | None:
    for months in (0, 1):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            found = date(year, month + 1, day)
        except ValueError:
            continue
        if found > today:
            return found
    return None


def _clock(match: re.Match[str]) -> time | None:
    groups = match.groupdict()
    hour = next(int(groups[key]) for key in ("h1", "h2", "h3", "h4", "h5") if groups[key])
    minute = next((int(groups[key]) for key in ("m1", "m2a", "m2b", "m4") if groups[key]), 0)
    half = groups["half1"] or groups["half3"] or groups["half4"]
    if half == "p" and hour < 12:
        hour += 12
    return time(hour % 24, minute) if half or 5 <= hour <= 22 or minute else None


def _word_symbols(words: list[tuple[str, int, int]]) -> list[Symbol]:
    folded = [fold(word) for word, _, _ in words]
    matches = _date_words().find(["".join(ch for ch in word if ch.isalnum()) or "-" for word in folded])
    # Longest phrase first; between equals the order of the word list decides.
    matches.sort(key=lambda match: match.start - match.end)
    labels: dict[int, tuple[str, int]] = {}
    covered: set[int] = set()
    for match in matches:
        if covered.isdisjoint(range(match.start, match.end)):
            covered.update(range(match.start, match.end))
            labels[match.start] = (match.label, match.end)
    symbols: list[Symbol] = []
    position = 0
    while position < len(words):
        label, end = labels.get(position, ("WORD", position + 1))
        if words[position][0] == "jan" and not _is_after_month_cue(words, position):
            label = "WORD"
        symbols.append(_word_symbol(label, words[position:end]))
        position = end
    return symbols


_MONTH_CUES = frozenset({"in", "im", "ab", "bis", "anfang", "mitte", "ende", "early", "mid", "late", "until"})


def _is_after_month_cue(words: list[tuple[str, int, int]], position: int) -> bool:
    """Jan is a name as well: as a month it follows a day or a word like "im"."""
    before = [word for word, _, _ in words[max(0, position - 2) : position]]
    return any(word[0].isdigit() for word in before) or not _MONTH_CUES.isdisjoint(before[-1:])


_PARTS = {"MORNING": "morning", "NOON": "afternoon", "AFTERNOON": "afternoon", "EVENING": "evening"}


def _word_symbol(label: str, words: list[tuple[str, int, int]]) -> Symbol:
    text, start, end = words[0][0], words[0][1], words[-1][2]
    if text[0].isdigit():
        return Symbol("NUM", int(re.sub(r"\D", "", text)[:6]), start, end)
    if label == "WORD" or text == "nissan":  # folds to the Turkish April
        kind = {"-": "DASH", "–": "DASH"}.get(text, "WORD" if text[0].isalpha() else "STOP")
        return Symbol(kind, None, start, end)
    if label in _PARTS:
        return Symbol("PART", _PARTS[label], start, end)
    match = re.fullmatch(r"(WD|MONTH|NUM)(\d+)", label)
    return Symbol(match[1], int(match[2]), start, end) if match else Symbol(label, None, start, end)
