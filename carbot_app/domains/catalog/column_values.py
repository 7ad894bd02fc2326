"""Cells of a price list as workshops write them → values of a service (pure)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz, process

from carbot_app.kit.money import round_half_up

_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "æ": "ae", "ø": "o"})
_TYPED_UMLAUTS = re.compile(r"(?<=[^aeioq])([aou])e")
_YES = frozenset(("ja", "j", "yes", "y", "x", "1", "wahr", "true", "evet", "e", "tak", "t", "ok"))
_YES_SIGNS = frozenset("✓✔☑")
_NO = frozenset(("nein", "n", "no", "0", "falsch", "false", "hayir", "h", "nie", "keine", "kein", ""))
_CURRENCY = re.compile(r"€|EUR(?:O)?\b|CHF|Fr\.|,-+|,–|\.-+", re.IGNORECASE)
_FROM = re.compile(r"^(?:ab|from|od|en az)\b\.?\s*", re.IGNORECASE)
_FROM_AFTER = re.compile(r"(?:['’]?(?:den|dan|ten|tan))\b.*$", re.IGNORECASE)
_SPAN = re.compile(r"(?<=[\d€\s])\s*(?:-|–|—|bis|to|do|ile)\s*(?=\d)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::00)?(?:\s*(?:h|std|uhr)\.?)?", re.IGNORECASE)
_DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d]*)\.?")
_DAYS, _HOURS, _MINUTES = (
    frozenset(["t", "tag", "tage", "tagen", "day", "days", "d", "gun", "dzien", "dni"]),
    frozenset(
        [
            "h",
            "std",
            "stdn",
            "stunde",
            "stunden",
            "hour",
            "hours",
            "hr",
            "hrs",
            "saat",
            "sa",
            "godz",
            "godzina",
            "godziny",
            "godzin",
        ]
    ),
    frozenset(
        ["m", "min", "mins", "minute", "minuten", "minutes", "dk", "dakika", "minuta", "minuty", "minut"]
    ),
)
_WORKDAY = 8 * 60
_PART = re.compile(r"((?:\\[\\|]|[^|])*)(?:\||$)")
"""Up to a bar or the end; a backslash before a bar or another backslash takes its meaning away."""
_LOOSE = re.compile(r"[,;\n]")


class Unreadable(Exception):
    """A cell that cannot be understood: ``code`` and ``params`` as in fields.Problem."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Price(NamedTuple):
    """A price in cents; ``high`` where the cell holds two, ``open_ended`` for "ab 49"."""

    low: int
    high: int | None = None
    open_ended: bool = False


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """For comparing: small, without accents, signs and typed umlauts (``Ölwechsel`` = ``oelwechsel``)."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return " ".join(_TYPED_UMLAUTS.sub(r"\1", word) for word in re.findall(r"[a-z0-9]+", plain))


def read_price(text: str) -> Price:
    """``1.284,10 €``, ``49,90``, ``49.90``, ``ab 89,-``, ``49–159``.

    A point before exactly three digits parts thousands, as Germans write; a comma there could be either.

    Raises:
        Unreadable: ``import_number`` or ``import_number_unclear``.
    """
    bare = _CURRENCY.sub(" ", text.strip(" \u00a0'")).strip()
    opened = _FROM.sub("", bare)
    opened = _FROM_AFTER.sub("", opened).strip()
    cents = [_cents(end, text) for end in _SPAN.split(opened, maxsplit=1)]
    return Price(cents[0], cents[1] if len(cents) > 1 else None, opened != bare)


def read_whole(text: str) -> int:
    """``15.000 km``, ``24 Monate``, ``10 %``."""
    match = re.fullmatch(r"\s*(-?\d+|-?\d{1,3}(?:[.,' \u00a0]\d{3})+)\s*(?:%|[^\W\d]+\.?)?\s*", text)
    if match is None:
        raise Unreadable("import_number", text=text[:40])
    return int(re.sub(r"[.,' \u00a0]", "", match[1]))


def read_decimal(text: str) -> Decimal:
    """``2,5 AW``, ``0.75``; the comma and the point are both decimal."""
    match = re.fullmatch(r"\s*(-?\d+(?:[.,]\d+)?)\s*(?:[^\W\d]+\.?)?\s*", text)
    if match is None:
        raise Unreadable("import_number", text=text[:40])
    return Decimal(match[1].replace(",", "."))


def read_minutes(text: str, *, unit: int = 1) -> int:
    """``90``, ``90 Min``, ``1:30``, ``1 Std 30``, ``1,5 h``, ``2 Tage`` (of eight hours) → minutes.

    ``unit``: minutes in a bare number.
    """
    bare = text.strip()
    if clock := _CLOCK.fullmatch(bare):
        return int(clock[1]) * 60 + int(clock[2])
    total, rest, hours_came = Decimal(0), bare, False
    for match in _DURATION.finditer(bare):
        amount, word = Decimal(match[1].replace(",", ".")), folded(match[2])
        if word in _DAYS:
            total += amount * _WORKDAY
        elif word in _HOURS:
            total, hours_came = total + amount * 60, True
        elif word in _MINUTES or (not word and hours_came):
            total += amount
        elif not word:
            total += amount * unit
        else:
            raise Unreadable("import_duration", text=text[:40])
        rest = rest.replace(match[0], "", 1)
    if not bare or rest.strip(" ,.u") or bare == rest:
        raise Unreadable("import_duration", text=text[:40])
    return round_half_up(total)


def read_flag(text: str) -> bool:
    """ja, x, 1, evet, tak, ✓ … or nein, 0, -, hayır, nie."""
    word = folded(text)
    if word in _YES or text.strip() in _YES_SIGNS:
        return True
    if word in _NO:
        return False
    raise Unreadable("import_flag", text=text[:40])


def read_list(text: str) -> list[str]:
    """Parts between ``|``; without any, between commas, semicolons or line ends."""
    loose = "|" not in text and "\\" not in text
    parts = _LOOSE.split(text) if loose else _PART.findall(text)
    plain = [re.sub(r"\\([\\|])", r"\1", part.strip(" \u00a0")) for part in parts]
    return [part for part in plain if part]


def write_list(values: Iterable[str]) -> str:
    """What ``read_list`` reads back to the same."""
    escaped = [value.replace("\\", "\\\\").replace("|", "\\|") for value in values]
    if len(escaped) == 1 and _LOOSE.search(escaped[0]):
        return f"{escaped[0]}|"
    return "|".join(escaped)


def read_codes(text: str) -> list[str]:
    """Codes of services, however they are separated."""
    return list(dict.fromkeys(part.upper() for part in re.split(r"[|,;\s]+", text) if part))


def read_choice(text: str, words: Mapping[str, str], *, code: str) -> str:
    """The value that ``words`` (folded word → value) has for a text, a misspelling included.

    Raises:
        Unreadable: ``code`` with ``name``.
    """
    whole = folded(text)
    word = re.sub(r"^(?:je|pro|per|za|a|der|die|das) ", "", whole)
    if whole in words or word in words:
        return words.get(whole) or words[word]
    near = (
        process.extractOne(word, words.keys(), scorer=fuzz.ratio, score_cutoff=84) if len(word) > 3 else None
    )
    if near is None:
        raise Unreadable(code, name=text[:40])
    return words[near[0]]


def _cents(text: str, whole: str) -> int:
    bare = text.strip().replace("\u00a0", "").replace("’", "'").replace(" ", "")
    if re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", bare):
        raise Unreadable("import_number_unclear", text=whole[:40])
    digits = bare.lstrip("+-")
    point = max(digits.rfind("."), digits.rfind(","))
    if point >= 0 and _is_thousands(digits, point):
        point = -1
    before, after = (digits[:point], digits[point + 1 :]) if point >= 0 else (digits, "0")
    if not re.fullmatch(r"\d+|\d{1,3}([.,'])\d{3}(?:\1\d{3})*", before) or not re.fullmatch(r"\d*", after):
        raise Unreadable("import_number", text=whole[:40])
    amount = Decimal(f"{re.sub('[^0-9]', '', before)}.{after or 0}")
    return (-1 if bare.startswith("-") else 1) * round_half_up(amount * 100)


def _is_thousands(digits: str, point: int) -> bool:
    """Whether the last sign parts thousands: three digits behind it, and no other kind before it."""
    sign = digits[point]
    other = "," if sign == "." else "."
    if other in digits[:point] or len(digits) - point - 1 != 3:
        return False
    return digits.count(sign) > 1 or (sign == "." and not digits.startswith("0") and point <= 3)
