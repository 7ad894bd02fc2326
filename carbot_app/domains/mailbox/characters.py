"""Bytes of strangers as text that is safe to store and to show."""

import codecs
import re

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
"""Also what turns the direction of writing: with it ``gpj.exe`` reads as ``exe.jpg``."""
_SLOW = frozenset({"punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7"})
"""Encodings of Python that are no charset of a mail; some take minutes for a megabyte."""
_WIDE = frozenset({"utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"})
_MAX_BROKEN_SHARE = 0.02


def decode(raw: bytes, declared: str | None) -> str:
    """Text of bytes whose charset is only claimed.

    UTF-8 that is valid is UTF-8, whatever is claimed: chance does not produce it, and programs that forget
    the charset send it. What fits nothing is read as Windows-1252, so that no letter is dropped.
    """
    charset = _known(declared)
    if charset in _WIDE:
        return raw.decode(charset, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if charset not in ("", "utf_8", "ascii"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            pass
    mostly = raw.decode("utf-8", "replace")
    if charset == "utf_8" and mostly.count("\ufffd") <= max(1, len(mostly) * _MAX_BROKEN_SHARE):
        return mostly
    return raw.decode("cp1252", "replace")


def clean_text(text: str) -> str:
    """Without characters nobody sees, with ``\\n`` at the end of lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\xa0", " ")
    return _CONTROLS.sub("", _mended(text))


def clean_line(text: str, length: int) -> str:
    """One line of at most ``length`` characters."""
    return " ".join(clean_text(text).split())[:length].strip()


def _mended(text: str) -> str:
    """``GrÃ¼ÃŸe`` as it was meant: UTF-8 that somebody on the way took for Windows-1252."""
    if "Ã" not in text and "Â" not in text:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _known(declared: str | None) -> str:
    name = (declared or "").strip().strip("\"'")[:40]
    try:
        found = codecs.lookup(name).name.replace("-", "_") if name else ""
        b"".decode(found or "ascii")
    except (LookupError, ValueError):
        return ""
    return "" if found in _SLOW else found
