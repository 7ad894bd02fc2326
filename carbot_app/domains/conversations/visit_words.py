"""Codes and links of bookings in what a customer writes (pure)."""

import re

_CODE = re.compile(r"(?<![\d+])(\d{3})[ -]?(\d{3})(?!\d)")
_LINK = re.compile(r"(?:https?://[^\s/]+)?/t/([A-Za-z0-9_-]{16,64})\S*")


def read_code(text: str) -> str:
    """The six digits of a message; empty: none."""
    found = _CODE.search(text)
    return found[1] + found[2] if found else ""


def read_link(text: str) -> str:
    """The secret of a booking link; empty: none."""
    found = _LINK.search(text)
    return found[1] if found else ""


def without_secrets(text: str, *, code: bool) -> str:
    """The message without links of bookings and, where ``code``, without six digits."""
    text = _LINK.sub(" ", text)
    return (_CODE.sub(" ", text, count=1) if code else text).strip()
