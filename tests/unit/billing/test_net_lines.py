"""What a document shows line by line explains its totals."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.billing.labour import Labour, labour_line
from carbot_app.domains.billing.lines import Line
from carbot_app.domains.billing.net_lines import NetLine, net_lines
from carbot_app.domains.billing.totals import Discount
from tests.unit.billing.documents import TAXED, document, exchange_part, fee, line, reversed_lines
from tests.unit.billing.test_totals import many_lines


def shown(*lines: Line) -> list[tuple[str, str, str, int]]:
    return [
        (entry.tax.category, str(entry.quantity), str(entry.unit_price), entry.net_cents)
        for entry in net_lines(lines, document(*lines))
    ]


def test_an_exchange_part_shows_its_old_part_and_takes_it_out_again() -> None:
    work = labour_line(Labour(Decimal(12), 10), Decimal(112), TAXED)
    assert shown(exchange_part("320"), work) == [
        ("S", "1", "320", 32_000),
        ("S", "1", "32", 3_200),
        ("Z", "-1", "32", -3_200),
        ("S", "12", "112", 13_440),
    ]
    back = reversed_lines([exchange_part("320")])
    assert shown(*back)[1:] == [("S", "-1", "32", -3_200), ("Z", "1", "32", 3_200)]


def test_a_gross_price_shows_the_net_it_holds() -> None:
    lines = [line("49.90", "3", gross=True), fee("154")]
    assert shown(*lines) == [("S", "3", "41.933333", 12_580), ("E", "1", "154", 15_400)]


def test_a_discount_on_a_gross_price_is_shown_net() -> None:
    lines = [line("119", gross=True, discount_percent=Decimal(10))]
    (entry,) = net_lines(lines, document(*lines))
    assert (entry.unit_price, entry.discount_cents, entry.net_cents) == (100, 1_000, 9_000)


@given(many_lines, st.decimals(0, 100, places=2))
def test_shown_lines_explain_every_group(lines: list[Line], percent: Decimal) -> None:
    totals = document(*lines, discount=Discount(percent))
    entries = net_lines(lines, totals)
    assert sum(entry.net_cents for entry in entries) == totals.line_cents
    assert all(_explained(entry) for entry in entries)
    off = {(a.category, a.rate): a.net_cents for a in totals.allowances}
    for group in totals.groups:
        key = (group.category, group.rate)
        nets = sum(entry.net_cents for entry in entries if (entry.tax.category, entry.tax.rate) == key)
        assert nets - off.get(key, 0) == group.net_cents


def _explained(entry: NetLine) -> bool:
    exact = entry.unit_price * 100 * entry.quantity / entry.base_quantity - entry.discount_cents
    return abs(exact - entry.net_cents) <= Decimal("0.5") and entry.unit_price >= 0
