"""Rounding to cents: half up as EN 16931 documents are checked, and parts that meet their sum."""

from collections.abc import Sequence
from decimal import Decimal

from carbot_app.kit.money import round_half_up

WHOLE_RATE = 10_000
"""A rate of 100 percent, in hundredths of a percent."""


def share(cents: int, rate: int) -> int:
    """``rate`` hundredths of a percent of an amount: 13.50 at 1900 is 2.57. Never a negative zero."""
    return round_half_up(Decimal(cents) * rate / WHOLE_RATE)


def net_in(gross: int, rate: int) -> int:
    """Net in a gross amount, half up; its VAT is what is left. 49.90 at 1900 is 41.93."""
    return round_half_up(Decimal(gross) * WHOLE_RATE / (WHOLE_RATE + rate))


def percent_of(cents: int, percent: Decimal) -> int:
    """So many percent of an amount."""
    return round_half_up(Decimal(cents) * percent / 100)


def round_to_sum(exact: Sequence[Decimal], total: int) -> list[int]:
    """Round every part so that together they are ``total``; those rounded most make up for missing cents."""
    parts = [round_half_up(part) for part in exact]
    missing = total - sum(parts)
    if not parts or not missing:
        return parts
    step = 1 if missing > 0 else -1
    order = sorted(range(len(parts)), key=lambda at: (step * (parts[at] - exact[at]), at))
    for turn in range(abs(missing)):
        parts[order[turn % len(order)]] += step
    return parts


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Spread ``total`` over weights; without any weight it falls to the first part."""
    whole = sum(weights)
    if not whole:
        return [total if at == 0 else 0 for at in range(len(weights))]
    return round_to_sum([Decimal(total) * weight / whole for weight in weights], total)
