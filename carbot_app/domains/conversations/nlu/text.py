"""Text normal forms shared by all recognisers: one keeps offsets, one makes spelling variants equal."""

import re
import unicodedata
from functools import lru_cache

MAX_CHARACTERS = 4000  # nobody describes a car problem longer; keeps the work per message bounded

_SPECIAL = {
    "ß": "s",
    "ı": "i",
    "İ": "i",
    "ł": "l",
    "Ł": "l",
    "ø": "o",
    "đ": "d",
    "’": "'",
    "`": "'",
    "´": "'",
}
_TOKEN = re.compile(r"[a-z0-9]+")
_LONG_WORD = re.compile(r"[a-z]{5,}")
_DOUBLED = re.compile(r"([a-z])\1+")
_UMLAUT_DIGRAPH = re.compile(r"(?<![qaeu])([aou])e")


def clip(text: str) -> str:
    """The first MAX_CHARACTERS characters in composed form (NFC), without control characters."""
    composed = unicodedata.normalize("NFC", text[: MAX_CHARACTERS * 2])[:MAX_CHARACTERS]
    if composed.isprintable():
        return composed
    return "".join(
        " " if unicodedata.category(char) in ("Cc", "Cf") and char != "\n" else char for char in composed
    )


@lru_cache(maxsize=32)
def strip_marks(text: str) -> str:
    """Lower case without diacritics, same length as `text` (offsets stay valid)."""
    return text.lower() if text.isascii() else "".join(map(_plain_character, text))


def _plain_character(char: str) -> str:
    if char.isascii():
        return char.lower()
    if char in _SPECIAL:
        return _SPECIAL[char]
    plain = unicodedata.normalize("NFD", char)[0].lower()
    return plain if len(plain) == 1 else char


def fold(text: str) -> str:
    """Form for comparing words: marks stripped, ae/oe/ue as a/o/u, doubled letters single in longer words.

    "Oelwechsel", "ölwechsel" and "Öllwechsel" become the same word. The length may change.
    """
    plain = _UMLAUT_DIGRAPH.sub(r"\1", strip_marks(text))
    return _LONG_WORD.sub(lambda word: _DOUBLED.sub(r"\1", word[0]), plain)


def tokens(folded: str) -> list[str]:
    """Words and numbers of a folded text."""
    return _TOKEN.findall(folded)
