"""What customers owed at the end of a day."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, or_

from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.billing.models import Payment, Receivable

Change = tuple[date, int]


def read_owed(session: Session, span: Span) -> dict[date, int]:
    """Cents open at the end of every day of the span, as the list of invoices would have told that evening.

    Payments, discounts, write-offs and offsets (of what was taken back) settle; what was paid too much
    settles nothing else. Credits that were not paid out yet count below zero.
    """
    query = sa_select(col(Receivable.invoice_id), col(Receivable.issued_on), col(Receivable.due_cents)).where(
        col(Receivable.issued_on) <= span.last,
        # What was settled before the first day is open on none of them
        or_(col(Receivable.paid_on).is_(None), col(Receivable.paid_on) >= span.first),
    )
    documents = {invoice_id: (on, due) for invoice_id, on, due in session.execute(query)}
    payments: dict[UUID, list[Change]] = {}
    settled = (
        sa_select(col(Payment.invoice_id), col(Payment.received_on), col(Payment.amount_cents))
        .join(Receivable, col(Receivable.invoice_id) == col(Payment.invoice_id))
        .where(
            col(Payment.received_on) <= span.last,
            or_(col(Receivable.paid_on).is_(None), col(Receivable.paid_on) >= span.first),
        )
    )
    for invoice_id, on, cents in session.execute(settled):
        payments.setdefault(invoice_id, []).append((on, cents))
    changes: dict[date, int] = {}
    for invoice_id, (on, due) in documents.items():
        for day, cents in open_changes(on, due, payments.get(invoice_id, ())):
            changes[day] = changes.get(day, 0) + cents
    return _run(changes, span)


def open_changes(issued_on: date, due: int, payments: Iterable[Change]) -> list[Change]:
    """By how much what is open of one document changed on which day (pure)."""
    changes, left, known = [], 0, 0
    for day, cents in sorted([(issued_on, due), *((max(on, issued_on), -cents) for on, cents in payments)]):
        left += cents
        still = max(left, 0) if due >= 0 else min(left, 0)
        changes.append((day, still - known))
        known = still
    return changes


def _run(changes: Mapping[date, int], span: Span) -> dict[date, int]:
    running = sum(cents for day, cents in changes.items() if day < span.first)
    open_on: dict[date, int] = {}
    for day in span.each():
        running += changes.get(day, 0)
        open_on[day] = running
    return open_on
