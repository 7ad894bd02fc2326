"""What the generic trouble codes mean: families of the standard, expanded once (pure).

The files beside this one are written in our own words after the structure of SAE J2012 / ISO 15031-6:
``families.txt`` says which code is which fault of which part, ``parts.csv`` and ``faults.csv`` have the
words. What is known beyond the structure about the codes a workshop sees most is read by knowledge.py.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from carbot_app.kit.languages import LANGUAGES

_FOLDER = Path(__file__).parent
_NUMBER = re.compile(r"^(.*?)([0-9]*)$")
_RANGE = re.compile(r"^(cyl|)([A-Z]|\d+)-([A-Z]|\d+)$")
_BANK = re.compile(r"^b(\d)(?:(s|u)(\d)|([A-Z]))?$")
_WORDS: Mapping[str, Mapping[str, str]] = {
    "cyl": {"de": "Zylinder", "en": "Cylinder", "tr": "silindir", "pl": "cylinder"},
    "b": {"de": "Bank", "en": "Bank", "tr": "Bank", "pl": "bank"},
    "s": {"de": "Sensor", "en": "Sensor", "tr": "Sensör", "pl": "czujnik"},
    "u": {"de": "Einheit", "en": "Unit", "tr": "Ünite", "pl": "jednostka"},
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part and what a fault of it means as a rule."""

    key: str
    system: str
    severity: str
    """low, medium, high or critical."""
    safe: str
    """yes, limited or no."""
    service: str
    """Code of the catalogue."""
    names: Mapping[str, str]
    """Language → name; ``{}`` stands for a cylinder, gear or letter."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code of the standard: a fault of a part at a place."""

    code: str
    part: Part
    fault: str
    """Row of faults.csv, or ``.`` where the part itself names the fault."""
    positions: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """The code in words of one of LANGUAGES, such as ``Lambdasonde Bank 1 Sensor 1 – Stromkreis``."""
        name, after, ending = _place(self.part.names[language], self.positions, language)
        words = _faults()[self.fault][language] if self.fault != "." else ""
        if "{}" in words:
            return words.format(name + after) + ending
        if language == "en":
            inside = "" if _ends_title(self.positions) else after
            last = after if _ends_title(self.positions) else ""
            return " ".join(filter(None, (name + inside, words))) + last + ending
        return name + after + (f" – {words}" if words else "") + ending


@cache
def code_entries() -> Mapping[str, CodeEntry]:
    """Every generic code we know, in the order of the file."""
    parts, entries = _parts(), {}
    for line in (_FOLDER / "families.txt").read_text("utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text:
            for code, part, positions, fault in expand(text):
                entries[code] = CodeEntry(code, parts[part], fault, positions)
    return entries


def find_code(code: str) -> CodeEntry | None:
    """The entry of a code such as ``P0171``; None for unknown ones and those of a maker."""
    return code_entries().get(code)


def expand(line: str) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """(code, part, positions, fault) of one line of families.txt."""
    left, _, right = line.partition(" : ")
    code, parts, *positions = left.split()
    for part in parts.split(","):
        for place in _places(positions):
            for fault in right.split():
                if fault != "-":
                    yield code, part, place, fault
                code = _next(code)


def _places(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    if not tokens:
        yield ()
        return
    for first in _each(tokens[0]):
        for rest in _places(tokens[1:]):
            yield (first, *rest)


def _each(token: str) -> Iterator[str]:
    for item in token.split(","):
        match = _RANGE.match(item)
        if not match:
            yield item
            continue
        prefix, first, last = match.groups()
        if first.isdigit():
            yield from (f"{prefix}{number}" for number in range(int(first), int(last) + 1))
        else:
            yield from (chr(letter) for letter in range(ord(first), ord(last) + 1))


def _next(code: str) -> str:
    """The numbers of the standard count in tens first; the letters were used up later."""
    match = _NUMBER.match(code)
    digits = match[2] if match else ""
    if not digits:
        return code[:-1] + f"{int(code[-1], 16) + 1:X}"
    return code[: -len(digits)] + f"{int(digits) + 1:0{len(digits)}d}"


def _place(name: str, positions: tuple[str, ...], language: str) -> tuple[str, str, str]:
    """(name, what follows it, what ends the title); the first place fills a hole in the name."""
    after, ending = "", ""
    for position in positions:
        text, bank = _position(position, language)
        if bank:
            ending += f" ({text})"
        elif "{}" in name:
            name = name.format(position.removeprefix("cyl"))
        elif position.startswith("b") and language == "en":
            ending += f" ({text})"
        elif position.startswith("cyl") and language == "en":
            after += f" – {text}"
        else:
            after += f" {text}"
    return name, after, ending


def _ends_title(positions: tuple[str, ...]) -> bool:
    return any(position.startswith("cyl") for position in positions)


def _position(token: str, language: str) -> tuple[str, bool]:
    """(in words, whether it only names a bank, which always ends a title)."""
    if token.startswith("cyl"):
        return f"{_WORDS['cyl'][language]} {token[3:]}", False
    if token.startswith("b"):
        texts = [_bank(item, language) for item in token.split("/")]
        return " / ".join(texts), not re.search("[su]", token)
    return (f"'{token}'" if token.isalpha() else token), False


def _bank(token: str, language: str) -> str:
    match = _BANK.match(token)
    if match is None:
        raise ValueError(f"{token} is no place")
    bank, kind, number, letter = match.groups()
    text = f"{_WORDS['b'][language]} {bank}"
    if letter:
        return f"{text} {_WORDS['s'][language]} {letter}"
    return f"{text} {_WORDS[kind][language]} {number}" if kind else text


@cache
def _parts() -> Mapping[str, Part]:
    return {
        row["part"]: Part(
            row["part"],
            row["system"],
            row["severity"],
            row["safe"],
            row["service"],
            {language: row[language] for language in LANGUAGES},
        )
        for row in read_rows("parts")
    }


@cache
def _faults() -> Mapping[str, Mapping[str, str]]:
    return {row["fault"]: {language: row[language] for language in LANGUAGES} for row in read_rows("faults")}


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of ``<name>.csv`` beside this module."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
