"""Thousands told in words, as callers and speech-to-text do: "hundertzwanzigtausend" becomes "120000 km"."""

import re
from functools import cache

from . import lexicon
from .text import strip_marks

_WORD = re.compile(r"[a-z]+")
_THOUSAND = re.compile("tausend|thousand|bin|tysi|tys")
_ENDING = re.compile(r"d[ea]n?|dir|deyim|i|e")  # Turkish "in seksen binde"
_JOINING = frozenset({"and", "a", "und"})
_OTHER_UNIT = re.compile(
    r"[\s.]*(?:km|kilo|mil|eur|€|zl|pln|tl|lira|pound|quid|stuck|mal|mehr|weniger|fazla|over|more|less|wiec)"
)
_LEAST = 5000  # less is a year


@cache
def _values() -> dict[str, int]:
    words = lexicon.phrases(lexicon.read("numbers")["words"])
    return {strip_marks(word): int(value) for value, names in words.items() for word in names}


@cache
def _part() -> re.Pattern[str]:
    words = "|".join(sorted(_values(), key=len, reverse=True))
    return re.compile(rf"({words})(?:und)?")


def _numbers_of(word: str) -> list[int]:
    """The numbers a word is made of; empty when it is none."""
    found: list[int] = []
    position = 0
    while position < len(word):
        match = _part().match(word, position)
        if match is None:
            return found if found and _ENDING.fullmatch(word, position) else []
        found.append(_values()[match[1]])
        position = match.end()
    return found


def _value(numbers: list[int]) -> int:
    """ "Two hundred, five, thirty, thousand" is 235000."""
    total = current = 0
    for number in numbers:
        if number == 1000:
            total, current = total + max(current, 1) * 1000, 0
        elif number == 100:
            current = max(current, 1) * 100
        else:
            current += number
    return total + current


def _starts_anew(last: int, following: int) -> bool:
    """ "Four, eighty": two numbers said one after the other."""
    return last < 100 and following < 100 and not (last >= 20 and following < 10)


def digits_for_thousands(plain: str) -> str:
    """`plain` (lower case, no marks) with thousands in words as digits; without another unit they are km."""
    if not _THOUSAND.search(plain):
        return plain
    runs: list[tuple[int, int, list[int]]] = []
    for match in _WORD.finditer(plain):
        numbers = _numbers_of(match[0])
        follows = bool(runs) and not plain[runs[-1][1] : match.start()].strip(" -")
        if follows and numbers and _starts_anew(runs[-1][2][-1], numbers[0]):
            follows = False
        if follows and (numbers or match[0] in _JOINING):
            start, end, before = runs[-1]
            runs[-1] = (start, match.end() if numbers else end + 1 + len(match[0]), before + numbers)
        elif numbers:
            runs.append((match.start(), match.end(), numbers))
    for start, end, numbers in reversed(runs):
        if 1000 in numbers and _value(numbers) >= _LEAST:
            unit = "" if _OTHER_UNIT.match(plain, end) else " km"
            plain = f"{plain[:start]}{_value(numbers)}{unit} {plain[end:].lstrip()}"
    return plain
