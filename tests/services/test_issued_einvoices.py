"""Documents the service issues pass the rules of their publishers; each is one case of a workshop's day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.adapters.einvoice.reading import FileInvoiceReader
from carbot_app.adapters.einvoice.validating import SaxonInvoiceValidator
from carbot_app.db.session import Database
from carbot_app.domains.billing.draft_schemas import BuyerInput
from carbot_app.domains.billing.einvoices import FATAL
from carbot_app.domains.billing.invoice_schemas import CreditLine, InvoiceView
from carbot_app.domains.billing.models import Invoice
from carbot_app.domains.billing.paper_codec import kept_from_json
from carbot_app.domains.billing.paper_content import content_of
from carbot_app.domains.catalog.models import PriceTerms
from carbot_app.kit.clock import ManualClock
from tests.factories import make_vehicle
from tests.factories.saving import save
from tests.services.billing_desk import MAX, SPEDITION, BillingDesk, deposit, line, open_billing_desk

VALIDATOR = SaxonInvoiceValidator()
PARIS = BuyerInput("Garage SA", "Rue 1", "75001", "Paris", "FR", "ap@example.org", True, "FR40303265045")
WIEN = {"country": "AT", "vat_id": "ATU13585627", "postal_code": "1010", "city": "Wien"}
ZURICH = {
    "country": "CH", "vat_id": "CHE-107.787.577 MWST", "postal_code": "8001", "city": "Zürich",
    "currency": "CHF",
}  # fmt: skip
PART = line("320", kind="part", exchange=True)
FEE = line("154", kind="handed_on")


def standard(desk: BillingDesk) -> InvoiceView:
    vehicle = make_vehicle(desk.database, desk.workshop)
    return desk.issue(line("112", "1.2", unit="HUR"), vehicle_id=vehicle.id, km=84_210, order_number="AU-1")


def told_gross(desk: BillingDesk) -> InvoiceView:
    return desk.issue(
        line("49.90", "3", gross=True, discount_percent=Decimal(5)), line("19.99", gross=True),
        discount_percent=Decimal(3), discount_cents=500,
    )  # fmt: skip


def exchange_part(desk: BillingDesk) -> InvoiceView:
    return desk.issue(PART, line("11.20", "12"))


def inspection_fee(desk: BillingDesk) -> InvoiceView:
    return desk.issue(line("49"), FEE)


def without_vat(desk: BillingDesk) -> InvoiceView:
    save(desk.database, PriceTerms(workshop_id=desk.workshop.id, vat_regime="small_business"))
    return desk.issue(line("100"), FEE)


def reverse_charge(desk: BillingDesk) -> InvoiceView:
    desk.register.registered = True
    return desk.issue(line("500"), buyer=PARIS)


def outside_the_union(desk: BillingDesk) -> InvoiceView:
    swiss = BuyerInput("Garage AG", "Gasse 1", "8001", "Zürich", "CH", "", True)
    return desk.issue(line("500"), buyer=swiss)


def cancellation(desk: BillingDesk) -> InvoiceView:
    return desk.invoices.cancel(desk.actor, desk.issue(PART, FEE, line("99")).id, "Falscher Empfänger")


def credit(desk: BillingDesk) -> InvoiceView:
    original = desk.issue(PART, line("10", "4"))
    return desk.invoices.credit(desk.actor, original.id, [CreditLine(1), CreditLine(2, Decimal(1))])


def discount_and_prepaid(desk: BillingDesk) -> InvoiceView:
    paid = deposit(desk, 30_000, date(2026, 11, 2), buyer=SPEDITION)
    desk.pay(paid)
    return desk.issue(
        line("759.40"), buyer=SPEDITION, deposits=(paid.id,), cash_discount_days=7,
        cash_discount_percent=Decimal(2),
    )  # fmt: skip


def only_a_deposit(desk: BillingDesk) -> InvoiceView:
    return deposit(desk, 50_000, date(2026, 11, 2))


def xrechnung(desk: BillingDesk) -> InvoiceView:
    office = BuyerInput(
        "Stadt Dortmund", "Markt 1", "44137", "Dortmund", "DE", "re@example.org", True,
        buyer_reference="04011000-12345-03",
    )  # fmt: skip
    return desk.issue(PART, FEE, buyer=office, form="xrechnung_ubl")


CASES: list[tuple[Callable[[BillingDesk], InvoiceView], dict[str, Any], int]] = [
    (standard, {}, 15_994),
    (told_gross, {}, 15_233),
    (exchange_part, {}, 54_682),
    (inspection_fee, {}, 21_231),
    (without_vat, {"vat_id": ""}, 25_400),
    (reverse_charge, {}, 50_000),
    (outside_the_union, {}, 50_000),
    (cancellation, {}, -65_869),
    (credit, {}, -39_878),
    (discount_and_prepaid, {}, 60_369),
    (only_a_deposit, {}, 50_000),
    (xrechnung, {}, 54_088),
    (standard, WIEN, 16_128),
    (inspection_fee, WIEN, 21_280),
    (standard, {**ZURICH, "terms": {"iban": "CH5604835012345678009"}}, 14_529),
]


@pytest.mark.parametrize(
    ("make", "workshop", "due"), CASES, ids=[f"{case[0].__name__}-{at}" for at, case in enumerate(CASES)]
)
def test_what_is_issued_passes_the_publishers_rules_and_can_be_printed(
    sqlite_url: str, clock: ManualClock, make: Callable, workshop: dict[str, Any], due: int
) -> None:
    database = Database(sqlite_url)
    desk = open_billing_desk(database, clock, printer=TypstDocumentPrinter(), **workshop)
    found = make(desk)
    xml = desk.invoices.xml(desk.actor, found.id)
    assert [finding for finding in VALIDATOR.findings(xml) if finding.severity == FATAL] == []
    assert found.due_cents == due
    pdf = desk.invoices.pdf(desk.actor, found.id)
    read = FileInvoiceReader().read(xml if found.form != "zugferd" else pdf)
    assert abs(read.document.totals.due_cents) == abs(due)
    assert read.accepted, read.findings
    with database.reading(desk.workshop.id) as session:
        kept = kept_from_json(session.exec(select(Invoice).where(Invoice.id == found.id)).one().paper)
    assert found.number in content_of(kept.paper)["title"]
    database.close()


def test_a_discount_for_paying_early_is_told_in_the_form_machines_read(
    database: Database, clock: ManualClock
) -> None:
    desk = open_billing_desk(database, clock)
    found = discount_and_prepaid(desk)
    xml = desk.invoices.xml(desk.actor, found.id).decode()
    assert "#SKONTO#TAGE=7#PROZENT=2.00#" in xml
    assert found.draft.buyer == SPEDITION
    assert desk.issue(buyer=MAX).due_cents == 11_900
