"""What a provider's news do to a request, its invoice and its disputes, inside another's transaction.

Everything here may happen twice: what is booked carries the provider's name for it, which is booked once.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.outbox import emit
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.billing.receivables import (
    CARD,
    DISPUTE,
    PAYMENT,
    REFUND,
    book,
    find_payment,
    lock_receivable,
)
from carbot_app.domains.payments.models import Dispute, PaymentRequest
from carbot_app.domains.payments.ports import OPEN, PAID, WON, SeenDispute, SeenPayment, SeenRefund
from carbot_app.domains.payments.rows import local_day, lock_both, standing_of
from carbot_app.domains.payments.schemas import INVOICE, PROVIDER
from carbot_app.domains.payments.transitions import (
    SETTLED,
    Move,
    after_dispute,
    after_payment,
    after_refund,
)
from carbot_app.kit.errors import Conflict

IN_DISPUTE, BY_HAND = "dispute", "manual"


def apply_payment(session: Session, request_id: UUID, seen: SeenPayment, now: datetime) -> Move:
    """Bring a request up to date with a payment, and book it when it is paid."""
    row = lock_both(session, request_id)
    move = after_payment(standing_of(row), seen)
    if move.book and row.purpose == INVOICE and _is_cancelled(session, row):
        move = Move(mismatch="invoice cancelled")
    if move.mismatch:
        return _flag(session, row, move, seen.intent_id)
    if move.drop_checkout:
        row.checkout_id, row.checkout_url, row.attempt = "", "", row.attempt + 1
    if move.state and move.state != row.state:
        row.state, row.changed_at = move.state, seen.at
    row.note = seen.error[:200] if move.state and move.state != PAID else row.note
    if move.book:
        note_paid(session, row, seen, now)
    session.add(row)
    return move


def book_on_invoice(session: Session, row: PaymentRequest, now: datetime) -> None:
    """Book a paid request on its invoice, whose receivable the caller has locked; once, however often."""
    provider_id = row.intent_id or row.checkout_id
    if row.invoice_id is None or find_payment(session, PROVIDER, provider_id) is not None:
        return
    payment = Payment(
        workshop_id=row.workshop_id,
        invoice_id=row.invoice_id,
        kind=PAYMENT,
        method=row.method or CARD,
        amount_cents=row.amount_cents,
        currency=row.currency,
        received_on=row.paid_on or local_day(session, row.workshop_id, now),
        reference=row.text,
        provider=PROVIDER,
        provider_id=provider_id,
        fee_cents=row.fee_cents,
    )
    book(session, lock_receivable(session, row.invoice_id), payment, now)


def apply_refund(session: Session, request_id: UUID, seen: SeenRefund, now: datetime) -> Move:
    """Book money that went back. Raises Conflict deposit_not_billed: its invoice is on its way, try again."""
    row = lock_both(session, request_id)
    if find_payment(session, PROVIDER, seen.refund_id) is not None:
        return Move()
    move = after_refund(standing_of(row), seen)
    if move.mismatch:
        return _flag(session, row, move, seen.refund_id)
    if not move.book:
        return move
    if row.invoice_id is None:
        raise Conflict("deposit_not_billed")
    receivable = _counter_book(session, row, REFUND, -seen.amount_cents, seen.refund_id, seen.at, now)
    row.refund_reason = row.refund_by = ""
    # Nobody is reminded of money that was given back to them
    receivable.dunning_stop = receivable.dunning_stop or BY_HAND
    row.refunded_cents += seen.amount_cents
    row.state, row.changed_at = move.state or row.state, seen.at
    session.add(row)
    _tell(session, row, "payment.refunded", refund_id=seen.refund_id, amount_cents=seen.amount_cents)
    return move


def apply_dispute(session: Session, request_id: UUID, seen: SeenDispute, now: datetime) -> Dispute:
    """Note a dispute and book the money the bank took or gave back."""
    row = lock_both(session, request_id)
    if row.invoice_id is None:
        raise Conflict("deposit_not_billed")
    known = session.exec(select(Dispute).where(Dispute.dispute_id == seen.dispute_id)).first()
    dispute = known or Dispute(
        workshop_id=row.workshop_id,
        request_id=row.id,
        dispute_id=seen.dispute_id,
        state=OPEN,
        amount_cents=seen.amount_cents,
        currency=seen.currency,
        seen_at=seen.at,
    )
    # A decision is the last word, whenever it is heard
    moved = dispute.state == OPEN and seen.state != OPEN
    if moved or known is None or (dispute.state == OPEN and seen.at >= dispute.seen_at):
        dispute.state, dispute.seen_at = seen.state, seen.at
        dispute.reason, dispute.answer_until = seen.reason[:60], seen.answer_until
    session.add(dispute)
    bookings = after_dispute(seen)
    if bookings.withdrawn:
        _counter_book(session, row, DISPUTE, -seen.amount_cents, seen.dispute_id, seen.at, now)
    if bookings.returned:
        _counter_book(session, row, DISPUTE, seen.amount_cents, f"{seen.dispute_id}:won", seen.at, now)
    receivable = lock_receivable(session, row.invoice_id)
    if dispute.state == WON and receivable.dunning_stop == IN_DISPUTE:
        receivable.dunning_stop = ""
    elif dispute.state != WON:
        receivable.dunning_stop = IN_DISPUTE
    session.add(receivable)
    if known is None or moved:
        _tell(session, row, "payment.disputed", dispute_id=dispute.id, state=dispute.state)
    return dispute


def note_paid(session: Session, row: PaymentRequest, seen: SeenPayment, now: datetime) -> None:
    """Keep what is known of a payment of a locked request and book it on its invoice."""
    row.intent_id = seen.intent_id or row.intent_id
    row.checkout_id = seen.checkout_id or row.checkout_id
    row.charge_id = seen.charge_id or row.charge_id
    row.method, row.fee_cents = seen.method or CARD, seen.fee_cents
    row.paid_on = local_day(session, row.workshop_id, seen.at)
    row.note = ""
    session.add(row)
    if row.purpose == INVOICE:
        book_on_invoice(session, row, now)
    _tell(session, row, "payment.received", purpose=row.purpose, amount_cents=row.amount_cents)


def _counter_book(
    session: Session,
    row: PaymentRequest,
    kind: str,
    amount_cents: int,
    provider_id: str,
    seen_at: datetime,
    now: datetime,
) -> Receivable:
    assert row.invoice_id is not None
    receivable = lock_receivable(session, row.invoice_id)
    if find_payment(session, PROVIDER, provider_id) is not None:
        return receivable
    payment = Payment(
        workshop_id=row.workshop_id,
        invoice_id=row.invoice_id,
        kind=kind,
        method=row.method or CARD,
        amount_cents=amount_cents,
        currency=row.currency,
        received_on=local_day(session, row.workshop_id, seen_at),
        reference=(row.refund_reason if kind == REFUND else "") or row.text,
        provider=PROVIDER,
        provider_id=provider_id,
        by=row.refund_by if kind == REFUND else "",
    )
    return book(session, receivable, payment, now)


def _flag(session: Session, row: PaymentRequest, move: Move, provider_id: str) -> Move:
    if row.mismatch != move.mismatch and provider_id not in row.decided:
        row.mismatch, row.mismatch_id = move.mismatch[:120], provider_id
        row.intent_id = row.intent_id or (provider_id if row.state not in SETTLED else "")
        session.add(row)
        _tell(session, row, "payment.mismatch", what=row.mismatch)
    return move


def _is_cancelled(session: Session, row: PaymentRequest) -> bool:
    return row.invoice_id is None or lock_receivable(session, row.invoice_id).state == "cancelled"


def _tell(session: Session, row: PaymentRequest, kind: str, **payload: object) -> None:
    emit(
        session,
        row.workshop_id,
        kind,
        request_id=row.id,
        invoice_id=row.invoice_id,
        appointment_id=row.appointment_id,
        order_id=row.order_id,
        text=row.text,
        **payload,
    )
