"""Rows of issued documents as they lie in the database, without going through the services."""

from datetime import date
from typing import Any

from carbot_app.db.session import Database
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id, new_secret
from tests.factories.saving import save


def make_invoice(database: Database, workshop: Workshop, **fields: Any) -> Invoice:
    """An issued document of 119.00 with a line, without a receivable."""
    issued_on = fields.get("issued_on", date(2026, 11, 23))
    defaults: dict[str, Any] = {
        "number": f"RE-{new_id().hex[-12:]}",
        "kind": "invoice",
        "issued_on": issued_on,
        "supplied_on": issued_on,
        "keep_until": date(issued_on.year + 8, 12, 31),
        "currency": "EUR",
        "net_cents": 10_000,
        "vat_cents": 1_900,
        "gross_cents": 11_900,
        "due_cents": 11_900,
        "language": "de",
        "form": "zugferd",
    }
    row = save(database, Invoice(workshop_id=workshop.id, **{**defaults, **fields}))
    save(
        database,
        InvoiceLine(
            workshop_id=workshop.id, invoice_id=row.id, position=1, kind="labour", text="Ölwechsel",
            quantity=1, unit_price=100, net_cents=10_000, category="S", rate=1900,
        ),
    )  # fmt: skip
    return row


def make_receivable(database: Database, invoice: Invoice, **fields: Any) -> Receivable:
    """What is owed by it."""
    defaults: dict[str, Any] = {
        "number": invoice.number,
        "kind": invoice.kind,
        "issued_on": invoice.issued_on,
        "due_on": invoice.issued_on,
        "currency": invoice.currency,
        "gross_cents": invoice.gross_cents,
        "due_cents": invoice.due_cents,
        "token": new_secret(),
    }
    row = Receivable(workshop_id=invoice.workshop_id, invoice_id=invoice.id, **{**defaults, **fields})
    return save(database, row)


def make_payment(database: Database, invoice: Invoice, **fields: Any) -> Payment:
    """All of it, in cash; the receivable is left as it is."""
    defaults: dict[str, Any] = {
        "method": "cash",
        "amount_cents": invoice.due_cents,
        "currency": invoice.currency,
        "received_on": invoice.issued_on,
    }
    row = Payment(workshop_id=invoice.workshop_id, invoice_id=invoice.id, **{**defaults, **fields})
    return save(database, row)
