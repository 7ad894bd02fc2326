"""Dates wished for in free text, in four languages: words become symbols, a small grammar reads the symbols.

Rules (workshop practice): "this week" ends on Friday, "next week" is Monday to Friday, a bare weekday is its
next occurrence (today excluded), "as soon as possible" has no end. All results carry the zone of `now`.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import cast

from . import lexicon
from .date_clocks import join_clocks, workshop_time
from .date_context import wished_days
from .date_grammar import Span, find_spans
from .date_readers import Symbol, day_of_month
from .language import SUPPORTED, word_scores
from .phrases import PhraseBook
from .schemas import DesiredDate
from .text import fold, strip_marks

_NUMERIC_DATE = lexicon.pattern("date_numeric")
_CLOCK = lexicon.pattern("clock")
_ABBREVIATED_DAY = lexicon.pattern("abbreviated_day")
_DAY_OF_MONTH = lexicon.pattern("day_of_month")
_DOTTED = lexicon.pattern("dotted_clock")
_GREETING = lexicon.pattern("morning_greeting")
_THIS_MORNING = re.compile(
    r"this morning|heut\w* (?:morgen|fruh)|dzis\w* rano|bu sabah|ce matin|stamattina|vanmorgen"
)
# Compounds ("Samstagvormittag", "Dezemberwochenende") are two words to the grammar.
_WORD = re.compile(
    r"(?:januar|februar|marz|april|juni|juli|august|september|oktober|november|dezember)(?=(?:woche?|halfte|mitte|ende)n?)"
    r"|(?:(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)(?=(?:s?morgen|fruh|vor|mittag|nach|abend|s?termin))"
    r"|[a-z]+|\d+(?:st|nd|rd|th)?|[-–]|[.!?\n;]"
)
_DAYS = {
    name: index
    for index, names in enumerate(
        (
            "mo mon pon pn pzt",
            "di tue tues wt",
            "mi wed sr car",
            "do thu czw",
            "fr fri pt",
            "sa sat sob sb cmt cts",
            "so sun ndz nd",
        )
    )
    for name in names.split()
}


_GERMAN_ABBREVIATIONS = frozenset({"mo", "di", "mi", "do", "fr", "sa", "so"})


@dataclass(frozen=True, slots=True)
class DateFindings:
    """The date wished for, if any, the part of day, and every span read as a date or a time.

    `moved_to` is the date wished for if the customer moves an appointment: of several the last one;
    `kind` how the wish was told: "clock" (a time without a day), "asap" or "day".
    """

    desired: DesiredDate | None
    moved_to: DesiredDate | None
    part_of_day: str | None
    kind: str
    spans: tuple[Span, ...]


@cache
def _date_words() -> PhraseBook:
    return PhraseBook(lexicon.phrases(lexicon.read("dates")), shortest_typo=7, long_words_err_twice=False)


def _languages(plain: str) -> frozenset[str]:
    """The languages the words of the text speak for; all when they do not tell."""
    scores = word_scores(plain)
    best = max((scores.get(language, 0.0) for language in SUPPORTED), default=0.0)
    return frozenset(language for language in SUPPORTED if scores.get(language, 0.0) >= best)


def find_dates(text: str, now: datetime) -> DateFindings:
    """Read all date expressions of `text` relative to `now` (aware) and pick the one wished for."""
    symbols = join_clocks(_symbols(text, now.date()))
    spans = [_less_if_this_morning(span, text) for span in find_spans(symbols, now.date())]
    wished = [
        span
        for span in spans
        if not span.is_past and span.rank > 0 and (span.clock is not None or span.from_on is not None)
    ]
    wished = wished_days(wished, text)
    parts = [str(symbol.value) for symbol in symbols if symbol.kind == "PART"]
    return DateFindings(
        desired=_desired_date(text, _wished_span(wished, now.date()), now) if wished else None,
        moved_to=_desired_date(text, _moved_span(wished, spans), now) if wished else None,
        part_of_day=parts[0] if parts else None,
        kind=_kind(wished),
        spans=tuple(spans),
    )


def _less_if_this_morning(span: Span, text: str) -> Span:
    """At the workshop's hours "this morning" tells what happened rather than when to come."""
    is_morning = span.rank > 1 and _THIS_MORNING.fullmatch(strip_marks(text[span.start : span.end]))
    return replace(span, rank=1) if is_morning else span


