"""Addresses of workshops: ``Kfz-Meisterbetrieb Müller`` → ``kfz-meisterbetrieb-mueller``."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

_RESERVED_NAMES = (
    "admin api app assets auth carbot chat demo docs health help hilfe impressum intern login logout mail "
    "metrics neu new public root static status support system team test w web werkstatt widget www"
)
RESERVED = frozenset(_RESERVED_NAMES.split())
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_MAX_LENGTH = 48
_SPELLED_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "ø": "oe",
        "æ": "ae",
        "ł": "l",
        "ı": "i",
        "đ": "d",
        "&": "-und-",
    }
)
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def slugify(text: str) -> str:
    """ASCII letters, digits and single hyphens; German umlauts spelled out; may be empty."""
    composed = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED_OUT)
    ascii_text = unicodedata.normalize("NFKD", composed).encode("ascii", "ignore").decode()
    return _SEPARATORS.sub("-", ascii_text).strip("-")[:_MAX_LENGTH].strip("-")


def slug_candidates(name: str, city: str) -> Iterator[str]:
    """Addresses to try in order: the name, the name with the city, then with growing numbers."""
    base = slugify(name) or "werkstatt"
    with_city = slugify(f"{base[: _MAX_LENGTH - 20]} {city}")
    for candidate in dict.fromkeys((base, with_city)):
        if candidate not in RESERVED:
            yield candidate
    for number in count(2):
        yield f"{base}-{number}"
