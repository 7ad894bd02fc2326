"""Whether and how much a visit asks for in advance, and whether it goes back (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from carbot_app.kit.money import round_half_up

OFF, RISK, PRICE = "off", "risk", "price"
RULES = (OFF, RISK, PRICE)
PERCENT, FIXED = "percent", "fixed"
KINDS = (PERCENT, FIXED)
LEAST_CENTS = 500
"""Below this a deposit costs more than it secures."""


@dataclass(frozen=True, slots=True)
class DepositRule:
    """What the owner chose; see models.DepositTerms."""

    rule: str = OFF
    from_score: int = 50
    from_cents: int = 30_000
    kind: str = PERCENT
    percent: int = 20
    fixed_cents: int = 5_000
    refund_hours: int = 24


def deposit_cents(rule: DepositRule, *, score: int, price_cents: int) -> int:
    """What is asked for in advance; 0: nothing.

    A visit whose price is not known (0) is asked for only with a fixed amount; more than its price is never
    asked for.
    """
    if rule.rule == OFF:
        return 0
    wanted = score >= rule.from_score if rule.rule == RISK else price_cents >= rule.from_cents
    if not wanted:
        return 0
    if rule.kind == FIXED:
        amount = min(rule.fixed_cents, price_cents) if price_cents else rule.fixed_cents
    else:
        amount = round_half_up(Decimal(price_cents * rule.percent) / 100)
    return amount if amount >= LEAST_CENTS else 0


def goes_back(rule: DepositRule, *, starts_at: datetime, cancelled_at: datetime, by_workshop: bool) -> bool:
    """Whether a paid deposit is refunded by itself; what the workshop calls off always is."""
    return by_workshop or starts_at - cancelled_at >= timedelta(hours=rule.refund_hours)


def platform_fee_cents(amount_cents: int, *, percent: Decimal, fix_cents: int) -> int:
    """What the platform keeps of a payment, never all of it."""
    return min(round_half_up(amount_cents * percent / 100) + fix_cents, max(0, amount_cents - 1))
