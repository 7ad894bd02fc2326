"""Issued documents and drafts as lists read them."""

from datetime import date, timedelta
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.billing.document import Document, Party, Totals
from carbot_app.domains.billing.draft_schemas import DraftInput
from carbot_app.domains.billing.models import Invoice, InvoiceDraft, Payment, Receivable
from carbot_app.domains.billing.paper import INVOICE, Paper
from carbot_app.domains.billing.paper_codec import Kept, kept_to_json
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id

ISSUED = date(2026, 11, 10)


def make_receivable(db: Database, workshop: Workshop, number: str, **fields: Any) -> Receivable:
    """What is owed by a document of 100 euros, due after a fortnight, with the document it stands for."""
    issued_on = fields.pop("issued_on", ISSUED)
    gross = fields.pop("gross_cents", 10_000)
    name, plate = fields.pop("buyer_name", "Sabine Krause"), fields.pop("plate", "DO-AB 123")
    kind = fields.pop("kind", "invoice")
    shared = {"workshop_id": workshop.id, "number": number, "issued_on": issued_on, "currency": "EUR"}
    invoice = Invoice(
        **shared,
        kind=kind,
        supplied_on=issued_on,
        keep_until=date(2034, 12, 31),
        net_cents=gross,
        vat_cents=0,
        gross_cents=gross,
        due_cents=gross,
        language="de",
        form="zugferd",
        paper=_paper(number, issued_on, gross, name),
    )
    values = {
        "due_on": issued_on + timedelta(days=14),
        "due_cents": gross,
        "buyer_name": name,
        "plate": plate,
        "search": f"{number} {name} {plate}".lower(),
        "token": new_id().hex,
    }
    with db.writing(workshop.id) as session:
        session.add(invoice)
        session.flush()
        row = Receivable(
            **shared, **{**values, **fields}, invoice_id=invoice.id, kind=kind, gross_cents=gross
        )
        session.add(row)
    return row


def _paper(number: str, issued_on: date, cents: int, name: str) -> dict[str, Any]:
    """What is kept of a document, without positions."""
    totals = Totals(cents, cents, 0, cents, cents)
    document = Document(number, issued_on, Party("Werkstatt"), Party(name), (), (), totals)
    return kept_to_json(Kept(Paper(INVOICE, document), DraftInput(()), (), "", None, None))


def make_draft(db: Database, workshop: Workshop, name: str = "Dieter Conrad", **fields: Any) -> InvoiceDraft:
    """An invoice that is still being written."""
    values = {"buyer": {"name": name, "business": False}, "gross_cents": 11_900, "plate": "DO-CC 404"}
    row = InvoiceDraft(workshop_id=workshop.id, **{**values, **fields})
    with db.writing(workshop.id) as session:
        session.add(row)
    return row


def make_payment(db: Database, receivable: Receivable, cents: int, **fields: Any) -> Payment:
    """Money that came for a document; the receivable is left as it is."""
    values = {"method": "transfer", "received_on": ISSUED, "currency": "EUR"}
    row = Payment(
        workshop_id=receivable.workshop_id,
        invoice_id=receivable.invoice_id,
        amount_cents=cents,
        **{**values, **fields},
    )
    with db.writing(receivable.workshop_id) as session:
        session.add(row)
    return row
