"""Every word that is asked for exists, and no reader meets a hole in their language."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from carbot_app.kit.i18n import LOCALES, list_words
from carbot_app.kit.languages import LANGUAGES

SOURCE = Path(__file__).parents[2] / "carbot_app"
PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
PLURAL = re.compile(r"^(.+)_(zero|one|two|few|many|other)$")
NAMESPACES = sorted(file.stem for file in (LOCALES / "de").glob("*.json"))


def bases(words: dict[str, str]) -> set[str]:
    """Keys without plural endings."""
    return {match[1] if (match := PLURAL.match(key)) else key for key in words}


def calls() -> Iterator[tuple[str, str, str]]:
    """(file, function, key) of every literal key in the code."""
    positions = {"t": 0, "t_choice": 0, "translate": 1}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            at = positions.get(node.func.id)
            if at is None or len(node.args) <= at:
                continue
            key = node.args[at]
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield f"{file.relative_to(SOURCE)}:{node.lineno}", node.func.id, key.value


def test_every_key_in_the_code_exists_in_german() -> None:
    missing = []
    for place, function, key in calls():
        namespace, _, path = key.partition(".")
        known = bases(dict(list_words("de", namespace)))
        found = any(k.startswith(f"{path}.") for k in known) if function == "t_choice" else path in known
        if not found:
            missing.append(f"{place} {key}")
    assert missing == []


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_all_languages_have_every_text(namespace: str) -> None:
    german = bases(dict(list_words("de", namespace)))
    holes = {code: sorted(german ^ bases(dict(list_words(code, namespace)))) for code in LANGUAGES}
    assert {code: keys for code, keys in holes.items() if keys} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("namespace", NAMESPACES)
def test_plurals_have_every_form_of_their_language(namespace: str, language: str) -> None:
    words = dict(list_words(language, namespace))
    forms: dict[str, set[str]] = {}
    for key in words:
        if match := PLURAL.match(key):
            forms.setdefault(match[1], set()).add(match[2])
    needed = Locale.parse(language).plural_form.tags | {"other"}
    assert {base: found for base, found in forms.items() if found != needed} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("namespace", NAMESPACES)
def test_translations_fill_the_same_gaps_as_german(namespace: str, language: str) -> None:
    def gaps(code: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for key, text in dict(list_words(code, namespace)).items():
            base = match[1] if (match := PLURAL.match(key)) else key
            found.setdefault(base, set()).update(PLACEHOLDER.findall(text))
        return found

    german = gaps("de")
    different = {key: names for key, names in gaps(language).items() if names != german.get(key, names)}
    assert different == {}


@pytest.mark.parametrize("file", sorted(LOCALES.glob("*/*.json")), ids=lambda f: f"{f.parent.name}/{f.stem}")
def test_no_text_is_empty_and_no_key_is_written_twice(file: Path) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert len(names) == len(set(names))
        return dict(pairs)

    json.loads(file.read_text("utf-8"), object_pairs_hook=once)
    assert all(text.strip() for text in list_words(file.parent.name, file.stem).values())


def test_browser_and_server_offer_the_same_languages() -> None:
    core = (LOCALES.parent / "i18n" / "core.js").read_text("utf-8")
    assert json.loads(re.search(r"LANGUAGES = (\[.*?\])", core)[1]) == list(LANGUAGES)  # type: ignore[index]
