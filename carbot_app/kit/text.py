"""Cleaning of what people type, before it is stored."""

import re
import unicodedata

from carbot_app.kit.errors import Invalid

_BLANKS = re.compile(r"\s+")
_UNSTORABLE = {"Cc", "Cs"}
"""Control characters (PostgreSQL refuses NUL) and lone surrogates, which no encoding can write."""

PLAIN_LETTERS = {
    **{"ß": "ss", "ẞ": "ss", "ı": "i", "İ": "i", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d"},
    **{"æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o"},
}
"""Letters without a mark that could be taken off."""


def fold(text: str) -> str:
    """For comparing words: lower case, no marks; dotted and dotless i are the same (``İğne`` → ``igne``)."""
    plain = unicodedata.normalize("NFD", text.translate(str.maketrans(PLAIN_LETTERS)))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


def single_line(value: str, *, field: str, limit: int, required: bool = False) -> str:
    """One line of printable text: blanks collapsed, control characters gone, composed (NFC).

    Raises:
        Invalid: ``missing`` when required and empty, ``too_long`` with ``limit`` in characters.
    """
    spaced = _BLANKS.sub(" ", value)
    line = unicodedata.normalize("NFC", _storable(spaced)).strip()
    if required and not line:
        raise Invalid("missing", field=field)
    if len(line) > limit:
        raise Invalid("too_long", field=field, limit=limit)
    return line


def several_lines(value: str, *, field: str, limit: int) -> str:
    """Text with its line breaks; control characters gone, composed (NFC).

    Raises:
        Invalid: ``too_long`` with ``limit`` in characters.
    """
    lines = [_storable(line.replace("\t", " ")).rstrip() for line in value.splitlines()]
    text = unicodedata.normalize("NFC", "\n".join(lines)).strip()
    if len(text) > limit:
        raise Invalid("too_long", field=field, limit=limit)
    return text


def _storable(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) not in _UNSTORABLE)
