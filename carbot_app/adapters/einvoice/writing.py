"""Writes documents as CII (ZUGFeRD and XRechnung) and as UBL (XRechnung), through factur-x."""

import re
from typing import Any

from facturx import generate_xml
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - lxml has no stubs

from carbot_app.adapters.einvoice.terms import terms_of
from carbot_app.domains.billing.document import Document
from carbot_app.domains.billing.einvoices import XRECHNUNG_CII, XRECHNUNG_UBL, ZUGFERD
from carbot_app.kit.errors import Invalid

EN16931 = "urn:cen.eu:en16931:2017"
XRECHNUNG = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MEANS = ("SpecifiedTradeSettlementPaymentMeans", "PaymentMeans")


class FacturxInvoiceWriter:
    """An InvoiceWriter. What it writes has passed the schema of its syntax."""

    def write(self, document: Document, form: str) -> bytes:
        """See InvoiceWriter."""
        flavour = {ZUGFERD: "factur-x", XRECHNUNG_CII: "factur-x", XRECHNUNG_UBL: "ubl-2.1"}[form]
        ways = document.payments or (None,)
        root = _generated(terms_of(document, ways[0]), flavour, form)
        for payment in reversed(ways[1:]):
            _add_payment(root, _generated(terms_of(document, payment), flavour, form))
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _generated(terms: dict[str, Any], flavour: str, form: str) -> Any:
    if form != ZUGFERD:
        terms.setdefault("BT-23", _PROCESS)
    try:
        written = generate_xml(
            _printable(terms), flavor=flavour, level="en16931", check_xsd=True, check_schematron=""
        )
    except Exception as error:  # factur-x raises bare exceptions for whatever the schema forbids
        raise Invalid("einvoice_not_writable", detail=str(error)[:200]) from error
    root = etree.fromstring(written)
    _drop_empty_notes(root)
    if form != ZUGFERD:
        _set_specification(root)
    return root


def _printable(value: Any) -> Any:
    """Without the control characters that XML cannot carry."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _printable(entry) for name, entry in value.items()}
    return value


def _set_specification(root: Any) -> None:
    """factur-x knows no XRechnung and writes the plain identifier of the standard."""
    path = (
        "{*}CustomizationID"
        if root.tag.endswith(("}Invoice", "}CreditNote"))
        else ("{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID")
    )
    root.find(path).text = XRECHNUNG


def _drop_empty_notes(root: Any) -> None:
    """XRechnung forbids empty elements (PEPPOL-EN16931-R008); factur-x leaves notes without words."""
    for element in reversed(list(root.iter("{*}Content", "{*}IncludedNote", "{*}Note"))):
        if not len(element) and not (element.text or "").strip():
            element.getparent().remove(element)


def _add_payment(root: Any, other: Any) -> None:
    """A second way to pay goes behind the first, which is all factur-x has a place for."""
    first = next(e for name in _MEANS for e in root.iter(f"{{*}}{name}"))
    first.addnext(next(e for name in _MEANS for e in other.iter(f"{{*}}{name}")))
