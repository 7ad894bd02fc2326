"""Header fields of mails from anybody: decoded, bounded, never raising."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from carbot_app.domains.mailbox.characters import clean_line, decode

MAX_LENGTH = 4_000
"""Of a field; what comes after is not looked at."""
MAX_REFERENCES = 50
_ID = re.compile(r"<[^<>\s]{1,400}>")
_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,186}[a-z0-9])?\.[a-z0-9-]{2,63}")


@dataclass(frozen=True, slots=True)
class Address:
    """Whom a mail is from or to; ``mail`` is in lower case, empty when it is none."""

    mail: str = ""
    name: str = ""


class Headers:
    """The fields of one mail, by name in any case."""

    def __init__(self, message: Message) -> None:
        self._raw: dict[str, str] = {}
        self.hops = 0
        for name, value in message.raw_items():
            key = name.lower()
            self.hops += key == "received"
            self._raw.setdefault(key, _unfolded(value))

    def text(self, name: str, length: int = 300) -> str:
        """The words of a field; empty when it is missing."""
        return clean_line(_decoded(self._raw.get(name, "")), length)

    def has(self, name: str) -> bool:
        """Whether the field is there, even empty."""
        return name in self._raw

    def address(self, name: str) -> Address:
        """The first address of a field."""
        found = self.addresses(name)
        return found[0] if found else Address()

    def addresses(self, name: str) -> list[Address]:
        """The addresses of a field, at most twenty."""
        raw = self._raw.get(name, "")
        try:
            pairs = getaddresses([raw])[:20]
        except (ValueError, IndexError, RecursionError):
            pairs = []
        mails = [(label, mail.strip().lower()) for label, mail in pairs]
        valid = [(label, mail) for label, mail in mails if _ADDRESS.fullmatch(mail)]
        if not valid and (match := _ADDRESS.search(raw.lower())):
            valid = [("", match[0])]
        return [Address(mail, clean_line(_decoded(label), 120)) for label, mail in valid]

    def ids(self, name: str) -> tuple[str, ...]:
        """Message ids of a field with their brackets, the last ones if there are many."""
        return tuple(_ID.findall(self._raw.get(name, ""))[-MAX_REFERENCES:])

    def instant(self, name: str) -> datetime | None:
        """The instant of a date field in UTC; None: none that can be read."""
        try:
            found = parsedate_to_datetime(self._raw.get(name, ""))
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


def decoded_name(raw: str | None) -> str:
    """A file name as its sender meant it."""
    return clean_line(_decoded(_unfolded(raw or "")), 1000)


def _unfolded(value: object) -> str:
    text = str(value)[:MAX_LENGTH]
    if not text.isascii():
        text = decode(text.encode("utf-8", "surrogateescape"), None)
    return re.sub(r"\r?\n[ \t]*", " ", text)


def _decoded(text: str) -> str:
    """RFC 2047, also where it is broken."""
    if "=?" not in text:
        return text
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError, LookupError):
        return text
    return "".join(piece if isinstance(piece, str) else decode(piece, charset) for piece, charset in pieces)
