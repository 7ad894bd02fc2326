"""The page of invoices: filters in the address, sums, the open document, and what may be done with it."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import FRONT_DESK
from carbot_app.kit.bars import bars
from carbot_app.kit.clock import ManualClock
from carbot_app.state.invoice_bulk import InvoiceBulkState
from carbot_app.state.invoice_charts import InvoiceChartsState
from carbot_app.state.invoices import PAGE, InvoiceFileState, InvoicesState
from carbot_app.state.session import SessionState
from tests.factories import staff_of
from tests.factories.receivables import make_draft, make_payment, make_receivable
from tests.state.tabs import Tab, id_in, open_tab, words_of

SPACE = "\u00a0"


async def listed(tab: Tab, address: str = "/rechnungen/") -> Any:
    await tab.at(address).call(InvoicesState.load)
    return await tab.state(InvoicesState)


async def test_a_late_document_is_told_in_days_and_counted(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_receivable(services.db, workshop, "RE-2026-00001", issued_on=date(2026, 10, 25))
    make_receivable(services.db, workshop, "RE-2026-00002", state="partial", settled_cents=4_000)
    make_draft(services.db, workshop)
    state = await listed(tab)
    draft, partial, late = state.rows
    assert (late.sign, late.word, late.due, late.late) == ("overdue", "Überfällig", "15 Tage", True)
    assert (late.plate.city, late.open) == ("DO", f"100,00{SPACE}€")
    assert (partial.sign, partial.word, partial.due) == ("part_paid", "Teilbezahlt", "24. Nov.")
    assert (draft.draft, draft.sign, draft.name, draft.open) == (True, "draft", "Dieter Conrad", "")
    assert (state.counts["overdue"], state.counts["open"], state.counts["drafts"]) == (1, 2, 1)
    assert (state.foot.open, state.foot.total, state.status) == (f"160,00{SPACE}€", 3, "ready")
    assert (state.head.overdue, state.head.overdue_note) == (f"100,00{SPACE}€", "1 Rechnung, seit 15 Tagen")
    assert state.head.expected_note == "Nächste 14 Tage, meist am 24. Nov."
    assert state.head.expected_bars.count("<rect") == 14


async def test_filters_live_in_the_address_and_unknown_ones_mean_all(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    make_receivable(services.db, workshop, "RE-2026-00001", buyer_name="Bau Hensel KG", is_business=True)
    make_receivable(services.db, workshop, "RE-2025-00002", issued_on=date(2025, 1, 2), state="paid")
    state = await listed(tab, "/rechnungen/?view=open&buyer=business&sort=due&q=hensel&zeitraum=30")
    assert (state.view, state.buyer, state.sort, state.search, state.period) == (
        *("open", "business", "due", "hensel"),
        "30",
    )
    assert [row.number for row in state.rows] == ["RE-2026-00001"]
    assert state.export_query == "view=open&q=hensel&zeitraum=30&buyer=business"
    state = await listed(tab, "/rechnungen/?view=x&sort=y&zeitraum=z")
    assert (state.view, state.sort, state.period, len(state.rows)) == ("all", "newest", "90", 1)
    assert "zeitraum" in str(await tab.call(InvoicesState.pick_period, "all"))
    assert len((await tab.state(InvoicesState)).rows) == 2
    await tab.call(InvoicesState.pick, "view", "paid")
    await tab.call(InvoicesState.pick, "status", "hacked")
    await tab.call(InvoicesState.find, " 2025 ")
    state = await tab.state(InvoicesState)
    assert ([row.number for row in state.rows], state.status) == (["RE-2025-00002"], "ready")


async def test_further_rows_come_at_the_end_and_a_hint_fetches_again(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    for number in range(PAGE + 2):
        make_receivable(services.db, workshop, f"RE-2026-{number:05}")
    state = await listed(tab)
    assert (len(state.rows), state.has_more) == (PAGE, True)
    await tab.call(InvoicesState.load_more)
    await tab.call(InvoicesState.load_more)
    assert len((await tab.state(InvoicesState)).rows) == PAGE + 2
    make_receivable(services.db, workshop, "RE-2026-00900")
    await tab.call(InvoicesState.on_live, "lead", "", "lead.new")
    assert len((await tab.state(InvoicesState)).rows) == PAGE + 2
    await tab.call(InvoicesState.on_live, "invoices", "", "invoice.issued")
    assert (await tab.state(InvoicesState)).rows[0].number == "RE-2026-00900"


async def test_income_is_compared_with_the_same_day_of_the_month_before(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    paid = make_receivable(services.db, workshop, "RE-2026-00001", state="paid")
    make_payment(services.db, paid, 10_900, received_on=date(2026, 11, 20))
    make_payment(services.db, paid, 10_000, received_on=date(2026, 10, 20))
    head = (await listed(tab)).head
    assert (head.income_label, head.income, head.income_up) == ("Eingang November", f"109,00{SPACE}€", "up")
    assert head.income_note == "9 % zum gleichen Tag im Oktober"


async def test_charts_are_read_when_they_are_opened_and_follow_hints_while_open(
    services: Services, workshop: Workshop, tab: Tab, issued: str
) -> None:
    await tab.at("/rechnungen/").call(InvoiceChartsState.load)
    state = await tab.state(InvoiceChartsState)
    await tab.call(InvoiceChartsState.on_live, "invoices", "", "invoice.paid")
    assert (state.open, state.charts) == (False, [])
    await tab.call(InvoiceChartsState.toggle)
    assert [chart.key for chart in state.charts] == ["ages", "services", "technicians"]
    assert state.charts[0].rows[0].amount == f"119,00{SPACE}€"
    assert state.charts[1].rows[0].cents == 10_000, "revenue is told without VAT"
    paid = make_receivable(services.db, workshop, "RE-2025-00001", state="paid")
    make_payment(services.db, paid, 10_900, received_on=date(2026, 11, 20))
    await tab.call(InvoiceChartsState.on_live, "invoices", "", "invoice.paid")
    (months, *_) = state.charts
    assert (months.key, months.rows[-1].name, len(months.rows)) == ("months", "Nov. 2026", 12)
    await tab.call(InvoiceChartsState.toggle)
    assert state.open is False


async def test_who_may_not_read_the_books_gets_no_revenue(
    services: Services, workshop: Workshop, issued: str
) -> None:
    desk = open_tab(services, workshop, role=FRONT_DESK)
    await desk.call(SessionState.load)
    await desk.at("/rechnungen/").call(InvoiceChartsState.toggle)
    assert [chart.key for chart in (await desk.state(InvoiceChartsState)).charts] == ["ages"]


async def test_ticked_documents_are_mailed_and_those_without_an_address_named(
    services: Services, workshop: Workshop, tab: Tab, issued: str
) -> None:
    await listed(tab)
    await tab.call(InvoiceBulkState.clear)
    assert "mindestens eine Rechnung" in words_of(await tab.call(InvoiceBulkState.send))
    await tab.call(InvoiceBulkState.all)
    state = await tab.state(InvoiceBulkState)
    assert state.selected == [issued]
    said = words_of(await tab.call(InvoiceBulkState.send))
    assert "Ohne E-Mail-Adresse: RE-2026-00001" in said
    assert state.selected == []
    await tab.call(InvoiceBulkState.toggle, issued)
    await tab.call(InvoiceBulkState.toggle, issued)
    assert state.selected == []
    await tab.call(InvoiceBulkState.all)
    await tab.call(InvoiceBulkState.all)
    assert state.selected == []


async def test_ticked_documents_are_packed_and_written_as_a_table(
    services: Services, workshop: Workshop, tab: Tab, issued: str
) -> None:
    await listed(tab)
    await tab.call(InvoiceBulkState.toggle, issued)
    state = await tab.state(InvoiceBulkState)
    for handler, arguments, name in (
        (InvoiceBulkState.pack, (), "Rechnungen.zip"),
        (InvoiceBulkState.write, ("xlsx",), "Rechnungen.xlsx"),
        (InvoiceBulkState.write, ("exe",), "Rechnungen.csv"),
    ):
        said = words_of(await tab.call(handler, *arguments))
        kept, content = services.files.get(workshop.id, UUID(id_in(said)))
        assert kept == name
        if name.endswith("zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                assert packed.namelist() == ["RE-2026-00001.pdf"]
                assert packed.read("RE-2026-00001.pdf").startswith(b"%PDF-")
    assert (state.progress, state.selected) == (-1, [issued])


async def test_reminders_of_ticked_documents_are_asked_about_and_then_released(
    services: Services, workshop: Workshop, tab: Tab, issued: str, clock: ManualClock
) -> None:
    await listed(tab)
    await tab.call(InvoiceBulkState.toggle, issued)
    assert "keine zu mahnen" in words_of(await tab.call(InvoiceBulkState.ask_remind))
    clock.advance(timedelta(days=40))
    later = open_tab(services, workshop)
    await later.call(InvoiceBulkState.toggle, issued)
    assert "showModal" in words_of(await later.call(InvoiceBulkState.ask_remind))
    assert (await later.state(InvoiceBulkState)).letters == 1
    assert "1 Mahnung ist freigegeben." in words_of(await later.call(InvoiceBulkState.remind))
    assert len(services.dunning.list_notices(staff_of(workshop))) == 1


@pytest.fixture
def issued(services: Services, workshop: Workshop) -> str:
    """An invoice that was really issued, by id."""
    with services.db.writing(workshop.id) as session:
        found = session.get_one(Workshop, workshop.id)
        found.street, found.postal_code, found.city = "Hafenstr. 1", "44147", "Dortmund"
        session.add_all([found, BillingTerms(workshop_id=workshop.id, tax_number="314/5812/0736")])
    actor = staff_of(workshop)
    line = LineInput("lump_sum", "Ölwechsel", Decimal(119))
    buyer = BuyerInput("Sabine Krause", "Hohe Str. 1", "44139", "Dortmund")
    draft = services.invoices.save_draft(actor, DraftInput(lines=(line,), buyer=buyer))
    return str(services.invoices.issue(actor, draft.id, request_key="once").id)


async def test_a_document_opens_beside_the_list_and_closes(tab: Tab, issued: str) -> None:
    await tab.at(f"/rechnungen/?rechnung={issued}").call(InvoiceFileState.load)
    state = await tab.state(InvoiceFileState)
    assert (state.status, state.sheet.number, state.sheet.gross) == (
        "ready",
        "RE-2026-00001",
        f"119,00{SPACE}€",
    )
    assert (state.sheet.lines[0].text, state.sheet.lines[0].detail) == ("Ölwechsel", "1 × · 19 % MwSt.")
    assert [event.title for event in state.sheet.history] == ["Rechnung gestellt"]
    await tab.call(InvoiceFileState.close)
    assert (await tab.state(InvoiceFileState)).status == "closed"
    await tab.call(InvoiceFileState.open, issued)
    assert (await tab.state(InvoiceFileState)).status == "ready"
    await tab.call(InvoiceFileState.on_live, "invoices", issued, "invoice.paid")
    assert (await tab.state(InvoiceFileState)).status == "ready"


async def test_a_document_is_sent_to_an_address_and_a_wrong_one_is_told(tab: Tab, issued: str) -> None:
    await tab.call(InvoiceFileState.open, issued)
    await tab.call(InvoiceFileState.ask, "send")
    await tab.call(InvoiceFileState.send, {"email": "nobody"})
    state = await tab.state(InvoiceFileState)
    assert (state.asked, bool(state.problem)) == ("send", True)
    said = words_of(await tab.call(InvoiceFileState.send, {"email": "sabine@example.org"}))
    assert "RE-2026-00001 ist auf dem Weg zum Kunden." in str(said)
    assert (await tab.state(InvoiceFileState)).asked == ""


async def test_a_cancelled_document_names_its_cancellation_and_cannot_be_cancelled_again(
    tab: Tab, issued: str
) -> None:
    await tab.call(InvoiceFileState.open, issued)
    assert (await tab.state(InvoiceFileState)).sheet.may_cancel
    await tab.call(InvoiceFileState.cancel, {"reason": "Falscher Empfänger"})
    sheet = (await tab.state(InvoiceFileState)).sheet
    assert (sheet.sign, sheet.cancelled_by, sheet.may_cancel) == ("cancelled", "RE-2026-00002", False)


async def test_a_document_that_is_not_ours_stays_closed(tab: Tab) -> None:
    for wanted in ("nonsense", "0193f0a0-0000-7000-8000-000000000000"):
        await tab.call(InvoiceFileState.open, wanted)
        assert (await tab.state(InvoiceFileState)).status == "closed"


def test_bars_mark_one_and_draw_a_day_without_anything() -> None:
    svg = bars([0, 100, 50], marked=1)
    assert svg.count("<rect") == 3
    assert svg.count("opacity") == 2
    assert (bars([]), 'height="0' in bars([0, 0])) == ("", False)


async def test_part_of_a_position_is_credited_and_the_tax_is_told_in_words(
    services: Services, workshop: Workshop, tab: Tab, issued: str
) -> None:
    actor = staff_of(workshop)
    lines = (
        LineInput("labour", "Stunden", Decimal(100), Decimal(4), gross=False),
        LineInput("handed_on", "HU-Gebühr", Decimal(154)),
    )
    buyer = BuyerInput("Sabine Krause", "Hohe Str. 1", "44139", "Dortmund")
    draft = services.invoices.save_draft(actor, DraftInput(lines=lines, buyer=buyer))
    invoice = services.invoices.issue(actor, draft.id, request_key="two")
    await tab.call(InvoiceFileState.open, str(invoice.id))
    state = await tab.state(InvoiceFileState)
    assert state.sheet.why.startswith("19 %, weil die Leistung in Deutschland erbracht wird.")
    assert state.sheet.why.endswith("Die Gebühr wird nur weitergereicht.")
    assert [line.left for line in state.sheet.lines] == ["4", "1"]
    for typed, told in (({}, "mindestens einer Position"), ({"quantity-1": "x"}, "Menge")):
        await tab.call(InvoiceFileState.credit, typed)
        assert told in state.problem
    said = words_of(await tab.call(InvoiceFileState.credit, {"quantity-1": "1,5"}))
    assert "Gutgeschrieben mit RE-2026-00003." in said
    assert [line.left for line in state.sheet.lines] == ["2,5", "1"]
    await tab.call(InvoiceFileState.credit, {"quantity-1": "3"})
    assert state.problem != "", "more than is left"


async def test_the_address_where_it_is_paid_goes_to_the_clipboard(tab: Tab, issued: str) -> None:
    await tab.call(InvoiceFileState.open, issued)
    said = words_of(await tab.call(InvoiceFileState.copy_link))
    assert "/zahlen/" in said
    assert "Zahlungslink kopiert." in said
