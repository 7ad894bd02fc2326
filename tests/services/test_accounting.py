"""Months for the tax adviser: to the cent, the same again, and told when something came later."""

import csv
import io
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.accounting.datev_check import content_hash, require_balance, sum_of
from carbot_app.domains.accounting.schemas import DatevTerms
from carbot_app.domains.accounting.service import AccountingService
from carbot_app.domains.billing.lines import LineTax
from carbot_app.domains.billing.models import Invoice, Receivable
from carbot_app.domains.billing.totals import Discount
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.accounting import (
    DATEV,
    DAY,
    fee,
    make_expense,
    make_invoice,
    make_payment,
    make_terms,
    work,
)

NOVEMBER = date(2026, 11, 1)


@pytest.fixture
def books(database: Database, clock: ManualClock) -> AccountingService:
    return AccountingService(db=database, clock=clock)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    workshop = make_workshop(database, vat_id="DE129273398")
    make_terms(database, workshop)
    return workshop


def rows_of(content: bytes) -> list[tuple[str, str, str, str, str]]:
    """Amount, side, account, contra account and document of every row."""
    lines = list(csv.reader(io.StringIO(content.decode("cp1252"), newline=""), delimiter=";"))
    return [(row[0], row[1], row[6], row[7], row[10]) for row in lines[2:]]


def reversed_invoice(database: Database, workshop: Workshop, original: Invoice, *lines, **fields) -> Invoice:
    return make_invoice(database, workshop, *lines, kind="cancellation", original=original, **fields)


