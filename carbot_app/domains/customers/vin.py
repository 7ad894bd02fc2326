"""Vehicle identification numbers (ISO 3779, in German law § 59 StVZO): 17 signs, never I, O or Q.

The check digit in the ninth place is North American law (49 CFR 565.15). European makers put there what
they like, Volkswagen a Z, so it is told and never demanded.
"""

import re

_VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_BETWEEN = re.compile(r"[\s.\-]+")
_VALUES = {
    **{digit: int(digit) for digit in "0123456789"},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    **{"P": 7, "R": 9},
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_PLACE = 8


def normalise_vin(text: str) -> str:
    """Upper case without the blanks, dots and hyphens people put in; says nothing about validity."""
    return _BETWEEN.sub("", text[:80]).upper()


def is_vin(text: str) -> bool:
    """Whether the text is a VIN once it is in normal form."""
    return _VIN.fullmatch(normalise_vin(text)) is not None


def has_check_digit(text: str) -> bool:
    """Whether the ninth sign is the North American check digit; a hint at typing errors, no condition."""
    vin = normalise_vin(text)
    if not _VIN.fullmatch(vin):
        return False
    rest = sum(_VALUES[sign] * weight for sign, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return vin[_CHECK_PLACE] == ("X" if rest == 10 else str(rest))
