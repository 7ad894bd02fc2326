"""Printed documents in the file store, and whether the rules of e-invoices have anything against them.

A document is printed after it was issued, from what was kept of it, and printed again with the same content
where the file is gone; its XML is part of the row and never written twice.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlmodel import select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.billing.einvoices import FATAL, ZUGFERD, InvoiceValidator
from carbot_app.domains.billing.invoice_reading import find_invoice
from carbot_app.domains.billing.models import Invoice, Receivable
from carbot_app.domains.billing.paper import DocumentPrinter
from carbot_app.domains.billing.paper_codec import kept_from_json
from carbot_app.domains.messaging.ports import Attached
from carbot_app.domains.photos.ports import FileStore
from carbot_app.kit.errors import NotFound

ATTACHED = "invoice"
"""Name of this source of attachments."""
EVENTS = frozenset({"invoice.issued", "invoice.cancelled"})


class InvoiceFiles:
    """Consumer of the outbox: prints and checks what was issued."""

    def __init__(
        self, *, db: Database, printer: DocumentPrinter, validator: InvoiceValidator, store: FileStore
    ) -> None:
        self._db, self._printer, self._validator, self._store = db, printer, validator, store

    def on_event(self, delivery: Delivery) -> None:
        """Print and check a document that was issued; doing it twice is fine."""
        if delivery.kind == "invoice.erased":
            self._store.delete(delivery.workshop_id, f"{delivery.payload['invoice_id']}.pdf")
        if delivery.kind not in EVENTS:
            return
        invoice_id = UUID(delivery.payload["invoice_id"])
        self.pdf(delivery.workshop_id, invoice_id)
        self.check(delivery.workshop_id, invoice_id)

    def pdf(self, workshop_id: UUID, invoice_id: UUID) -> bytes:
        """The printed document. Raises NotFound ``invoice_unknown``."""
        with self._db.reading(workshop_id) as session:
            invoice = find_invoice(session, invoice_id)
        name = f"{invoice.id}.pdf"
        try:
            return self._store.get(workshop_id, name)
        except NotFound:
            pdf = self._print(invoice)
        self._store.put(workshop_id, name, pdf)
        return pdf

    def attachment(self, workshop_id: UUID, name: Mapping[str, str]) -> Attached:
        """The file of a document that hangs on a mail: its ``form`` is pdf or xml."""
        invoice_id = UUID(name["invoice_id"])
        with self._db.reading(workshop_id) as session:
            invoice = find_invoice(session, invoice_id)
        if name["form"] == "xml":
            return Attached(f"{invoice.number}.xml", "application/xml", invoice.xml.encode())
        return Attached(f"{invoice.number}.pdf", "application/pdf", self.pdf(workshop_id, invoice_id))

    def check(self, workshop_id: UUID, invoice_id: UUID) -> bool:
        """Whether the publishers' rules have nothing fatal against the XML; noted for lists."""
        with self._db.reading(workshop_id) as session:
            invoice = find_invoice(session, invoice_id)
        fine = all(finding.severity != FATAL for finding in self._validator.findings(invoice.xml.encode()))
        with self._db.writing(workshop_id) as session:
            owed = session.exec(select(Receivable).where(Receivable.invoice_id == invoice_id)).one()
            if owed.checked != fine:
                owed.checked = fine
                session.add(owed)
        return fine

    def _print(self, invoice: Invoice) -> bytes:
        kept = kept_from_json(invoice.paper)
        paper = kept.paper
        if kept.logo_file:
            logo = self._store.get(invoice.workshop_id, kept.logo_file)
            paper = replace(paper, look=replace(paper.look, logo=logo))
        return self._printer.print(paper, invoice.xml.encode() if invoice.form == ZUGFERD else b"")
