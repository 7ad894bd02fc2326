"""Reads what suppliers send: XML in any syntax of EN 16931, or a PDF that carries it."""

from datetime import date
from typing import Any

from carbot_app.adapters.einvoice.pdf_files import invoice_in_pdf
from carbot_app.adapters.einvoice.reading_cii import read_cii
from carbot_app.adapters.einvoice.reading_ubl import read_ubl
from carbot_app.adapters.einvoice.xml import looks_like_xml, open_xml
from carbot_app.adapters.einvoice.zugferd1 import in_todays_names
from carbot_app.domains.billing.document import Document
from carbot_app.domains.billing.einvoice_rules import findings_of
from carbot_app.domains.billing.einvoices import Finding, Received
from carbot_app.kit.errors import Invalid, TooLarge

MAX_FILE = 32 * 1024 * 1024
CII, UBL, ZUGFERD1 = "cii", "ubl", "zugferd1"
_ROOTS = {
    "CrossIndustryInvoice": CII,
    "Invoice": UBL,
    "CreditNote": UBL,
    "CrossIndustryDocument": ZUGFERD1,
}
_NAMESPACES = {
    CII: "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice",
    UBL: "urn:oasis:names:specification:ubl:schema:xsd:",
    ZUGFERD1: "urn:ferd:CrossIndustryDocument:invoice",
}
_PROFILES = (
    ("xrechnung", "xrechnung"),
    ("peppol", "peppol"),
    ("extended", "extended"),
    ("minimum", "minimum"),
    ("basicwl", "basicwl"),
    ("basic", "basic"),
    ("comfort", "en16931"),
    ("urn:cen.eu:en16931:2017", "en16931"),
)


class FileInvoiceReader:
    """An InvoiceReader."""

    def read(self, content: bytes) -> Received:
        """See InvoiceReader."""
        if len(content) > MAX_FILE:
            raise TooLarge("einvoice_too_large", limit=MAX_FILE // 1024 // 1024)
        if not content.strip():
            raise Invalid("einvoice_empty")
        filename = ""
        if not looks_like_xml(content):
            if b"%PDF-" not in content[:1024]:
                raise Invalid("einvoice_unknown_file")
            filename, content = invoice_in_pdf(content)
        root = open_xml(content)
        syntax = syntax_of(root)
        document = _document(root, syntax)
        profile = profile_of(document.specification)
        found = findings_of(document, profile)
        if syntax == ZUGFERD1:
            found = (Finding("old_format", "warning"), *found)
        return Received(document, syntax, profile, content, filename, found)


def syntax_of(root: Any) -> str:
    """Which syntax the root element announces; ``Invalid`` for any other XML."""
    namespace, _, name = root.tag[1:].partition("}") if root.tag.startswith("{") else ("", "", root.tag)
    syntax = _ROOTS.get(name, "")
    if not syntax or not namespace.startswith(_NAMESPACES[syntax]):
        raise Invalid("einvoice_no_invoice", root=name[:60])
    return syntax


def _document(root: Any, syntax: str) -> Document:
    if syntax == UBL:
        document = read_ubl(root)
    else:
        document = read_cii(in_todays_names(root) if syntax == ZUGFERD1 else root)
    if not document.number and not document.seller.name and document.issued_on == date.min:
        raise Invalid("einvoice_no_invoice", root=syntax)
    return document


def profile_of(specification: str) -> str:
    """The profile a BT-24 names."""
    lowered = specification.lower()
    return next((profile for mark, profile in _PROFILES if mark in lowered), "unknown")
