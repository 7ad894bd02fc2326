"""Sentences of this domain with their figures as the reader writes them (pure)."""

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_decimal

from carbot_app.kit.i18n import supported, translate
from carbot_app.kit.languages import CHAT_LANGUAGES, stand_in


def reader(language: str) -> str:
    """The language somebody reads here: English beside CHAT_LANGUAGES, German for anything unknown."""
    return stand_in(language) if language in CHAT_LANGUAGES else supported(language)


def word(language: str, key: str, params: Mapping[str, Any] | None = None) -> str:
    """``diagnostic_codes.<key>`` filled with ``params``."""
    return translate(reader(language), f"diagnostic_codes.{key}", **figures(params or {}, language))


def figures(params: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Numbers as the reader writes them, ``14.1`` → ``14,1``, ``65000`` → ``65.000``; texts stay."""
    return {name: _figure(value, reader(language)) for name, value in params.items()}


def _figure(value: Any, language: str) -> Any:
    if not isinstance(value, int | float):
        return value
    return format_decimal(value, format="#,##0.##", locale=language)
