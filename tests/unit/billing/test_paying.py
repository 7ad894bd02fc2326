"""Deposits, early payment, several payers and payment slips come out to the cent."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.billing.cash_discount import CashDiscountTerm, best_discount, cash_discount
from carbot_app.domains.billing.deposits import Deposit, deposit_groups, settle
from carbot_app.domains.billing.lines import LineTax
from carbot_app.domains.billing.payers import split_by_weights, split_with_insurer
from carbot_app.domains.billing.payment_codes import (
    Reference,
    creditor_reference,
    epc_text,
    is_creditor_reference,
    is_qr_iban,
    normal_iban,
    qr_reference,
    swiss_reference,
)
from carbot_app.domains.billing.totals import TaxGroup, Totals
from carbot_app.kit.errors import Invalid
from tests.unit.billing.documents import DAY, document, exchange_part, fee, line

BILL = document(line("1000"), fee("154"))
IBAN = "DE02120300000000202051"
QR_IBAN = "CH4431999123000889012"
SWISS_IBAN = "CH9300762011623852957"


def deposit(gross: int, totals: Totals = BILL, number: str = "AZ-1") -> Deposit:
    return Deposit(number, date(2026, 11, 1), deposit_groups(totals, gross))


def code_of(refused: pytest.ExceptionInfo[Invalid]) -> str:
    return refused.value.code


def test_a_final_invoice_takes_off_what_was_paid_and_the_tax_told_in_it() -> None:
    bill = document(line("1000"))
    paid = deposit(50_000, bill)
    assert (paid.net_cents, paid.vat_cents, paid.gross_cents) == (42_017, 7_983, 50_000)
    rest = settle(bill, [paid])
    assert (rest.deposit_net_cents, rest.deposit_vat_cents, rest.deposit_cents) == (42_017, 7_983, 50_000)
    assert rest.rest == (TaxGroup("S", 1900, 57_983, 11_017, ("domestic",)),)
    assert (rest.payable_cents, rest.refund_cents) == (69_000, 0)


def test_a_deposit_told_at_an_older_rate_is_corrected_by_the_final_invoice() -> None:
    bill, before = document(line("1000")), document(line("1000", tax=LineTax("S", 1600)))
    rest = settle(bill, [deposit(116_000, before)])
    assert [(group.rate, group.net_cents, group.vat_cents) for group in rest.rest] == [
        (1900, 100_000, 19_000),
        (1600, -100_000, -16_000),
    ]
    assert rest.payable_cents == 3_000


def test_more_paid_before_than_billed_goes_back() -> None:
    rest = settle(document(line("100")), [deposit(50_000)])
    assert (rest.payable_cents, rest.refund_cents) == (-38_100, 38_100)


@given(st.lists(st.integers(1, 20_000), max_size=5))
def test_whatever_was_paid_before_the_rest_adds_up(amounts: list[int]) -> None:
    bill = document(line("1000"), exchange_part("200"), line("50", tax=LineTax("S", 700)), fee("154"))
    rest = settle(bill, [deposit(amount, bill, f"AZ-{at}") for at, amount in enumerate(amounts)])
    assert rest.deposit_cents == sum(amounts)
    assert sum(group.gross_cents for group in rest.rest) == rest.payable_cents
    assert rest.payable_cents == bill.gross_cents - sum(amounts)


def test_a_deposit_in_another_currency_or_named_twice_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        settle(BILL, [replace(deposit(100), currency="CHF")])
    assert code_of(refused) == "billing_currency_differs"
    with pytest.raises(Invalid) as refused:
        settle(BILL, [deposit(100), deposit(200)])
    assert code_of(refused) == "billing_deposit_twice"


@pytest.mark.parametrize("gross", [0, -1, BILL.gross_cents + 1])
def test_a_deposit_lies_within_the_bill(gross: int) -> None:
    with pytest.raises(Invalid) as refused:
        deposit_groups(BILL, gross)
    assert code_of(refused) == "billing_deposit_invalid"


def test_paying_early_takes_off_from_own_work_but_not_from_fees() -> None:
    offer = cash_discount(BILL, CashDiscountTerm(Decimal(2), 7), DAY)
    assert (offer.base_cents, offer.cents, offer.vat_cents) == (119_000, 2_380, 380)
    assert offer.until == date(2026, 11, 27)


def test_deposit_and_cash_discount_of_one_bill_come_out_as_in_the_sample() -> None:
    bill = document(line("289"), line("112", "4.2"))
    rest = settle(bill, [deposit(30_000, bill)])
    assert (bill.net_cents, bill.vat_cents, rest.payable_cents) == (75_940, 14_429, 60_369)
    assert cash_discount(bill, CashDiscountTerm(Decimal(2), 7), DAY).base_cents == 90_369


def test_of_several_terms_the_best_still_open_counts() -> None:
    three, two = (
        cash_discount(BILL, CashDiscountTerm(Decimal(percent), days), DAY)
        for percent, days in ((3, 7), (2, 14))
    )
    assert best_discount([three, two], three.until) == three
    assert best_discount([three, two], two.until) == two
    assert best_discount([three, two], date(2026, 12, 5)) is None


def test_the_value_of_an_old_part_is_not_what_shrinks() -> None:
    offer = cash_discount(document(exchange_part("1000")), CashDiscountTerm(Decimal(2), 7), DAY)
    assert (offer.base_cents, offer.cents) == (120_900, 2_418)


@pytest.mark.parametrize(("percent", "days"), [("0", 7), ("100", 7), ("NaN", 7), ("2", 0), ("2", 367)])
def test_a_term_that_cannot_be_is_refused(percent: str, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        CashDiscountTerm(Decimal(percent), days)
    assert code_of(refused) == "billing_cash_discount_invalid"


def test_with_a_right_to_deduct_the_insurer_pays_net_and_the_customer_vat_and_deductible() -> None:
    insurer, customer = split_with_insurer(
        document(line("1000")), deducts_input_tax=True, deductible_cents=15_000
    )
    assert (insurer.cents, insurer.made_of) == (85_000, {"net": 100_000, "deductible": -15_000})
    assert (customer.cents, customer.made_of) == (34_000, {"vat": 19_000, "deductible": 15_000})


def test_a_consumer_pays_only_the_deductible() -> None:
    insurer, customer = split_with_insurer(document(line("1000")), deducts_input_tax=False)
    assert (insurer.cents, customer.cents, customer.made_of) == (119_000, 0, {})


@given(st.integers(1, 1_000_000), st.booleans(), st.integers(0, 1_000_000))
def test_insurer_and_customer_are_the_whole_bill(amount: int, deducts: bool, deductible: int) -> None:
    bill = document(line(f"{Decimal(amount) / 100}"))
    try:
        parts = split_with_insurer(bill, deducts_input_tax=deducts, deductible_cents=deductible)
    except Invalid:
        assert deductible > bill.net_cents
        return
    assert sum(part.cents for part in parts) == bill.gross_cents
    assert all(part.cents == sum(part.made_of.values()) and part.cents >= 0 for part in parts)


def test_a_deductible_above_the_damage_or_below_zero_is_refused() -> None:
    for wrong in (119_001, -1):
        with pytest.raises(Invalid) as refused:
            split_with_insurer(document(line("1000")), deducts_input_tax=False, deductible_cents=wrong)
        assert code_of(refused) == "billing_deductible_invalid"


def test_shares_meet_the_sum() -> None:
    parts = split_by_weights(10_000, [("anna", 1), ("bert", 1), ("cem", 1)])
    assert [(part.payer, part.cents) for part in parts] == [("anna", 3_334), ("bert", 3_333), ("cem", 3_333)]


@pytest.mark.parametrize("payers", [[], [("anna", 1), ("anna", 2)], [("anna", 0)], [("anna", -1)]])
def test_shares_that_cannot_be_are_refused(payers: list[tuple[str, int]]) -> None:
    with pytest.raises(Invalid) as refused:
        split_by_weights(100, payers)
    assert code_of(refused) == "billing_shares_invalid"


def test_an_iban_is_read_with_spaces_and_small_letters() -> None:
    assert normal_iban("de02 1203 0000 0000 2020 51") == IBAN
    for wrong in ("", "DE02", "XX02120300000000202051", IBAN[:-1] + "2"):
        with pytest.raises(Invalid) as refused:
            normal_iban(wrong)
        assert code_of(refused) == "billing_iban_invalid"


def test_a_giro_code_with_a_structured_reference() -> None:
    text = epc_text("Muster", IBAN, 1, reference="RF82 RE20 2600 042")
    assert text.split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        "Muster",
        IBAN,
        "EUR0.01",
        "",
        "RF82RE202600042",
    ]


def test_the_longest_allowed_code_still_fits_version_thirteen() -> None:
    text = epc_text("M" * 70, "MT84MALT011000012345MTLCAST001S", 99_999_999_999, text="x" * 140)
    assert segno.make(text, error="m", boost_error=False, micro=False).version <= 13


def test_a_line_break_cannot_shift_the_fields_of_a_code() -> None:
    fields = epc_text("Muster\nGmbH", IBAN, 100, text="a\nb").split("\n")
    assert (fields[5], fields[-1], len(fields)) == ("Muster GmbH", "a b", 11)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": " "}, "billing_payee_invalid"),
        ({"name": "M" * 71}, "billing_payee_invalid"),
        ({"currency": "CHF"}, "billing_currency_differs"),
        ({"cents": 0}, "billing_amount_invalid"),
        ({"cents": 100_000_000_000}, "billing_amount_invalid"),
        ({"text": "x" * 141}, "billing_reference_invalid"),
        ({"reference": "RF83RE202600042"}, "billing_reference_invalid"),
        ({"text": "a", "reference": "RF82RE202600042"}, "billing_reference_invalid"),
        ({"name": "ß" * 70, "text": "ü" * 140}, "billing_reference_invalid"),
        ({"iban": "DE00"}, "billing_iban_invalid"),
    ],
)
def test_what_a_code_cannot_hold_is_refused(more: dict[str, object], code: str) -> None:
    usual = {"name": "Muster", "iban": IBAN, "cents": 100}
    with pytest.raises(Invalid) as refused:
        epc_text(**{**usual, **more})  # type: ignore[arg-type]
    assert code_of(refused) == code


@given(st.from_regex(r"[A-Z0-9]{1,21}", fullmatch=True))
def test_every_creditor_reference_proves_itself(body: str) -> None:
    assert is_creditor_reference(creditor_reference(body))


def test_references_that_cannot_be_are_refused() -> None:
    for make, wrong in (
        (creditor_reference, "-"),
        (creditor_reference, "A" * 22),
        (qr_reference, "RE"),
        (qr_reference, "0"),
        (qr_reference, "1" * 27),
    ):
        with pytest.raises(Invalid) as refused:
            make(wrong)
        assert code_of(refused) == "billing_reference_invalid"


def test_the_iban_decides_the_reference_of_a_swiss_bill() -> None:
    assert is_qr_iban(QR_IBAN)
    assert not is_qr_iban(SWISS_IBAN)
    assert not is_qr_iban(IBAN)
    assert swiss_reference(QR_IBAN, "RE-2026-00042") == Reference("QRR", "000000000000000002026000429")
    assert swiss_reference(SWISS_IBAN, "RE-2026-00042") == Reference("SCOR", "RF82RE202600042")
    assert swiss_reference(SWISS_IBAN, "") == Reference("NON", "")
