"""Words outside the browser: API errors, mails and calendar files read the same files as the pages.

Format of ``assets/locales/<lang>/<namespace>.json``: i18next v4, nested objects, ``{{name}}`` placeholders,
plural forms as ``key_one``, ``key_few``, ``key_many``, ``key_other`` by the CLDR rules of the language.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from carbot_app.kit.languages import CHAT_LANGUAGES, DEFAULT_LANGUAGE, LANGUAGES, stand_in

LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def translate(language: str, key: str, **variables: Any) -> str:
    """Text of ``"namespace.key"`` in the language, German where the language lacks it (see ``stand_in``).

    ``count`` (int) picks the plural form. A variable that is not given stays visible as ``{{name}}``.

    Raises:
        KeyError: no such key in German; the locale tests keep this from reaching a reader.
    """
    namespace, _, path = key.partition(".")
    asked = language if language in CHAT_LANGUAGES else supported(language)
    for code in dict.fromkeys((asked, stand_in(asked), DEFAULT_LANGUAGE)):
        text = _find_text(code, namespace, path, variables.get("count"))
        if text is not None:
            return _PLACEHOLDER.sub(lambda hole: str(variables.get(hole[1], hole[0])), text)
    raise KeyError(key)


def supported(language: str | None) -> str:
    """The language code CarBot answers in for a tag such as ``tr-TR``; German for anything unknown."""
    code = (language or "").replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


@cache
def list_words(language: str, namespace: str) -> Mapping[str, str]:
    """All texts of a namespace by dotted key, empty if the language has no such file."""
    file = LOCALES / language / f"{namespace}.json"
    if not file.is_file():
        return {}
    return dict(_flatten(json.loads(file.read_text("utf-8"))))


def plural_category(language: str, count: float) -> str:
    """CLDR plural category of a number: ``one``, ``few``, ``many`` or ``other``."""
    return _plural_rule(language)(count)


def _find_text(language: str, namespace: str, path: str, count: float | None) -> str | None:
    words = list_words(language, namespace)
    if count is not None:
        by_count = words.get(f"{path}_{plural_category(language, count)}") or words.get(f"{path}_other")
        if by_count is not None:
            return by_count
    return words.get(path)


@cache
def _plural_rule(language: str) -> Any:
    return Locale.parse(language).plural_form


def _flatten(tree: Mapping[str, Any], prefix: str = "") -> Any:
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
