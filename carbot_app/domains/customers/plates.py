"""Licence plates of Germany, Austria and Switzerland: parsing, normal form, and finding them in free text.

Germany: §§ 8-10 and annexes of the FZV: district sign (1-3 letters), 1-2 letters, 1-4 digits without a
leading zero, optional E (electric) or H (historic), at most eight characters altogether.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

UNKNOWN_DISTRICT = "unknown_district"

_MAX_CHARACTERS_DE = 8
_SEPARATORS = re.compile(r"[\s\-–—‐‑·•.:_/|]+")
_SEASON = re.compile(r"(0[1-9]|1[0-2])\s*[-–/]\s*(0[1-9]|1[0-2])$")
_DE_SPACED = re.compile(r"([A-ZÄÖÜ]{1,3}) ([A-ZÄÖÜ]{1,2}) ?(\d+) ?([EH]?)")
_DE_JOINED = re.compile(r"([A-ZÄÖÜ]{2,5}) ?(\d+) ?([EH]?)")
_DE_DIGITS_ONLY = re.compile(r"([A-ZÄÖÜ]{1,3}) ?(\d{1,6})")
_DE_DEALER = re.compile(r"0[3467]\d{1,5}")
_AT_STANDARD = re.compile(r"([A-ZÖÜ]{1,2}) ?(\d{1,6}) ?([A-Z]{1,3})")
_AT_PERSONAL = re.compile(r"([A-ZÖÜ]{1,2}) ([A-Z]{1,5}) ?(\d{1,5})")
_CH = re.compile(r"([A-Z]{2}) ?(\d{1,6})")


class PlateError(ValueError):
    """The text is not a licence plate of the country asked for. `code` is stable for translation."""

    code = "plate.invalid"


class AmbiguousPlateError(PlateError):
    """The plate was typed without a separator and fits several districts; ask which one is meant.

    `candidates` holds the possible plates in normal form, e.g. ("B-MW 1234", "BM-W 1234").
    """

    code = "plate.ambiguous"

    def __init__(self, candidates: tuple[str, ...]) -> None:
        super().__init__(f"plate is ambiguous: {' or '.join(candidates)}")
        self.candidates = candidates


@dataclass(frozen=True, slots=True)
class Plate:
    """One plate. `text` is the normal form ("DO-AB 123", "W-12345A", "ZH 123456").

    `letters` is empty for authority, dealer and military plates; `suffix` is "", "E" or "H"; `warning` is
    UNKNOWN_DISTRICT or None; `season` is e.g. "04-10" for a seasonal plate.
    """

    country: str
    district: str
    letters: str
    number: str
    suffix: str
    text: str
    warning: str | None = None
    season: str | None = None


@cache
def _letter_groups(section: str) -> frozenset[str]:
    path = Path(__file__).with_name("plates.toml")
    return frozenset(tomllib.loads(path.read_text(encoding="utf-8"))[section].split())


def districts(country: str) -> frozenset[str]:
    """The known district signs of "DE", "AT" or "CH"."""
    return _letter_groups(country)


def normalise_plate(text: str, country: str = "DE") -> Plate:
    """Parse `text` as a plate of `country` ("DE", "AT" or "CH").

    Raises AmbiguousPlateError when letters were typed together and several districts fit, PlateError for
    everything else that is not a plate. An unknown district is a warning, not an error.
    """
    season_match = _SEASON.search(text.strip()) if country == "DE" else None
    bare = text.strip()[: season_match.start()] if season_match else text
    spaced = _SEPARATORS.sub(" ", bare.upper()).strip()
    if not spaced or len(spaced) > 20:
        raise PlateError(f"not a licence plate: {text[:20]!r}")
    if country == "AT":
        return _parse_austrian(spaced)
    if country == "CH":
        return _parse_swiss(spaced)
    if country != "DE":
        raise PlateError(f"plates of {country!r} are not supported")
    season = f"{season_match[1]}-{season_match[2]}" if season_match else None
    return _parse_german(spaced, season)


def _parse_german(spaced: str, season: str | None) -> Plate:
    if match := _DE_SPACED.fullmatch(spaced):
        return _german(match[1], match[2], match[3], match[4], season)
    if match := _DE_JOINED.fullmatch(spaced):
        splits = _splits(match[1])
        known = [split for split in splits if _known_district(split[0])]
        # "B 1234" and "DO 06123" carry no letters; they only count when no ordinary reading exists.
        if len(known) > 1 or (not known and len(splits) > 1):
            plates = [_german(*split, match[2], match[3], season) for split in known or splits]
            raise AmbiguousPlateError(tuple(plate.text for plate in plates))
        if (known or splits) and not _is_digits_only(spaced):
            return _german(*(known or splits)[0], match[2], match[3], season)
    if _is_digits_only(spaced):
        match = _DE_DIGITS_ONLY.fullmatch(spaced)
        assert match is not None
        return Plate(
            "DE", match[1], "", match[2], "", f"{match[1]}-{match[2]}", _warning("DE", match[1]), season
        )
    raise PlateError(f"not a German licence plate: {spaced!r}")


def _is_digits_only(spaced: str) -> bool:
    """Military ("Y 123456"), authority ("B 1234"), dealer ("DO 06123") and short-term ("DO 04123") plates."""
    match = _DE_DIGITS_ONLY.fullmatch(spaced)
    if match is None or " " not in spaced or match[1] not in districts("DE"):
        return False
    return bool(match[1] == "Y" or _DE_DEALER.fullmatch(match[2]) or re.fullmatch(r"[1-9]\d{0,3}", match[2]))


def _splits(letters: str) -> list[tuple[str, str]]:
    return [
        (letters[:cut], letters[cut:])
        for cut in (1, 2, 3)
        if 1 <= len(letters) - cut <= 2 and re.fullmatch(r"[A-Z]{1,2}", letters[cut:])
    ]


def _known_district(sign: str) -> bool:
    return _umlaut_sign(sign) in districts("DE")


def _umlaut_sign(sign: str) -> str:
    """ "TUE" and "WUE" as typed on keyboards without umlauts become TÜ and WÜ; known signs stay."""
    if sign in districts("DE"):
        return sign
    with_umlaut = sign.replace("AE", "Ä").replace("OE", "Ö").replace("UE", "Ü")
    return with_umlaut if with_umlaut in districts("DE") else sign


def _german(district: str, letters: str, number: str, suffix: str, season: str | None) -> Plate:
    district = _umlaut_sign(district)
    if not re.fullmatch(r"[A-Z]{1,2}", letters):
        raise PlateError(f"letters after the district must be A-Z: {letters!r}")
    if not re.fullmatch(r"[1-9]\d{0,3}", number):
        raise PlateError(f"one to four digits without a leading zero expected: {number!r}")
    if len(district) + len(letters) + len(number) + len(suffix) > _MAX_CHARACTERS_DE:
        raise PlateError("a German plate has at most eight characters")
    text = f"{district}-{letters} {number}{suffix}"
    return Plate("DE", district, letters, number, suffix, text, _warning("DE", district), season)


def _warning(country: str, district: str) -> str | None:
    return None if district in districts(country) else UNKNOWN_DISTRICT


def _parse_austrian(spaced: str) -> Plate:
    if match := _AT_STANDARD.fullmatch(spaced):
        district, number, letters = match.groups()
        return Plate(
            "AT", district, letters, number, "", f"{district}-{number}{letters}", _warning("AT", district)
        )
    if match := _AT_PERSONAL.fullmatch(spaced):
        district, letters, number = match.groups()
        return Plate(
            "AT", district, letters, number, "", f"{district}-{letters}{number}", _warning("AT", district)
        )
    raise PlateError(f"not an Austrian licence plate: {spaced!r}")


def _parse_swiss(spaced: str) -> Plate:
    match = _CH.fullmatch(spaced)
    if match is None or match[2].startswith("0"):
        raise PlateError(f"not a Swiss licence plate: {spaced!r}")
    return Plate("CH", match[1], "", match[2], "", f"{match[1]} {match[2]}", _warning("CH", match[1]))


# --- plates in free text -----------------------------------------------------------------------------

_CONTEXT = re.compile(
    r"(kennz\w*|nummernschild|amtl\w*|plaka\w*|licen[cs]e|number ?plate|plate|schild|"
    r"reg(?:istration)?\.?(?: ?n[ro]\.?)?|rejestrac\w*|tablic\w*|nr ?rej\w*|rej\.?|blachy?)"
    r"\W{1,4}(?:\w{1,12}\W{1,3}){0,3}$",
    re.IGNORECASE,
)
_CANDIDATE = re.compile(
    r"(?<![\w@./-])([A-Za-zÄÖÜäöü]{1,3})([ ]?[-–—‐:·.•_/][ ]?|[ ]{1,2}|)([A-Za-z]{1,2})"
    r"([ ]?[-–—‐:·.][ ]?|[ ]{1,2}|)([1-9]\d{0,3})(?:[ ]?([EHeh])(?![\w-])|(?![\w]))(?!\s?[.,]\d)"
)
_CANDIDATE_AT = re.compile(r"(?<![\w-])([A-ZÖÜ]{1,2})-\s?(\d{1,6})\s?([A-Z]{1,3})(?![\w-])")
_CANDIDATE_CH = re.compile(r"(?<![\w-])([A-Z]{2})[ -]?(\d{4,6})(?![\w.,]*\d)(?!\w)")
_UNIT_AFTER = re.compile(
    r"\s?(?:km|kilometer|tkm|tsd|tys|bin|uhr|h\b|€|eur|ps\b|kw\b|hp\b|%|zoll|mm|cm|liter|l\b|tl\b|z[łl]|jahr|tag|woche|"
    r"monat|minut|stunde|year|day|week|month|dni|lat|g[üu]n|hafta|ay\b|x\b|mal\b|st[üu]ck|grad|°|/\d|:\d|\.\d|-?er\b)",
    re.IGNORECASE,
)


def find_plates(text: str) -> tuple[Plate, ...]:
    """Plates in free text, in order of appearance, without repetition.

    Careful rather than greedy: a group of small words and a number ("mo ab 14 Uhr") is not a plate. An
    ambiguous plate without separators is read with two letters after the district, the usual form today.
    """
    found: dict[str, tuple[int, Plate]] = {}
    for match in _CANDIDATE.finditer(text):
        plate = _plausible_german(text, match)
        if plate is not None:
            found.setdefault(plate.text, (match.start(), plate))
    for country, pattern in (("AT", _CANDIDATE_AT), ("CH", _CANDIDATE_CH)):
        for match in pattern.finditer(text):
            plate = _plausible_foreign(text, match, country)
            if plate is not None and not any(start == match.start() for start, _ in found.values()):
                found.setdefault(plate.text, (match.start(), plate))
    return tuple(plate for _, plate in sorted(found.values(), key=lambda item: item[0]))


def _plausible_german(text: str, match: re.Match[str]) -> Plate | None:
    first, first_gap, second, second_gap, number, suffix = match.groups()
    asked_for = _CONTEXT.search(text, max(0, match.start() - 50), match.start()) is not None
    if first_gap == "":
        plate = _joined_plate(first + second, number, suffix)
        letters = (first + second).upper()
        if plate is None or (letters in _letter_groups("models") | _letter_groups("words") and not asked_for):
            return None
        # "Clio 2015" and "seit 2015" split into letters as well: without a hint only tight plates count.
        tight = second_gap == "" or (second_gap.strip() == "-" and letters == first + second)
        likely = asked_for or (tight and len(number) >= 2) or (letters == first + second and len(number) >= 2)
        return plate if likely and (asked_for or not _UNIT_AFTER.match(text, match.end())) else None
    try:
        plate = normalise_plate(f"{first} {second} {number}{suffix or ''}")
    except PlateError:
        return None
    hyphenated = first_gap.strip() != ""
    upper = (first + second).isupper()
    if plate.warning and not (asked_for or (hyphenated and upper and first_gap.strip() == "-")):
        return None
    if asked_for:
        return plate
    if _UNIT_AFTER.match(text, match.end()):
        return None
    words, models = _letter_groups("words"), _letter_groups("models")
    wordy = first.upper() in words and second.upper() in words
    # GLA and RS are districts and models: a hyphen and capitals tell the plate.
    is_model = first.upper() in models or f"{first}{second}".upper() in models
    if is_model and not (hyphenated and upper and len(first) > 1):
        return None
    if hyphenated and first_gap.strip() in "-–—‐":
        return plate
    if upper:
        return None if wordy and len(number) <= 2 else plate
    if second.upper() in words or (first.upper() in words and len(number) < 3):
        return None
    return plate


def _joined_plate(letters: str, number: str, suffix: str | None) -> Plate | None:
    try:
        return normalise_plate(f"{letters}{number}{suffix or ''}")
    except AmbiguousPlateError as ambiguous:
        usual = [plate for plate in map(normalise_plate, ambiguous.candidates) if len(plate.letters) == 2]
        return usual[0] if usual and not usual[0].warning else None
    except PlateError:
        return None


def _plausible_foreign(text: str, match: re.Match[str], country: str) -> Plate | None:
    try:
        plate = normalise_plate(match[0], country)
    except PlateError:
        return None
    asked_for = _CONTEXT.search(text, max(0, match.start() - 50), match.start()) is not None
    if plate.warning or (not asked_for and _UNIT_AFTER.match(text, match.end())):
        return None
    if country == "CH":
        return plate if asked_for or len(plate.number) >= 5 else None
    return plate