def _kind(wished: list[Span]) -> str:
    best = max((span.rank for span in wished), default=0)
    if best == 2:
        return "asap"
    return "clock" if best == 1 and all(span.from_on is None for span in wished) else "day"


_OFFSET_FIRST = {3: 7}  # "two days later" is counted from a day which is then no wish


def _wished_span(wished: list[Span], today: date) -> Span:
    """The first of the surest; who leaves tomorrow and asks for today wants today."""
    best = max(wished, key=lambda span: (_OFFSET_FIRST.get(span.rank, span.rank), -span.start))
    if best.from_on == today + timedelta(days=1):
        return next((span for span in wished if span.rank == best.rank and span.to_on == today), best)
    return best


def _moved_span(wished: list[Span], spans: list[Span]) -> Span:
    """Where an appointment is moved to; a time alone is meant on the day it is on."""
    best = max(wished, key=_moved_rank)
    days = {(span.from_on, span.to_on) for span in spans if span.from_on is not None and not span.is_past}
    if best.from_on is None and len(days) == 1:
        first, last = days.pop()
        return replace(best, from_on=first, to_on=last)
    return best


def _moved_rank(span: Span) -> tuple[int, int]:
    """Any day beats a bare time; of several days the last one is the new one."""
    return ({3: 6, 4: 5}.get(span.rank, span.rank), span.start)


def _desired_date(text: str, span: Span, now: datetime) -> DesiredDate:
    first = span.from_on or now.date()
    clock = span.clock or time()
    start = datetime.combine(first, clock, tzinfo=now.tzinfo)
    if span.clock is not None:
        end: datetime | None = start if span.to_on is not None or span.from_on is None else None
        if span.clock_end is not None and end is not None:
            end = datetime.combine(first, span.clock_end, tzinfo=now.tzinfo)
    else:
        end = datetime.combine(span.to_on, time(), tzinfo=now.tzinfo) if span.to_on else None
    return DesiredDate(text[span.start : span.end].strip(" .,-"), start, end)


