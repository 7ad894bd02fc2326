"""Issued documents as they are told."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.billing.deposits import Deposit
from carbot_app.domains.billing.draft_codec import from_json
from carbot_app.domains.billing.invoice_schemas import InvoiceSummary, InvoiceView, LineView, PaymentView
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.billing.paper_codec import groups_from_json
from carbot_app.domains.billing.receivables import OPEN, PARTIAL, open_cents
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import NotFound


def find_invoice(session: Session, invoice_id: UUID) -> Invoice:
    """The row. Raises NotFound ``invoice_unknown``."""
    row = session.exec(select(Invoice).where(Invoice.id == invoice_id)).first()
    if row is None:
        raise NotFound("invoice_unknown")
    return row


def deposit_of(session: Session, invoice_id: UUID) -> Deposit:
    """A deposit invoice as it is taken off. Raises NotFound ``invoice_unknown``."""
    row = find_invoice(session, invoice_id)
    return Deposit(row.number, row.issued_on, groups_from_json(row.groups), row.currency)


def document_link(public_url: str, token: str) -> str:
    """Where a customer gets the document."""
    return f"{public_url}/d/{token}.pdf"


def describe(session: Session, invoice: Invoice, now: datetime, public_url: str) -> InvoiceView:
    """A document with its lines and payments."""
    owed = session.exec(select(Receivable).where(Receivable.invoice_id == invoice.id)).one()
    workshop = session.get_one(Workshop, invoice.workshop_id)
    today = now.astimezone(ZoneInfo(workshop.timezone)).date()
    numbers = _numbers(session, [invoice.original_id, owed.cancelled_by_id])
    return InvoiceView(
        id=invoice.id,
        number=invoice.number,
        kind=invoice.kind,
        issued_on=invoice.issued_on,
        supplied_on=invoice.supplied_on,
        due_on=owed.due_on,
        currency=invoice.currency,
        net_cents=invoice.net_cents,
        vat_cents=invoice.vat_cents,
        gross_cents=invoice.gross_cents,
        due_cents=invoice.due_cents,
        settled_cents=owed.settled_cents,
        open_cents=open_cents(owed),
        state=owed.state,
        overdue=owed.state in {OPEN, PARTIAL} and owed.due_on < today and open_cents(owed) > 0,
        paid_on=owed.paid_on,
        customer_id=owed.customer_id,
        vehicle_id=owed.vehicle_id,
        order_id=owed.order_id,
        buyer_name=owed.buyer_name,
        plate=owed.plate,
        email=owed.email,
        is_business=owed.is_business,
        token=owed.token,
        link=document_link(public_url, owed.token),
        language=invoice.language,
        form=invoice.form,
        issued_by=invoice.issued_by,
        keep_until=invoice.keep_until,
        sent_at=owed.sent_at,
        checked=owed.checked,
        dunning_level=owed.dunning_level,
        dunning_stop=owed.dunning_stop,
        original_id=invoice.original_id,
        original_number=numbers.get(invoice.original_id, ""),
        cancelled_by_id=owed.cancelled_by_id,
        cancelled_by_number=numbers.get(owed.cancelled_by_id, ""),
        taken_off_by_id=owed.taken_off_by_id,
        lines=_lines(session, invoice.id),
        groups=groups_from_json(invoice.groups),
        payments=_payments(session, invoice.id),
        draft=from_json(invoice.paper["draft"]),
    )


def summary_of(owed: Receivable) -> InvoiceSummary:
    """A document as other programs get it."""
    return InvoiceSummary(
        id=owed.invoice_id,
        number=owed.number,
        kind=owed.kind,
        issued_on=owed.issued_on,
        due_on=owed.due_on,
        currency=owed.currency,
        gross_cents=owed.gross_cents,
        due_cents=owed.due_cents,
        open_cents=open_cents(owed),
        state=owed.state,
        paid_on=owed.paid_on,
        customer_id=owed.customer_id,
        order_id=owed.order_id,
        buyer_name=owed.buyer_name,
        plate=owed.plate,
    )


def _numbers(session: Session, ids: list[UUID | None]) -> dict[UUID | None, str]:
    wanted = [invoice_id for invoice_id in ids if invoice_id]
    if not wanted:
        return {}
    rows = session.exec(select(Invoice.id, Invoice.number).where(col(Invoice.id).in_(wanted)))
    return dict(rows.all())


def _lines(session: Session, invoice_id: UUID) -> tuple[LineView, ...]:
    rows = session.exec(
        select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id).order_by(col(InvoiceLine.position))
    )
    return tuple(
        LineView(
            row.position,
            row.kind,
            row.text,
            row.quantity,
            row.unit,
            row.unit_price,
            row.net_cents,
            row.category,
            row.rate,
            row.exchange,
            row.minutes,
            row.service_code,
        )
        for row in rows
    )


def _payments(session: Session, invoice_id: UUID) -> tuple[PaymentView, ...]:
    rows = session.exec(select(Payment).where(Payment.invoice_id == invoice_id).order_by(col(Payment.id)))
    return tuple(
        PaymentView(row.id, row.kind, row.method, row.amount_cents, row.received_on, row.reference, row.by)
        for row in rows
    )
