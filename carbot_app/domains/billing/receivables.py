"""What payments do to what is owed, inside another's transaction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.kit.errors import Conflict, Invalid, NotFound

OPEN, PARTIAL, PAID, CANCELLED, WRITTEN_OFF = "open", "partial", "paid", "cancelled", "written_off"
CASH, CARD_TERMINAL, TRANSFER, DIRECT_DEBIT = "cash", "card_terminal", "transfer", "direct_debit"
CARD, PAYPAL, WALLET, NONE = "card", "paypal", "wallet", "none"
METHODS = (CASH, CARD_TERMINAL, TRANSFER, DIRECT_DEBIT, CARD, PAYPAL, WALLET, NONE)
PAYMENT, REFUND, DISPUTE, RETURNED = "payment", "refund", "dispute", "returned"
DISCOUNT, OFFSET, WRITE_OFF, ROUNDING = "discount", "offset", "write_off", "rounding"
MONEY = (PAYMENT, REFUND, DISPUTE, RETURNED)
"""Kinds of payment in which money came or went; discounts and write-offs are none."""


def lock_receivable(session: Session, invoice_id: UUID) -> Receivable:
    """The row, locked until the transaction ends. Raises NotFound ``invoice_unknown``."""
    row = session.exec(
        select(Receivable).where(Receivable.invoice_id == invoice_id).with_for_update()
    ).first()
    if row is None:
        raise NotFound("invoice_unknown")
    return row


def find_payment(session: Session, provider: str, provider_id: str) -> Payment | None:
    """The payment a provider calls so, if it was booked already."""
    return session.exec(
        select(Payment).where(Payment.provider == provider, Payment.provider_id == provider_id)
    ).first()


def book(session: Session, receivable: Receivable, payment: Payment, at: datetime) -> Receivable:
    """Add a payment to a locked receivable and bring its state up to date.

    The caller has looked with ``find_payment`` whether a provider's payment is known already. Emits
    ``invoice.paid`` when nothing is left, ``invoice.payment`` otherwise.

    Raises:
        Invalid: ``billing_nothing_to_book``, ``billing_currency_differs``. Conflict: ``invoice_cancelled``.

    """
    if not payment.amount_cents:
        raise Invalid("billing_nothing_to_book", field="amount")
    if payment.currency != receivable.currency:
        raise Invalid("billing_currency_differs", field="currency")
    if receivable.state == CANCELLED and payment.kind == PAYMENT:
        raise Conflict("invoice_cancelled")
    session.add(payment)
    session.flush()
    _refresh(session, receivable, payment.received_on)
    record(
        session,
        receivable.workshop_id,
        at,
        f"payment.{payment.kind}",
        "invoice",
        receivable.invoice_id,
        by=payment.by,
        payment_id=str(payment.id),
        method=payment.method,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
    )
    emit(
        session,
        receivable.workshop_id,
        # A credit that was paid out is no paid invoice.
        "invoice.paid" if receivable.state == PAID and receivable.due_cents > 0 else "invoice.payment",
        invoice_id=receivable.invoice_id,
        order_id=receivable.order_id,
        payment_id=payment.id,
        payment_kind=payment.kind,
    )
    return receivable


def open_cents(receivable: Receivable) -> int:
    """What is left to pay; below zero: too much was paid, or it goes back."""
    if receivable.state in {CANCELLED, WRITTEN_OFF}:
        return 0
    return receivable.due_cents - receivable.settled_cents


def _refresh(session: Session, receivable: Receivable, day: date) -> None:
    receivable.settled_cents = session.exec(
        select(func.coalesce(func.sum(col(Payment.amount_cents)), 0)).where(
            Payment.invoice_id == receivable.invoice_id
        )
    ).one()
    if receivable.state in {CANCELLED, WRITTEN_OFF}:
        return
    left = receivable.due_cents - receivable.settled_cents
    # A credit is settled when as much went out; an invoice when nothing is left of it.
    settled = left >= 0 if receivable.due_cents < 0 else left <= 0
    if settled:
        receivable.state, receivable.paid_on = PAID, receivable.paid_on or day
    else:
        receivable.state = PARTIAL if receivable.settled_cents else OPEN
        receivable.paid_on = None
    session.add(receivable)
