"""Accounts a workshop books on: SKR03 or SKR04 with its own replacements, or a chart entirely its own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from carbot_app.kit.errors import Invalid

SKR03, SKR04 = "03", "04"


@dataclass(frozen=True, slots=True)
class Accounts:
    """Which account something is booked on.

    ``own`` replaces accounts of the chart or adds parts of them: ``revenue_1900.tyres``.
    """

    chart: str = SKR03
    """03, 04, or another one of DATEV (51 for dealers), which then has only ``own`` accounts."""
    own: Mapping[str, int] = field(default_factory=dict)
    length: int = 4
    """Digits of an account; those of customers have one more."""

    def number(self, key: str) -> int:
        """Account of a key; ``revenue_1900.tyres`` falls back to ``revenue_1900``.

        Raises:
            Invalid: ``datev_account_missing`` when neither chart nor workshop has one.

        """
        known = {**_layout()["accounts"].get(self.chart, {}), **self.own}
        for name in (key, key.partition(".")[0]):
            if name in known:
                return self._long(known[name], name)
        raise Invalid("datev_account_missing", field="accounts", account=key)

    def _long(self, account: int, name: str) -> int:
        # Charts are printed with four digits; a longer plan puts zeros behind them.
        padded = account * 10 ** (self.length - 4) if name not in self.own else account
        if not 0 < padded < 10**self.length:
            raise Invalid("datev_account_invalid", field="accounts", account=name)
        return padded


def columns() -> tuple[str, ...]:
    """Names of the 125 columns of a booking batch."""
    return tuple(_layout()["columns"])


def chart_keys() -> tuple[str, ...]:
    """What the standard charts have accounts for."""
    charts = _layout()["accounts"].values()
    return tuple(dict.fromkeys(key for chart in charts for key in chart))


@cache
def _layout() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("datev.toml").read_text(encoding="utf-8"))
