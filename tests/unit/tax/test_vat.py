"""VAT: the worked examples of domain.md 1, and the rules behind them."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.catalog.pricing import labour_cents, seconds_of, units_of
from carbot_app.domains.tax import vat
from carbot_app.kit.errors import Invalid

TODAY = date(2026, 11, 28)
VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "vat.json").read_text(encoding="utf-8"))
FURTHER = [
    {"id": "VAT-06", "area": "vat.altteil_labour", "input": {}, "expected": {}},
    {
        "id": "VAT-25", "area": "vat.gross_to_net", "input": {"gross": "500.00", "rate": "19"},
        "expected": {"net": "420.17", "vat": "79.83"},
    },
    {
        "id": "VAT-27", "area": "aw", "input": {"aw": "12", "division": 10, "rate_per_hour": "112.00"},
        "expected": {"hours": "1.2", "net": "134.40"},
    },
]  # fmt: skip
"""Examples that domain.md tells and the file of vectors leaves out."""


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def euros(value: int) -> str:
    return f"{Decimal(value) / 100:.2f}"


def standard(percent: str) -> vat.Tax:
    return vat.Tax("S", Decimal(percent))


def told(totals: vat.Totals) -> dict[str, str]:
    return {
        "net": euros(totals.net_cents),
        "vat": euros(totals.tax_cents),
        "gross": euros(totals.gross_cents),
    }


def rounding(given: dict[str, Any]) -> dict[str, str]:
    nets = [int(Decimal(price) * 100 * int(quantity)) for price, quantity in given["lines"]]
    return told(vat.total(standard(given["rate"]), nets))


def gross_to_net(given: dict[str, Any]) -> dict[str, str]:
    return told(vat.total_of_gross(standard(given["rate"]), cents(given["gross"])))


def one_net(given: dict[str, Any]) -> dict[str, str]:
    return told(vat.total(standard(given["rate"]), [cents(given.get("net", given.get("base", "")))]))


def old_part(given: dict[str, Any]) -> dict[str, str]:
    base = vat.old_part_cents(cents(given["list_net"]))
    totals = vat.total(standard(given["rate"]), [cents(given["exchange_part_net"])], old_parts_cents=base)
    return {**told(totals), "altteil_base": euros(base)}


def old_part_and_labour(_: dict[str, Any]) -> dict[str, str]:
    labour = labour_cents(seconds_of(Decimal(12), 10), 11_200)
    assert labour == 13_440
    totals = vat.total(standard("19"), [32_000, labour], old_parts_cents=vat.old_part_cents(32_000))
    assert totals.sums[0].base_cents == 48_640
    assert told(totals) == {"net": "454.40", "vat": "92.42", "gross": "546.82"}
    return {}


def pass_through(given: dict[str, Any]) -> dict[str, str]:
    totals = vat.total(
        standard("19"), [cents(given["own_net"])], handed_on_cents=cents(given["hu_fee_gross"])
    )
    assert [part.category for part in totals.sums] == ["S", "E"]
    return {**told(totals), "net_total": euros(totals.net_cents)}


def labour(given: dict[str, Any]) -> dict[str, str]:
    seconds = seconds_of(Decimal(given["aw"]), given["division"])
    hours = units_of(seconds, 1)
    return {
        "hours": f"{hours:.1f}",
        "net": euros(labour_cents(seconds, cents(given["rate_per_hour"]))),
    }


EXAMPLES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "vat.rounding": rounding,
    "vat.gross_to_net": gross_to_net,
    "vat.altteil": old_part,
    "vat.altteil_labour": old_part_and_labour,
    "vat.pass_through": pass_through,
    "vat.at": one_net,
    "vat.negative_zero": one_net,
    "aw": labour,
}


def _worker(vector: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    if vector["area"] == "vat.rounding" and "net" in vector["input"]:
        return one_net
    return EXAMPLES[vector["area"]]


HERE = [vector for vector in (*VECTORS, *FURTHER) if vector["area"] in EXAMPLES]
"""Place of supply and cash belong to documents (tests/unit/billing)."""


@pytest.mark.parametrize("vector", HERE, ids=lambda vector: vector["id"])
def test_the_worked_example_comes_out(vector: dict[str, Any]) -> None:
    result = _worker(vector)(vector["input"])
    assert {name: result[name] for name in vector["expected"]} == vector["expected"]


def test_rates_follow_the_date() -> None:
    assert vat.standard_percent("DE", date(2020, 6, 30)) == 19
    assert vat.standard_percent("DE", date(2020, 7, 1)) == 16
    assert vat.standard_percent("DE", date(2021, 1, 1)) == 19
    assert vat.standard_percent("CH", date(2023, 12, 31)) == Decimal("7.7")
    assert vat.standard_percent("CH", TODAY) == Decimal("8.1")
    assert vat.standard_percent("AT", TODAY) == 20


@pytest.mark.parametrize(("country", "on"), [("FR", TODAY), ("DE", date(1999, 1, 1))])
def test_an_unknown_country_or_day_is_refused(country: str, on: date) -> None:
    with pytest.raises(Invalid) as refused:
        vat.standard_percent(country, on)
    assert refused.value.code == "tax_country_unknown"


def test_a_small_business_charges_nobody_vat() -> None:
    small = vat.tax_at_home("DE", TODAY, regime=vat.SMALL_BUSINESS)
    assert (small.category, small.percent, small.note) == ("E", 0, "small_business")
    assert vat.tax_at_home("CH", TODAY) == vat.Tax("S", Decimal("8.1"))


money = st.integers(min_value=0, max_value=5_000_000)
percents = st.sampled_from([Decimal("19"), Decimal("20"), Decimal("8.1"), Decimal(0)])


@given(st.lists(money, max_size=12), percents, money, money)
def test_totals_add_up_whatever_the_lines(
    nets: list[int], percent: Decimal, old_parts: int, fee: int
) -> None:
    totals = vat.total(vat.Tax("S", percent), nets, old_parts_cents=old_parts, handed_on_cents=fee)
    assert totals.net_cents == sum(nets) + fee
    assert totals.gross_cents == totals.net_cents + totals.tax_cents
    exact = (sum(nets) + old_parts) * percent / 100
    assert abs(totals.tax_cents - exact) <= Decimal("0.5")


@given(money, percents)
def test_what_was_told_with_vat_stays_and_its_tax_is_right_to_the_cent(gross: int, percent: Decimal) -> None:
    totals = vat.total_of_gross(vat.Tax("S", percent), gross)
    assert totals.gross_cents == gross
    assert abs(vat.tax_of(totals.net_cents, percent) - totals.tax_cents) <= 1


def test_parts_under_one_rate_are_put_together() -> None:
    one = vat.total(standard("19"), [1_000], handed_on_cents=500)
    both = vat.add(one, vat.total(standard("19"), [2_000]))
    assert [(part.category, part.base_cents, part.tax_cents) for part in both.sums] == [
        ("S", 3_000, 570),
        ("E", 500, 0),
    ]
    assert (both.net_cents, both.gross_cents) == (3_500, 4_070)
