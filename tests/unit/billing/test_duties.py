"""When an e-invoice is owed, and when work has gone too far beyond its estimate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.billing.figures import figure, rows
from carbot_app.domains.billing.must_issue import must_issue
from carbot_app.domains.billing.overrun import judge_overrun
from carbot_app.kit.errors import Invalid
from tests.unit.billing.documents import DAY

IN_2027, IN_2028 = date(2027, 1, 1), date(2028, 1, 1)


@pytest.mark.parametrize(
    ("on", "more", "expected"),
    [
        (date(2024, 12, 31), {}, (False, "not_yet", date(2025, 1, 1))),
        (date(2026, 12, 31), {}, (False, "not_yet", IN_2027)),
        (IN_2027, {"prior_year_turnover_cents": 80_000_000}, (False, "below_turnover", IN_2028)),
        (IN_2027, {}, (True, "duty", None)),
        (IN_2028, {"prior_year_turnover_cents": 0}, (True, "duty", None)),
        (IN_2028, {"gross_cents": 25_000}, (False, "small_amount", None)),
        (IN_2028, {"gross_cents": 25_001}, (True, "duty", None)),
        (IN_2028, {"small_business": True}, (False, "small_business", None)),
        (IN_2028, {"exempt_supply": True}, (False, "exempt_supply", None)),
        (IN_2028, {"domestic_business": False}, (False, "not_domestic_business", None)),
        (IN_2028, {"country": "AT"}, (False, "no_duty_in_country", None)),
        (IN_2028, {"country": "CH"}, (False, "no_duty_in_country", None)),
    ],
)
def test_the_duty_begins_by_turnover_and_spares_some(
    on: date, more: dict[str, object], expected: tuple[bool, str, date | None]
) -> None:
    usual = {"prior_year_turnover_cents": 90_000_000, "domestic_business": True, "gross_cents": 50_000}
    duty = must_issue(on, **{**usual, **more})  # type: ignore[arg-type]
    assert (duty.must, duty.reason, duty.next_change) == expected


@pytest.mark.parametrize(
    ("actual", "approved", "state", "limit"),
    [
        (49_000, None, "within", 57_500),
        (54_999, None, "within", 57_500),
        (55_000, None, "warn", 57_500),
        (57_500, None, "warn", 57_500),
        (57_501, None, "approval", 57_500),
        (70_000, 70_000, "within", 70_000),
        (70_001, 70_000, "approval", 70_000),
        (56_000, 52_000, "warn", 57_500),
        (57_501, 52_000, "approval", 57_500),
    ],
)
def test_work_warns_and_then_waits_for_an_approval(
    actual: int, approved: int | None, state: str, limit: int
) -> None:
    judged = judge_overrun(50_000, actual, DAY, approved_cents=approved)
    assert (judged.state, judged.limit_cents, judged.blocks) == (state, limit, state == "approval")


def test_how_far_is_told_in_cents_and_percent() -> None:
    judged = judge_overrun(50_000, 57_501, DAY)
    assert (judged.over_cents, judged.over_percent) == (7_501, Decimal("15.00"))


def test_anything_is_more_than_an_estimate_of_nothing() -> None:
    assert judge_overrun(0, 1, DAY).blocks
    assert judge_overrun(0, 0, DAY).state == "within"


@given(st.integers(0, 1_000_000), st.integers(0, 2_000_000))
def test_more_work_never_needs_less_approval(estimate: int, actual: int) -> None:
    order = ["within", "warn", "approval"]
    first, second = (judge_overrun(estimate, cents, DAY).state for cents in (actual, actual + 1))
    assert order.index(first) <= order.index(second)


def test_a_figure_holds_from_its_day_until_the_next() -> None:
    assert figure("base_rate", date(2025, 6, 30), "DE")["percent"] == Decimal("2.27")
    assert figure("base_rate", date(2025, 7, 1), "DE")["percent"] == Decimal("1.27")
    with pytest.raises(Invalid) as refused:
        figure("base_rate", date(2024, 12, 31), "DE")
    assert refused.value.code == "billing_figure_unknown"


@pytest.mark.parametrize("table", ["small_amount", "small_business", "cash_step", "default_interest"])
def test_all_three_countries_have_their_figures(table: str) -> None:
    assert all(rows(table, country) for country in ("DE", "AT", "CH"))
