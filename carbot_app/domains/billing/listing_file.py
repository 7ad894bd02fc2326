"""Everything the list opens about one issued document: positions, taxes, payments and its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.billing.cancelling import left_of
from carbot_app.domains.billing.models import AuditEntry, Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.billing.paper import INVOICE
from carbot_app.domains.billing.paper_codec import Kept, kept_from_json
from carbot_app.domains.billing.receivables import open_cents
from carbot_app.domains.billing.vat_id import normal_vat_id
from carbot_app.domains.billing.working_out import CARRIED_TO
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class FileLine:
    """A position as it was issued."""

    position: int
    text: str
    quantity: Decimal
    unit: str
    net_cents: int
    rate: int
    """Hundredths of a percent."""
    exchange: bool
    left: Decimal
    """What of the quantity no credit has taken back."""


@dataclass(frozen=True, slots=True)
class FilePayment:
    """Money that came or went, or another end of a claim."""

    kind: str
    method: str
    amount_cents: int
    received_on: date
    reference: str
    by: str


@dataclass(frozen=True, slots=True)
class FileEvent:
    """A link of the audit chain that is about the document."""

    kind: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """An issued document with what became of it."""

    id: UUID
    number: str
    kind: str
    state: str
    issued_on: date
    supplied_on: date
    due_on: date
    currency: str
    net_cents: int
    vat_cents: int
    gross_cents: int
    open_cents: int
    days_late: int
    name: str
    email: str
    plate: str
    is_business: bool
    checked: bool
    form: str
    dunning_level: int
    customer_id: UUID | None
    lines: tuple[FileLine, ...]
    payments: tuple[FilePayment, ...]
    history: tuple[FileEvent, ...]
    """Newest first."""
    taxes: tuple[tuple[str, int], ...]
    """Reason of a tax and its rate in hundredths of a percent, each once."""
    tax_facts: Mapping[str, str]
    """What the reasons are about: seller, buyer, target (ISO 3166), day, vat_id."""
    original: str = ""
    """Number of the document a cancellation or credit refers to."""
    cancelled_by: str = ""
    """Number of its cancellation."""


def open_file(session: Session, invoice_id: UUID, today: date) -> InvoiceFile:
    """The file of a document.

    Raises:
        NotFound: ``invoice_unknown``.

    """
    invoice = session.exec(select(Invoice).where(Invoice.id == invoice_id)).first()
    receivable = session.exec(select(Receivable).where(Receivable.invoice_id == invoice_id)).first()
    if invoice is None or receivable is None:
        raise NotFound("invoice_unknown")
    kept = kept_from_json(invoice.paper)
    left = open_cents(receivable)
    late = max((today - receivable.due_on).days, 0) if receivable.state in {"open", "partial"} else 0
    return InvoiceFile(
        id=invoice.id,
        number=invoice.number,
        kind=invoice.kind,
        state="overdue" if late and receivable.state == "open" else receivable.state,
        issued_on=invoice.issued_on,
        supplied_on=invoice.supplied_on,
        due_on=receivable.due_on,
        currency=invoice.currency,
        net_cents=invoice.net_cents,
        vat_cents=invoice.vat_cents,
        gross_cents=invoice.gross_cents,
        open_cents=left,
        days_late=late,
        name=receivable.buyer_name,
        email=receivable.email,
        plate=receivable.plate,
        is_business=receivable.is_business,
        checked=receivable.checked,
        form=invoice.form,
        dunning_level=receivable.dunning_level,
        customer_id=receivable.customer_id,
        lines=_lines(session, invoice, kept),
        payments=_payments(session, invoice_id),
        history=_history(session, invoice_id),
        taxes=tuple(dict.fromkeys((tax.reason, tax.rate) for tax in kept.taxes)),
        tax_facts=_tax_facts(session, invoice, kept),
        original=_number(session, invoice.original_id),
        cancelled_by=_number(session, receivable.cancelled_by_id),
    )


def _lines(session: Session, invoice: Invoice, kept: Kept) -> tuple[FileLine, ...]:
    query = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id)
    left = left_of(session, invoice, kept) if invoice.kind == INVOICE else {}
    return tuple(
        FileLine(
            row.position,
            row.text,
            row.quantity,
            row.unit,
            row.net_cents,
            row.rate,
            row.exchange,
            left.get(row.position, Decimal(0)),
        )
        for row in session.exec(query.order_by(col(InvoiceLine.position)))
    )


def _tax_facts(session: Session, invoice: Invoice, kept: Kept) -> dict[str, str]:
    """The frozen draft tells what the choice of the tax looked at."""
    seller = session.get_one(Workshop, invoice.workshop_id).country
    return {
        "seller": seller,
        "buyer": kept.draft.buyer.country or seller,
        "target": kept.draft.answers.get(CARRIED_TO, ""),
        "day": invoice.supplied_on.isoformat(),
        "vat_id": normal_vat_id(kept.draft.buyer.vat_id),
    }


def _payments(session: Session, invoice_id: UUID) -> tuple[FilePayment, ...]:
    query = select(Payment).where(Payment.invoice_id == invoice_id)
    return tuple(
        FilePayment(row.kind, row.method, row.amount_cents, row.received_on, row.reference, row.by)
        for row in session.exec(query.order_by(col(Payment.received_on), col(Payment.id)))
    )


def _history(session: Session, invoice_id: UUID) -> tuple[FileEvent, ...]:
    query = select(AuditEntry).where(AuditEntry.subject == "invoice", AuditEntry.subject_id == invoice_id)
    return tuple(
        FileEvent(row.kind, row.at, row.by)
        for row in session.exec(query.order_by(col(AuditEntry.seq).desc()))
    )


def _number(session: Session, invoice_id: UUID | None) -> str:
    if invoice_id is None:
        return ""
    return session.exec(select(Invoice.number).where(Invoice.id == invoice_id)).first() or ""
