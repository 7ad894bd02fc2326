"""Clock times in words and numbers ("viertel vor acht", "zwischen 10 und 12"), joined to one symbol each.

A workshop is open by day: an hour before six means the afternoon.
"""

import re
from collections.abc import Callable, Sequence
from datetime import time
from typing import cast

from .date_readers import Symbol

_LETTERS = {
    "NUM": "1", "HOUR": "P", "CLOCK": "c", "DOTTED": "d", "HALFTO": "h", "HALFPAST": "x", "HALFAFTER": "b",
    "QUARTERTO": "q", "QUARTERPAST": "Q", "QUARTER": "w", "OCLOCK": "u", "HUNDRED": "0", "PM": "p",
    "CUE": "C",
    "BEFORE": "v", "AFTER": "a", "MOVEDTO": "T", "OR": "o", "DASH": "-", "UNTIL": "U", "BETWEEN": "B",
    "FROM": "f", "WEEK": "k", "DAY": "k", "MONTHWORD": "k", "HOURWORD": "k", "MONTH": "M", "MAY": "M",
    "STOP": "|", "WD": "D", "DATE": "D", "TODAY": "D", "TOMORROW": "D", "DAYAFTER": "D", "PART": "D",
    "WEEKEND": "k",
}  # fmt: skip
_NO_UNIT = r"(?![|]?\.?[kM]|[|]?1|u?-|[oUT]\.?1[|]?\.?M)"


def workshop_time(hour: int, minute: int = 0) -> time | None:
    """The time of day meant by an hour as spoken; None when there is no such hour."""
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        return None
    return time((hour + 12 if 1 <= hour < 6 else hour) % 24, minute)


def _hours(symbols: Sequence[Symbol]) -> list[int]:
    return [cast(int, symbol.value) for symbol in symbols if symbol.kind in ("NUM", "HOUR")]


def _at(minutes: int) -> Callable[[Sequence[Symbol]], time | None]:
    """The hour named, moved by `minutes`."""

    def read(symbols: Sequence[Symbol]) -> time | None:
        total = _hours(symbols)[0] * 60 + minutes
        return workshop_time(total // 60, total % 60)

    return read


def _minutes_to(symbols: Sequence[Symbol]) -> time | None:
    """ "Ten to nine", "zehn nach acht"."""
    minutes, hour = _hours(symbols)[:2]
    if minutes not in (5, 10, 20, 25):
        return None
    total = hour * 60 + (minutes if any(symbol.kind == "AFTER" for symbol in symbols) else -minutes)
    return workshop_time(total // 60, total % 60)


def _hour_and_minute(symbols: Sequence[Symbol]) -> time | None:
    numbers = _hours(symbols)
    return workshop_time(numbers[0], numbers[1] if len(numbers) > 1 else 0)


def _hundred_hours(symbols: Sequence[Symbol]) -> time | None:
    """ "Thirteen hundred"; "two hundred" is a price."""
    hour = _hours(symbols)[0]
    return time(hour) if 7 <= hour <= 20 else None


def _afternoon(symbols: Sequence[Symbol]) -> time | None:
    hour = _hours(symbols)[0]
    return time(hour + 12) if hour < 12 else workshop_time(hour)


# (what stands before, the time itself, reader): the first that fits at a place wins.
_RULES: tuple[tuple[re.Pattern[str], Callable[[Sequence[Symbol]], time | None]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"h[1P]", _at(-30)),
        (r"x1", _at(30)),
        (r"1b", _at(30)),
        (r"q[1P]", _at(-15)),
        (r"Q[1P]", _at(15)),
        (r"(?<=[CDf])w1" + _NO_UNIT, _at(-45)),
        (r"(?<=[CD])1[vaT]1" + _NO_UNIT, _minutes_to),
        (r"1u1" + _NO_UNIT, _hour_and_minute),
        (r"1u", _hour_and_minute),
        (r"1[0]", _hundred_hours),
        (r"1p", _afternoon),
        (r"(?<=[Cafv])P1?" + _NO_UNIT, _hour_and_minute),
        (r"(?<=U)P", _hour_and_minute),
        (r"(?<=C)1" + _NO_UNIT, _hour_and_minute),
        (r"(?<=D[fvaU])1" + _NO_UNIT, _hour_and_minute),
        (r"(?<=B)1(?=[o-]\.?(?:1(?![|]?\.?[kM1]|[|][-o1])|c))", _hour_and_minute),
        (r"(?<=B1[o-])1" + _NO_UNIT, _hour_and_minute),
        (r"1(?=[-oU]c)|1(?=-1B)|(?<=1-)1(?=B)", _hour_and_minute),
    )
)  # fmt: skip
_DAY_BEFORE = re.compile(r"[DM]\.?[Cf|]?\.?$|C$|B$|[co][-oU]$|[1D]\.$")


def join_clocks(symbols: Sequence[Symbol]) -> list[Symbol]:
    """`symbols` with every clock time as one CLOCK symbol."""
    encoded = "".join(_LETTERS.get(symbol.kind, ".") for symbol in symbols)
    joined: list[Symbol] = []
    position = 0
    while position < len(symbols):
        symbol, length = _read_at(encoded, symbols, position)
        joined.append(symbol)
        position += length
    return joined


def _read_at(encoded: str, symbols: Sequence[Symbol], position: int) -> tuple[Symbol, int]:
    symbol = symbols[position]
    if symbol.kind == "DOTTED":  # "9.15" is a time behind a day, a price or a size elsewhere
        is_clock = _DAY_BEFORE.search(encoded[:position])
        return Symbol("CLOCK" if is_clock else "WORD", symbol.value, symbol.start, symbol.end), 1
    for pattern, reader in _RULES:
        if match := pattern.match(encoded, position):
            taken = symbols[position : match.end()]
            if (clock := reader(taken)) is not None:
                return Symbol("CLOCK", clock, taken[0].start, taken[-1].end), len(taken)
    return symbol, 1
