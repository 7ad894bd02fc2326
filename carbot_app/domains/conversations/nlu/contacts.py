"""E-mail, phone, VIN, name and amounts of money in free text."""

import re
from functools import cache

import phonenumbers

from . import lexicon

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}(?![\w-])")
_VIN = lexicon.pattern("vin")
_PHONE = re.compile(
    r"(?<![\w.,/€-])(?:\+|00|0)\s?(?:\(0\)\s?)?\d(?:[\s/()–-]{0,2}\d){6,15}(?![\w])(?![.,]\d)"
)
_MONEY = lexicon.pattern("money", re.IGNORECASE)
_NAME_WORD = r"[A-ZÄÖÜÇŞĞİŁŚŻŹĆÓ][\wäöüßçşğıİłśżźćńóęąéèáâêë'’-]+"
_NAME = rf"(?:[A-ZÄÖÜÇŞŚŁŻ]\.\s?)?{_NAME_WORD}(?:\s(?:von|van|de|zu|der)\s{_NAME_WORD}|\s{_NAME_WORD}){{0,2}}"
_TITLE = r"(?:Herr|Frau|Hr\.|Fr\.|Dr\.|Prof\.|Mr\.?|Mrs\.?|Ms\.?|Miss|Pan|Pani|Familie|Fam\.)"
_NAME_PATTERNS = (
    *(lexicon.pattern(name, name=_NAME, title=_TITLE) for name in ("name_introduced", "name_signed")),
    re.compile(rf"(?<!\w)(?i:ben)\s+({_NAME})(?=[\s,.]|$)"),
    re.compile(rf"(?:^|[.!,]\s)[Tt]u\s+({_NAME})"),
    *(lexicon.pattern(name, name=_NAME, title=_TITLE) for name in ("name_before_contact", "name_last_line")),
)
_LEGAL_FORM = re.compile(r"\b(?:GmbH|AG|KG|OHG|UG|e\.K\.|Ltd|sp\. z|GbR|mbH)\b")


def find_email(text: str) -> str | None:
    """The first e-mail address, lower case."""
    match = _EMAIL.search(text)
    return match[0].strip(".").lower() if match else None


def find_vin(text: str) -> str | None:
    """17 characters without I, O, Q (ISO 3779), upper case. The check digit is not used in Europe."""
    match = _VIN.search(text)
    return match[0].upper() if match else None


def find_phone(text: str, region: str = "DE") -> str | None:
    """The first phone number in E.164; numbers without country code belong to `region`."""
    for match in _PHONE.finditer(text):
        try:
            number = phonenumbers.parse(match[0], region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def find_money_cents(text: str) -> int | None:
    """The first amount in euro, as cents."""
    match = _MONEY.search(text)
    if match is None:
        return None
    amount = re.sub(r"[. ](?=\d{3})", "", match["a"] or match["b"]).replace(",", ".")
    euros, _, cents = amount.partition(".")
    return int(euros) * 100 + int((cents + "00")[:2])


@cache
def _not_names() -> frozenset[str]:
    return frozenset(lexicon.read_text("not_names.txt").split())


def find_name(text: str) -> str | None:
    """The customer's name from "my name is ...", a signature or the last line; None when unsure."""
    for pattern in _NAME_PATTERNS:
        for match in pattern.finditer(text):
            name = _clean_name(match[1])
            if name:
                return name
    return None


def _clean_name(raw: str) -> str | None:
    words: list[str] = []
    for word in raw.split():
        if word.strip(".,").lower() in _not_names():
            break
        words.append(word.strip(","))
    name = " ".join(words)
    if (
        not words
        or len(name) < 3
        or (len(words) == 1 and name.isupper() and len(name) < 4)
        or _LEGAL_FORM.search(raw)
    ):
        return None
    return name
