"""Typed access to the fields of a JSON object somebody else has written."""

import re
from typing import Any

SEQ_LIMIT = 2**31 - 1
SIGNAL_LIMIT = 64
"""Signals watched, or values of one freeze frame."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class WireError(ValueError):
    """A frame that is no message.

    ``code`` is too_large, broken, unknown or invalid; ``field`` names where.
    """

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(f"{code} {field}".strip())
        self.code = code
        self.field = field


class Fields:
    """Typed access to the fields of one object; anything unexpected is a WireError that names the field."""

    def __init__(self, fields: object) -> None:
        if not isinstance(fields, dict):
            raise WireError("invalid")
        self._fields: dict[str, Any] = fields

    def text(self, name: str, limit: int = 120) -> str:
        value = self._fields.get(name, "")
        if not isinstance(value, str) or len(value) > limit or not (value.isprintable() or value == ""):
            raise WireError("invalid", name)
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._fields.get(name, "")
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise WireError("invalid", name)
        return value

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int:
        value = self._fields.get(name, default)
        if type(value) is not int or not low <= value <= high:
            raise WireError("invalid", name)
        return value

    def flag(self, name: str) -> bool:
        value = self._fields.get(name)
        if not isinstance(value, bool):
            raise WireError("invalid", name)
        return value

    def items(self, name: str, limit: int) -> list[Any]:
        value = self._fields.get(name, [])
        if not isinstance(value, list) or len(value) > limit:
            raise WireError("invalid", name)
        return value

    def words(self, name: str, pattern: re.Pattern[str], limit: int) -> tuple[str, ...]:
        values = self.items(name, limit)
        if not all(isinstance(value, str) and pattern.fullmatch(value) for value in values):
            raise WireError("invalid", name)
        return tuple(values)

    def pairs(self, name: str) -> dict[str, Any]:
        value = self._fields.get(name, {})
        if not isinstance(value, dict) or len(value) > SIGNAL_LIMIT:
            raise WireError("invalid", name)
        return value

    def signals(self, name: str, high: float, low: float) -> dict[int, float]:
        """A map of pid → number; JSON writes the keys as text."""
        pairs = self.pairs(name)
        for key, value in pairs.items():
            if not (key.isascii() and key.isdecimal() and len(key) <= 5 and int(key) <= 0xFFFF):
                raise WireError("invalid", name)
            if type(value) not in {int, float} or not low <= value <= high:
                raise WireError("invalid", name)
        return {int(key): float(value) for key, value in pairs.items()}

    @property
    def car(self) -> str:
        return self.matching("car", _NAME)

    @property
    def seq(self) -> int:
        return self.whole("seq", 0, SEQ_LIMIT)

    @property
    def command(self) -> str:
        return self.matching("command", _NAME)
