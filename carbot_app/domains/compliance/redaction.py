"""Takes what names a person out of texts that have to stay (pure)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from carbot_app.kit.text import fold

GONE = "[…]"
_SHORTEST_NAME = 3
_NO_NAMES = frozenset(
    (
        *(
            "auto",
            "autohaus",
            "autos",
            "kfz",
            "firma",
            "familie",
            "frau",
            "herr",
            "gmbh",
            "mbh",
            "und",
            "ohg",
        ),
        *("gbr", "sarl", "ltd", "von", "van", "der", "den", "pflegedienst", "service", "verein", "prof"),
        *("mrs", "mister", "bay", "bayan", "pan", "pani"),
    )
)
"""Words of names that name nobody."""
_BETWEEN = r"[\s./()\-–]*"
_NUMBER_END = 8
"""Digits at the end of a number that stand alone for it, however its beginning is written."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a person is known by."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """E.164."""
    addresses: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    vins: tuple[str, ...] = ()


class Redactor:
    """Replaces every identifier in texts, also as people write it: spaces, dashes, case, national numbers."""

    def __init__(self, known: Identifiers) -> None:
        parts = [
            *(_any_case(address) for address in known.addresses),
            *(_spread(vin) for vin in known.vins),
            *(_number(number) for number in known.numbers),
            *(_spread(plate) for plate in known.plates),
            *(_any_case(name) for name in known.names),
            *(rf"\b{_any_case(word)}\b" for word in _words(known.names)),
        ]
        # The longest first, so that no half of a name stays
        found = sorted({part for part in parts if part}, key=len, reverse=True)
        self._pattern = re.compile("|".join(found), re.IGNORECASE) if found else None

    def text(self, value: str) -> str:
        """The text without them."""
        return self._pattern.sub(GONE, value) if self._pattern else value

    def value(self, value: Any) -> Any:
        """A text, or JSON of any depth; keys stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {key: self.value(item) for key, item in value.items()}
        return value


def _words(names: Iterable[str]) -> set[str]:
    return {
        word
        for name in names
        for word in re.findall(r"\w+", name)
        if len(word) >= _SHORTEST_NAME and fold(word) not in _NO_NAMES and not word.isdigit()
    }


def _any_case(text: str) -> str:
    return re.escape(text.strip())


def _spread(text: str) -> str:
    """``DO-AB 123`` also as ``do ab123``; no longer word is meant."""
    signs = [re.escape(sign) for sign in text if sign.isalnum()]
    return rf"(?<!\w){_BETWEEN.join(signs)}(?!\w)" if len(signs) >= _SHORTEST_NAME else ""


def _number(number: str) -> str:
    """+491715550142 also as ``0171 / 555 01 42``: the last digits, and whatever stands before them."""
    digits = [sign for sign in number if sign.isdigit()]
    if len(digits) < _NUMBER_END:
        return ""
    before = r"(?:[+0-9][0-9\s./()\-–]{0,12})?"
    return rf"{before}{_BETWEEN.join(digits[-_NUMBER_END:])}(?!\d)"
