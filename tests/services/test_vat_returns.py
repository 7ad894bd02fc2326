"""Figures of the VAT return by agreed and by received consideration, each with its documents."""

from datetime import date

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.accounting.service import AccountingService
from carbot_app.domains.accounting.vat_return import VatReturn
from carbot_app.domains.billing.lines import LineTax
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from tests.factories import make_workshop, staff_of
from tests.factories.accounting import DAY, fee, make_expense, make_invoice, make_payment, make_terms, work

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
SERVICE = LineTax("AE", 0, "reverse_charge")
ABROAD = LineTax("O", 0, "business_outside_eu")


@pytest.fixture
def books(database: Database, clock: ManualClock) -> AccountingService:
    return AccountingService(db=database, clock=clock)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    workshop = make_workshop(database)
    make_terms(database, workshop)
    return workshop


def figures(found: VatReturn) -> dict[str, tuple[int, int]]:
    return {figure.code: (figure.base_cents, figure.tax_cents) for figure in found.figures}


def test_a_german_month_by_agreed_consideration(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    make_invoice(
        database, workshop, work("320.00", kind="part", exchange=True), work("134.40"), fee("154.00")
    )
    make_invoice(database, workshop, work("100.00", tax=LineTax("S", 700, "domestic")), number="RE-2")
    make_invoice(database, workshop, work("200.00", tax=SERVICE), number="RE-3", vat_id="ATU13585627")
    make_invoice(database, workshop, work("50.00", tax=ABROAD), number="RE-4")
    make_invoice(database, workshop, work("70.00", tax=LineTax("AE", 0, "scrap")), number="RE-5")
    make_invoice(database, workshop, work("80.00", tax=LineTax("E", 0, "margin_scheme")), number="RE-6")
    make_expense(database, workshop, 20_000)
    found = books.get_vat_return(staff_of(workshop), *NOVEMBER)
    assert figures(found) == {
        "81": (48_640, 9_242),
        "86": (10_000, 700),
        "60": (7_000, 0),
        "21": (20_000, 0),
        "45": (5_000, 0),
        "66": (20_000, 3_800),
    }
    assert (found.payable_code, found.payable_cents) == ("83", 9_242 + 700 - 3_800)
    assert (found.old_part_cents, found.old_part_tax_cents) == (3_200, 608)
    assert [part.document for part in found.unassigned] == ["RE-6"]
    assert [part.document for part in found.figures[0].documents] == ["RE-2026-00042"]


def test_supplies_count_when_they_were_made_and_cancellations_when_they_are_written(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    late = make_invoice(
        database, workshop, supplied_on=date(2026, 11, 30), issued_on=date(2026, 12, 2), number="RE-1"
    )
    make_invoice(
        database,
        workshop,
        work("100.00", "-1"),
        kind="cancellation",
        original=late,
        supplied_on=date(2026, 11, 30),
        issued_on=date(2026, 12, 3),
        number="RE-2",
    )
    actor = staff_of(workshop)
    assert figures(books.get_vat_return(actor, *NOVEMBER)) == {"81": (10_000, 1_900)}
    assert figures(books.get_vat_return(actor, *DECEMBER)) == {"81": (-10_000, -1_900)}


def test_a_deposit_is_taxed_once(books: AccountingService, database: Database, workshop: Workshop) -> None:
    deposit = make_invoice(database, workshop, work("420.17"), kind="deposit", number="RE-1")
    final = make_invoice(
        database,
        workshop,
        work("1000.00"),
        deposits=(deposit,),
        number="RE-2",
        issued_on=date(2026, 12, 1),
    )
    actor = staff_of(workshop)
    assert figures(books.get_vat_return(actor, *NOVEMBER)) == {"81": (42_017, 7_983)}
    assert figures(books.get_vat_return(actor, *DECEMBER)) == {"81": (57_983, 11_017)}
    both = books.get_vat_return(actor, NOVEMBER[0], DECEMBER[1])
    assert figures(both) == {"81": (final.net_cents, final.vat_cents)}


def test_discounts_and_lost_claims_lower_the_tax_when_they_happen(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    invoice = make_invoice(database, workshop, work("100.00"), fee("154.00"))
    make_payment(database, invoice, 238, date(2026, 12, 1), kind="discount", method="none")
    found = books.get_vat_return(staff_of(workshop), *DECEMBER)
    assert figures(found) == {"81": (-200, -38)}


def test_by_received_consideration_parts_add_up_to_the_whole(
    books: AccountingService, database: Database
) -> None:
    workshop = make_workshop(database, "ist")
    make_terms(database, workshop, cash_accounting=True)
    actor = staff_of(workshop)
    invoice = make_invoice(database, workshop, work("333.33", kind="part", exchange=True), fee("154.00"))
    make_invoice(database, workshop, number="RE-2")
    assert figures(books.get_vat_return(actor, *NOVEMBER)) == {}
    make_payment(database, invoice, 10_000, DAY)
    make_payment(database, invoice, 777, DAY)
    make_payment(database, invoice, invoice.gross_cents - 10_777, date(2026, 12, 5))
    parts = [books.get_vat_return(actor, *span) for span in (NOVEMBER, DECEMBER)]
    assert all(part.cash_accounting for part in parts)
    sums = [figures(part)["81"] for part in parts]
    assert sums[0][1] > 0
    assert (sum(base for base, _ in sums), sum(tax for _, tax in sums)) == (36_666, 6_967)
    assert sum(part.old_part_tax_cents for part in parts) == invoice.vat_cents - 6_333
    make_payment(database, invoice, -invoice.gross_cents, date(2027, 1, 5), kind="refund")
    given_back = books.get_vat_return(actor, date(2027, 1, 1), date(2027, 1, 31))
    assert figures(given_back)["81"] == (-36_666, -6_967)


def test_tax_the_workshop_owes_for_suppliers_elsewhere_may_be_deducted(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    for category in ("AE", "K"):
        amounts = [{"category": category, "rate": 0, "net_cents": 10_000, "vat_cents": 0}]
        make_expense(database, workshop, amounts=amounts, gross_cents=10_000)
    make_expense(database, workshop, amounts=[{"category": "E", "rate": 0, "net_cents": 5, "vat_cents": 0}])
    found = books.get_vat_return(staff_of(workshop), *NOVEMBER)
    assert figures(found) == {
        "89": (10_000, 1_900),
        "46": (10_000, 1_900),
        "61": (10_000, 1_900),
        "67": (10_000, 1_900),
    }
    assert found.payable_cents == 0


def test_a_small_business_deducts_no_input_tax(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    make_invoice(database, workshop, work("100.00", tax=LineTax("E", 0, "small_business")))
    make_expense(database, workshop)
    assert books.get_vat_return(staff_of(workshop), *NOVEMBER).payable_cents == 0


@pytest.mark.parametrize(
    ("country", "currency", "rate", "expected"),
    [
        ("AT", "EUR", 2000, {"022": (10_000, 2_000), "060": (10_000, 1_900)}),
        ("CH", "CHF", 810, {"303": (10_000, 810), "400": (10_000, 1_900)}),
    ],
)
def test_other_countries_have_figures_of_their_own(
    books: AccountingService, database: Database, country: str, currency: str, rate: int, expected: dict
) -> None:
    workshop = make_workshop(database, "abroad", country=country, currency=currency)
    make_invoice(database, workshop, work("100.00", tax=LineTax("S", rate, "domestic")))
    make_expense(database, workshop)
    assert figures(books.get_vat_return(staff_of(workshop), *NOVEMBER)) == expected


def test_buyers_elsewhere_in_the_eu_are_listed_and_lists_are_saved_both_ways(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    for number, price in (("RE-1", "200.00"), ("RE-2", "50.00")):
        make_invoice(
            database, workshop, work(price, tax=SERVICE), number=number, vat_id="ATU13585627", buyer="Huber"
        )
    goods = LineTax("K", 0, "intra_community")
    make_invoice(database, workshop, work("10.00", tax=goods), number="RE-3", vat_id="ATU13585627")
    file = books.export_list(actor, "statement", "csv", *NOVEMBER)
    assert file.content.decode("utf-8-sig").splitlines()[1:] == [
        "ATU13585627;Anna Muster;Lieferung;10,00",
        "ATU13585627;Huber;Sonstige Leistung;250,00",
    ]
    saved = books.export_list(actor, "vat", "xlsx", *NOVEMBER)
    assert saved.content.startswith(b"PK")
    assert saved.name == "vat_2026-11-01_2026-11-30.xlsx"
    text = books.export_list(actor, "vat", "csv", *NOVEMBER).content.decode("utf-8-sig")
    assert "21;RE-1;16.11.2026;200,00;0,00" in text


def test_ranges_and_lists_that_do_not_exist_are_refused(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    actor = staff_of(workshop)
    with pytest.raises(Invalid, match="accounting_range_invalid"):
        books.get_vat_return(actor, NOVEMBER[1], NOVEMBER[0])
    with pytest.raises(Invalid, match="accounting_range_invalid"):
        books.export_list(actor, "vat", "csv", date(2000, 1, 1), NOVEMBER[0])
    for kind, form in (("secrets", "csv"), ("vat", "docx")):
        with pytest.raises(NotFound):
            books.export_list(actor, kind, form, *NOVEMBER)
    with pytest.raises(Forbidden):
        books.get_vat_return(staff_of(workshop, "front_desk"), *NOVEMBER)
