"""What price class a car is in, by its names; the table is vehicle_classes.toml (pure)."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

CLASS_FACTORS: Mapping[str, int] = {
    "small": 85,
    "compact": 100,
    "mid": 115,
    "suv": 125,
    "van": 140,
    "premium": 150,
}
"""Vehicle class → percent of the price of a compact car (domain.md 6); a workshop may set its own."""
VEHICLE_CLASSES = tuple(CLASS_FACTORS)

_MAKE_ALIASES = {
    "volkswagen": "vw",
    "mercedes benz": "mercedes",
    "mercedesbenz": "mercedes",
    "daimler": "mercedes",
    "benz": "mercedes",
    "mb": "mercedes",
    "vauxhall": "opel",
    "alfa": "alfa romeo",
    "landrover": "land rover",
    "range rover": "land rover",
    "ds": "citroen",
}
_BMW_NUMBER = re.compile(r"([1-8])\d{2}(?:[a-z]{0,2}|\b)")
_MERCEDES_NUMBER = re.compile(r"(a|b|c|e|s|g|v|cla|cls|clk|gl[abces]|ml|sl|slk|slc) ?\d{2,3}\b")


def class_factors(own: Mapping[str, int]) -> dict[str, int]:
    """The default factors in percent with the workshop's own put over them."""
    return {name: int(own.get(name, percent)) for name, percent in CLASS_FACTORS.items()}


def class_of(make: str, model: str) -> str:
    """Price class of a car by its names, e.g. ``("VW", "Golf 7 Variant")`` → ``compact``; unknown: empty.

    Without a make the model decides as long as all makes with such a model agree.
    """
    maker, words = _split_make(_normalise(make), _normalise(model))
    tokens = _type_number(maker, words).split()
    lexicon = _lexicon()
    for length in range(len(tokens), 0, -1):
        known = lexicon.get("".join(tokens[:length]), {})
        if maker and maker in known:
            return known[maker]
        if not maker and len(set(known.values())) == 1:
            return next(iter(known.values()))
    return ""


def _split_make(maker: str, words: str) -> tuple[str, str]:
    """Make in our spelling, and the model without the make people put before it."""
    if not maker:
        named = [name for name in (*_MAKE_ALIASES, *_makes()) if words.startswith(f"{name} ")]
        maker = max(named, key=len, default="")
    words = words.removeprefix(f"{maker} ") if maker else words
    maker = _MAKE_ALIASES.get(maker, maker)
    return maker, words.removeprefix(f"{maker} ") if maker else words


def _type_number(maker: str, words: str) -> str:
    if maker == "bmw" and (match := _BMW_NUMBER.match(words)):
        return f"{match[1]}er"
    if maker == "mercedes" and (match := _MERCEDES_NUMBER.match(words)):
        return f"{match[1]} klasse" if len(match[1]) == 1 else match[1]
    return words


def _normalise(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.casefold())
    words = re.sub(r"[^a-z0-9]+", " ", "".join(c for c in bare if not unicodedata.combining(c))).strip()
    # "golf7" is a Golf of the seventh generation, "a4" and "id3" are names.
    return re.sub(r"(?<=[a-z]{3})(?=\d)", " ", words)


@cache
def _makes() -> frozenset[str]:
    return frozenset(make for known in _lexicon().values() for make in known)


@cache
def _lexicon() -> dict[str, dict[str, str]]:
    """Model without blanks → make → class."""
    text = Path(__file__).with_name("vehicle_classes.toml").read_text(encoding="utf-8")
    lexicon: dict[str, dict[str, str]] = {}
    for vehicle_class, block in tomllib.loads(text).items():
        for line in block.strip().splitlines():
            make, _, models = line.partition(": ")
            for model in models.split(", "):
                lexicon.setdefault(model.replace(" ", ""), {})[make] = vehicle_class
    return lexicon