def _symbols(text: str, today: date) -> list[Symbol]:
    """Symbols of the text in order; words without meaning become one WORD symbol each."""
    plain = strip_marks(text)
    languages = _languages(text)
    fixed = _numeric_symbols(plain, today, languages)
    taken = [(symbol.start, symbol.end) for symbol in fixed]
    words = [
        (match[0], match.start(), match.end())
        for match in _WORD.finditer(plain)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    symbols = sorted(fixed + _word_symbols(words, languages, today), key=lambda symbol: symbol.start)
    return [
        _time_after_weekday(before, symbol, plain)
        for before, symbol in zip([None, *symbols], symbols, strict=False)
    ]


def _time_after_weekday(before: Symbol | None, symbol: Symbol, plain: str) -> Symbol:
    """ "Thursday 9.10" is ten past nine unless 9 October is a Thursday."""
    if before is None or (before.kind, symbol.kind) != ("WD", "DATE"):
        return symbol
    if before.value == cast(date, symbol.value).weekday():
        return symbol
    match = re.fullmatch(r"(\d{1,2})\.(\d\d)", plain[symbol.start : symbol.end])
    clock = workshop_time(int(match[1]), int(match[2])) if match else None
    return Symbol("CLOCK", clock, symbol.start, symbol.end) if clock else symbol


def _numeric_symbols(plain: str, today: date, languages: frozenset[str]) -> list[Symbol]:
    symbols: list[Symbol] = []
    for match in _NUMERIC_DATE.finditer(plain):
        day = _numeric_date(match, today)
        if day is not None:
            symbols.append(Symbol("DATE", day, match.start("day" if match["day"] else 0), match.end()))
    for match in _CLOCK.finditer(plain):
        clock = _clock(match)
        if clock is not None and not any(s.start < match.end() and match.start() < s.end for s in symbols):
            symbols.append(Symbol("CLOCK", clock, match.start(), match.end()))
    for match in _DOTTED.finditer(plain):
        clock = workshop_time(int(match[1]), int(match[2]))
        if clock is not None and not any(s.start < match.end() and match.start() < s.end for s in symbols):
            symbols.append(Symbol("DOTTED", clock, match.start(), match.end()))
    for match in _DAY_OF_MONTH.finditer(plain):
        day = _next_day_of_month(int(next(group for group in match.groups() if group)), today)
        if day is not None and not any(s.start < match.end() and match.start() < s.end for s in symbols):
            symbols.append(Symbol("DATE", day, match.start(), match.end()))
    for match in _ABBREVIATED_DAY.finditer(plain):
        name = next(group for group in match.groups() if group)
        if (
            "de" in languages or name not in _GERMAN_ABBREVIATIONS
        ):  # "mi?" asks in Turkish, "do" helps in English
            symbols.append(Symbol("WD", _DAYS[name], match.start(), match.end()))
    if greeting := _GREETING.match(plain):
        symbols.append(Symbol("WORD", None, greeting.start(), greeting.end()))
    return symbols


def _numeric_date(match: re.Match[str], today: date) -> date | None:
    if match["iso_year"]:
        year, month, day = int(match["iso_year"]), int(match["iso_month"]), int(match["iso_day"])
    else:
        # "11/15" is a registration month, "1/2" a fraction: slashes need the year or a word like "on".
        # "2.0" is an engine.
        sure = match["year"] or match["cue"]
        if not sure and (match["gap"] == "/" or not (match["dot"] or len(match["month"]) == 2)):
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
    written = next(groups[key] for key in ("h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8") if groups[key])
    hour = int(written)
    minute = next(
        (int(groups[key]) for key in ("m1", "m2a", "m2b", "m3", "m4", "m5", "m8") if groups[key]), 0
    )
    half = groups["half1"] or groups["half3"] or groups["half4"]
    if half == "p" and hour < 12:
        hour += 12
    if half or written.startswith("0"):
        return time(hour % 24, minute)
    return workshop_time(hour, minute) if 1 <= hour <= 22 or minute else None


def _word_symbols(words: list[tuple[str, int, int]], languages: frozenset[str], today: date) -> list[Symbol]:
    folded = [fold(word) for word, _, _ in words]
    found = _date_words().find(["".join(ch for ch in word if ch.isalnum()) or "-" for word in folded])
    matches = [match for match in found if match.label.partition("_")[2] in ("", *languages)]
    # Longest phrase first; between equals the order of the word list decides.
    order = list(lexicon.read("dates"))
    matches.sort(key=lambda match: (match.start - match.end, order.index(match.label)))
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
        if words[position][0] in _AMBIGUOUS_MONTHS and not _is_after_month_cue(words, position):
            label = "WORD"
        symbols.append(_word_symbol(label, words[position:end], today))
        position = end
    return symbols


_AMBIGUOUS_MONTHS = frozenset({"jan", "may", "maja"})  # a name, a modal verb, "they have" (mają)
_MONTH_CUES = frozenset(
    {
        "w",
        "do",
        "od",
        "po",
        "polowie",
        "koniec",
        "poczatek",
        "konca",
        "of",
        "by",
        "before",
        "next",
        "in",
        "im",
        "ab",
        "bis",
        "anfang",
        "mitte",
        "ende",
        "early",
        "mid",
        "late",
        "until",
    }
)


def _is_after_month_cue(words: list[tuple[str, int, int]], position: int) -> bool:
    """Such a word is a month next to a number or behind a word like "im"."""
    before = [word for word, _, _ in words[max(0, position - 2) : position]]
    behind = [word for word, _, _ in words[position + 1 : position + 2]]
    return any(word[0].isdigit() for word in before + behind) or not _MONTH_CUES.isdisjoint(before[-1:])


_PARTS = {"MORNING": "morning", "NOON": "afternoon", "AFTERNOON": "afternoon", "EVENING": "evening"}


def _word_symbol(label: str, words: list[tuple[str, int, int]], today: date) -> Symbol:
    text, start, end = words[0][0], words[0][1], words[-1][2]
    if text[0].isdigit():
        kind = "ORD" if text[-1].isalpha() else "NUM"
        return Symbol(kind, int(re.sub(r"\D", "", text)[:6]), start, end)
    if label == "WORD" or text == "nissan":  # folds to the Turkish April
        kind = {"-": "DASH", "–": "DASH"}.get(text, "WORD" if text[0].isalpha() else "STOP")
        return Symbol(kind, None, start, end)
    label = label.partition("_")[0]
    if label in _PARTS:
        return Symbol("PART", _PARTS[label], start, end)
    if label.startswith("HOLIDAY"):
        return Symbol("DATE", day_of_month(int(label[-2:]), int(label[-4:-2]), today), start, end)
    match = re.fullmatch(r"(WD|MONTH|NUM|ORD|HOUR)(\d+)", label)
    return Symbol(match[1], int(match[2]), start, end) if match else Symbol(label, None, start, end)
