"""Every error a service can raise has a text for people."""

import ast
from collections.abc import Iterator
from pathlib import Path

from carbot_app.kit import errors
from carbot_app.kit.i18n import list_words

SOURCE = Path(__file__).parents[2] / "carbot_app"
CLASSES = {name: kind for name, kind in vars(errors).items() if isinstance(kind, type)}


def raised_codes() -> Iterator[tuple[str, str]]:
    """(file and line, code) of every error with a literal code."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id in CLASSES and node.args and isinstance(node.args[0], ast.Constant):
                yield f"{file.relative_to(SOURCE)}:{node.lineno}", str(node.args[0].value)


def test_every_raised_code_has_a_german_text() -> None:
    known = list_words("de", "errors")
    assert [(place, code) for place, code in raised_codes() if code not in known] == []


def test_every_class_of_error_has_a_german_text() -> None:
    codes = {kind.code for kind in CLASSES.values() if issubclass(kind, errors.AppError)}
    assert codes <= set(list_words("de", "errors"))
