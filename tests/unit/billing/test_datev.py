"""The booking batch is what DATEV reads: the sample comes out byte for byte and everything balances."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.billing.accounts import SKR04, Accounts, columns
from carbot_app.domains.billing.cash_discount import CashDiscountTerm, cash_discount
from carbot_app.domains.billing.datev_file import Batch, document_text, file_name, plain_text, write_batch
from carbot_app.domains.billing.datev_rows import (
    BookedDocument,
    BookingRow,
    row_of_payment,
    rows_of_cash_discount,
    rows_of_document,
)
from carbot_app.domains.billing.lines import Line, LineTax
from carbot_app.domains.billing.totals import Discount
from carbot_app.kit.errors import Invalid
from tests.unit.billing.documents import DAY, EXEMPT, document, exchange_part, fee, line, reversed_lines

SAMPLE = Path(__file__).parents[2] / "vectors" / "datev_2026-11.csv"
ISSUED = date(2026, 11, 23)
BATCH = Batch(
    29098,
    55003,
    date(2026, 11, 1),
    date(2026, 11, 30),
    datetime(2026, 11, 23, 10, 30),  # noqa: DTZ001
    date(2026, 1, 1),
    "CarBot 2026-11",
)
PLAN = Accounts()


def booked(number: str, text: str, *lines: Line, discount: Discount | None = None) -> BookedDocument:
    return BookedDocument(number, ISSUED, DAY, 10001, text, document(*lines, discount=discount), lines)


OIL = booked("RE-2026-00041", "Ölwechsel B-MW 1234", line("170.70"))
ALTERNATOR = replace(
    booked("RE-2026-00042", "Lichtmaschine AT", exchange_part("320"), line("11.20", "12")),
    old_part_text="USt auf Altteil 10 % v. 320,00",
)
INSPECTION = replace(
    booked("RE-2026-00043", "HU-Vorbereitung", line("49"), fee("154")),
    handed_on_text="HU-Gebühr durchlaufend",
)
CANCELLED = booked("RE-2026-00046", "Storno RE-2026-00041", *reversed_lines([line("170.70")]))


def short(rows: tuple[BookingRow, ...]) -> list[tuple[int, str, int]]:
    return [(row.cents, row.side, row.contra) for row in rows]


def test_the_sample_of_the_format_comes_out_byte_for_byte() -> None:
    rows = [row for doc in (OIL, ALTERNATOR, INSPECTION, CANCELLED) for row in rows_of_document(doc, PLAN)]
    assert write_batch(BATCH, rows) == SAMPLE.read_bytes()
    assert file_name(BATCH) == "EXTF_Buchungsstapel_2026-11.csv"


def test_the_other_chart_books_the_same_amounts_elsewhere() -> None:
    plan = Accounts(SKR04)
    assert short(rows_of_document(ALTERNATOR, plan)) == [(54_074, "S", 4400), (608, "S", 3806)]
    assert short(rows_of_document(INSPECTION, plan)) == [(5_831, "S", 4400), (15_400, "S", 1370)]


def test_departments_have_accounts_of_their_own_and_fall_back() -> None:
    split = replace(
        booked("RE-1", "Reifen", line("33.33"), line("33.33"), line("33.34")),
        departments={0: "tyres", 1: "labour"},
    )
    plan = Accounts(own={"revenue_1900.tyres": 8403})
    assert short(rows_of_document(split, plan)) == [
        (3_966, "S", 8403),
        (3_966, "S", 8400),
        (3_968, "S", 8400),
    ]


def test_a_discount_is_borne_by_revenue_and_not_by_fees() -> None:
    mixed = booked("RE-1", "x", line("50", tax=EXEMPT), fee("154"), discount=Discount(Decimal(10)))
    assert short(rows_of_document(mixed, PLAN)) == [(4_500, "S", 8195), (15_400, "S", 1590)]


def test_reverse_charge_scrap_and_exports_find_their_accounts() -> None:
    for reason, account in (
        ("reverse_charge", 8336),
        ("scrap", 8337),
        ("intra_community", 8125),
        ("export", 8120),
        ("business_outside_eu", 8338),
    ):
        one = booked("RE-1", "x", line("10", tax=LineTax("AE", 0, reason)))
        assert short(rows_of_document(one, PLAN)) == [(1_000, "S", account)]


def test_an_account_nobody_has_told_stops_the_export() -> None:
    other = booked("RE-1", "x", line("10", tax=LineTax("S", 1600)))
    with pytest.raises(Invalid) as refused:
        rows_of_document(other, PLAN)
    assert (refused.value.code, refused.value.params) == (
        "datev_account_missing",
        {"account": "revenue_1600"},
    )
    with pytest.raises(Invalid):
        Accounts("51").number("bank")
    assert Accounts("51", own={"bank": 1200}).number("bank") == 1200


def test_longer_accounts_get_zeros_behind_and_own_ones_are_taken_as_they_are() -> None:
    assert Accounts(length=6).number("bank") == 120_000
    assert Accounts(own={"bank": 120_001}, length=6).number("bank") == 120_001
    with pytest.raises(Invalid) as refused:
        Accounts(own={"bank": 12_000}).number("bank")
    assert refused.value.code == "datev_account_invalid"


@pytest.mark.parametrize("debtor", [0, 9_999, 70_000, 100_000])
def test_customers_have_one_digit_more(debtor: int) -> None:
    with pytest.raises(Invalid) as refused:
        rows_of_document(replace(OIL, debtor=debtor), PLAN)
    assert refused.value.code == "datev_debtor_invalid"


def test_rows_that_do_not_meet_the_document_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        rows_of_document(replace(OIL, lines=(line("170.70", tax=LineTax("S", 1600)),)), PLAN)
    assert refused.value.code == "datev_unbalanced"


def test_a_payment_is_booked_on_bank_or_cash_and_back_again() -> None:
    paid = row_of_payment(54_682, ISSUED, debtor=10001, document="RE-1", text="Zahlung", accounts=PLAN)
    assert (paid.side, paid.account, paid.contra) == ("S", 1200, 10001)
    back = row_of_payment(-100, ISSUED, debtor=10001, document="RE-1", text="x", accounts=PLAN, into="cash")
    assert (back.cents, back.side, back.account, back.signed_cents) == (100, "H", 1000, -100)


def test_skonto_that_was_taken_credits_the_customer_by_rate() -> None:
    bill = document(line("100"), line("100", tax=EXEMPT), fee("154"))
    taken = cash_discount(bill, CashDiscountTerm(Decimal(2), 7), DAY)
    rows = rows_of_cash_discount(
        taken.groups, ISSUED, debtor=10001, document="RE-1", text="Skonto", accounts=PLAN
    )
    assert short(rows) == [(238, "H", 8736)]


amounts = st.integers(1, 1_000_000)


@given(
    st.lists(amounts, min_size=1, max_size=6),
    st.lists(amounts, max_size=2),
    st.booleans(),
    st.integers(0, 90),
)
def test_rows_balance_with_every_document(nets: list[int], fees: list[int], back: bool, percent: int) -> None:
    lines = [line(f"{Decimal(net) / 100}", gross=at % 2 == 0) for at, net in enumerate(nets)]
    lines += [exchange_part("320"), *(fee(f"{Decimal(cents) / 100}") for cents in fees)]
    lines = reversed_lines(lines) if back else lines
    one = booked("RE-1", "x", *lines, discount=Discount(Decimal(percent)))
    one = replace(one, departments={0: "labour", 1: "parts"})
    rows = rows_of_document(one, PLAN)
    assert sum(row.signed_cents for row in rows) == one.totals.gross_cents
    assert all(row.cents > 0 for row in rows)
    assert sum(row.signed_cents for row in rows if row.contra == 1590) == (-1 if back else 1) * sum(fees)


def test_a_batch_has_one_month_and_rows_of_its_month() -> None:
    (row,) = rows_of_document(OIL, PLAN)
    for batch, code in (
        (replace(BATCH, last=date(2026, 12, 1)), "datev_period_invalid"),
        (replace(BATCH, first=date(2026, 11, 30), last=date(2026, 11, 1)), "datev_period_invalid"),
        (replace(BATCH, account_length=9), "datev_period_invalid"),
        (replace(BATCH, consultant=1000), "datev_client_invalid"),
        (replace(BATCH, client=0), "datev_client_invalid"),
        (replace(BATCH, first=date(2026, 10, 1), last=date(2026, 10, 31)), "datev_date_outside"),
    ):
        with pytest.raises(Invalid) as refused:
            write_batch(batch, [row])
        assert refused.value.code == code


@pytest.mark.parametrize("cents", [0, -1, 1_000_000_000_000])
def test_an_amount_the_field_cannot_hold_is_refused(cents: int) -> None:
    (row,) = rows_of_document(OIL, PLAN)
    with pytest.raises(Invalid) as refused:
        write_batch(BATCH, [replace(row, cents=cents)])
    assert refused.value.code == "datev_amount_invalid"


def test_texts_fit_the_letters_of_the_file() -> None:
    assert plain_text("Łukasz Şahin\nİğne 汽车 €", 60) == "Lukasz Sahin Igne ?? €"
    assert plain_text("abc def", 4) == "abc"
    (row,) = rows_of_document(OIL, PLAN)
    hostile = replace(row, text='"; H\r\n=cmd', supplied_on=None)
    last = write_batch(BATCH, [hostile]).decode("cp1252").split("\r\n")[2]
    assert '"""; H =cmd"' in last
    assert last.endswith(";;;;;;;;;;;")


def test_document_numbers_keep_only_what_the_field_allows() -> None:
    assert document_text("RE 2026/42_ä") == "RE2026/42"
    for wrong in ("ä", "R" * 37):
        with pytest.raises(Invalid) as refused:
            document_text(wrong)
        assert refused.value.code == "datev_document_invalid"


def test_there_are_a_hundred_and_twenty_five_columns() -> None:
    assert len(columns()) == 125
