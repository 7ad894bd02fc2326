"""Cleaning of what people type, before it is stored."""

import re
import unicodedata

from carbot_app.kit.errors import Invalid

_BLANKS = re.compile(r"\s+")
_INVISIBLE = {"Cc", "Cs", "Co", "Cn"}


def single_line(value: str, *, field: str, limit: int, required: bool = False) -> str:
    """One line of printable text: blanks collapsed, control characters gone, composed (NFC).

    Raises:
        Invalid: ``missing`` when required and empty, ``too_long`` with ``limit`` in characters.
    """
    spaced = _BLANKS.sub(" ", value)
    printable = "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)
    line = unicodedata.normalize("NFC", printable).strip()
    if required and not line:
        raise Invalid("missing", field=field)
    if len(line) > limit:
        raise Invalid("too_long", field=field, limit=limit)
    return line
