"""Figures of law by day: limits, rates and fees that change by statute, read from ``figures.toml``."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from carbot_app.kit.errors import Invalid

Row = Mapping[str, Any]


def figure(table: str, on: date, country: str = "") -> Row:
    """Row of ``table`` that holds in ``country`` on that day.

    Raises:
        Invalid: ``billing_figure_unknown`` when nothing is known for that country and day.

    """
    known = [row for row in rows(table, country) if row["valid_from"] <= on]
    if not known:
        raise Invalid("billing_figure_unknown", country=country)
    return max(known, key=lambda row: row["valid_from"])


def rows(table: str, country: str = "") -> tuple[Row, ...]:
    """Every row of ``table`` for ``country``; tables without countries have the empty one."""
    return tuple(row for row in _tables()[table] if row.get("country", "") == country)


@cache
def _tables() -> Mapping[str, list[Row]]:
    text = Path(__file__).with_name("figures.toml").read_text(encoding="utf-8")
    return tomllib.loads(text, parse_float=Decimal)
