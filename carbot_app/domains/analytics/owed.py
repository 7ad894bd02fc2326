"""What customers owed at the end of a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, case, cast, func, or_, select
from sqlmodel import Session

from carbot_app.domains.analytics.rollups import table_of
from carbot_app.domains.analytics.schemas import Span
from carbot_app.domains.billing.models import WENT_BACK, Payment, Receivable

Change = tuple[date, int]
_DOCUMENT, _PAID = table_of(Receivable).c, table_of(Payment).c
_COUNTED_ON = case((_PAID.received_on > _DOCUMENT.issued_on, _PAID.received_on), else_=_DOCUMENT.issued_on)
"""A deposit that came first counts from the day of its document."""


def read_owed(session: Session, span: Span) -> dict[date, int]:
    """Cents open at the end of every day of the span, as the list of invoices would have told that evening.

    Payments, discounts, write-offs and offsets (of what was taken back) settle; what was paid too much
    settles nothing else. Credits that were not paid out yet count below zero.
    """
    connection = session.connection()
    documents = [
        _DOCUMENT.workshop_id == session.info["workshop_id"],
        _DOCUMENT.issued_on <= span.last,
        # What was settled before the first day is open on none of them
        or_(_DOCUMENT.paid_on.is_(None), _DOCUMENT.paid_on >= span.first),
    ]
    settled = [*documents, _PAID.invoice_id == _DOCUMENT.invoice_id, _PAID.received_on <= span.last]
    changes: dict[date, int] = {}

    def change(day: date, cents: int) -> None:
        changes[day] = changes.get(day, 0) + cents

    # A year of documents is thousands of rows, but their sums are one a day
    due = select(_DOCUMENT.issued_on, _total(_DOCUMENT.due_cents))
    for day, cents in connection.execute(due.where(*documents).group_by(_DOCUMENT.issued_on)).all():
        change(day, cents)
    paid = select(_COUNTED_ON, _total(_PAID.amount_cents)).where(*settled).group_by(_COUNTED_ON)
    for day, cents in connection.execute(paid).all():
        change(day, -cents)
    # Where more was settled than was due, the rest of it settles nothing
    for on, asked, payments in _paid_too_much(session, documents, settled):
        for day, cents in open_changes(on, asked, payments):
            change(day, cents)
        change(on, -asked)
        for day, cents in payments:
            change(max(day, on), cents)
    return _run(changes, span)


def _total(amount: ColumnElement[int]) -> ColumnElement[int]:
    # The sum of 64 bits is a decimal to PostgreSQL
    return cast(func.sum(amount), BigInteger)


def _paid_too_much(
    session: Session, documents: Sequence[ColumnElement[bool]], settled: Sequence[ColumnElement[bool]]
) -> Iterable[tuple[date, int, list[Change]]]:
    """Day, cents asked for and payments of the documents of which more may have been settled than was due."""
    # What is settled by now does not tell of money that came and went again
    went = select(_PAID.invoice_id).where(_PAID.workshop_id == session.info["workshop_id"], WENT_BACK)
    too_much = or_(
        *(_DOCUMENT.due_cents < 0, _DOCUMENT.settled_cents > _DOCUMENT.due_cents),
        _DOCUMENT.invoice_id.in_(went),
    )
    asked_about = select(_DOCUMENT.invoice_id).where(*documents, too_much)
    invoice_ids = session.connection().execute(asked_about).scalars().all()
    if not invoice_ids:
        return ()
    rows = select(
        *(_DOCUMENT.invoice_id, _DOCUMENT.issued_on, _DOCUMENT.due_cents),
        *(_PAID.received_on, _PAID.amount_cents),
    )
    found: dict[UUID, tuple[date, int, list[Change]]] = {}
    for invoice_id, on, asked, day, cents in session.connection().execute(
        rows.where(*settled, _DOCUMENT.invoice_id.in_(invoice_ids))
    ):
        found.setdefault(invoice_id, (on, asked, []))[2].append((day, cents))
    return found.values()


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
