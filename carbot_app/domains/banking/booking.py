"""Booking transactions onto invoices and taking that back, inside another's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.banking.models import BankEntry, DebitItem
from carbot_app.domains.banking.schemas import BOOKED, OPEN, Part
from carbot_app.domains.banking.splitting import require_parts
from carbot_app.domains.billing import receivables
from carbot_app.domains.billing.models import Payment, Receivable

BANK = "bank"
SENT, COLLECTED, RETURNED = "sent", "paid", "returned"


def book_parts(
    session: Session,
    entry: BankEntry,
    parts: Sequence[Part],
    at: datetime,
    by: str,
    *,
    automatic: bool = False,
) -> None:
    """Settle invoices with a locked, open transaction.

    Raises:
        Invalid: ``bank_parts_sum``, ``bank_parts_twice``, ``bank_no_invoice``, and what ``book`` raises.

    """
    returned = entry.amount_cents < 0
    require_parts(entry.amount_cents + (entry.charges_cents if returned else 0), parts)
    # Always in the same order: two people at two transactions of the same invoices must not wait in a ring.
    rows = {
        part.invoice_id: receivables.lock_receivable(session, part.invoice_id)
        for part in sorted(parts, key=lambda part: part.invoice_id)
    }
    for part in parts:
        _settle(session, entry, rows[part.invoice_id], part, at, by)
    first = rows[parts[0].invoice_id]
    entry.matches = [_remember(part, rows[part.invoice_id]) for part in parts]
    entry.state, entry.automatic, entry.customer_id = BOOKED, automatic, first.customer_id
    entry.decided_at, entry.decided_by = at, by
    session.add(entry)


def unbook(session: Session, entry: BankEntry, at: datetime, by: str) -> None:
    """Take everything back that a locked transaction has settled, by counter-bookings."""
    started = f"{_name(entry)}:"
    payments = session.exec(
        select(Payment).where(Payment.provider == BANK, col(Payment.provider_id).startswith(started))
    ).all()
    for payment in sorted(payments, key=lambda payment: payment.invoice_id):
        row = receivables.lock_receivable(session, payment.invoice_id)
        cancelled = row.state == receivables.CANCELLED and payment.kind == receivables.PAYMENT
        counter = Payment(
            workshop_id=entry.workshop_id,
            invoice_id=payment.invoice_id,
            kind=receivables.REFUND if cancelled else payment.kind,
            method=payment.method,
            amount_cents=-payment.amount_cents,
            currency=payment.currency,
            received_on=payment.received_on,
            reference=payment.reference,
            provider=BANK,
            provider_id=f"{payment.provider_id}:undo",
            fee_cents=-payment.fee_cents,
            by=by,
        )
        receivables.book(session, row, counter, at)
        _note_debit(session, row.invoice_id, SENT if entry.amount_cents > 0 else COLLECTED)
    entry.matches, entry.state, entry.automatic = [], OPEN, False
    entry.round += 1
    entry.decided_at, entry.decided_by = at, by
    session.add(entry)


def _settle(session: Session, entry: BankEntry, row: Receivable, part: Part, at: datetime, by: str) -> None:
    came_back = entry.amount_cents < 0
    is_debit = _note_debit(session, row.invoice_id, RETURNED if came_back else COLLECTED)
    shared: dict[str, Any] = {
        "workshop_id": entry.workshop_id,
        "invoice_id": row.invoice_id,
        "currency": entry.currency,
        "received_on": entry.booked_on,
        "provider": BANK,
        "by": by,
    }
    name = f"{_name(entry)}:{row.invoice_id.hex}"
    if part.cents or part.fee_cents:
        money = Payment(
            kind=_kind_of(entry),
            method=receivables.DIRECT_DEBIT if is_debit else receivables.TRANSFER,
            # A charge of a returned debit is the bank's alone; what is missing of a payment counts as paid.
            amount_cents=part.cents if came_back else part.cents + part.fee_cents,
            fee_cents=part.fee_cents,
            reference=(entry.return_reason if came_back else entry.remittance)[:140],
            provider_id=name,
            **shared,
        )
        _book_once(session, row, money, at)
    if part.discount_cents:
        discount = Payment(
            kind=receivables.DISCOUNT,
            method=receivables.NONE,
            amount_cents=part.discount_cents,
            provider_id=f"{name}:discount",
            **shared,
        )
        _book_once(session, row, discount, at)


def _kind_of(entry: BankEntry) -> str:
    """Money that comes back from the bank is no dispute: nobody has complained about the work."""
    if entry.amount_cents > 0:
        return receivables.PAYMENT
    return receivables.RETURNED if entry.return_reason else receivables.REFUND


def _book_once(session: Session, row: Receivable, payment: Payment, at: datetime) -> None:
    if receivables.find_payment(session, BANK, payment.provider_id) is None:
        receivables.book(session, row, payment, at)


def _note_debit(session: Session, invoice_id: UUID, state: str) -> bool:
    item = session.exec(
        select(DebitItem)
        .where(DebitItem.invoice_id == invoice_id)
        .order_by(col(DebitItem.id).desc())
        .limit(1)
    ).first()
    if item is None:
        return False
    item.state = state
    session.add(item)
    return True


def _name(entry: BankEntry) -> str:
    """What payments of this transaction are called; another after each undo, for none is booked twice."""
    return f"{entry.id.hex}:{entry.round}"


def _remember(part: Part, row: Receivable) -> dict[str, Any]:
    return {
        "invoice_id": str(part.invoice_id),
        "number": row.number,
        "cents": part.cents,
        "discount_cents": part.discount_cents,
        "fee_cents": part.fee_cents,
    }
