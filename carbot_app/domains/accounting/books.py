"""Reading documents, payments and expenses of a time from the tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from carbot_app.domains.accounting.issued import (
    CANCELLATION,
    CREDIT,
    DEPOSIT,
    Issued,
    earlier_numbers,
    issued_of,
)
from carbot_app.domains.billing.models import BillingTerms, Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.expenses.models import Expense
from carbot_app.domains.team.models import Workshop

T = TypeVar("T")
_CHUNK = 500
BOOKED_STATES = ("booked", "paid")


@dataclass(frozen=True, slots=True)
class Books:
    """The workshop and how it bills."""

    workshop: Workshop
    terms: BillingTerms


def open_books(session: Session, workshop_id: UUID) -> Books:
    """The workshop with its terms; without a row the defaults."""
    workshop = session.get_one(Workshop, workshop_id)
    terms = session.exec(select(BillingTerms)).first()
    return Books(workshop, terms or BillingTerms(workshop_id=workshop_id))


def documents_issued(session: Session, first: date, last: date) -> list[Issued]:
    """Documents by the day they were issued, in order of their numbers."""
    return _documents(session, and_(col(Invoice.issued_on) >= first, col(Invoice.issued_on) <= last))


def documents_taxed(session: Session, first: date, last: date) -> list[Issued]:
    """Documents by the day their tax belongs to (see Issued.tax_on)."""
    late = col(Invoice.kind).in_((CREDIT, CANCELLATION))
    supplied = and_(~late, col(Invoice.supplied_on) >= first, col(Invoice.supplied_on) <= last)
    changed = and_(late, col(Invoice.issued_on) >= first, col(Invoice.issued_on) <= last)
    return _documents(session, or_(supplied, changed))


def documents_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, Issued]:
    """Named documents."""
    found: dict[UUID, Issued] = {}
    for part in _chunks(ids):
        found |= {issued.id: issued for issued in _documents(session, col(Invoice.id).in_(part))}
    return found


def payments_between(session: Session, first: date, last: date) -> list[Payment]:
    """Payments by the day they came, in the order they were noted."""
    query = select(Payment).where(Payment.received_on >= first, Payment.received_on <= last)
    return list(session.exec(query.order_by(col(Payment.received_on), col(Payment.id))))


def payments_of(session: Session, ids: Iterable[UUID]) -> list[Payment]:
    """All payments of documents."""
    found: list[Payment] = []
    for part in _chunks(ids):
        query = select(Payment).where(col(Payment.invoice_id).in_(part))
        found += session.exec(query.order_by(col(Payment.received_on), col(Payment.id)))
    return found


def expenses_posted(session: Session, first: date, last: date) -> list[Expense]:
    """Booked expenses by the day they are booked on."""
    query = select(Expense).where(
        col(Expense.state).in_(BOOKED_STATES), Expense.posted_on >= first, Expense.posted_on <= last
    )
    return list(session.exec(query.order_by(col(Expense.posted_on), col(Expense.entry_number))))


def expenses_paid(session: Session, first: date, last: date) -> list[Expense]:
    """Expenses that were paid in that time."""
    query = select(Expense).where(
        Expense.state == "paid", col(Expense.paid_on) >= first, col(Expense.paid_on) <= last
    )
    return list(session.exec(query.order_by(col(Expense.paid_on), col(Expense.entry_number))))


def kinds_of(session: Session, ids: Iterable[UUID | None]) -> dict[object, str]:
    """Kind of each document."""
    wanted = [one for one in dict.fromkeys(ids) if one is not None]
    found: dict[object, str] = {}
    for part in _chunks(wanted):
        query = select(Invoice.id, Invoice.kind).where(col(Invoice.id).in_(part))
        found |= dict(session.exec(query).all())
    return found


def _chunks(ids: Iterable[T]) -> Iterator[list[T]]:
    """Databases take only so many values in a query."""
    every = list(dict.fromkeys(ids))
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]


def _documents(session: Session, condition: object) -> list[Issued]:
    query = select(Invoice).where(condition)  # pyright: ignore[reportArgumentType]
    rows = list(session.exec(query.order_by(col(Invoice.issued_on), col(Invoice.number))))
    lines = _lines(session, [row.id for row in rows])
    customers = _customers(session, [row.id for row in rows])
    found = [issued_of(row, lines.get(row.id, ()), customers.get(row.id)) for row in rows]
    return _with_deposits(session, found)


def _lines(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[InvoiceLine]]:
    found: dict[UUID, list[InvoiceLine]] = {}
    for part in _chunks(ids):
        query = select(InvoiceLine).where(col(InvoiceLine.invoice_id).in_(part))
        ordered = session.exec(query.order_by(col(InvoiceLine.invoice_id), col(InvoiceLine.position)))
        found |= {key: list(rows) for key, rows in groupby(ordered, key=lambda line: line.invoice_id)}
    return found


def _customers(session: Session, ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    found: dict[UUID, UUID | None] = {}
    for part in _chunks(ids):
        query = select(Receivable.invoice_id, Receivable.customer_id)
        found |= dict(session.exec(query.where(col(Receivable.invoice_id).in_(part))).all())
    return found


def _with_deposits(session: Session, documents: list[Issued]) -> list[Issued]:
    """Final invoices with the deposits they take off; a cancellation gives back those of its original."""
    originals = {one.original_id for one in documents if one.kind == CANCELLATION}
    papers: dict[UUID | None, Mapping[str, Any]] = {}
    for part in _chunks([one for one in originals if one]):
        query = select(Invoice.id, Invoice.paper).where(col(Invoice.id).in_(part))
        papers.update(session.exec(query).all())
    named = {
        one.id: earlier_numbers(papers.get(one.original_id, {}) if one.kind == CANCELLATION else one.paper)
        for one in documents
        if one.kind not in {DEPOSIT, CREDIT}
    }
    known: dict[str, Issued] = {}
    for part in _chunks(number for numbers in named.values() for number in numbers):
        query = select(Invoice).where(col(Invoice.number).in_(part), Invoice.kind == DEPOSIT)
        known |= {row.number: issued_of(row, ()) for row in session.exec(query)}
    return [
        replace(one, deposits=tuple(known[number] for number in named.get(one.id, ()) if number in known))
        for one in documents
    ]
