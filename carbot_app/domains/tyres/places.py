"""Where a wheel set lies: rack and level, such as ``R3-2`` (pure)."""

import re
from collections.abc import Iterable

_PLACE = re.compile(r"([A-Z]{1,3}\d{0,3})[\s\-/.]*[\-/.\s](\d{1,2})")
_LEVELS = 4
_FIRST_RACK = "R1"


def normalise_place(text: str) -> str | None:
    """``r3 / 2`` → ``R3-2``; None when it is no place."""
    found = _PLACE.fullmatch(text.strip().upper())
    return f"{found[1]}-{int(found[2])}" if found and int(found[2]) else None


def free_places(known: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Free levels of every rack that was ever used, each taken to have four levels at least."""
    heights: dict[str, int] = {}
    for place in known:
        rack, _, level = place.rpartition("-")
        heights[rack] = max(heights.get(rack, _LEVELS), int(level))
    used = set(taken)
    racks = sorted(heights or {_FIRST_RACK: _LEVELS}, key=_natural)
    places = [f"{rack}-{level}" for rack in racks for level in range(1, heights.get(rack, _LEVELS) + 1)]
    return [place for place in places if place not in used]


def _natural(rack: str) -> tuple[str, int]:
    letters = rack.rstrip("0123456789")
    return letters, int(rack[len(letters) :] or 0)
