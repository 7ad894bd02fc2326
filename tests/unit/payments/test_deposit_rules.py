"""Who is asked for money in advance, for how much, and when it goes back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.payments.deposit_rules import (
    DepositRule,
    deposit_cents,
    goes_back,
    platform_fee_cents,
)

STARTS = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "score", "price", "asked"),
    [
        (DepositRule(), 100, 90_000, 0),
        (DepositRule("risk", from_score=50), 49, 90_000, 0),
        (DepositRule("risk", from_score=50), 50, 90_000, 18_000),
        (DepositRule("price", from_cents=30_000), 0, 29_999, 0),
        (DepositRule("price", from_cents=30_000), 0, 30_000, 6_000),
        (DepositRule("risk", kind="fixed", fixed_cents=5_000), 80, 0, 5_000),
        (DepositRule("risk", kind="fixed", fixed_cents=5_000), 80, 3_000, 3_000),
        (DepositRule("risk", percent=20), 80, 0, 0),
        (DepositRule("risk", percent=20), 80, 2_400, 0),
        (DepositRule("risk", percent=15), 80, 33_330, 5_000),
    ],
)
def test_what_is_asked_for(rule: DepositRule, score: int, price: int, asked: int) -> None:
    assert deposit_cents(rule, score=score, price_cents=price) == asked


@given(st.integers(0, 100), st.integers(1, 1_000_000), st.integers(1, 100))
def test_nobody_pays_more_in_advance_than_the_visit_costs(score: int, price: int, percent: int) -> None:
    for kind in ("percent", "fixed"):
        rule = DepositRule("risk", from_score=0, kind=kind, percent=percent, fixed_cents=5_000)
        assert 0 <= deposit_cents(rule, score=score, price_cents=price) <= price


def test_who_cancels_in_time_gets_it_back() -> None:
    rule = DepositRule("risk", refund_hours=24)
    early, late = STARTS - timedelta(hours=24), STARTS - timedelta(hours=23, minutes=59)
    assert goes_back(rule, starts_at=STARTS, cancelled_at=early, by_workshop=False)
    assert not goes_back(rule, starts_at=STARTS, cancelled_at=late, by_workshop=False)
    assert goes_back(rule, starts_at=STARTS, cancelled_at=late, by_workshop=True)


def test_the_fee_of_the_platform_leaves_something() -> None:
    assert platform_fee_cents(54_682, percent=Decimal("1.5"), fix_cents=10) == 830
    assert platform_fee_cents(50, percent=Decimal(0), fix_cents=100) == 49
    assert platform_fee_cents(100, percent=Decimal(0), fix_cents=0) == 0
