"""No float touches money: billing reckons in whole cents and decimals."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

DOMAINS = Path(__file__).parents[2] / "carbot_app" / "domains"
_NAMES = ("billing", "accounting", "expenses", "orders", "payments", "banking")
MONEY = sorted(file for name in _NAMES for file in (DOMAINS / name).rglob("*.py"))
_WHOLE = ("int", "int | None")
_DECIMALS = {"Decimal", "unit_price", "quantity", "price_base", "percent"}
"""Where one of these takes part in a division, the quotient is a decimal."""
_FLOATING_MODULES = {"math", "statistics", "random", "numpy", "pandas", "cmath"}


def floats(source: str) -> Iterator[str]:
    """What in a module makes or may make a float: literals, ``float``, ``round``, ``/`` of plain numbers."""
    tree = ast.parse(source)
    decimals = _DECIMALS | _declared(tree, "Decimal") | _declared(tree, "Decimal | None")
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield f"{node.lineno}: {node.value}"
        elif isinstance(node, ast.Name) and node.id in {"float", "round", "complex"}:
            if isinstance(node.ctx, ast.Load):
                yield f"{node.lineno}: {node.id}"
        elif isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            if not _names(node) & decimals:
                yield f"{node.lineno}: / without a Decimal"
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (f"{node.lineno}: {name}" for name in _modules(node) & _FLOATING_MODULES)


def broken_cents(source: str) -> Iterator[str]:
    """Fields and arguments named after cents that are not whole numbers."""
    for name, annotation in _annotations(ast.parse(source)):
        if (name == "cents" or name.endswith("_cents")) and annotation not in _WHOLE:
            yield f"{name}: {annotation or 'untyped'}"


def _annotations(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Fields, variables and arguments with their annotation as text, empty without one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, ast.unparse(node.annotation)
        elif isinstance(node, ast.arg):
            yield node.arg, ast.unparse(node.annotation) if node.annotation else ""


def _declared(tree: ast.AST, kind: str) -> set[str]:
    return {name for name, annotation in _annotations(tree) if annotation == kind}


def _names(node: ast.AST) -> set[str]:
    """Names and attributes that take part in an expression."""
    inside = list(ast.walk(node))
    return {part.id for part in inside if isinstance(part, ast.Name)} | {
        part.attr for part in inside if isinstance(part, ast.Attribute)
    }


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in node.names}


@pytest.mark.parametrize("file", MONEY, ids=lambda file: f"{file.parent.name}/{file.name}")
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


def test_decimals_may_be_divided() -> None:
    assert list(floats("def half(price: Decimal): return price / 2")) == []
    assert list(floats("x = Decimal(cents) / 100")) == []
