"""What a service costs for a car: class factors, ranges and totals. Prices are gross cents (PAngV § 3)."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FIXED = "fixed"
RANGE = "range"
PER_VEHICLE_CLASS = "per_vehicle_class"
PER_UNIT = "per_unit"
HOURLY = "hourly_aw"
PACKAGE = "package"
PRICE_MODELS = (FIXED, RANGE, PER_VEHICLE_CLASS, PER_UNIT, HOURLY, PACKAGE)

RATES = ("mechanics", "diagnosis", "body", "paint", "high_voltage")
"""Hourly rates a workshop may have (domain.md 5)."""

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


@dataclass(frozen=True, slots=True)
class Price:
    """A price in gross cents. ``style`` says how it is told: exact, range or from."""

    low_cents: int
    high_cents: int
    style: str

    @property
    def exact(self) -> bool:
        """Whether there is just one price."""
        return self.style == "exact"


def class_factors(own: Mapping[str, int]) -> dict[str, int]:
    """The default factors in percent with the workshop's own put over them."""
    return {name: int(own.get(name, percent)) for name, percent in CLASS_FACTORS.items()}


def class_price_cents(base_cents: int, percent: int) -> int:
    """Base price times factor, rounded up to a full euro: 89 € × 1.15 → 103 €."""
    return -(-base_cents * percent // 10_000) * 100


def price_of(
    model: str, min_cents: int, max_cents: int, *, vehicle_class: str = "", factors: Mapping[str, int]
) -> Price:
    """Price of a service under its price model.

    ``per_vehicle_class``: ``min_cents`` is the price of a compact car; without a known class the range spans
    all classes. ``hourly_aw`` is a "from" price, the work decides. The others are one price or a range.
    """
    if model == PER_VEHICLE_CLASS:
        if vehicle_class in factors:
            price = class_price_cents(min_cents, factors[vehicle_class])
            return Price(price, price, "exact")
        prices = [class_price_cents(min_cents, percent) for percent in factors.values()]
        return _between(min(prices), max(prices))
    if model == HOURLY and 0 < min_cents < max_cents:
        return Price(min_cents, max_cents, "from")
    return _between(min_cents, max_cents)


def total_of(prices: Iterable[Price]) -> Price:
    """Sum of prices; one "from" makes the sum a "from"."""
    parts = tuple(prices)
    low, high = sum(price.low_cents for price in parts), sum(price.high_cents for price in parts)
    if any(price.style == "from" for price in parts):
        return Price(low, high, "from")
    return _between(low, high)


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


def _between(low: int, high: int) -> Price:
    return Price(low, max(low, high), "range" if high > low else "exact")


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
