"""Lists for people and the tax adviser: what is open, cash, revenue by service and technician."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.domains.accounting.issued import DEPOSIT
from carbot_app.domains.accounting.schemas import RevenueLine
from carbot_app.domains.billing.models import Invoice, InvoiceLine, Payment, Receivable
from carbot_app.domains.billing.receivables import CASH, MONEY
from carbot_app.domains.billing.tax import HANDED_ON
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.expenses.models import Expense


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What was open of a document on a day; below zero: owed to the customer."""

    number: str
    buyer_name: str
    issued_on: date
    due_on: date
    due_cents: int
    settled_cents: int
    days_late: int
    dunning_level: int

    @property
    def open_cents(self) -> int:
        """What is left."""
        return self.due_cents - self.settled_cents


@dataclass(frozen=True, slots=True)
class CashEntry:
    """Cash that came or went, with what lay there afterwards as far as it was noted here."""

    on: date
    document: str
    text: str
    in_cents: int
    out_cents: int
    balance_cents: int
    reference: str = ""


def open_items(session: Session, on: date) -> list[OpenItem]:
    """Items open at the end of a day, the oldest first.

    A cancellation offsets what was open of its original; what had been paid stays open with it, to go back.
    """
    settled = _settled(session, on)
    rows = session.exec(
        select(Receivable)
        .where(Receivable.issued_on <= on)
        .order_by(col(Receivable.due_on), col(Receivable.number))
    )
    found = []
    for row in rows:
        item = OpenItem(
            row.number,
            row.buyer_name,
            row.issued_on,
            row.due_on,
            row.due_cents,
            settled.get(row.invoice_id, 0),
            max((on - row.due_on).days, 0),
            row.dunning_level,
        )
        if item.open_cents:
            found.append(item)
    return found


def cash_book(session: Session, first: date, last: date) -> list[CashEntry]:
    """Cash noted in a range; the balance goes on from everything noted before."""
    moves = [*_cash_in(session, last), *_cash_out(session, last)]
    moves.sort(key=lambda move: (move[0], move[1]))
    balance, found = 0, []
    for on, _, document, text, cents, reference in moves:
        balance += cents
        if on >= first:
            found.append(CashEntry(on, document, text, max(cents, 0), max(-cents, 0), balance, reference))
    return found


def revenue_by_service(session: Session, first: date, last: date) -> list[RevenueLine]:
    """Revenue of services and parts, the largest first; lines without a service are one of their kind."""
    return _revenue(
        (line.service_code or f".{line.revenue or line.kind}", line.text if line.service_code else "", line)
        for line in _lines(session, first, last)
    )


def revenue_by_technician(session: Session, first: date, last: date) -> list[RevenueLine]:
    """Revenue of the lines people did; the rest is nobody's."""
    names = dict(session.exec(select(Resource.id, Resource.name)).all())
    return _revenue(
        (str(line.technician_id or ""), _name(names, line.technician_id), line)
        for line in _lines(session, first, last)
    )


def _name(names: dict[UUID, str], technician_id: UUID | None) -> str:
    return names.get(technician_id, "") if technician_id else ""


def _revenue(lines: Iterable[tuple[str, str, InvoiceLine]]) -> list[RevenueLine]:
    sums: dict[str, RevenueLine] = {}
    for key, name, line in lines:
        known = sums.get(key, RevenueLine(key, name, 0, 0, 0, 0, 0))
        # A line that gives money back gives back its cost and its time.
        sign = -1 if line.quantity < 0 else 1
        cost = abs(line.cost_cents) * sign
        sums[key] = RevenueLine(
            key,
            known.name or name,
            known.positions + sign,
            known.minutes + abs(line.minutes) * sign,
            known.net_cents + line.net_cents,
            known.cost_cents + cost,
            known.known_net_cents + (line.net_cents if cost else 0),
        )
    return sorted(sums.values(), key=lambda line: (-line.net_cents, line.key))


def _lines(session: Session, first: date, last: date) -> list[InvoiceLine]:
    """What was earned: no deposits, which the final invoice has in full, and nothing handed on."""
    originals = select(Invoice.id).where(Invoice.kind == DEPOSIT)
    query = (
        select(InvoiceLine)
        .join(Invoice, col(Invoice.id) == col(InvoiceLine.invoice_id))
        .where(
            Invoice.issued_on >= first,
            Invoice.issued_on <= last,
            Invoice.kind != DEPOSIT,
            InvoiceLine.kind != HANDED_ON,
            col(Invoice.original_id).is_(None) | col(Invoice.original_id).not_in(originals),
        )
        .order_by(col(Invoice.number), col(InvoiceLine.position))
    )
    return list(session.exec(query))


def _settled(session: Session, on: date) -> dict[UUID, int]:
    query = (
        select(Payment.invoice_id, func.sum(col(Payment.amount_cents)))
        .where(Payment.received_on <= on)
        .group_by(col(Payment.invoice_id))
    )
    return {invoice_id: int(cents) for invoice_id, cents in session.exec(query).all()}


def _cash_in(session: Session, last: date) -> list[tuple[date, str, str, str, int, str]]:
    query = (
        select(Payment, Invoice.number)
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(Payment.method == CASH, col(Payment.kind).in_(MONEY), Payment.received_on <= last)
    )
    return [
        (row.received_on, str(row.id), number, number, row.amount_cents, row.reference)
        for row, number in session.exec(query).all()
    ]


def _cash_out(session: Session, last: date) -> list[tuple[date, str, str, str, int, str]]:
    query = select(Expense).where(
        Expense.state == "paid", Expense.paid_by == CASH, col(Expense.paid_on) <= last
    )
    return [
        (row.paid_on, str(row.id), row.entry_number, row.supplier, -row.gross_cents, row.number)
        for row in session.exec(query)
        if row.paid_on
    ]
