"""Texts written once and inserted often: their variables and how they are filled in (pure)."""

import re
from collections.abc import Mapping

VARIABLES = ("name", "plate", "vehicle", "appointment", "workshop", "workshop_phone", "me")
"""What may stand in double braces; translated as ``desk.variable.<key>``."""
_PLACE = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def unknown_variables(text: str) -> tuple[str, ...]:
    """What stands in double braces and is no variable, in order."""
    found = dict.fromkeys(_PLACE.findall(text))
    return tuple(key for key in found if key not in VARIABLES)


def fill(text: str, values: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """The text with its values; where one is missing stands its label in brackets, for the writer to see."""

    def value(place: re.Match[str]) -> str:
        key = place[1]
        return values.get(key) or f"[{labels.get(key, key)}]"

    return _PLACE.sub(value, text)
