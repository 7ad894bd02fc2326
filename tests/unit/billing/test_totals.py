"""Totals hold whatever the lines: sums meet, order does not matter, what was told gross stays."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbot_app.domains.billing.labour import Labour, labour_line, labour_of_minutes
from carbot_app.domains.billing.lines import Line, LineTax
from carbot_app.domains.billing.rounding import allocate, net_in, round_to_sum, share
from carbot_app.domains.billing.totals import Discount, TaxGroup, cash_rounding, is_small_amount, total
from carbot_app.kit.errors import Invalid
from tests.unit.billing.documents import (
    DAY,
    EXEMPT,
    TAXED,
    cents,
    document,
    exchange_part,
    fee,
    line,
    reversed_lines,
    told,
)

prices = st.decimals(min_value=0, max_value=5_000, places=4)
quantities = st.decimals(min_value=Decimal("0.001"), max_value=200, places=3)
taxes = st.sampled_from(
    [TAXED, LineTax("S", 2000), LineTax("S", 810), LineTax("S", 700), EXEMPT, LineTax("AE", 0)]
)
percents = st.decimals(min_value=0, max_value=100, places=2)


@st.composite
def any_line(draw: st.DrawFn) -> Line:
    price, told_gross = draw(prices), draw(st.booleans())
    if draw(st.integers(0, 9)) == 0:
        return fee(str(price))
    tax, exchange = draw(taxes), draw(st.booleans())
    if exchange and told_gross:
        return exchange_part(str(price), str(price), tax=tax, gross=True)
    return line(
        str(price),
        str(draw(quantities)),
        tax,
        gross=told_gross,
        discount_percent=draw(percents),
        exchange=exchange,
        list_price=draw(prices) if exchange else None,
    )


many_lines = st.lists(any_line(), min_size=1, max_size=12)


@given(many_lines, percents)
def test_sums_meet_and_every_group_bears_its_rate(lines: list[Line], percent: Decimal) -> None:
    totals = document(*lines, discount=Discount(percent))
    assert totals.gross_cents == totals.net_cents + totals.vat_cents
    assert totals.net_cents == sum(group.net_cents for group in totals.groups)
    assert totals.line_cents - totals.allowance_cents == totals.net_cents
    for group in totals.groups:
        # Half a cent of rounding for the net part, and net and VAT of the gross part each.
        assert abs(Decimal(group.net_cents) * group.rate / 10_000 - group.vat_cents) <= Decimal("1.5")
    assert len({(group.category, group.rate) for group in totals.groups}) == len(totals.groups)


@given(many_lines, percents, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_sum(
    lines: list[Line], percent: Decimal, chance: random.Random
) -> None:
    shuffled = lines.copy()
    chance.shuffle(shuffled)
    first, second = (document(*given, discount=Discount(percent)) for given in (lines, shuffled))
    assert told(first) == told(second)
    assert {(g.category, g.rate, g.net_cents, g.vat_cents) for g in first.groups} == {
        (g.category, g.rate, g.net_cents, g.vat_cents) for g in second.groups
    }
    assert first.allowance_cents == second.allowance_cents


@given(many_lines, percents, st.integers(0, 100))
def test_a_cancellation_is_the_exact_opposite(lines: list[Line], percent: Decimal, amount: int) -> None:
    discount = Discount(percent, amount)
    # Only an amount above everything that may be reduced is refused, and it is for the cancellation too.
    if not _accepted(lines, discount):
        assert not _accepted(reversed_lines(lines), discount)
        return
    one = document(*lines, discount=discount)
    back = document(*reversed_lines(lines), discount=discount)
    assert [-entry.net_cents for entry in back.lines] == [entry.net_cents for entry in one.lines]
    assert [(g.category, -g.net_cents, -g.vat_cents) for g in back.groups] == [
        (g.category, g.net_cents, g.vat_cents) for g in one.groups
    ]
    assert one.gross_cents + back.gross_cents == 0


def _accepted(lines: list[Line], discount: Discount) -> bool:
    try:
        document(*lines, discount=discount)
    except Invalid:
        return False
    return True


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=15), st.sampled_from([1900, 2000, 810, 700]))
def test_what_was_told_gross_stays_to_the_cent(amounts: list[int], rate: int) -> None:
    lines = [line(f"{amount / Decimal(100)}", tax=LineTax("S", rate), gross=True) for amount in amounts]
    totals = document(*lines)
    assert totals.gross_cents == sum(amounts)
    assert totals.net_cents == net_in(sum(amounts), rate)


@given(st.integers(0, 10_000_000), st.sampled_from([1900, 2000, 810, 700, 0]))
def test_gross_to_net_to_gross_comes_back(gross: int, rate: int) -> None:
    net = net_in(gross, rate)
    assert abs(net + share(net, rate) - gross) <= 1
    assert net_in(net + share(net, rate), rate) == net


@given(
    st.lists(st.decimals(-1000, 1000, places=3), min_size=1, max_size=20),
    st.integers(-3, 3),
)
def test_rounded_parts_meet_their_sum_and_no_part_strays(exact: list[Decimal], off: int) -> None:
    wanted = int(sum(exact).to_integral_value()) + off
    parts = round_to_sum(exact, wanted)
    assert sum(parts) == wanted
    assert all(abs(part - value) <= 5 for part, value in zip(parts, exact, strict=True))


def test_shares_without_weight_fall_to_the_first() -> None:
    assert allocate(5, [0, 0]) == [5, 0]
    assert allocate(0, []) == []
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]


def test_a_discount_on_the_document_spares_what_is_handed_on() -> None:
    totals = document(line("100"), fee("154"), discount=Discount(Decimal(10)))
    assert told(totals) == {"net": "244.00", "vat": "17.10", "gross": "261.10"}
    assert [(a.category, a.net_cents) for a in totals.allowances] == [("S", 1_000)]


def test_an_amount_off_is_spread_over_rates_as_they_weigh() -> None:
    reduced = LineTax("S", 700)
    totals = document(line("200"), line("100", tax=reduced), discount=Discount(cents=1_000))
    assert [(a.rate, a.net_cents) for a in totals.allowances] == [(700, 333), (1900, 667)]
    assert totals.net_cents == 29_000


def test_a_discount_on_gross_prices_is_gross() -> None:
    totals = document(line("119", gross=True), discount=Discount(cents=1_190))
    assert told(totals) == {"net": "90.00", "vat": "17.10", "gross": "107.10"}
    assert totals.allowance_cents == 1_000


def test_percent_and_amount_come_off_a_line_in_that_order() -> None:
    (entry,) = document(line("100", discount_percent=Decimal(10), discount_cents=500)).lines
    assert (entry.net_cents, entry.discount_cents) == (8_500, 1_500)


def test_the_old_part_is_taxed_and_taken_out_again() -> None:
    totals = document(exchange_part("320"), line("134.40"))
    assert totals.groups == (
        TaxGroup("S", 1900, 48_640, 9_242, ("domestic",), 3_200),
        TaxGroup("Z", 0, -3_200, 0, ("old_part",)),
    )
    assert totals.old_part_vat_cents == 608
    assert sum(group.net_cents for group in totals.groups) == totals.net_cents == 45_440


def test_a_gross_price_of_an_exchange_part_holds_the_tax_on_the_old_part() -> None:
    totals = document(exchange_part("1209", "1000", gross=True))
    assert told(totals) == {"net": "1000.00", "vat": "209.00", "gross": "1209.00"}


def test_the_old_part_counts_only_where_vat_is_charged_and_only_in_germany() -> None:
    assert document(exchange_part("100", tax=EXEMPT)).groups == (
        TaxGroup("E", 0, 10_000, 0, ("small_business",)),
    )
    assert document(exchange_part("100", tax=LineTax("S", 2000)), country="AT").vat_cents == 2_000


def test_a_discount_leaves_the_value_of_the_old_part_alone() -> None:
    totals = document(exchange_part("1000", discount_percent=Decimal(10)))
    assert totals.lines[0].old_part_cents == 10_000
    assert told(totals) == {"net": "900.00", "vat": "190.00", "gross": "1090.00"}


def test_reasons_of_one_group_are_all_kept() -> None:
    (group,) = document(line("10", tax=EXEMPT), fee("154")).groups
    assert group.reasons == ("small_business", "handed_on")
    assert group.reason == "small_business"
    assert TaxGroup("S", 1900, 0, 0).reason == ""


def test_outside_the_scope_stands_alone() -> None:
    outside = line("10", tax=LineTax("O", 0))
    assert document(outside, outside).gross_cents == 2_000
    with pytest.raises(Invalid) as refused:
        document(outside, fee("154"))
    assert refused.value.code == "billing_outside_mixed"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (line("10", "0"), "billing_quantity_invalid"),
        (line("10", "NaN"), "billing_quantity_invalid"),
        (line("10", "Infinity"), "billing_quantity_invalid"),
        (line("10", "0.0000001"), "billing_quantity_invalid"),
        (line("10", "1000001"), "billing_quantity_invalid"),
        (line("10", base_quantity=0), "billing_quantity_invalid"),
        (line("-0.01"), "billing_price_invalid"),
        (line("1e-7"), "billing_price_invalid"),
        (line("1e99"), "billing_price_invalid"),
        (exchange_part("10", "-1"), "billing_price_invalid"),
        (exchange_part("10", gross=True), "billing_price_invalid"),
        (exchange_part("0.01", "10", gross=True), "billing_price_invalid"),
        (line("10", discount_percent=Decimal("100.01")), "billing_discount_invalid"),
        (line("10", discount_percent=Decimal("-1")), "billing_discount_invalid"),
        (line("10", discount_percent=Decimal("NaN")), "billing_discount_invalid"),
        (line("10", discount_cents=-1), "billing_discount_invalid"),
        (line("10", discount_cents=1_001), "billing_discount_invalid"),
        (line("100000000", "1000"), "billing_amount_too_large"),
    ],
)
def test_a_line_that_cannot_be_is_refused(wrong: Line, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        document(wrong)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "discount",
    [Discount(Decimal(101)), Discount(Decimal("NaN")), Discount(cents=-1), Discount(cents=1_001)],
)
def test_a_discount_that_cannot_be_is_refused(discount: Discount) -> None:
    with pytest.raises(Invalid) as refused:
        document(line("10"), discount=discount)
    assert refused.value.code == "billing_discount_invalid"


def test_an_empty_document_comes_to_nothing() -> None:
    assert told(document()) == {"net": "0.00", "vat": "0.00", "gross": "0.00"}


@settings(deadline=None)
@given(st.integers(1, 3))
def test_ten_thousand_lines_are_summed_exactly(seed: int) -> None:
    chance = random.Random(seed)
    amounts = [chance.randrange(1, 100_000) for _ in range(10_000)]
    lines = [line(f"{Decimal(amount) / 100}", gross=at % 2 == 0) for at, amount in enumerate(amounts)]
    totals = document(*lines)
    net, gross = sum(amounts[1::2]), sum(amounts[::2])
    assert totals.gross_cents == net + share(net, 1900) + gross


def test_units_of_all_makes_tell_the_same_time() -> None:
    labour = Labour(Decimal(12), 10)
    assert (labour.minutes, labour.hours) == (Decimal("72.0"), Decimal("1.2"))
    assert labour.in_division(100) == labour_of_minutes(Decimal(72), 100) == Labour(Decimal(120), 100)
    with pytest.raises(Invalid):
        Labour(Decimal(1), 7)


def test_a_third_of_an_hour_is_billed_exactly_though_its_unit_price_has_no_end() -> None:
    entry = labour_line(Labour(Decimal(4), 12), Decimal(112), TAXED, discount_percent=Decimal(50))
    assert document(entry).net_cents == cents("18.66") == 3_733 - 1_867
    assert document(replace(entry, discount_percent=Decimal(0))).net_cents == 3_733


def test_small_amounts_and_cash_follow_the_country() -> None:
    assert is_small_amount(40_000, "CH", DAY)
    assert not is_small_amount(40_001, "CH", DAY)
    assert not is_small_amount(100, "DE", DAY, categories=["AE"])
    assert is_small_amount(100, "DE", DAY, categories=["S", "E"])
    assert cash_rounding(13_348, "CH", DAY) == 2
    assert cash_rounding(-13_347, "CH", DAY) == 2
    assert cash_rounding(13_347, "DE", DAY) == cash_rounding(13_347, "AT", DAY) == 0
    with pytest.raises(Invalid) as refused:
        is_small_amount(1, "FR", DAY)
    assert refused.value.code == "billing_figure_unknown"


def test_a_changed_rate_is_told_by_the_line_and_stays_apart() -> None:
    totals = total([line("100", tax=LineTax("S", 1600)), line("100")], DAY)
    assert [(group.rate, group.vat_cents) for group in totals.groups] == [(1900, 1_900), (1600, 1_600)]
