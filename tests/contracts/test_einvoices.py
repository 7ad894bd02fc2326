"""What we write passes the rules of those who published the standard, and says the same when read again."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from carbot_app.adapters.einvoice.reading import FileInvoiceReader
from carbot_app.adapters.einvoice.schematron import Schematron
from carbot_app.adapters.einvoice.validating import SaxonInvoiceValidator
from carbot_app.adapters.einvoice.writing import FacturxInvoiceWriter
from carbot_app.domains.billing.document import Address, Document, Identifier, Party, Payment, Tax
from carbot_app.domains.billing.einvoices import FATAL, FORMS, XRECHNUNG_CII, XRECHNUNG_UBL, ZUGFERD
from carbot_app.kit.errors import Unavailable
from tests.factories.documents import (
    SAMPLES,
    SELLER,
    a_cancellation,
    a_credit,
    a_document,
    a_line,
    everything,
)

READER, WRITER, VALIDATOR = FileInvoiceReader(), FacturxInvoiceWriter(), SaxonInvoiceValidator()
OF_THE_FILE = {"specification", "process"}
ABROAD = Party("Delivered", address=Address("Weg 1", postcode="5020", city="Salzburg", country="AT"))
REASONS = {"AE": "Reverse charge", "E": "Exempt", "G": "Export", "K": "Intra-community supply", "O": "No VAT"}
UNITS = ("C62", "HUR", "MIN", "LTR", "MTR", "KGM", "KMT", "DAY", "MON", "SET", "PR", "LS")


def same_content(one: Document, other: Document) -> dict[str, tuple[object, object]]:
    """What differs, apart from what the form of the file decides."""
    names = [field.name for field in fields(one) if field.name not in OF_THE_FILE]
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def fatal(xml: bytes) -> list[tuple[str, str]]:
    """Rules that are broken, of the publishers and our own."""
    found = (*VALIDATOR.findings(xml), *READER.read(xml).findings)
    return [(finding.rule, finding.detail) for finding in found if finding.severity == FATAL]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name[:2])
def test_a_sample_comes_out_equal_and_valid(file: Path, form: str) -> None:
    document = READER.read(file.read_bytes()).document
    xml = WRITER.write(document, form)
    assert same_content(document, READER.read(xml).document) == {}
    assert fatal(xml) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("document", [everything(), a_cancellation(), a_credit()], ids=["all", "384", "381"])
def test_every_term_survives_the_way_there_and_back(document: Document, form: str) -> None:
    xml = WRITER.write(document, form)
    assert same_content(document, READER.read(xml).document) == {}
    assert fatal(xml) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("category", ["Z", "E", "AE", "K", "G", "O"])
def test_every_category_of_tax_is_written_validly(category: str, form: str) -> None:
    line = a_line("1", "1", "100.00", Tax(category, Decimal(0)))
    buyer, seller = replace(a_document().buyer, vat_id="ATU13585627"), SELLER
    if category == "O":  # BR-O-02: without VAT there are no VAT numbers
        buyer = replace(buyer, vat_id="")
        seller = replace(SELLER, vat_id="", legal_id=Identifier("HRB 12345"))
    document = a_document(line, reasons=REASONS, buyer=buyer, seller=seller, delivery=ABROAD)
    assert fatal(WRITER.write(document, form)) == []


@pytest.mark.parametrize("kind", ["326", "380", "381", "384", "386", "389"])
def test_every_kind_of_invoice_is_written_validly(kind: str) -> None:
    document = replace(a_cancellation() if kind == "384" else a_document(), kind=kind)
    for form in (ZUGFERD, XRECHNUNG_UBL):
        assert fatal(WRITER.write(document, form)) == []


@pytest.mark.parametrize("form", [ZUGFERD, XRECHNUNG_UBL])
@pytest.mark.parametrize(
    "payment",
    [
        Payment("10"),
        Payment("30", iban="DE02120300000000202051"),
        Payment("48", card="4111", card_holder="A. Kunde"),
        Payment("59", mandate="M-1", creditor_id="DE98ZZZ09999999999", debited_iban="DE89370400440532013000"),
    ],
    ids=["cash", "transfer", "card", "debit"],
)
def test_every_way_to_pay_comes_out_equal_and_valid(payment: Payment, form: str) -> None:
    xml = WRITER.write(a_document(payments=(payment,)), form)
    assert READER.read(xml).document.payments == (payment,)
    assert fatal(xml) == []


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_of_a_workshop_is_known_to_the_standard(unit: str) -> None:
    document = a_document(replace(a_line("1", "2", "50.00"), unit=unit))
    assert fatal(WRITER.write(document, XRECHNUNG_CII)) == []


@pytest.mark.parametrize(
    ("quantity", "price", "net", "tax"),
    [
        ("3", "9.99", 2997, 569),
        ("1", "13.50", 1350, 257),
        ("0.333", "0.01", 0, 0),
        ("1000000", "0.0049", 490_000, 93_100),
    ],
)
def test_amounts_are_rounded_half_up_once_per_rate(quantity: str, price: str, net: int, tax: int) -> None:
    document = a_document(a_line("1", quantity, price))
    assert (document.totals.net_cents, document.totals.tax_cents) == (net, tax)
    assert fatal(WRITER.write(document, ZUGFERD)) == []


def test_a_wrong_total_is_found_by_the_rules_of_the_standard_and_by_ours() -> None:
    xml = WRITER.write(a_document(), ZUGFERD)
    total = b"<ram:GrandTotalAmount>257.40</ram:GrandTotalAmount>"
    assert total in xml
    broken = fatal(xml.replace(total, b"<ram:GrandTotalAmount>999.00</ram:GrandTotalAmount>"))
    assert [rule for rule, _ in broken].count("BR-CO-15") >= 1
    assert len(broken) > 2


def test_xml_against_the_schema_is_told_with_the_place() -> None:
    xml = WRITER.write(a_document(), XRECHNUNG_UBL)
    broken = xml.replace(b"<cbc:IssueDate>2026-11-23", b"<cbc:IssueDate>yesterday")
    assert "schema" in {finding.code for finding in VALIDATOR.findings(broken)}


def test_control_characters_of_customers_do_not_reach_the_file() -> None:
    document = a_document(buyer=replace(a_document().buyer, name="Bad\x00 \x1bName <b>&"))
    read = READER.read(WRITER.write(document, ZUGFERD)).document
    assert read.buyer.name == "Bad Name <b>&"
    assert read.issued_on == date(2026, 11, 23)


def test_a_judge_that_takes_too_long_is_ended_and_the_next_one_answers() -> None:
    xml = WRITER.write(a_document(), ZUGFERD)
    with pytest.raises(Unavailable):
        SaxonInvoiceValidator(Schematron(timeout=0.01)).findings(xml)
    assert VALIDATOR.findings(xml) == ()


def test_a_judge_that_died_meanwhile_is_replaced() -> None:
    schematron = Schematron()
    validator, xml = SaxonInvoiceValidator(schematron), WRITER.write(a_document(), ZUGFERD)
    assert validator.findings(xml) == ()
    schematron.close()
    assert validator.findings(xml) == ()
    schematron.close()
