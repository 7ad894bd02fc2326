"""No float touches money: billing reckons in whole cents and decimals."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BILLING = Path(__file__).parents[2] / "carbot_app" / "domains" / "billing"
_WHOLE = ("int", "int | None")
_FLOATING_MODULES = {"math", "statistics", "random", "numpy", "pandas", "cmath"}


def floats(source: str) -> Iterator[str]:
    """What in a module makes or may make a float: literals, ``float``, ``round``, ``/`` of plain numbers."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{node.lineno}: {node.value}"
        elif isinstance(node, ast.Name) and node.id in {"float", "round", "complex"}:
            yield f"{node.lineno}: {node.id}"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            if not _decimal(node):
                yield f"{node.lineno}: / without a Decimal"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (f"{node.lineno}: {name}" for name in _modules(node) & _FLOATING_MODULES)


def broken_cents(source: str) -> Iterator[str]:
    """Fields and arguments named after cents that are not whole numbers."""
    for node in ast.walk(ast.parse(source)):
        named = (
            (node.target.id, node.annotation)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
            else (node.arg, node.annotation)
            if isinstance(node, ast.arg)
            else ("", None)
        )
        name, annotation = named
        is_cents = name == "cents" or name.endswith("_cents")
        if is_cents and (annotation is None or ast.unparse(annotation) not in _WHOLE):
            yield f"{name}: {ast.unparse(annotation) if annotation else 'untyped'}"


def _decimal(node: ast.BinOp | ast.AugAssign) -> bool:
    """Whether the division has a decimal in it: ``Decimal(...)`` or an attribute known to be one."""
    known = {"Decimal", "unit_price", "percent", "net_in"}
    inside = ast.walk(node)
    return any(
        (isinstance(part, ast.Name) and part.id in known)
        or (isinstance(part, ast.Attribute) and part.attr in known)
        for part in inside
    )


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in node.names}


@pytest.mark.parametrize("file", sorted(BILLING.rglob("*.py")), ids=lambda file: file.name)
def test_no_float_touches_money(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert list(floats(source)) == []
    assert list(broken_cents(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "x = 1.5",
        "x = float('1')",
        "x = round(y, 2)",
        "x = cents / 100",
        "x /= 2",
        "import math",
        "from math import pi",
    ],
)
def test_a_float_would_be_seen(source: str) -> None:
    assert list(floats(source))


@pytest.mark.parametrize(
    "source", ["net_cents: float = 0", "def pay(cents): ...", "def pay(a_cents: Decimal): ..."]
)
def test_cents_that_are_not_whole_would_be_seen(source: str) -> None:
    assert list(broken_cents(source))
