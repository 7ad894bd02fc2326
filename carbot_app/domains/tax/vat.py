"""VAT in prices as a workshop tells them: rate, category, and totals by EN 16931 rule BR-CO-17.

Who buys does not matter yet: that decides billing/tax.py when there is a document.

Money is whole cents, percentages are Decimal. Not tax advice: see domain.md 1 for the sources.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import round_half_up

STANDARD, SMALL_BUSINESS = "standard", "small_business"
REGIMES = (STANDARD, SMALL_BUSINESS)
COUNTRIES = ("DE", "AT", "CH")
OLD_PART_PERCENT = 10
"""Share of the list price of an exchange part on which VAT is owed besides (UStAE 10.5(3))."""
EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Tax:
    """How one supply is taxed; ``category`` is the code of EN 16931 (UNTDID 5305)."""

    category: str
    """S taxed, E exempt or handed on."""
    percent: Decimal
    note: str = ""
    """small_business: why nothing is charged; empty when VAT is."""


@dataclass(frozen=True, slots=True)
class TaxedSum:
    """What falls under one category and rate."""

    category: str
    percent: Decimal
    base_cents: int
    """Net; with exchange parts also the value of the old part."""
    tax_cents: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a document; ``gross_cents == net_cents`` plus every ``tax_cents``."""

    net_cents: int
    sums: tuple[TaxedSum, ...]
    gross_cents: int

    @property
    def tax_cents(self) -> int:
        """VAT of all rates."""
        return sum(part.tax_cents for part in self.sums)


def standard_percent(country: str, on: date) -> Decimal:
    """Standard rate in percent, ``Decimal("19")``.

    Raises:
        Invalid: ``tax_country_unknown`` for a country or a day without a known rate.
    """
    started = [(start, rate) for start, rate in _rates().get(country, ()) if start <= on]
    if not started:
        raise Invalid("tax_country_unknown", country=country)
    return Decimal(max(started)[1]) / 100


def tax_at_home(country: str, on: date, *, regime: str = STANDARD) -> Tax:
    """How a repair for somebody of the same country is taxed.

    Raises:
        Invalid: ``tax_country_unknown``.
    """
    percent = standard_percent(country, on)
    return Tax("E", Decimal(0), "small_business") if regime == SMALL_BUSINESS else Tax("S", percent)


def tax_of(base_cents: int, percent: Decimal) -> int:
    """VAT on a net sum, half up: 13.50 × 19 % is 2.57."""
    return round_half_up(Decimal(base_cents) * percent / 100)


def net_of(gross_cents: int, percent: Decimal, *, old_part_cents: int = 0) -> int:
    """Net in a gross sum, half up; the VAT is what is left. 49.90 at 19 % is 41.93.

    ``old_part_cents``: value of an old part whose VAT is inside the gross sum too.
    """
    taxed_only = Decimal(old_part_cents) * percent / 100
    return round_half_up((gross_cents - taxed_only) / (1 + percent / 100))


def old_part_cents(list_price_cents: int) -> int:
    """Value of the old part that is given in exchange, from the undiscounted net list price."""
    return round_half_up(Decimal(list_price_cents) * OLD_PART_PERCENT / 100)


def total(
    tax: Tax, net_cents: Iterable[int] = (), *, old_parts_cents: int = 0, handed_on_cents: int = 0
) -> Totals:
    """Totals of net lines under one tax: VAT once on the sum, never line by line (BR-CO-17).

    ``handed_on_cents`` are fees paid for the customer, without VAT and no turnover (§ 10(1) UStG).
    """
    net = sum(net_cents)
    owed = tax_of(net + old_parts_cents, tax.percent)
    return _totals(tax, net, owed, old_parts_cents, handed_on_cents)


def total_of_gross(
    tax: Tax, gross_cents: int, *, old_parts_cents: int = 0, handed_on_cents: int = 0
) -> Totals:
    """Totals of prices that were told with VAT: the sum stays what the customer was told."""
    net = net_of(gross_cents, tax.percent, old_part_cents=old_parts_cents)
    return _totals(tax, net, gross_cents - net, old_parts_cents, handed_on_cents)


def add(*parts: Totals) -> Totals:
    """Totals side by side in one document, sums of the same category and rate put together."""
    merged: dict[tuple[str, Decimal], TaxedSum] = {}
    for part in (taxed for totals in parts for taxed in totals.sums):
        key = (part.category, part.percent)
        known = merged.get(key, TaxedSum(*key, 0, 0))
        merged[key] = TaxedSum(*key, known.base_cents + part.base_cents, known.tax_cents + part.tax_cents)
    return Totals(
        sum(part.net_cents for part in parts),
        tuple(merged.values()),
        sum(part.gross_cents for part in parts),
    )


def _totals(tax: Tax, net: int, owed: int, old_parts: int, handed_on: int) -> Totals:
    sums = [TaxedSum(tax.category, tax.percent, net + old_parts, owed)]
    if handed_on:
        sums.append(TaxedSum("E", Decimal(0), handed_on, 0))
    return Totals(net + handed_on, tuple(sums), net + owed + handed_on)


@cache
def _rates() -> dict[str, tuple[tuple[date, int], ...]]:
    text = Path(__file__).with_name("rates.toml").read_text(encoding="utf-8")
    return {
        country: tuple((date.fromisoformat(day), rate) for day, rate in rates.items())
        for country, rates in tomllib.loads(text).items()
    }
