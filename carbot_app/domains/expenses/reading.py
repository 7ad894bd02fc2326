"""What becomes of a file somebody sends: an e-invoice with what speaks against it, or a plain receipt."""

from dataclasses import dataclass, replace

from carbot_app.domains.billing.document import Document
from carbot_app.domains.billing.einvoices import Finding, InvoiceReader, InvoiceValidator, Received
from carbot_app.domains.expenses.schemas import ExpenseAmount
from carbot_app.domains.expenses.sheet import rate_of
from carbot_app.kit.errors import Invalid, Unavailable

PDF_TYPE, XML_TYPE = "application/pdf", "application/xml"
MAX_BYTES = 15 * 1024 * 1024
_WITHOUT_XML = "einvoice_pdf_without_xml"
_MOST_FINDINGS = 60


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read; without ``received`` it is a PDF for people only."""

    media_type: str
    received: Received | None = None


def read_file(content: bytes, reader: InvoiceReader, validator: InvoiceValidator) -> ReadFile:
    """Read a file and have it judged.

    Raises:
        Invalid, TooLarge: what the reader says of a file that is broken, hostile or no invoice at all.

    """
    media_type = PDF_TYPE if content[:1024].find(b"%PDF-") >= 0 else XML_TYPE
    try:
        received = reader.read(content)
    except Invalid as error:
        if error.code == _WITHOUT_XML:
            return ReadFile(PDF_TYPE)
        raise
    return ReadFile(media_type, replace(received, findings=_all_findings(received, validator)))


def amounts_of(document: Document) -> tuple[ExpenseAmount, ...]:
    """Amounts by category and rate, below zero where they are owed to the buyer."""
    sign = -1 if document.is_credit else 1
    return tuple(
        ExpenseAmount(
            group.tax.category, rate_of(group.tax.percent), group.base_cents * sign, group.tax_cents * sign
        )
        for group in document.tax_groups
    )


def _all_findings(received: Received, validator: InvoiceValidator) -> tuple[Finding, ...]:
    """Ours in words, and of the publishers what ours do not say already."""
    try:
        official = validator.findings(received.xml)
    except (Unavailable, Invalid):
        official = (Finding("unchecked", "warning"),)
    said = {finding.rule for finding in received.findings if finding.rule}
    more = tuple(finding for finding in official if finding.rule not in said or not finding.rule)
    return (*received.findings, *more)[:_MOST_FINDINGS]
