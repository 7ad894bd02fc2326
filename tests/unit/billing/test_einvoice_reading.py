"""The reader takes what conforms however odd it looks, and refuses what is hostile in words."""

import subprocess
import sys
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from carbot_app.adapters.einvoice import pdf_files
from carbot_app.adapters.einvoice.reading import MAX_FILE, FileInvoiceReader
from carbot_app.adapters.einvoice.writing import FacturxInvoiceWriter
from carbot_app.domains.billing.document import CashDiscount, Payment
from carbot_app.domains.billing.einvoices import XRECHNUNG_UBL, ZUGFERD, Received
from carbot_app.kit.errors import AppError, TooLarge
from tests.factories.documents import SAMPLES, a_credit, a_document

READER = FileInvoiceReader()
XML = FacturxInvoiceWriter().write(a_document(), ZUGFERD)
UBL = FacturxInvoiceWriter().write(a_document(), XRECHNUNG_UBL)


def pdf_with(*files: tuple[str, bytes], password: str = "") -> bytes:
    """A PDF of one empty page with attachments."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for name, content in files:
        writer.add_attachment(name, content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def refusal(content: bytes) -> str:
    """The code a file is refused with."""
    with pytest.raises(AppError) as refused:
        READER.read(content)
    return refused.value.code


def in_profile(name: str) -> bytes:
    return XML.replace(b"<ram:ID>urn:cen.eu:en16931:2017<", f"<ram:ID>{name}<".encode())


def test_totals_are_read_as_they_stand_and_never_worked_out() -> None:
    totals = READER.read(SAMPLES[7].read_bytes()).document.totals
    assert (totals.net_cents, totals.tax_cents, totals.gross_cents) == (75_940, 14_429, 90_369)
    assert (totals.prepaid_cents, totals.due_cents) == (30_000, 60_369)


def test_the_discount_among_the_terms_of_payment_is_read() -> None:
    document = READER.read(SAMPLES[7].read_bytes()).document
    assert document.discounts == (CashDiscount(7, Decimal("2.00")),)
    assert document.terms == ""


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: xml.decode().encode("utf-16"),
        lambda xml: b"\xef\xbb\xbf" + xml,
        lambda xml: b"\n  " + xml,
        lambda xml: xml.replace(b"ram:", b"a:").replace(b"xmlns:ram", b"xmlns:a"),
        lambda xml: xml.replace(b"<ram:TypeCode>380", b"<!-- what kind? --><ram:TypeCode>380"),
        lambda xml: xml.replace(b"RE-2026-00042", b"<![CDATA[RE-2026-00042]]>"),
        lambda xml: xml.replace(b">380<", b">\n 380 \n<"),
        lambda xml: xml.replace(b"257.40", b"+257.4"),
    ],
    ids=["utf16", "bom", "space", "prefix", "comment", "cdata", "padded", "plus"],
)
def test_odd_but_valid_ways_to_write_the_same_read_the_same(change: object) -> None:
    # UTF-16 has a byte order mark of its own, so the declaration must not contradict it.
    source = XML.replace(b" encoding='UTF-8'", b"")
    document = READER.read(change(source)).document  # type: ignore[operator]
    assert document == READER.read(XML).document


def test_latin_letters_in_the_declared_encoding_are_read() -> None:
    xml = XML.decode().replace("Spedition Beispiel", "Müller & Söhne".replace("&", "&amp;"))
    written = xml.replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
    assert READER.read(written).document.buyer.name == "Müller & Söhne GmbH"


@pytest.mark.parametrize(
    ("specification", "profile"),
    [
        ("urn:factur-x.eu:1p0:minimum", "minimum"),
        ("urn:factur-x.eu:1p0:basicwl", "basicwl"),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "basic"),
        ("urn:cen.eu:en16931:2017", "en16931"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "extended"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "xrechnung"),
        ("urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", "peppol"),
        ("urn:example:own", "unknown"),
    ],
)
def test_every_profile_is_told_apart(specification: str, profile: str) -> None:
    received = READER.read(in_profile(specification))
    assert received.profile == profile
    assert received.is_einvoice == (profile not in {"minimum", "basicwl"})


def test_a_credit_note_of_ubl_is_read_with_its_kind() -> None:
    received = READER.read(FacturxInvoiceWriter().write(a_credit(), XRECHNUNG_UBL))
    assert (received.syntax, received.document.kind, received.document.is_credit) == ("ubl", "381", True)
    assert received.document.totals.due_cents > 0


def test_discounts_of_the_extended_profile_are_read() -> None:
    terms = (
        b"<ram:ApplicableTradePaymentDiscountTerms><ram:BasisPeriodMeasure unitCode='DAY'>10"
        b"</ram:BasisPeriodMeasure><ram:CalculationPercent>3</ram:CalculationPercent>"
        b"</ram:ApplicableTradePaymentDiscountTerms></ram:SpecifiedTradePaymentTerms>"
    )
    xml = XML.replace(b"</ram:SpecifiedTradePaymentTerms>", terms)
    assert READER.read(xml).document.discounts == (CashDiscount(10, Decimal(3)),)


def test_zugferd_1_is_read_and_named_as_old() -> None:
    received = READER.read((SAMPLES[0].parent / "zugferd_1.xml").read_bytes())
    document = received.document
    assert (document.number, document.issued_on, document.seller.name) == (
        "471102",
        date(2013, 3, 5),
        "Lieferant",
    )
    assert (document.totals.gross_cents, document.lines[0].net_cents) == (11_900, 10_000)
    assert document.lines[0].tax.percent == Decimal("19.00")
    assert [finding.code for finding in received.findings][:1] == ["old_format"]


@pytest.mark.parametrize(
    "name",
    ["factur-x.xml", "zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "rechnung_4711.XML"],
)
def test_the_invoice_in_a_pdf_is_found_by_each_known_name(name: str) -> None:
    received = READER.read(pdf_with(("notes.xml", b"<notes/>"), (name, XML)))
    assert (received.filename, received.document.number) == (name, "RE-2026-00042")


def test_of_several_invoices_in_a_pdf_the_one_with_the_right_name_counts() -> None:
    other = XML.replace(b"RE-2026-00042", b"COPY")
    received = READER.read(pdf_with(("a.xml", other), ("factur-x.xml", XML)))
    assert received.document.number == "RE-2026-00042"


BILLION_LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(10))
    + b"]><Invoice>&k;</Invoice>"
)
EXTERNAL = b'<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + XML.partition(b"?>")[2].replace(
    b"RE-2026-00042", b"&x;"
)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "einvoice_empty"),
        (b"   \n", "einvoice_empty"),
        (b"\x89PNG\r\n\x1a\n", "einvoice_unknown_file"),
        (b"PK\x03\x04 a zip", "einvoice_unknown_file"),
        (b"<Invoice", "einvoice_xml_broken"),
        (XML[:-40], "einvoice_xml_broken"),
        (b"<html><body>Invoice</body></html>", "einvoice_no_invoice"),
        (b"<Invoice><ID>1</ID></Invoice>", "einvoice_no_invoice"),
        (EXTERNAL, "einvoice_doctype"),
        (XML.replace(b"Spedition", "Möbel".encode("latin-1")), "einvoice_encoding"),
        (XML.replace(b"UTF-8", b"KLINGON"), "einvoice_encoding"),
        (XML.replace(b"257.40", b"1.000,50"), "einvoice_number_invalid"),
        (XML.replace(b"257.40", b"NaN"), "einvoice_number_invalid"),
        (XML.replace(b"257.40", b"1e999999"), "einvoice_number_invalid"),
        (XML.replace(b"257.40", "٢٥٧".encode()), "einvoice_number_invalid"),
        (XML.replace(b">20261123<", b">20261399<"), "einvoice_date_invalid"),
        (pdf_with(), "einvoice_pdf_without_xml"),
        (pdf_with(("factur-x.xml", b"<html/>")), "einvoice_pdf_without_xml"),
        (pdf_with(("factur-x.xml", XML), password="secret"), "einvoice_pdf_encrypted"),
        (b"%PDF-1.7\n" + b"\x00" * 5000, "einvoice_pdf_broken"),
    ],
)
def test_a_file_that_is_no_invoice_is_refused_in_words(content: bytes, code: str) -> None:
    assert refusal(content) == code


@pytest.mark.timeout(60)
def test_entities_that_multiply_cost_nothing() -> None:
    assert refusal(BILLION_LAUGHS) in {"einvoice_doctype", "einvoice_xml_broken"}


def test_elements_nested_without_end_are_refused() -> None:
    assert refusal(b"<Invoice>" * 100_000) == "einvoice_xml_broken"


@pytest.mark.timeout(60)
def test_thirty_megabytes_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(TooLarge):
        READER.read(b"<" + b" " * MAX_FILE)
    with pytest.raises(TooLarge):
        READER.read(XML + b" " * 30 * 1024 * 1024)


@pytest.mark.timeout(60)
def test_a_pdf_bomb_ends_its_own_process_and_nothing_else() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("factur-x.xml", b"<a/>")
    bomb = DecodedStreamObject()
    squeezed = zlib.compressobj(1)
    packed = b"".join(squeezed.compress(bytes(1 << 20)) for _ in range(300)) + squeezed.flush()
    bomb.set_data(packed)
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    specification = writer.root_object["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object()
    specification["/EF"][NameObject("/F")] = writer._add_object(bomb)
    output = BytesIO()
    writer.write(output)
    assert refusal(output.getvalue()) == "einvoice_pdf_too_heavy"


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_files, "TIMEOUT_SECONDS", 0.01)
    assert refusal(pdf_with(("factur-x.xml", XML))) == "einvoice_pdf_too_heavy"


@pytest.mark.timeout(60)
def test_ten_thousand_lines_are_read() -> None:
    start = XML.index(b"<ram:IncludedSupplyChainTradeLineItem>")
    end = XML.rindex(b"<ram:ApplicableHeaderTradeAgreement>")
    closing = b"</ram:IncludedSupplyChainTradeLineItem>"
    line = XML[start : XML.index(closing)] + closing
    received = READER.read(XML[:start] + line * 10_000 + XML[end:])
    assert len(received.document.lines) == 10_000
    assert "BR-CO-10" in {finding.rule for finding in received.findings}


def test_the_worker_for_pdf_starts_without_the_application() -> None:
    module = "carbot_app.adapters.einvoice.pdf_worker"
    code = f"import sys, {module}; print('sqlmodel' in sys.modules, 'reflex' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert said.split() == ["False", "False"]


def test_both_syntaxes_say_the_same() -> None:
    one, other = READER.read(XML).document, READER.read(UBL).document
    assert replace(one, specification="", process="") == replace(other, specification="", process="")


def test_an_account_without_iban_is_read() -> None:
    xml = XML.replace(b"IBANID", b"ProprietaryID")
    assert READER.read(xml).document.payments == (Payment(iban="DE02120300000000202051"),)


def test_a_missing_field_is_a_finding_and_not_an_error() -> None:
    received: Received = READER.read(XML.replace(b"<ram:ID>RE-2026-00042</ram:ID>", b""))
    assert ("BR-02", (("term", "number"),)) in {(f.rule, f.params) for f in received.findings}
    assert not received.accepted
