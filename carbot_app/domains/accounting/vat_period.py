"""The VAT return of a period from the tables."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from carbot_app.domains.accounting.bookings import split
from carbot_app.domains.accounting.books import (
    Books,
    documents_by_id,
    documents_taxed,
    expenses_posted,
    payments_between,
    payments_of,
)
from carbot_app.domains.accounting.issued import DEPOSIT, Issued
from carbot_app.domains.accounting.vat_return import TaxedPart, VatReturn, parts_of_groups, vat_return
from carbot_app.domains.billing.models import Payment
from carbot_app.domains.billing.receivables import DISCOUNT, MONEY, WRITE_OFF
from carbot_app.domains.billing.tax import HANDED_ON

REPORTED = frozenset({("AE", "reverse_charge"), ("K", "intra_community")})
"""What belongs into the recapitulative statement (§ 18a UStG)."""


def return_of(session: Session, books: Books, first: date, last: date) -> VatReturn:
    """Figures of a period, by what was agreed or what was received as the workshop is taxed."""
    by_cash = books.terms.cash_accounting
    supplied = _received(session, first, last) if by_cash else _agreed(session, first, last)
    return vat_return(
        books.workshop.country,
        first,
        last,
        supplied,
        _spent(session, first, last),
        cash_accounting=by_cash,
    )


def statement_of(session: Session, first: date, last: date) -> list[tuple[str, str, str, int]]:
    """VAT id, kind (``service`` or ``goods``), name and net of every buyer elsewhere in the EU."""
    sums: dict[tuple[str, str], tuple[str, int]] = {}
    for issued in documents_taxed(session, first, last):
        for group in issued.own_groups:
            if (group.category, group.reason) in REPORTED:
                key = (issued.buyer_vat_id, "goods" if group.category == "K" else "service")
                name, cents = sums.get(key, (issued.buyer_name, 0))
                sums[key] = (name, cents + group.net_cents)
    return [(vat_id, kind, name, cents) for (vat_id, kind), (name, cents) in sorted(sums.items())]


def _agreed(session: Session, first: date, last: date) -> list[TaxedPart]:
    """What was supplied; discounts and lost claims lower it when they happen (§ 17 UStG)."""
    parts: list[TaxedPart] = []
    for issued in documents_taxed(session, first, last):
        parts += parts_of_groups(issued.number, issued.tax_on, issued.own_groups)
    payments = [row for row in payments_between(session, first, last) if row.kind in {DISCOUNT, WRITE_OFF}]
    documents = documents_by_id(session, [row.invoice_id for row in payments])
    for row in payments:
        parts += _lowered(documents[row.invoice_id], row)
    return parts


def _lowered(issued: Issued, row: Payment) -> tuple[TaxedPart, ...]:
    groups = [group for group in issued.groups if row.kind == WRITE_OFF or HANDED_ON not in group.reasons]
    return parts_of_groups(issued.number, row.received_on, split(-row.amount_cents, groups))


def _received(session: Session, first: date, last: date) -> list[TaxedPart]:
    """What was paid, spread over the tax of its document."""
    moved = {row.invoice_id for row in payments_between(session, first, last) if row.kind in MONEY}
    documents = documents_by_id(session, moved)
    history: dict[UUID, list[Payment]] = {}
    for row in payments_of(session, moved):
        if row.kind in MONEY and row.received_on <= last:
            history.setdefault(row.invoice_id, []).append(row)
    parts: list[TaxedPart] = []
    for invoice_id, rows in history.items():
        parts += _paid_parts(documents[invoice_id], rows, first)
    return parts


def _paid_parts(issued: Issued, rows: list[Payment], first: date) -> list[TaxedPart]:
    whole = issued.gross_cents if issued.kind == DEPOSIT else issued.gross_cents - issued.deposit_cents
    if not whole:
        return []
    parts: list[TaxedPart] = []
    paid = 0
    for row in rows:
        before, paid = paid, paid + row.amount_cents
        if row.received_on >= first:
            parts += parts_of_groups(
                issued.number,
                row.received_on,
                issued.own_groups,
                after=Decimal(paid) / whole,
                before=Decimal(before) / whole,
            )
    return parts


def _spent(session: Session, first: date, last: date) -> list[TaxedPart]:
    """Input tax counts when the invoice is there (§ 15(1) Nr. 1 UStG)."""
    return [
        TaxedPart(
            row.number or row.entry_number,
            row.posted_on,
            str(amount["category"]),
            int(amount["rate"]),
            "",
            int(amount["net_cents"]),
            int(amount["vat_cents"]),
            kind_of_expense=row.category,
        )
        for row in expenses_posted(session, first, last)
        for amount in row.amounts
    ]
