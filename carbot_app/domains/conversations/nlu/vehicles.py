"""Make, model, year, fuel and mileage in free text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from . import lexicon
from .spoken_numbers import digits_for_thousands
from .text import strip_marks

_GENERATION = lexicon.pattern("model_generation").pattern
_INFLECTION = lexicon.pattern("inflection").pattern
_AMBIGUOUS_GENERATION = frozenset({"a", "i", "e"})
_MILEAGE = lexicon.pattern("mileage")
_MILEAGE_EXCLUDED_BEFORE = lexicon.pattern("mileage_excluded_before")
_SINCE_BEFORE = lexicon.pattern("mileage_since_before")
_SINCE_AFTER = lexicon.pattern("mileage_since_after")
_YEAR = lexicon.pattern("year")
_BARE_YEAR_EXCLUDED = lexicon.pattern("year_excluded_before")
_FUEL_PATTERNS = tuple(
    (name, lexicon.pattern(f"fuel_{name}"))
    for name in ("hybrid", "electric", "diesel", "lpg", "cng", "petrol")
)
_MODEL_AFTER_MAKE = lexicon.pattern("model_after_make")
_VEHICLE_WORD = lexicon.pattern("vehicle_word")
_MOTORWAY_AFTER = lexicon.pattern("not_a_motorway_after")
_MOTORWAY_BEFORE = lexicon.pattern("not_a_motorway_before")
_MODEL_YEAR = re.compile(r"(?:19|20)\d\d|[1-9]")
_UNINFLECTED = frozenset({"merc", "benz", "mb", "mg", "man"})
# What follows a make's name when it is another word: seat belt, minibus, smart repair.
_NOT_MAKE_AFTER = {
    "seat": re.compile(r"\s?(?:belt|heat|cover|cushion)|s\b"),
    "mini": re.compile(r"\s?(?:bus|job|schaden|kratzer|delle|bir|mum)"),
    "smart": re.compile(r"\s?repair"),
}


@dataclass(frozen=True, slots=True)
class VehicleMention:
    """Make (canonical name) and model (as written) mentioned in a text; either may be None."""

    make: str | None
    model: str | None


def _declined(names: Iterable[str]) -> dict[str, str]:
    """Polish cases of names in -a, by form: Skody, Toyotę, Dacii."""
    return {
        name[:-1] + ending: name
        for name in names
        if len(name) >= 5 and name.endswith("a") and name.isalpha()
        for ending in (("i", "e") if name.endswith("ia") else ("y", "e"))
    }


@cache
def _makes() -> tuple[dict[str, str], re.Pattern[str]]:
    forms = {
        strip_marks(form): make
        for make, spoken in lexicon.phrases(lexicon.read("vehicles")["makes"]).items()
        for form in spoken
    }
    forms = {form: forms[name] for form, name in _declined(forms).items()} | forms
    alternatives = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return forms, re.compile(rf"(?<![\w-])({alternatives}){_INFLECTION}(?![\w])")


@cache
def _models() -> tuple[dict[str, str], re.Pattern[str]]:
    forms: dict[str, str] = {}
    for make, names in lexicon.phrases(lexicon.read("vehicles")["models"]).items():
        for name in names:
            forms.setdefault(strip_marks(name), make)
    forms = {form: forms[name] for form, name in _declined(forms).items()} | forms
    alternatives = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    return forms, re.compile(rf"(?<![\w.-])({alternatives})({_GENERATION}){_INFLECTION}(?![\w])")


@cache
def _unsafe() -> tuple[frozenset[str], frozenset[str]]:
    """Model names which are ordinary words, and those which are numbers."""
    table = lexicon.phrases(lexicon.read("vehicles")["unsafe"])
    return frozenset(map(strip_marks, table["words"])), frozenset(table["numbers"])


def make_of(model: str) -> str | None:
    """The make a model name belongs to ("Golf 7" -> "VW"), None when unknown."""
    forms, pattern = _models()
    match = pattern.fullmatch(strip_marks(model.strip()))
    return forms[match[1]] if match else None


def find_vehicle(text: str) -> VehicleMention:
    """The first make and model of the text."""
    plain = strip_marks(text)
    make, make_end = _find_make(text, plain)
    return VehicleMention(make, _find_model(text, plain, make, make_end))


def _find_make(text: str, plain: str) -> tuple[str | None, int]:
    forms, pattern = _makes()
    for match in pattern.finditer(plain):
        form = match[1]
        if form in _UNINFLECTED and match.end() != match.end(1):
            continue
        if form in _NOT_MAKE_AFTER:
            lower = text[match.start()].islower()
            if _NOT_MAKE_AFTER[form].match(plain, match.end(1)) or (
                lower and not _vehicle_word_near(plain, match)
            ):
                continue
        if form in ("mb", "mg") and not text[match.start() : match.end(1)].isupper():
            continue
        if form == "mini" and (_models()[1].match(plain, match.start()) or [""])[0] not in ("", "mini"):
            continue
        return forms[form], match.end(1)
    return None, -1


def _vehicle_word_near(plain: str, match: re.Match[str]) -> bool:
    return _VEHICLE_WORD.search(plain[max(0, match.start() - 12) : match.end() + 12]) is not None


def _find_model(text: str, plain: str, make: str | None, make_end: int) -> str | None:
    forms, pattern = _models()
    for match in pattern.finditer(plain):
        name = match[1]
        same_make = make is not None and forms[name] == make
        if not _is_model(
            name, text, plain, match, same_make, beside=same_make and 0 <= match.start() - make_end <= 3
        ):
            continue
        end = match.end(2)
        if match[2].strip(" -") in _AMBIGUOUS_GENERATION and not text[end - 1].isupper():
            end = match.end(1)
        base = _base_name(name)
        return (f"{base.title()}{text[match.end(1) : end]}" if base else text[match.start(1) : end]).strip()
    after = _MODEL_AFTER_MAKE.match(plain, make_end) if make else None
    if after and (make == "Mazda" or not _MODEL_YEAR.fullmatch(after[1].strip())):
        return text[after.start(1) : after.end(1)].strip()
    return None


@cache
def _base_name(form: str) -> str | None:
    """The name a Polish case belongs to; None for a name as it stands in the list."""
    listed = {
        strip_marks(name)
        for names in lexicon.phrases(lexicon.read("vehicles")["models"]).values()
        for name in names
    }
    return None if form in listed else _declined(listed).get(form)


def _is_model(
    name: str, text: str, plain: str, match: re.Match[str], same_make: bool, *, beside: bool
) -> bool:
    words, numbers = _unsafe()
    if name in numbers:
        return beside
    if re.fullmatch(r"a\d", name) and not same_make:
        before = plain[max(0, match.start() - 14) : match.start()]
        return not (_MOTORWAY_AFTER.match(plain, match.end()) or _MOTORWAY_BEFORE.search(before))
    return name not in words or same_make or name in _everyday_models() or text[match.start(1)].isupper()


@cache
def _everyday_models() -> frozenset[str]:
    """Words which mean the car rather than the thing in a message to a workshop."""
    return frozenset(lexicon.phrases(lexicon.read("vehicles")["unsafe"])["everyday"])


def find_year(text: str, *, has_vehicle: bool, latest: int) -> int | None:
    """Year of construction or registration, at most `latest`; bare years count only beside a vehicle."""
    plain = strip_marks(text)
    bare: int | None = None
    for match in _YEAR.finditer(plain):
        value = match["labelled"] or match["after"]
        if value is None:
            excluded = _BARE_YEAR_EXCLUDED.search(plain, max(0, match.start() - 14), match.start())
            if has_vehicle and not excluded and int(match["bare"]) <= latest:
                bare = bare or int(match["bare"])
            continue
        year = int(value) if len(value) == 4 else (1900 if int(value) > latest % 100 else 2000) + int(value)
        if year <= latest:
            return year
    return bare


def find_mileage(text: str) -> int | None:
    """Mileage in kilometres; service intervals, distances and warranties are not mileages."""
    plain = digits_for_thousands(strip_marks(text))
    for match in _MILEAGE.finditer(plain):
        km = _mileage_of(match)
        before = plain[max(0, match.start() - 16) : match.start()]
        labelled = match["labelled"] is not None
        if not (500 if labelled else 1000) <= km <= 1_500_000 or _MILEAGE_EXCLUDED_BEFORE.search(before):
            continue
        since = _SINCE_BEFORE.search(before) or _SINCE_AFTER.match(plain, match.end())
        if since and km < 30_000:
            continue
        return km
    return None


def _mileage_of(match: re.Match[str]) -> int:
    if value := match["thousand"]:
        return round(float(value.replace(",", ".")) * 1000)
    if value := match["spoken"] or match["bare"]:
        return int(value) * 1000
    value = re.sub(r"\D", "", match["plain"] or match["labelled"] or match["ran"])
    km = int(value)
    if match["unit"]:
        km *= 1000
    if re.search(r"\b(?:miles?|mls)\b", match[0]):
        km = round(km * 1.609344)
    return km


def find_fuel(text: str) -> str | None:
    """ "petrol", "diesel", "electric", "hybrid", "lpg" or "cng"."""
    plain = strip_marks(text)
    return next((name for name, pattern in _FUEL_PATTERNS if pattern.search(plain)), None)
