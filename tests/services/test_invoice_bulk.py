"""Many documents at once, what a draft looks like, and who was billed before. Both engines."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.db.session import Database
from carbot_app.domains.billing.bulk import MOST_SELECTED, InvoiceBulk
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.invoice_schemas import InvoiceView
from carbot_app.domains.billing.listing import InvoiceList
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.team.roles import ACCOUNTANT, TECHNICIAN
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_workshop, staff_of
from tests.services.billing_desk import MAX, SPEDITION, BillingDesk, line, open_billing_desk


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> BillingDesk:
    return open_billing_desk(database, clock)


@pytest.fixture
def bulk(desk: BillingDesk) -> InvoiceBulk:
    return InvoiceBulk(invoices=desk.invoices, listing=InvoiceList(db=desk.database, clock=desk.clock))


def test_each_is_mailed_and_those_without_an_address_are_named(desk: BillingDesk, bulk: InvoiceBulk) -> None:
    found = [desk.issue(), desk.issue(buyer=replace(MAX, email="")), desk.issue(buyer=SPEDITION)]
    outcome = bulk.send(desk.actor, [invoice.id for invoice in found])
    assert (outcome.sent, outcome.without_address) == (2, ("RE-2026-00002",))
    with desk.database.reading(desk.workshop.id) as session:
        mails = session.exec(select(OutgoingMessage.to_address)).all()
    assert sorted(mails) == ["ap@example.org", "max@example.org"]


def test_pdfs_are_packed_under_their_numbers_and_the_progress_is_told(
    database: Database, clock: ManualClock
) -> None:
    desk = open_billing_desk(database, clock, terms={"number_formats": {"invoice": "A/{year}/{number:03}"}})
    bulk = InvoiceBulk(invoices=desk.invoices, listing=InvoiceList(db=database, clock=clock))
    found = [desk.issue() for _ in range(3)]
    told: list[tuple[int, int]] = []
    packed = bulk.pack(desk.actor, [one.id for one in found], lambda done, of: told.append((done, of)))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert sorted(archive.namelist()) == [f"A-2026-{at:03}.pdf" for at in (1, 2, 3)]
        assert archive.read("A-2026-001.pdf").startswith(b"%PDF")
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_table_holds_just_what_was_chosen(desk: BillingDesk, bulk: InvoiceBulk) -> None:
    first, _, third = desk.issue(), desk.issue(), desk.issue()
    desk.invoices.save_draft(desk.actor, DraftInput((line("10"),), buyer=MAX))
    table = bulk.write(desk.actor, [first.id, third.id], "csv").decode("utf-8-sig").splitlines()
    assert [row.split(";")[0].strip('"') for row in table] == ["Nummer", "RE-2026-00003", "RE-2026-00001"]
    assert bulk.write(desk.actor, [first.id], "xlsx").startswith(b"PK")


def test_nothing_chosen_and_too_many_are_refused(desk: BillingDesk, bulk: InvoiceBulk) -> None:
    with pytest.raises(Invalid, match="invoice_none_selected"):
        bulk.pack(desk.actor, [])
    with pytest.raises(Invalid, match="invoice_too_many_selected"):
        bulk.send(desk.actor, [new_id()] * (MOST_SELECTED + 1))


def test_documents_of_another_workshop_are_left_out(
    desk: BillingDesk, bulk: InvoiceBulk, database: Database
) -> None:
    theirs = desk.issue()
    stranger = staff_of(make_workshop(database, slug="other", name="Andere Werkstatt"))
    assert bulk.send(stranger, [theirs.id]).sent == 0
    with zipfile.ZipFile(io.BytesIO(bulk.pack(stranger, [theirs.id]))) as archive:
        assert archive.namelist() == []
    draft = desk.invoices.save_draft(desk.actor, DraftInput((line("10"),), buyer=MAX))
    customer = make_customer(database, desk.workshop)
    with pytest.raises(NotFound, match="draft_unknown"):
        desk.invoices.desk.print_draft(stranger, draft.id)
    with pytest.raises(NotFound):
        desk.invoices.desk.buyer_of(stranger, customer.id)


def test_who_may_only_read_sends_nothing(desk: BillingDesk, bulk: InvoiceBulk) -> None:
    found = desk.issue()
    reader = staff_of(desk.workshop, role=ACCOUNTANT)
    assert bulk.pack(reader, [found.id])
    for act in (lambda: bulk.send(reader, [found.id]), lambda: desk.invoices.desk.buyer_of(reader, new_id())):
        with pytest.raises(Forbidden):
            act()
    with pytest.raises(Forbidden):
        bulk.pack(staff_of(desk.workshop, role=TECHNICIAN), [found.id])


def test_a_draft_is_printed_as_one_that_asks_nobody_to_pay(database: Database, clock: ManualClock) -> None:
    desk = open_billing_desk(database, clock, printer=TypstDocumentPrinter())
    draft = desk.invoices.save_draft(desk.actor, DraftInput((line("100"),), buyer=MAX))
    printed = desk.invoices.desk.print_draft(desk.actor, draft.id)
    assert printed.startswith(b"%PDF-")
    issued = desk.invoices.issue(desk.actor, draft.id, request_key="k")
    assert len(printed) < len(desk.invoices.pdf(desk.actor, issued.id)), "no code to pay with, no XML"
    with pytest.raises(NotFound, match="draft_unknown"):
        desk.invoices.desk.print_draft(desk.actor, draft.id)


def test_a_draft_without_positions_can_be_looked_at(desk: BillingDesk) -> None:
    draft = desk.invoices.save_draft(desk.actor, DraftInput(()))
    assert desk.invoices.desk.print_draft(desk.actor, draft.id).startswith(b"%PDF")


def test_a_customer_is_billed_as_on_the_newest_invoice(desk: BillingDesk) -> None:
    customer = make_customer(desk.database, desk.workshop, email="neu@example.org")
    first = desk.invoices.desk.buyer_of(desk.actor, customer.id)
    assert (first.name, first.street, first.email) == (customer.name, "", "neu@example.org")
    desk.issue(customer_id=customer.id, buyer=MAX)
    newest = replace(SPEDITION, email="alt@example.org")
    desk.issue(customer_id=customer.id, buyer=newest)
    assert desk.invoices.desk.buyer_of(desk.actor, customer.id) == replace(newest, email="neu@example.org")


def test_a_period_of_supply_stands_in_the_file_and_decides_the_tax_by_its_end(desk: BillingDesk) -> None:
    found: InvoiceView = desk.issue(supplied_from=date(2026, 11, 18), supplied_on=date(2026, 11, 20))
    xml = desk.invoices.xml(desk.actor, found.id).decode()
    assert "<ram:BillingSpecifiedPeriod>" in xml
    assert "20261118" in xml
    assert found.supplied_on == date(2026, 11, 20)
    with pytest.raises(Invalid, match="billing_period_backwards"):
        desk.issue(supplied_from=date(2026, 11, 21), supplied_on=date(2026, 11, 20))