def test_an_exchange_part_has_its_vat_in_a_row_of_its_own(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    customer = make_customer(database, workshop)
    make_invoice(
        database,
        workshop,
        work("320.00", kind="part", exchange=True),
        work("11.20", "12"),
        customer_id=customer.id,
        texts=("Lichtmaschine AT",),
    )
    content = books.export_datev(staff_of(workshop), DAY).content
    assert rows_of(content) == [
        ("540,74", "S", "10001", "8400", "RE-2026-00042"),
        ("6,08", "S", "10001", "1776", "RE-2026-00042"),
    ]
    assert "Lichtmaschine AT, Anna Muster" in content.decode("cp1252")


def test_what_is_handed_on_and_what_is_cancelled_have_their_sides(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    invoice = make_invoice(database, workshop, work("49.00"), fee("154.00"))
    reversed_invoice(
        database, workshop, invoice, work("49.00", "-1"), fee("154.00", "-1"), number="RE-2026-00043"
    )
    assert rows_of(books.export_datev(staff_of(workshop), DAY).content) == [
        ("58,31", "S", "10000", "8400", "RE-2026-00042"),
        ("154,00", "S", "10000", "1590", "RE-2026-00042"),
        ("58,31", "H", "10000", "8400", "RE-2026-00043"),
        ("154,00", "H", "10000", "1590", "RE-2026-00043"),
    ]


def test_a_deposit_is_booked_as_received_and_cleared_by_the_final_invoice(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    deposit = make_invoice(database, workshop, work("420.17"), kind="deposit", number="RE-2026-00040")
    make_invoice(database, workshop, work("1000.00"), deposits=(deposit,), number="RE-2026-00041")
    found = rows_of(books.export_datev(staff_of(workshop), DAY).content)
    assert found == [
        ("500,00", "S", "10000", "1718", "RE-2026-00040"),
        ("1190,00", "S", "10000", "8400", "RE-2026-00041"),
        ("500,00", "H", "10000", "1718", "RE-2026-00041"),
    ]


def test_cancelling_a_final_invoice_gives_its_deposits_back_and_a_deposit_leaves_as_it_came(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    deposit = make_invoice(database, workshop, work("100.00"), kind="deposit", number="RE-1")
    final = make_invoice(database, workshop, work("1000.00"), deposits=(deposit,), number="RE-2")
    reversed_invoice(database, workshop, final, work("1000.00", "-1"), number="RE-3")
    reversed_invoice(database, workshop, deposit, work("100.00", "-1"), number="RE-4")
    found = rows_of(books.export_datev(staff_of(workshop), DAY).content)
    assert sum_of(books.export_datev(staff_of(workshop), DAY).content) == 0
    assert found[-3:] == [
        ("1190,00", "H", "10000", "8400", "RE-3"),
        ("119,00", "S", "10000", "1718", "RE-3"),
        ("119,00", "H", "10000", "1718", "RE-4"),
    ]


def test_payments_discounts_and_losses_are_booked_if_they_are_wanted(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    invoice = make_invoice(database, workshop, work("100.00"), fee("154.00"))
    make_payment(database, invoice, 10_000)
    make_payment(database, invoice, 5_000, method="cash")
    make_payment(database, invoice, 4_000, method="card", provider="stripe", provider_id="pi_1")
    make_payment(database, invoice, 238, kind="discount", method="none")
    make_payment(database, invoice, 8_062, kind="write_off", method="none")
    make_payment(database, invoice, -1_000, kind="refund")
    content = books.export_datev(staff_of(workshop), DAY, expenses=False).content
    assert [row[:4] for row in rows_of(content)[2:]] == [
        ("100,00", "S", "1200", "10000"),
        ("50,00", "S", "1000", "10000"),
        ("40,00", "S", "1360", "10000"),
        ("2,38", "H", "10000", "8736"),
        ("35,14", "H", "10000", "2406"),
        ("45,48", "H", "10000", "2400"),
        ("10,00", "H", "1200", "10000"),
    ]
    without = books.export_datev(staff_of(workshop), DAY, payments=False, expenses=False).content
    assert len(rows_of(without)) == 2


def test_expenses_go_to_their_account_with_the_key_of_their_tax(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    make_expense(
        database, workshop, number="T-1", entry_number="ER-1", state="paid", paid_on=DAY, paid_by="bank"
    )
    make_expense(
        database, workshop, number="x" * 60, entry_number="ER-2", supplier_key="anna", category="tools"
    )
    make_expense(database, workshop, state="received")
    make_expense(database, workshop, state="rejected")
    content = books.export_datev(staff_of(workshop), DAY).content
    assert rows_of(content) == [
        ("119,00", "S", "4985", "70002", "ER-2"),
        ("119,00", "S", "3200", "70001", "T-1"),
        ("119,00", "S", "70001", "1200", "T-1"),
    ]
    assert content.decode("cp1252").split("\r\n")[2].split(";")[8] == '"9"'


def test_groups_of_revenue_have_accounts_of_their_own_only_where_the_workshop_says_so(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    make_invoice(database, workshop, work("100.00"), work("50.00", kind="part"), revenue=("labour", "parts"))
    assert [row[3] for row in rows_of(books.export_datev(actor, DAY).content)] == ["8400"]
    books.save_mapping(actor, DatevTerms(29098, 55003, accounts={"revenue_1900.parts": 8402}))
    assert rows_of(books.export_datev(actor, DAY).content) == [
        ("119,00", "S", "10000", "8400", "RE-2026-00042"),
        ("59,50", "S", "10000", "8402", "RE-2026-00042"),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_any_month_balances_to_the_cent(
    books: AccountingService, database: Database, workshop: Workshop, seed: int
) -> None:
    chance = random.Random(seed)
    expected = 0
    for number in range(25):
        lines = [_some_line(chance) for _ in range(chance.randint(1, 6))]
        off = Discount(Decimal(chance.choice(["0", "3", "12.5"])))
        day = NOVEMBER + timedelta(days=chance.randint(0, 29))
        invoice = make_invoice(database, workshop, *lines, number=f"RE-{number}", discount=off, issued_on=day)
        expected += invoice.gross_cents
        if chance.random() < 0.6:
            kind = chance.choice(["payment", "payment", "discount", "write_off"])
            cents = chance.randint(1, max(invoice.gross_cents, 2))
            make_payment(database, invoice, cents, day, kind=kind, method=chance.choice(["cash", "transfer"]))
            expected += cents if kind == "payment" else -cents
    content = books.export_datev(staff_of(workshop), DAY).content
    assert sum_of(content) == expected


def _some_line(chance: random.Random):
    price = f"{chance.randint(0, 99_999) / 100:.2f}"
    quantity = str(chance.choice(["1", "2.5", "12", "0.333"]))
    kind = chance.choice(["labour", "part", "exchange", "fee", "reduced", "gross"])
    if kind == "fee":
        return fee(price)
    if kind == "reduced":
        return work(price, quantity, tax=LineTax("S", 700, "domestic"))
    if kind == "gross":
        return work(price, quantity, gross=True)
    return work(price, quantity, exchange=kind == "exchange", kind="labour" if kind == "labour" else "part")


def test_a_file_that_does_not_add_up_is_not_handed_out(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    make_invoice(database, workshop)
    content = books.export_datev(staff_of(workshop), DAY).content
    require_balance(content, 11_900, "2026-11")
    with pytest.raises(Invalid, match="datev_unbalanced"):
        require_balance(content.replace(b"119,00", b"119,01"), 11_900, "2026-11")


def test_exporting_again_gives_the_same_file_but_for_its_stamp(
    books: AccountingService, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    actor, customer = staff_of(workshop), make_customer(database, workshop)
    make_invoice(database, workshop, customer_id=customer.id)
    began, first = clock(), books.export_datev(actor, DAY).content
    clock.advance(timedelta(days=40))
    second = books.export_datev(actor, DAY).content
    assert first != second
    assert content_hash(first) == content_hash(second)
    assert first.split(b"\r\n")[1:] == second.split(b"\r\n")[1:]
    view = books.get_month(actor, DAY)
    assert [(export.rows, export.at) for export in view.exports] == [(1, clock()), (1, began)]
    assert not view.is_outdated


def test_what_comes_after_an_export_is_told(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    invoice = make_invoice(database, workshop)
    books.export_datev(actor, DAY)
    assert not books.get_month(actor, DAY).is_outdated
    make_payment(database, invoice, 11_900)
    assert books.get_month(actor, DAY).is_outdated
    books.export_datev(actor, DAY)
    assert not books.get_month(actor, DAY).is_outdated


def test_a_customer_keeps_the_account_also_when_records_are_merged(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    anna, bernd = make_customer(database, workshop), make_customer(database, workshop, email="b@b.example")
    make_invoice(database, workshop, number="RE-1", customer_id=anna.id)
    make_invoice(database, workshop, number="RE-2", customer_id=bernd.id)
    before = rows_of(books.export_datev(actor, DAY).content)
    with database.writing(workshop.id) as session:
        for row in session.exec(select(Receivable)):
            row.customer_id = anna.id
    assert rows_of(books.export_datev(actor, DAY).content) == before
    make_invoice(database, workshop, number="RE-3", customer_id=bernd.id, issued_on=date(2026, 12, 1))
    later = rows_of(books.export_datev(actor, date(2026, 12, 1)).content)
    assert [row[2] for row in later] == ["10002"]


def test_the_month_tells_its_figures_and_what_stops_the_export(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    deposit = make_invoice(database, workshop, work("100.00"), kind="deposit", number="RE-1")
    final = make_invoice(database, workshop, work("1000.00"), deposits=(deposit,), number="RE-2")
    make_payment(database, deposit, 11_900)
    make_payment(database, final, 7_100)
    make_expense(database, workshop)
    make_invoice(database, workshop, fee("154.00"), number="RE-0")
    view = books.get_month(staff_of(workshop), DAY)
    assert (view.gross_cents, view.net_cents, view.vat_cents) == (119_000, 100_000, 19_000)
    assert (view.received_cents, view.open_cents, view.expense_cents) == (19_000, 115_400, 11_900)
    assert (view.documents, view.expenses, view.problem) == (3, 1, "")
    make_invoice(database, workshop, work("10.00", tax=LineTax("E", 0, "margin_scheme")), number="RE-3")
    view = books.get_month(staff_of(workshop), DAY)
    assert (view.problem, view.problem_params) == ("datev_account_missing", {"account": "margin_scheme"})


def test_without_the_numbers_of_the_adviser_nothing_is_written(
    books: AccountingService, database: Database
) -> None:
    workshop = make_workshop(database, "other")
    actor = staff_of(workshop)
    assert books.get_month(actor, DAY).problem == "datev_client_missing"
    with pytest.raises(Invalid, match="datev_client_missing"):
        books.export_datev(actor, DAY)
    books.save_mapping(actor, DatevTerms(29098, 55003, chart="04"))
    assert b";29098;55003;20260101;4;20261101;20261130;" in books.export_datev(actor, DAY).content


def test_the_mapping_shows_every_account_and_refuses_what_cannot_be_one(
    books: AccountingService, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    saved = books.save_mapping(actor, DatevTerms(29098, 55003, accounts={"revenue_1900.parts": 8402}))
    assert books.get_mapping(actor) == saved
    numbers = {line.key: line.number for line in saved.lines}
    assert (numbers["revenue_1900"], numbers["revenue_1900.parts"], numbers["revenue_1900.paint"]) == (
        8400,
        8402,
        0,
    )
    for terms in (
        DatevTerms(5, 55003),
        DatevTerms(29098, 55003, chart="99"),
        DatevTerms(29098, 55003, account_length=9),
        DatevTerms(29098, 55003, accounts={"nonsense": 8400}),
        DatevTerms(29098, 55003, accounts={"bank": 99999}),
    ):
        with pytest.raises(Invalid):
            books.save_mapping(actor, terms)
    assert dict(books.get_mapping(actor).terms.accounts) == {"revenue_1900.parts": 8402}
    assert DATEV["consultant"] == books.get_mapping(actor).terms.consultant


def test_nobody_exports_without_the_right_and_nobody_sees_another_workshop(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    make_invoice(database, workshop)
    for role in ("technician", "front_desk"):
        with pytest.raises(Forbidden):
            books.get_month(staff_of(workshop, role), DAY)
        with pytest.raises(Forbidden):
            books.export_datev(staff_of(workshop, role), DAY)
    stranger = make_workshop(database, "other")
    make_terms(database, stranger)
    assert books.get_month(staff_of(stranger), DAY).documents == 0
    assert rows_of(books.export_datev(staff_of(stranger), DAY).content) == []
