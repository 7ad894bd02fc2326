"""Payments without a provider: cash in the workshop's own till, the card terminal, a transfer somebody saw.

CarBot is no till: it notes the number of the till's receipt and prints none itself (ports.TillReceipts).
"""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.billing.receivables import (
    CARD_TERMINAL,
    CASH,
    PAYMENT,
    TRANSFER,
    book,
    lock_receivable,
    open_cents,
)
from carbot_app.domains.payments.rows import local_day
from carbot_app.domains.payments.schemas import PaymentInput, RecordedPayment
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound

BY_HAND = (CASH, CARD_TERMINAL, TRANSFER)
UNDONE = "undone:"
"""Begin of the provider's name of a counter-booking: nothing is taken back twice."""
_MANUAL = "manual"
_OLDEST = timedelta(days=3 * 366)


class PaymentService:
    """What was paid is noted by people; rows are only added, a mistake is booked back."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def record(self, actor: Actor, payment: PaymentInput) -> RecordedPayment:
        """Note a payment on an invoice.

        Raises NotFound invoice_unknown; Invalid payment_method_invalid, payment_amount_invalid,
        payment_day_invalid, payment_receipt_missing (cash needs the number of the till's receipt),
        payment_above_open; Conflict invoice_cancelled.
        """
        actor.require("payments.manage")
        if payment.method not in BY_HAND:
            raise Invalid("payment_method_invalid", field="method")
        if payment.amount_cents <= 0:
            raise Invalid("payment_amount_invalid", field="amount")
        reference = " ".join(payment.reference.split())[:140]
        if payment.method == CASH and not reference:
            raise Invalid("payment_receipt_missing", field="reference")
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            today = local_day(session, actor.workshop_id, now)
            if not today - _OLDEST <= payment.received_on <= today:
                raise Invalid("payment_day_invalid", field="received_on")
            receivable = lock_receivable(session, payment.invoice_id)
            if receivable.state == "cancelled":
                raise Conflict("invoice_cancelled")
            if payment.amount_cents > open_cents(receivable):
                raise Invalid("payment_above_open", field="amount")
            row = Payment(
                workshop_id=actor.workshop_id,
                invoice_id=payment.invoice_id,
                kind=PAYMENT,
                method=payment.method,
                amount_cents=payment.amount_cents,
                currency=receivable.currency,
                received_on=payment.received_on,
                reference=reference,
                by=actor.name,
            )
            return _recorded(row, book(session, receivable, row, now))

    def undo(self, actor: Actor, payment_id: UUID, reason: str) -> RecordedPayment:
        """Book a payment back that was noted by mistake.

        Raises NotFound payment_unknown; Conflict payment_not_by_hand (what a provider or the bank told),
        payment_undone; Invalid payment_reason_missing.
        """
        actor.require("payments.manage")
        reason = " ".join(reason.split())[:140]
        if not reason:
            raise Invalid("payment_reason_missing", field="reason")
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            known = session.get(Payment, payment_id)
            if known is None or known.workshop_id != actor.workshop_id:
                raise NotFound("payment_unknown")
            receivable = lock_receivable(session, known.invoice_id)
            if known.provider or known.kind != PAYMENT:
                raise Conflict("payment_not_by_hand")
            undone = select(Payment.id).where(
                Payment.provider == _MANUAL, Payment.provider_id == f"{UNDONE}{payment_id}"
            )
            if session.exec(undone).first() is not None:
                raise Conflict("payment_undone")
            row = Payment(
                workshop_id=actor.workshop_id,
                invoice_id=known.invoice_id,
                kind=PAYMENT,
                method=known.method,
                amount_cents=-known.amount_cents,
                currency=known.currency,
                received_on=local_day(session, actor.workshop_id, now),
                reference=reason,
                provider=_MANUAL,
                provider_id=f"{UNDONE}{payment_id}",
                by=actor.name,
            )
            if receivable.state == "cancelled":
                raise Conflict("invoice_cancelled")
            return _recorded(row, book(session, receivable, row, now))

    def list_payments(self, actor: Actor, invoice_id: UUID) -> list[RecordedPayment]:
        """Everything that was booked on an invoice, in order. Raises NotFound invoice_unknown."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            receivable = session.exec(select(Receivable).where(Receivable.invoice_id == invoice_id)).first()
            if receivable is None:
                raise NotFound("invoice_unknown")
            query = select(Payment).where(Payment.invoice_id == invoice_id).order_by(col(Payment.id))
            return [_recorded(row, receivable) for row in session.exec(query)]


def _recorded(row: Payment, receivable: Receivable) -> RecordedPayment:
    return RecordedPayment(
        id=row.id,
        invoice_id=row.invoice_id,
        kind=row.kind,
        method=row.method,
        amount_cents=row.amount_cents,
        currency=row.currency,
        received_on=row.received_on,
        reference=row.reference,
        provider=row.provider,
        by=row.by,
        left_cents=open_cents(receivable),
    )
