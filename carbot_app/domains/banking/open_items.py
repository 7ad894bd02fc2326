"""The open invoices of a workshop as transactions are matched with them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlmodel import Session, col, or_, select

from carbot_app.domains.banking.models import BankEntry, DebitItem, SepaMandate
from carbot_app.domains.banking.schemas import BOOKED, PartView, Suggestion
from carbot_app.domains.billing import matching
from carbot_app.domains.billing.cash_discount import (
    CashDiscount,
    CashDiscountTerm,
    best_discount,
    cash_discount,
)
from carbot_app.domains.billing.models import Invoice, Payment, Receivable
from carbot_app.domains.billing.payment_codes import creditor_reference, is_qr_iban, qr_reference
from carbot_app.domains.billing.receivables import OPEN, PAID, PARTIAL, open_cents
from carbot_app.domains.billing.totals import TaxGroup, Totals
from carbot_app.kit.errors import Invalid

RETURN = "return"
"""Found by: a payment that came back."""
PAID_LATELY = timedelta(days=180)
"""So long a second payment of the same invoice is recognised as one."""
_GROUPS = TypeAdapter(list[TaxGroup])


@dataclass(slots=True)
class Ledger:
    """Read once for all transactions of a request."""

    receivables: dict[str, Receivable]
    """By number, the oldest first."""
    offers: dict[UUID, tuple[CashDiscount, ...]]
    ibans: dict[UUID, set[str]]
    """Accounts a customer has paid from."""
    account: str = ""
    _prepared: dict[date | None, matching.OpenItems] = field(default_factory=dict)

    def discount_cents(self, receivable: Receivable, paid_on: date) -> int:
        """Skonto that may still be taken on a day; only of what was not paid in part before."""
        if receivable.settled_cents:
            return 0
        best = best_discount(self.offers.get(receivable.invoice_id, ()), paid_on)
        return min(best.cents, open_cents(receivable)) if best else 0

    def match(self, entry: BankEntry) -> matching.Match:
        """What to do with money that came in."""
        day = entry.booked_on if self.offers else None
        if day not in self._prepared:
            self._prepared[day] = matching.OpenItems(
                [self._open(row, day) for row in self.receivables.values()]
            )
        return self._prepared[day].match(
            matching.Credit(
                entry.amount_cents,
                entry.remittance,
                entry.reference,
                entry.end_to_end_id,
                entry.counterparty_iban,
                entry.currency,
            )
        )

    def _open(self, row: Receivable, day: date | None) -> matching.OpenInvoice:
        taken = self.discount_cents(row, day) if day else 0
        ibans = self.ibans.get(row.customer_id, set()) if row.customer_id else set()
        left = open_cents(row)
        return matching.OpenInvoice(
            row.number,
            left,
            _references(row.number, self.account),
            tuple(sorted(ibans)),
            left - taken if taken else None,
            row.currency,
        )


def read_ledger(session: Session, today: date, account: str = "") -> Ledger:
    """Everything that may be paid, and what was paid lately."""
    rows = session.exec(
        select(Receivable)
        .where(
            Receivable.due_cents > 0,
            or_(
                col(Receivable.state).in_((OPEN, PARTIAL)),
                (col(Receivable.state) == PAID) & (col(Receivable.paid_on) >= today - PAID_LATELY),
            ),
        )
        .order_by(col(Receivable.issued_on), col(Receivable.number))
    ).all()
    ibans: dict[UUID, set[str]] = {}
    for customer_id, iban in session.exec(
        select(BankEntry.customer_id, BankEntry.counterparty_iban)
        .where(BankEntry.state == BOOKED, BankEntry.amount_cents > 0)
        .distinct()
    ):
        if customer_id and iban:
            ibans.setdefault(customer_id, set()).add(iban)
    for mandate in session.exec(select(SepaMandate).where(col(SepaMandate.revoked_on).is_(None))):
        if mandate.customer_id:
            ibans.setdefault(mandate.customer_id, set()).add(mandate.iban)
    return Ledger({row.number: row for row in rows}, _offers(session, rows), ibans, account)


def suggest(session: Session, ledger: Ledger, entry: BankEntry) -> Suggestion:
    """What a transaction is thought to settle."""
    if entry.amount_cents <= 0:
        return _suggest_return(session, entry)
    found = ledger.match(entry)
    parts = []
    for number, cents in found.paid:
        row = ledger.receivables[number]
        can_take = (
            ledger.discount_cents(row, entry.booked_on) if found.reason == matching.CASH_DISCOUNT else 0
        )
        parts.append(
            PartView(row.invoice_id, number, row.buyer_name, cents, can_take, open_cents=open_cents(row))
        )
    return Suggestion(
        found.action, found.found_by, found.reason, tuple(parts), found.short_cents, found.rest_cents
    )


def _suggest_return(session: Session, entry: BankEntry) -> Suggestion:
    """A payment that came back names what it paid; it is booked by itself only if exactly that was booked."""
    nothing = Suggestion(matching.NONE, "", matching.NOT_A_CREDIT)
    if not entry.return_reason:
        return nothing
    told = {entry.end_to_end_id, *(word for word in entry.remittance.replace(",", " ").split())}
    debits = select(DebitItem.invoice_id).where(DebitItem.end_to_end_id == entry.end_to_end_id)
    row = session.exec(
        select(Receivable).where(
            or_(col(Receivable.number).in_(told), col(Receivable.invoice_id).in_(debits)),
            Receivable.settled_cents > 0,
        )
    ).first()
    if row is None:
        return nothing
    cents = -entry.amount_cents - entry.charges_cents
    booked = session.exec(
        select(Payment.id).where(
            Payment.invoice_id == row.invoice_id, Payment.provider == "bank", Payment.amount_cents == cents
        )
    ).first()
    part = PartView(
        row.invoice_id,
        row.number,
        row.buyer_name,
        -cents,
        fee_cents=entry.charges_cents,
        open_cents=open_cents(row),
    )
    action = matching.BOOK if booked else matching.SUGGEST
    return Suggestion(action, RETURN, matching.EXACT if booked else matching.SHORT, (part,))


def _references(number: str, account: str) -> tuple[str, ...]:
    found = [number]
    with suppress(Invalid):
        found.append(creditor_reference(number))
    with suppress(Invalid):
        if account and is_qr_iban(account):
            found.append(qr_reference(number))
    return tuple(found)


def _offers(session: Session, rows: Sequence[Receivable]) -> dict[UUID, tuple[CashDiscount, ...]]:
    """Skonto as it stands on the invoices."""
    waiting = [row.invoice_id for row in rows if row.state != PAID]
    offers: dict[UUID, tuple[CashDiscount, ...]] = {}
    for at in range(0, len(waiting), 500):
        found = select(Invoice.id, col(Invoice.issued_on), col(Invoice.groups), col(Invoice.paper)).where(
            col(Invoice.id).in_(waiting[at : at + 500])
        )
        for invoice_id, issued_on, groups, paper in session.exec(found):
            if terms := _terms(paper):
                totals = Totals((), tuple(_GROUPS.validate_python(groups)))
                offers[invoice_id] = tuple(cash_discount(totals, term, issued_on) for term in terms)
    return offers


def _terms(paper: dict[str, Any]) -> list[CashDiscountTerm]:
    told = paper.get("paper", {}).get("document", {}).get("discounts") or ()
    return [CashDiscountTerm(Decimal(term["percent"]), int(term["days"])) for term in told]
