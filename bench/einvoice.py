"""An invoice as it is issued: EN 16931 XML checked by its schema, the PDF/A-3 around it, both in one file."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bench.harness import machine, milliseconds, record
from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.adapters.einvoice.writing import FacturxInvoiceWriter
from carbot_app.domains.billing.document import (
    Address,
    Contact,
    Document,
    Identifier,
    Line,
    Party,
    Payment,
    References,
    Tax,
    TaxGroup,
    Totals,
    Vehicle,
)
from carbot_app.domains.billing.einvoices import ZUGFERD
from carbot_app.domains.billing.paper import INVOICE, Paper

ROUNDS, LINES = 60, 12
_TAX = Tax("S", Decimal(19))
_PARTY = Party(
    "Kfz-Meisterbetrieb Muster GmbH",
    address=Address("Werkstattweg 1", postcode="10115", city="Berlin", country="DE"),
    vat_id="DE136695976",
    electronic_address=Identifier("rechnung@kfz-muster.example", "EM"),
    contact=Contact("Office", "+49 30 23125 100", "office@kfz-muster.example"),
)


def einvoice() -> None:
    """Write and print one invoice after the other; no two have the same content."""
    setting = machine()
    writer, printer = FacturxInvoiceWriter(), TypstDocumentPrinter()
    _issue(writer, printer, 0)
    took = []
    for number in range(1, ROUNDS + 1):
        start = time.perf_counter()
        size = _issue(writer, printer, number)
        took.append(time.perf_counter() - start)
    record(
        "einvoice",
        load=f"{ROUNDS} invoices of {LINES} lines with GiroCode, one after the other, without the database",
        target="p95 <= 400 ms",
        baseline="the budget of issuing an invoice, which writing numbers and rows has to share",
        result={**milliseconds(took), "bytes": size},
        setting=setting,
    )


def _issue(writer: FacturxInvoiceWriter, printer: TypstDocumentPrinter, number: int) -> int:
    document = _document(number)
    return len(printer.print(Paper(INVOICE, document), writer.write(document, ZUGFERD)))


def _document(number: int) -> Document:
    lines = tuple(
        Line(str(at), f"Work {number}-{at}", Decimal(2), "C62", Decimal(10 + at), 200 * (10 + at), _TAX)
        for at in range(1, LINES + 1)
    )
    net = sum(line.net_cents for line in lines)
    tax = (net * 19 + 50) // 100
    return Document(
        number=f"RE-2026-{number:05d}",
        issued_on=date(2026, 11, 23),
        seller=_PARTY,
        buyer=replace(_PARTY, name=f"Customer {number}", vat_id=""),
        lines=lines,
        tax_groups=(TaxGroup(_TAX, net, tax),),
        totals=Totals(net, net, tax, net + tax, net + tax),
        due_on=date(2026, 12, 7),
        supplied_on=date(2026, 11, 20),
        payments=(Payment(iban="DE02120300000000202051"),),
        references=References(buyer=f"KD-{number}"),
        vehicle=Vehicle("DO-AB 123", "WVWZZZ1KZAW123456", 84_210, "VW Golf"),
    )
