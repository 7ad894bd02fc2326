"""Whether a workshop may go without VAT: § 19(1) UStG, § 6(1) Nr. 27 UStG AT, Art. 10(2) MWSTG.

Germany since 2025: at most 25,000 € in the year before and 100,000 € in this one; the supply that crosses the
second limit is taxed already (BMF letter of 2025-03-18). Austria lets 10 % more pass until the year is over.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carbot_app.domains.billing.figures import figure

WITHIN, PRIOR_YEAR, CROSSED, TOLERATED = "within", "prior_year", "crossed", "tolerated"


@dataclass(frozen=True, slots=True)
class SmallBusiness:
    """Whether a supply is exempt, and why."""

    exempt: bool
    reason: str
    """within, tolerated, prior_year or crossed."""
    left_cents: int = 0
    """Turnover of this year that still goes without VAT after the supply."""


def judge_small_business(
    country: str,
    on: date,
    *,
    prior_year_cents: int,
    this_year_cents: int,
    supply_cents: int = 0,
    founded_this_year: bool = False,
) -> SmallBusiness:
    """Judge a supply that comes after ``this_year_cents`` of turnover in the same year."""
    limits = figure("small_business", on, country)
    if prior_year_cents > limits["prior_year_cents"]:
        return SmallBusiness(False, PRIOR_YEAR)
    limit = limits["founding_year_cents" if founded_this_year else "this_year_cents"]
    reached = this_year_cents + supply_cents
    if reached <= limit:
        return SmallBusiness(True, WITHIN, limit - reached)
    tolerated = _with_tolerance(limit, limits["tolerance_percent"])
    if reached <= tolerated:
        return SmallBusiness(True, TOLERATED, tolerated - reached)
    return SmallBusiness(False, CROSSED)


def _with_tolerance(limit: int, percent: int) -> int:
    return int(Decimal(limit) * (100 + percent) / 100)
