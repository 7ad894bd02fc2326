"""Jobs and lines come to what billing says; what was told is what the sum is measured against."""

from datetime import date
from decimal import Decimal

import pytest

from carbot_app.domains.billing.totals import Discount
from carbot_app.domains.orders.reckoning import (
    Setting,
    as_discount,
    is_billed,
    job_gross,
    overrun_of,
    payers_from_json,
    payers_to_json,
    portions_of,
    totals_of,
)
from carbot_app.domains.orders.schemas import OrderLineInput, PayersInput
from carbot_app.kit.errors import Invalid

TODAY = date(2026, 11, 23)
GERMAN = Setting("DE", False, TODAY)


def _part(price: str, **fields: object) -> OrderLineInput:
    return OrderLineInput("Teil", Decimal(price), "part", gross=False, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lines", "net", "vat"),
    [
        ([_part("9.99", quantity=Decimal(3))], 2_997, 569),
        ([OrderLineInput("Öl", Decimal("49.90"))], 4_193, 797),
        ([_part("1000", exchange=True)], 100_000, 20_900),
        ([_part("1000", exchange=True, discount_percent=Decimal(10))], 90_000, 19_000),
        (
            [
                _part("320", exchange=True),
                OrderLineInput(
                    "AW", Decimal("112"), "labour", quantity=Decimal("1.2"), unit="HUR", gross=False
                ),
            ],
            45_440,
            9_242,
        ),
        ([_part("49"), OrderLineInput("HU", Decimal(154), "handed_on")], 20_300, 931),
    ],
)
def test_totals_meet_the_vectors(lines: list[OrderLineInput], net: int, vat: int) -> None:
    totals = totals_of(lines, GERMAN)
    assert (totals.net_cents, totals.vat_cents, totals.gross_cents) == (net, vat, net + vat)
    assert job_gross(lines, GERMAN) == net + vat


@pytest.mark.parametrize(
    ("setting", "vat"),
    [(GERMAN, 1_900), (Setting("AT", False, TODAY), 2_000), (Setting("CH", False, TODAY), 810),
     (Setting("DE", True, TODAY), 0)],
)  # fmt: skip
def test_the_tax_is_that_of_the_workshop(setting: Setting, vat: int) -> None:
    assert totals_of([_part("100")], setting).vat_cents == vat


def test_nothing_costs_nothing() -> None:
    assert job_gross([], GERMAN) == 0
    assert totals_of([], GERMAN).gross_cents == 0


def test_a_discount_never_touches_what_is_handed_on() -> None:
    lines = [OrderLineInput("Arbeit", Decimal(100)), OrderLineInput("HU", Decimal(50), "handed_on")]
    assert totals_of(lines, GERMAN, as_discount(Decimal(10), 500)).gross_cents == 8_500 + 5_000
    assert as_discount(Decimal(0), 0) is None
    assert as_discount(Decimal(0), 1) == Discount(Decimal(0), 1)
    with pytest.raises(Invalid):
        totals_of(lines, GERMAN, as_discount(Decimal(0), 10_001))


@pytest.mark.parametrize(
    ("decision", "done", "billed"),
    [
        ("approved", False, True),
        ("approved", True, True),
        ("open", True, True),
        ("open", False, False),
        ("declined", True, False),
    ],
)
def test_billed_is_what_was_agreed_to_or_done_without_a_no(decision: str, done: bool, billed: bool) -> None:
    assert is_billed(decision, done=done) is billed


@pytest.mark.parametrize(
    ("total", "approved", "state"),
    [(54_999, None, "within"), (55_000, None, "warn"), (57_500, None, "warn"), (57_501, None, "approval"),
     (60_000, 60_000, "within"), (60_001, 60_000, "approval")],
)  # fmt: skip
def test_an_overrun_is_judged_against_what_was_told_and_approved(
    total: int, approved: int | None, state: str
) -> None:
    found = overrun_of(50_000, total, TODAY, approved)
    assert found is not None
    assert found.state == state


def test_without_an_estimate_there_is_no_overrun() -> None:
    assert overrun_of(None, 99_999, TODAY, None) is None


def test_payers_are_kept_and_read_again() -> None:
    insured = PayersInput("HUK", "S-1", deducts_input_tax=True, deductible_cents=15_000)
    assert payers_from_json(payers_to_json(insured)) == insured
    assert payers_to_json(PayersInput()) == []
    assert payers_from_json([]) == payers_from_json([{"payer": "customer"}]) == PayersInput()
    assert payers_from_json([{"payer": "insurer", "name": ""}]).insurer == "?"


def test_portions_are_the_gross_sum() -> None:
    totals = totals_of([OrderLineInput("Arbeit", Decimal(1190))], GERMAN)
    insured = PayersInput("HUK", deducts_input_tax=True, deductible_cents=15_000)
    assert [part.cents for part in portions_of(insured, totals)] == [85_000, 34_000]
    assert portions_of(PayersInput(), totals) == ()
