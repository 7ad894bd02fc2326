"""The books on the page: months, the file for the tax adviser, accounts, suppliers, revenue, audit."""

from datetime import date
from typing import Any

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.team.models import Workshop
from carbot_app.state.accounting import AccountingState
from carbot_app.state.accounting_mapping import MappingState
from carbot_app.state.accounting_review import AuditState, RevenueState, span_of
from carbot_app.state.expenses import ExpensesState
from carbot_app.state.session import SessionState
from tests.factories import staff_of
from tests.factories.accounting import make_expense, make_invoice, make_payment, make_terms, work
from tests.factories.supplier_files import INVOICE, pdf_with
from tests.state.tabs import Tab, open_tab, words_of

PAGE = "/buchhaltung/"
NUMBERS = {"consultant": "29098", "client": "55003", "chart": "03", "length": "4", "year_begins": "1"}


async def open_books(tab: Tab, query: str = "") -> Any:
    await tab.at(PAGE + query).call(AccountingState.load)
    return await tab.state(AccountingState)


async def test_the_month_shows_figures_the_vat_return_and_what_is_missing(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    invoice = make_invoice(services.db, workshop, work("320.00", kind="part", exchange=True))
    make_payment(services.db, invoice, 10_000)
    books = await open_books(tab)
    assert (books.status, books.tab, books.month.label, books.is_latest) == (
        "ready",
        "month",
        "November 2026",
        True,
    )
    assert (books.month.gross, books.month.received) == ("386,88\xa0€", "100,00\xa0€")
    assert "Berater- und Mandantennummer" in books.month.problem
    (line,) = books.vat_lines
    assert (line.code, line.base, line.tax, line.count) == ("81", "352,00\xa0€", "66,88\xa0€", "1 Beleg")
    assert line.documents == ("RE-2026-00042 · 352,00\xa0€",)
    assert (books.vat.payable_code, books.vat.payable) == ("83", "66,88\xa0€")
    assert "Altteile: 32,00" in books.vat.old_parts


async def test_months_go_back_and_forward_but_not_into_the_future(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    books = await open_books(tab)
    await tab.call(AccountingState.later)
    assert books.month.key == "2026-11"
    await tab.call(AccountingState.earlier)
    assert (books.month.key, books.is_latest, books.vat_lines) == ("2026-10", False, [])
    await tab.call(AccountingState.later)
    assert (books.month.key, books.month.first, books.month.last) == ("2026-11", "2026-11-01", "2026-11-30")


async def test_the_accounts_are_filled_in_and_the_file_is_handed_out(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_invoice(services.db, workshop)
    books = await open_books(tab)
    outcomes = await tab.call(AccountingState.export)
    assert "Beraternummer" in words_of(outcomes) or "Berater-" in words_of(outcomes)
    await tab.call(MappingState.ask)
    mapping = await tab.state(MappingState)
    usual = {field.key: field.usual for field in mapping.accounts}
    assert (mapping.open, usual["revenue_1900"], usual["expense_goods"]) == (True, "8400", "3200")
    await tab.call(MappingState.save, {**NUMBERS, "consultant": "12"})
    assert "Berater" in mapping.problem
    await tab.call(MappingState.save, {**NUMBERS, "account:revenue_1900": "84x"})
    assert "Ziffern" in mapping.problem
    await tab.call(MappingState.save, {**NUMBERS, "account:revenue_1900": "8410", "account:bank": " "})
    assert (mapping.open, mapping.problem) == (False, "")
    await tab.call(AccountingState.refresh)
    assert books.month.problem == ""
    outcomes = await tab.call(AccountingState.export)
    assert "EXTF_Buchungsstapel_2026-11.csv" in str(outcomes)
    (export,) = books.exports
    assert (export.detail.startswith("1 Buchung"), books.month.exported, books.busy) == (True, True, False)
    make_invoice(services.db, workshop, number="RE-2")
    await tab.call(AccountingState.refresh)
    assert books.month.is_outdated
    await tab.call(MappingState.ask)
    await tab.call(MappingState.close)
    assert not mapping.open


async def test_an_account_that_is_missing_is_named(services: Services, workshop: Workshop, tab: Tab) -> None:
    make_terms(services.db, workshop, datev={"consultant": 29098, "client": 55003, "chart": "51"})
    make_invoice(services.db, workshop)
    assert "„Erlöse 19 %“" in (await open_books(tab)).month.problem


async def test_tabs_open_by_address_and_by_hand(tab: Tab) -> None:
    books = await open_books(tab, "?tab=audit")
    assert books.tab == "audit"
    await tab.call(AccountingState.choose_tab, "expenses")
    assert books.tab == "expenses"
    await tab.call(AccountingState.choose_tab, "nonsense")
    assert books.tab == "month"


async def test_the_books_are_closed_to_the_front_desk(services: Services, workshop: Workshop) -> None:
    tab = open_tab(services, workshop, "front_desk")
    await tab.call(SessionState.load)
    books = await open_books(tab)
    assert (books.status, books.month.key) == ("failed", "")
    await tab.call(ExpensesState.load)
    assert (await tab.state(ExpensesState)).status == "failed"


async def test_a_suppliers_invoice_is_shown_booked_and_paid(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await open_books(tab)
    await tab.call(ExpensesState.load)
    taken = services.expenses.upload(staff_of(workshop), INVOICE, filename="rechnung.xml")
    await tab.call(ExpensesState.taken, str(taken.row.id))
    state = await tab.state(ExpensesState)
    (line,) = state.lines
    assert (line.supplier, line.sign, line.findings, state.waiting) == (
        "Kfz-Meisterbetrieb Muster GmbH",
        "open",
        "",
        1,
    )
    assert (state.chosen.number, state.chosen.has_document, state.findings) == ("ER-2026-00001", True, [])
    sheet = state.sheet
    assert (sheet.kind, sheet.seller.name) == ("Rechnung", "Kfz-Meisterbetrieb Muster GmbH")
    assert sheet.facts[0].amount == "RE-2026-00042"
    assert sheet.sums[-1].strong
    await tab.call(ExpensesState.act, {"do": "book", "category": ""})
    assert "wofür" in state.problem
    outcomes = await tab.call(ExpensesState.act, {"do": "book", "category": "goods"})
    assert "ER-2026-00001 ist gebucht." in words_of(outcomes)
    assert (state.chosen.state, state.problem, state.waiting) == ("booked", "", 0)
    await tab.call(ExpensesState.ask, "pay")
    assert (state.task, state.today) == ("pay", "2026-11-23")
    await tab.call(ExpensesState.act, {"do": "pay", "paid_on": "2026-11-23", "paid_by": "cash"})
    assert (state.chosen.state, state.chosen.paid, state.task) == ("paid", "23.11.2026, Kasse", "")
    await tab.call(ExpensesState.close)
    assert state.chosen.id == ""


async def test_a_plain_receipt_is_typed_in_from_its_gross_sum(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    taken = services.expenses.upload(staff_of(workshop), pdf_with())
    await tab.call(ExpensesState.load)
    await tab.call(ExpensesState.open, str(taken.row.id))
    state = await tab.state(ExpensesState)
    assert (state.chosen.can_type, state.chosen.title, state.lines[0].sign) == (
        True,
        "Beleg ohne Angaben",
        "waiting",
    )
    form = {"do": "type", "supplier": "Klein", "number": "17", "issued_on": "2026-11-20", "rate": "1900"}
    for wrong in (
        {"gross": "viel"},
        {"gross": "119,00", "rate": "77"},
        {"gross": "1", "issued_on": "gestern"},
    ):
        await tab.call(ExpensesState.act, {**form, **wrong})
        assert state.problem
    outcomes = await tab.call(ExpensesState.act, {**form, "gross": "119,00"})
    assert "Die Angaben sind gespeichert." in words_of(outcomes)
    found = services.expenses.get_expense(staff_of(workshop), taken.row.id)
    assert [(one.net_cents, one.vat_cents) for one in found.amounts] == [(10_000, 1_900)]
    await tab.call(ExpensesState.ask, "reject")
    await tab.call(ExpensesState.act, {"do": "reject", "reason": "Nicht unsere"})
    assert (state.chosen.state, state.chosen.reason) == ("rejected", "Nicht unsere")
    await tab.call(ExpensesState.act, {"do": "reopen"})
    assert state.chosen.state == "received"


async def test_the_list_is_filtered_grows_and_hears_of_mails(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(ExpensesState.load)
    state = await tab.state(ExpensesState)
    make_expense(services.db, workshop, state="rejected", reason="nein")
    make_expense(services.db, workshop, source="mail")
    await tab.call(ExpensesState.on_live, "lead", "", "lead.created")
    assert state.lines == []
    await tab.call(ExpensesState.on_live, "expense", "", "expense.received")
    assert len(state.lines) == 2
    assert "Per Mail" in state.lines[0].detail
    await tab.call(ExpensesState.filter, "rejected")
    assert [line.state for line in state.lines] == ["rejected"]
    await tab.call(ExpensesState.filter, "nonsense")
    await tab.call(ExpensesState.more)
    assert (len(state.lines), state.has_more) == (2, False)
    await tab.call(ExpensesState.refuse, "Bitte eine XML- oder PDF-Datei wählen.")
    assert state.upload_problem.startswith("Bitte")


async def test_revenue_is_told_for_a_period_by_service_or_technician(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_invoice(services.db, workshop, more={"service_code": "SAF-BRK-001", "minutes": 90, "cost_cents": 1})
    make_invoice(services.db, workshop, work("50.00"), number="RE-2", issued_on=date(2026, 10, 5))
    await tab.call(RevenueState.load)
    state = await tab.state(RevenueState)
    (line,) = state.lines
    assert (line.name, line.detail, line.net, line.percent) == (
        "Bremsen vorn",
        "SAF-BRK-001 · 1:30 Stunden",
        "100,00\xa0€",
        100,
    )
    assert line.margin == "Rohertrag 99,99\xa0€"
    await tab.call(RevenueState.choose_span, "last_month")
    assert [(line.name, line.margin) for line in state.lines] == [("Arbeit", "Einsatz unbekannt")]
    await tab.call(RevenueState.choose_by, "technicians")
    await tab.call(RevenueState.choose_span, "year")
    assert [line.name for line in state.lines] == ["Ohne Zuordnung"]


async def test_the_log_is_checked_and_the_archive_is_handed_out(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    services.expenses.upload(staff_of(workshop), INVOICE)
    await tab.call(AuditState.load)
    state = await tab.state(AuditState)
    assert (state.first, state.last, state.checked) == ("2026-01-01", "2026-12-31", False)
    await tab.call(AuditState.verify)
    assert (state.checked, state.whole, state.entries, state.at) == (
        True,
        True,
        "1 Eintrag",
        "Geprüft Heute, 09:00",
    )
    outcomes = await tab.call(AuditState.export, {"first": "2026-01-01", "last": "2026-12-31"})
    assert "gobd_2026-01-01_2026-12-31.zip" in str(outcomes)
    outcomes = await tab.call(AuditState.export, {"first": "2026-12-31", "last": "2026-01-01"})
    assert "Zeitraum" in words_of(outcomes)
    assert not state.exporting


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        ("this_month", date(2026, 1, 1), date(2026, 1, 31)),
        ("last_month", date(2025, 12, 1), date(2025, 12, 31)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 31)),
        ("year", date(2026, 1, 1), date(2026, 1, 31)),
    ],
)
def test_a_named_period_has_its_days(span: str, first: date, last: date) -> None:
    assert span_of(span, date(2026, 1, 31)) == (first, last)
