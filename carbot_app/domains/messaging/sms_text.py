"""Texts that fit into one SMS: the alphabet of GSM 03.38 and its 160 characters."""

import math
import unicodedata

ONE_SMS = 160
_PART = 153
_ONE_UNICODE = 70
_UNICODE_PART = 67
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWO_PLACES = frozenset("^{}\\[~]|€\f")
_PLAIN = str.maketrans(
    {"ı": "i", "ł": "l", "Ł": "L", "–": "-", "—": "-", "…": "...", "„": '"', "“": '"', "”": '"', "’": "'",
     "‘": "'", "\u00a0": " ", "\u202f": " ", "đ": "d", "ç": "c"}
)  # fmt: skip


def gsm_text(text: str) -> str:
    """The text in the GSM alphabet: ş becomes s, ł becomes l, umlauts stay, what has no likeness goes.

    One letter outside the alphabet would cut an SMS to 70 characters and more than double its price.
    """
    return "".join(_gsm_letter(letter) for letter in text.translate(_PLAIN))


def sms_parts(text: str) -> int:
    """How many SMS a text is sent as."""
    if any(letter not in _GSM and letter not in _TWO_PLACES for letter in text):
        return 1 if len(text) <= _ONE_UNICODE else math.ceil(len(text) / _UNICODE_PART)
    length = gsm_length(text)
    return 1 if length <= ONE_SMS else math.ceil(length / _PART)


def gsm_length(text: str) -> int:
    """Places a text in the GSM alphabet takes; some characters take two."""
    return sum(2 if letter in _TWO_PLACES else 1 for letter in text)


def shorten(text: str, places: int) -> str:
    """At most so many places; what is cut ends with a full stop."""
    if gsm_length(text) <= places:
        return text
    while text and gsm_length(text) > places - 1:
        text = text[:-1]
    return text.rstrip() + "."


def _gsm_letter(letter: str) -> str:
    if letter in _GSM or letter in _TWO_PLACES:
        return letter
    plain = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return "".join(c for c in plain if c in _GSM or c in _TWO_PLACES)
