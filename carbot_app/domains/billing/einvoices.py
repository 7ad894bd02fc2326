"""What billing needs of electronic invoices: somebody who writes, reads and judges them."""

from dataclasses import dataclass, field
from typing import Protocol

from carbot_app.domains.billing.document import Document

ZUGFERD, XRECHNUNG_CII, XRECHNUNG_UBL = "zugferd", "xrechnung_cii", "xrechnung_ubl"
FORMS = (ZUGFERD, XRECHNUNG_CII, XRECHNUNG_UBL)
FATAL, WARNING, INFORMATION = "fatal", "warning", "information"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule has against a document.

    ``code`` is the key of the words under ``einvoice.finding``; ``rule`` is what its publisher calls it.
    """

    code: str
    severity: str = FATAL
    rule: str = ""
    detail: str = ""
    """What the checker says itself, in English; or the value found."""
    place: str = ""
    params: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Received:
    """A file somebody sent, read."""

    document: Document
    syntax: str
    """cii, ubl or zugferd1."""
    profile: str
    """minimum, basicwl, basic, en16931, extended, xrechnung, peppol or unknown."""
    xml: bytes
    filename: str = ""
    """Name of the attachment it was found in, where it came as PDF."""
    findings: tuple[Finding, ...] = ()

    @property
    def is_einvoice(self) -> bool:
        """Whether the law takes it for one: MINIMUM and BASIC WL are not."""
        return self.profile not in {"minimum", "basicwl"}

    @property
    def accepted(self) -> bool:
        """Whether no rule speaks against booking it."""
        return not any(finding.severity == FATAL for finding in self.findings)


class InvoiceWriter(Protocol):
    """Writes the XML of a document."""

    def write(self, document: Document, form: str) -> bytes:
        """``form`` is one of FORMS."""
        ...


class InvoiceReader(Protocol):
    """Reads what others send."""

    def read(self, content: bytes) -> Received:
        """XML or PDF; ``Invalid`` says what is wrong with a file that cannot be read."""
        ...


class InvoiceValidator(Protocol):
    """Judges XML by the rules its publishers wrote."""

    def findings(self, xml: bytes) -> tuple[Finding, ...]:
        """Empty: nothing to say against it. ``Unavailable`` if it takes too long."""
        ...
