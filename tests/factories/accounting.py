"""Issued documents, what is owed and paid, and suppliers' invoices, as rows the database keeps."""

from dataclasses import asdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from carbot_app.db.session import Database
from carbot_app.domains.billing.lines import Line, LineTax
from carbot_app.domains.billing.models import BillingTerms, Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.billing.totals import Discount, total
from carbot_app.domains.expenses.models import Expense
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id, new_secret
from tests.factories.saving import save

DAY = date(2026, 11, 16)
DOMESTIC, FEE = LineTax("S", 1900, "domestic"), LineTax("E", 0, "handed_on")
DATEV = {"consultant": 29098, "client": 55003, "chart": "03", "account_length": 4, "accounts": {}}


def make_terms(database: Database, workshop: Workshop, **fields: Any) -> BillingTerms:
    """How the workshop bills, with the numbers of its tax adviser."""
    return save(database, BillingTerms(workshop_id=workshop.id, **{"datev": DATEV, **fields}))


def work(price: str, quantity: str = "1", **fields: Any) -> Line:
    """A line told net at 19 %."""
    defaults = {"kind": "labour", "tax": DOMESTIC}
    return Line(unit_price=Decimal(price), quantity=Decimal(quantity), **{**defaults, **fields})


def fee(price: str, quantity: str = "1") -> Line:
    """What is handed on, such as the fee of an inspection."""
    return Line("handed_on", Decimal(price), FEE, Decimal(quantity))


def make_invoice(
    database: Database,
    workshop: Workshop,
    *lines: Line,
    number: str = "RE-2026-00042",
    issued_on: date = DAY,
    kind: str = "invoice",
    discount: Discount | None = None,
    customer_id: UUID | None = None,
    buyer: str = "Anna Muster",
    vat_id: str = "",
    deposits: tuple[Invoice, ...] = (),
    original: Invoice | None = None,
    texts: tuple[str, ...] = (),
    revenue: tuple[str, ...] = (),
    more: dict[str, Any] | None = None,
    supplied_on: date | None = None,
) -> Invoice:
    """A document as issuing leaves it, with its positions and what is owed by it."""
    lines = lines or (work("100.00"),)
    totals = total(lines, issued_on, country=workshop.country, discount=discount)
    prepaid = sum(deposit.gross_cents for deposit in deposits)
    earlier = [{"number": one.number} for one in (*deposits, *([original] if original else []))]
    invoice = Invoice(
        workshop_id=workshop.id,
        number=number,
        kind=kind,
        issued_on=issued_on,
        supplied_on=supplied_on or issued_on,
        keep_until=date(issued_on.year + 8, 12, 31),
        currency=workshop.currency,
        net_cents=totals.net_cents,
        vat_cents=totals.vat_cents,
        gross_cents=totals.gross_cents,
        due_cents=totals.gross_cents - prepaid,
        original_id=original.id if original else None,
        language="de",
        form="zugferd",
        issued_by="Sabine Müller",
        paper={"paper": {"document": {"buyer": {"name": buyer, "vat_id": vat_id}, "earlier": earlier}}},
        groups=[asdict(group) for group in totals.groups],
    )
    save(database, invoice)
    for position, (line, amount) in enumerate(zip(lines, totals.lines, strict=True)):
        save(
            database,
            InvoiceLine(
                workshop_id=workshop.id,
                invoice_id=invoice.id,
                position=position,
                kind=line.kind,
                text=texts[position] if position < len(texts) else "Bremsen vorn",
                revenue=revenue[position] if position < len(revenue) else "",
                quantity=line.quantity,
                unit_price=line.unit_price,
                net_cents=amount.net_cents,
                category=line.tax.category,
                rate=line.tax.rate,
                exchange=line.exchange,
                **(more or {}),
            ),
        )
    save(database, receivable_of(invoice, customer_id=customer_id, buyer=buyer))
    return invoice


def receivable_of(invoice: Invoice, *, customer_id: UUID | None = None, buyer: str = "") -> Receivable:
    """What is owed by a document."""
    return Receivable(
        workshop_id=invoice.workshop_id,
        invoice_id=invoice.id,
        number=invoice.number,
        kind=invoice.kind,
        issued_on=invoice.issued_on,
        due_on=invoice.issued_on + timedelta(days=14),
        currency=invoice.currency,
        gross_cents=invoice.gross_cents,
        due_cents=invoice.due_cents,
        customer_id=customer_id,
        buyer_name=buyer,
        token=new_secret(),
    )


def make_payment(database: Database, invoice: Invoice, cents: int, on: date = DAY, **fields: Any) -> Payment:
    """Money for a document."""
    defaults: dict[str, Any] = {"kind": "payment", "method": "transfer", "currency": invoice.currency}
    return save(
        database,
        Payment(
            workshop_id=invoice.workshop_id,
            invoice_id=invoice.id,
            amount_cents=cents,
            received_on=on,
            **{**defaults, **fields},
        ),
    )


def make_expense(database: Database, workshop: Workshop, net_cents: int = 10_000, **fields: Any) -> Expense:
    """A booked invoice of a supplier with 19 % VAT."""
    vat = net_cents * 19 // 100
    defaults: dict[str, Any] = {
        "entry_number": f"ER-2026-{new_id().hex[-12:]}",
        "state": "booked",
        "supplier": "Teile Weber GmbH",
        "supplier_vat_id": "DE136695976",
        "supplier_key": "DE136695976",
        "number": f"T-{new_id().hex[-12:]}",
        "issued_on": DAY,
        "received_on": DAY,
        "posted_on": DAY,
        "amounts": [{"category": "S", "rate": 1900, "net_cents": net_cents, "vat_cents": vat}],
        "gross_cents": net_cents + vat,
        "category": "goods",
        "sha256": new_id().hex,
    }
    return save(database, Expense(workshop_id=workshop.id, **{**defaults, **fields}))
