"""Printed documents: the right words and figures, for eyes, screen readers and machines alike."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from carbot_app.adapters.documents.payment_codes import giro_code, swiss_bill
from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.adapters.einvoice.reading import FileInvoiceReader
from carbot_app.adapters.einvoice.writing import FacturxInvoiceWriter
from carbot_app.domains.billing.document import Address, CashDiscount, Payment, Tax, Totals
from carbot_app.domains.billing.einvoices import ZUGFERD
from carbot_app.domains.billing.paper import INVOICE, KINDS, REMINDER, UNPAID, Claim, Look, Paper
from carbot_app.domains.billing.paper_content import content_of
from carbot_app.kit.languages import LANGUAGES
from tests.factories.documents import GOLF, SELLER, a_document, a_line, everything

PRINTER = TypstDocumentPrinter()
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
SWISS_SELLER = replace(SELLER, address=Address("Bahnhofstrasse 1", "", "", "8001", "Zürich", "", "CH"))


def swiss(iban: str = "CH5604835012345678009", **more: object) -> Paper:
    document = a_document(currency="CHF", seller=SWISS_SELLER, payments=(Payment("30", iban=iban),), **more)
    return Paper(INVOICE, document, country="CH")


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_printed_in_every_language(kind: str, language: str) -> None:
    paper = Paper(kind, a_document(vehicle=GOLF), language, Look("#8c3b2a", LOGO))
    text = text_of(PRINTER.print(paper))
    assert "{" not in text
    assert content_of(paper)["title"] in text
    assert "DO-AB 123" in text


def test_a_pdf_is_archivable_accessible_and_carries_the_invoice() -> None:
    document = a_document()
    xml = FacturxInvoiceWriter().write(document, ZUGFERD)
    pdf = PRINTER.print(Paper(INVOICE, document), xml)
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    for claim in (
        "<pdfaid:part>3</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
        "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
        "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>",
    ):
        assert claim in metadata
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert (root["/Lang"], root["/OutputIntents"][0]["/Type"]) == ("de", "/OutputIntent")
    assert root["/AF"][0]["/AFRelationship"] == "/Alternative"
    assert "/StructTreeRoot" in root
    received = FileInvoiceReader().read(pdf)
    assert (received.filename, received.xml) == ("factur-x.xml", xml)


def test_a_document_printed_again_is_the_same_file() -> None:
    paper = Paper(INVOICE, a_document(vehicle=GOLF))
    assert PRINTER.print(paper) == PRINTER.print(paper)
    xml = FacturxInvoiceWriter().write(paper.document, ZUGFERD)
    one, other = (re.sub(rb"/ID \[.*?\]", b"", PRINTER.print(paper, xml), flags=re.S) for _ in range(2))
    assert one == other


def test_what_a_customer_is_called_cannot_be_markup() -> None:
    name = '#panic("x") *bold* $x$ <label> \\ "quoted"'
    document = a_document(a_line("1", "1", "10", name=name), buyer=replace(a_document().buyer, name=name))
    text = text_of(PRINTER.print(Paper(INVOICE, document)))
    assert '#panic("x") *bold*' in text


def test_figures_stand_in_the_form_of_the_country() -> None:
    document = a_document(a_line("1", "1000", "1.2845"))
    totals = content_of(Paper(INVOICE, document))["totals"]
    assert [row["amount"] for row in totals] == ["1.284,50\xa0€", "244,06\xa0€", "1.528,56\xa0€"]
    swiss_totals = content_of(Paper(INVOICE, replace(document, currency="CHF"), country="CH"))["totals"]
    assert swiss_totals[-1]["amount"].replace("\xa0", " ") == "CHF 1’528.56"


def test_what_was_paid_and_rounded_stands_between_total_and_due() -> None:
    totals = Totals(10_000, 10_000, 1_900, 11_900, 6_898, prepaid_cents=5_000, rounding_cents=-2)
    rows = content_of(Paper(INVOICE, a_document(a_line("1", "1", "100"), totals=totals)))["totals"]
    assert [row["amount"] for row in rows[-4:]] == ["119,00\xa0€", "-50,00\xa0€", "-0,02\xa0€", "68,98\xa0€"]
    assert [row["strong"] for row in rows[-2:]] == [False, True]


def test_the_discount_is_taken_from_its_base() -> None:
    discounts = (CashDiscount(7, Decimal(2)), CashDiscount(14, Decimal(1), 5_000))
    document = a_document(a_line("1", "1", "100"), discounts=discounts)
    lines = content_of(Paper(INVOICE, document))["payment"]["lines"]
    assert lines[1].replace("\xa0", " ").endswith("116,62 €.")
    assert lines[2].replace("\xa0", " ").endswith("118,50 €.")


def test_why_no_tax_is_charged_is_said_once() -> None:
    reason = "Steuerschuldnerschaft des Leistungsempfängers"
    document = a_document(a_line("1", "1", "100", Tax("AE", Decimal(0))), reasons={"AE": reason})
    assert content_of(Paper(INVOICE, document))["explanations"] == [reason]


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_asks_for_money_says_how_to_pay(kind: str) -> None:
    paper = Paper(kind, a_document())
    assert (content_of(paper)["payment"] is None) == (kind in UNPAID)
    assert (giro_code(paper) == "") == (kind in UNPAID)


def test_a_reminder_lists_what_is_open() -> None:
    document = a_document(lines=(), tax_groups=(), totals=Totals(0, 0, 0, 0, 59_182))
    claim = Claim("RE-2026-00042", date(2026, 11, 3), date(2026, 11, 17), 57_882)
    paper = Paper(REMINDER, document, claims=(claim,), surcharges=(("Mahnkosten", 1_300),))
    text = text_of(PRINTER.print(paper))
    for words in ("RE-2026-00042", "578,82", "Mahnkosten", "13,00", "591,82"):
        assert words in text


@pytest.mark.parametrize(
    "payment",
    [Payment("10"), Payment("58", iban="DE02120300000000202052"), Payment("48", card="4111")],
    ids=["cash", "wrong IBAN", "card"],
)
def test_no_code_is_printed_that_nobody_could_pay_from(payment: Payment) -> None:
    assert giro_code(Paper(INVOICE, a_document(payments=(payment,)))) == ""


def test_switzerland_gets_the_payment_part_and_no_girocode() -> None:
    bill = swiss_bill(swiss())
    assert "Zahlteil" in bill
    assert giro_code(swiss()) == ""
    assert swiss_bill(Paper(INVOICE, a_document())) == ""
    assert len(PdfReader(BytesIO(PRINTER.print(swiss()))).pages) == 1


def test_a_qr_reference_is_printed_with_a_qr_iban() -> None:
    paper = swiss("CH4431999123000889012", remittance="210000000003139471430009017")
    assert "21 00000 00003 13947 14300 09017" in swiss_bill(paper)


def test_many_lines_run_over_pages_that_are_counted() -> None:
    lines = tuple(a_line(str(at), "1", "10") for at in range(1, 121))
    text = text_of(PRINTER.print(Paper(INVOICE, a_document(*lines))))
    assert "Seite 4 von 4" in text
    assert text.count("Einzelpreis") == 4


def test_a_document_with_everything_is_printed() -> None:
    text = text_of(PRINTER.print(Paper(INVOICE, everything(), look=Look(website="kfz-muster.example"))))
    for words in ("With filter", "Voucher", "Loyal: -2,00", "kfz-muster.example", "HRB 12345"):
        assert words in text
