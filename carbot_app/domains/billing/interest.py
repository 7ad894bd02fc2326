"""Default interest: since when, at which rate, how much (§ 286 to § 289 BGB; § 456 UGB; Art. 104 OR).

Simple interest, actual days over 365, first and last day counted, never interest on interest. The German base
rate changes on 1 January and 1 July (§ 247 BGB); a half year nobody has told yet is asked for instead of
being carried on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from carbot_app.domains.billing.figures import figure, rows
from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import round_half_up

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days with one balance and one rate."""

    first: date
    last: date
    cents: int
    percent: Decimal

    @property
    def days(self) -> int:
        """Days, both ends counted."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Interest:
    """Interest that has grown, with the periods that explain it. It bears no VAT (UStAE 1.3(6))."""

    cents: int
    periods: tuple[Period, ...]

    @property
    def days(self) -> int:
        """Days in default."""
        return sum(period.days for period in self.periods)


def default_since(
    due_on: date,
    *,
    calendar_date: bool,
    business: bool,
    received_on: date | None = None,
    reminded_on: date | None = None,
    consequence_told: bool = False,
) -> date | None:
    """First day of default (§ 286 BGB), None while there is none to be seen.

    ``calendar_date``: the day of payment was agreed, not only written on the invoice. ``consequence_told``:
    the invoice said that default begins after thirty days, without which that does not count for consumers.
    """
    starts = [due_on + _DAY] if calendar_date else []
    if reminded_on is not None and reminded_on >= due_on:
        starts.append(reminded_on + _DAY)
    if received_on is not None and (business or consequence_told):
        starts.append(max(due_on, received_on) + 31 * _DAY)
    return min(starts, default=None)


def default_interest(
    cents: int,
    first: date,
    last: date,
    *,
    business: bool,
    country: str = "DE",
    told: Mapping[date, Decimal] | None = None,
    payments: Sequence[tuple[date, int]] = (),
) -> Interest:
    """Interest on a balance from the first day of default on; ``told`` are base rates that were entered.

    A payment counts from the day after it on.

    Raises:
        Invalid: ``billing_base_rate_missing`` with the half year nobody has told.

    """
    marks = {first, *(day + _DAY for day, _ in payments if first <= day < last), *_half_years(first, last)}
    starts = sorted(mark for mark in marks if mark <= last)
    ends = [*(start - _DAY for start in starts[1:]), last]
    periods = [
        Period(start, end, balance, _percent(start, business, country, told or {}))
        for start, end in zip(starts, ends, strict=False)
        if (balance := cents - sum(paid for day, paid in payments if day < start)) > 0
    ]
    exact = sum(
        (Decimal(period.cents) * period.percent * period.days / 36_500 for period in periods), Decimal(0)
    )
    return Interest(round_half_up(exact), tuple(periods))


def half_year(day: date) -> date:
    """Day from which the base rate of ``day`` holds."""
    return date(day.year, 7 if day.month > 6 else 1, 1)


def _half_years(first: date, last: date) -> set[date]:
    days = (date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 7))
    return {day for day in days if first < day <= last}


def _percent(day: date, business: bool, country: str, told: Mapping[date, Decimal]) -> Decimal:
    law = figure("default_interest", day, country)
    who = "business" if business else "consumer"
    if f"{who}_fixed" in law:
        return Decimal(law[f"{who}_fixed"])
    known = {row["valid_from"]: Decimal(row["percent"]) for row in rows("base_rate", country)} | dict(told)
    start = half_year(day)
    if start not in known:
        raise Invalid("billing_base_rate_missing", half_year=start.isoformat())
    return known[start] + Decimal(law[f"{who}_points"])
