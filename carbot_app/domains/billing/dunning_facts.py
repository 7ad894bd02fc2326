"""What dunning knows of an unpaid invoice, read from the database; whom it proposes to remind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.billing import dunning, receivables
from carbot_app.domains.billing.dunning import Debt, Level, Step
from carbot_app.domains.billing.dunning_models import BaseRate, DunningClaim, DunningNotice
from carbot_app.domains.billing.dunning_schemas import ClaimView, HeldView, ProposalView
from carbot_app.domains.billing.interest import default_interest, default_since
from carbot_app.domains.billing.models import BillingTerms, Invoice, Payment, Receivable
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Invalid

_STOPS = {
    "dispute": dunning.DISPUTED,
    "instalments": dunning.INSTALMENTS,
    "insolvency": dunning.INSOLVENT,
    # Dunning knows no stop without a reason; what a person holds back by hand rests like a dispute.
    "manual": dunning.DISPUTED,
}


@dataclass(frozen=True, slots=True)
class Books:
    """Read once for a run."""

    workshop: Workshop
    terms: BillingTerms
    today: date
    levels: tuple[Level, ...]
    rates: Mapping[date, Decimal]
    rows: Sequence[Receivable]
    languages: Mapping[UUID, str]
    """Invoice → language of the letter."""
    payments: Mapping[UUID, list[tuple[date, int]]]
    sent: Mapping[UUID, list[tuple[date, int]]]
    """Invoice → day and fee of each letter so far."""
    cancelling: frozenset[UUID]
    """Invoices with a cancellation or credit that is not settled."""

    @property
    def country(self) -> str:
        """Whose law holds."""
        return self.workshop.country or "DE"

    def debt(self, row: Receivable) -> Debt:
        """An invoice as dunning.py sees it."""
        sent = self.sent.get(row.invoice_id, [])
        stops = {_STOPS[row.dunning_stop]} if row.dunning_stop in _STOPS else set()
        if row.invoice_id in self.cancelling or row.cancelled_by_id:
            stops.add(dunning.CANCELLATION)
        return Debt(
            number=row.number,
            customer=key_of(row),
            due_on=row.due_on,
            open_cents=receivables.open_cents(row),
            business=row.is_business,
            level=row.dunning_level,
            last_sent_on=row.reminded_on,
            default_since=self.default_since(row),
            stops=frozenset(stops),
            flat_fee_claimed=any(fee for _, fee in sent) and row.is_business,
        )

    def default_since(self, row: Receivable) -> date | None:
        """Since when the customer is in default: by the first reminder, businesses also by time."""
        sent = self.sent.get(row.invoice_id, [])
        received = row.sent_at.date() if row.sent_at else row.issued_on
        return default_since(
            row.due_on,
            calendar_date=False,
            business=row.is_business,
            received_on=received,
            reminded_on=min((day for day, _ in sent), default=None),
        )


def key_of(row: Receivable) -> str:
    """Whose letter an invoice goes into; without a customer each invoice has its own."""
    return f"{row.customer_id or row.invoice_id}:{row.currency}"


def read_books(session: Session, workshop_id: UUID, today: date, *, lock: bool = False) -> Books:
    """Everything overdue with what was paid, sent and stopped."""
    workshop = session.exec(select(Workshop).where(Workshop.id == workshop_id)).one()
    terms = session.exec(select(BillingTerms)).first() or BillingTerms(workshop_id=workshop_id)
    query = (
        select(Receivable)
        .where(
            col(Receivable.state).in_((receivables.OPEN, receivables.PARTIAL)),
            Receivable.due_cents > 0,
            Receivable.due_on < today,
        )
        .order_by(col(Receivable.due_on), col(Receivable.number))
    )
    rows = session.exec(query.with_for_update() if lock else query).all()
    ids = [row.invoice_id for row in rows]
    told = terms.dunning.get("levels")
    return Books(
        workshop=workshop,
        terms=terms,
        today=today,
        levels=tuple(Level(**level) for level in told) if told else dunning.default_levels(today),
        rates={row.valid_from: row.percent for row in session.exec(select(BaseRate))},
        rows=rows,
        languages=_languages(session, rows),
        payments=_payments(session, ids),
        sent=_sent(session, ids),
        cancelling=_cancelling(session, ids),
    )


def propose(books: Books) -> tuple[ProposalView, ...]:
    """Letters that are due, one per customer."""
    by_key: dict[str, list[Receivable]] = {}
    for row in books.rows:
        by_key.setdefault(key_of(row), []).append(row)
    found = (_proposal(books, key, rows) for key, rows in by_key.items())
    return tuple(proposal for proposal in found if proposal is not None)


def hold(books: Books) -> tuple[tuple[HeldView, ...], tuple[HeldView, ...]]:
    """Invoices that rest because of a stop, and those that went through every level."""
    held, finished = [], []
    for row in books.rows:
        step = dunning.next_step(books.debt(row), books.today, books.levels, country=books.country)
        if step.action == dunning.FINISHED:
            finished.append(_held(row, step.reason))
        elif step.action == dunning.STOPPED:
            held.append(_held(row, row.dunning_stop or step.reason))
    return tuple(held), tuple(finished)


def _proposal(books: Books, key: str, rows: Sequence[Receivable]) -> ProposalView | None:
    email = next((row.email for row in reversed(rows) if row.email), "")
    way = dunning.MAIL if email else dunning.LETTER
    [letter] = dunning.propose(
        [books.debt(row) for row in rows],
        books.today,
        books.levels,
        in_use_since=books.workshop.created_at.date(),
        by=way,
        country=books.country,
    ) or [None]
    if letter is None:
        return None
    by_number = {row.number: row for row in rows}
    claims, missing = [], None
    for step in letter.steps:
        claim, gap = _claim(books, by_number[step.number], step)
        claims.append(claim)
        missing = missing or gap
    newest = by_number[letter.steps[-1].number]
    return ProposalView(
        key=key,
        customer_id=newest.customer_id,
        recipient=newest.buyer_name,
        email=email,
        way=way,
        language=books.languages.get(newest.invoice_id, "de"),
        level=letter.level,
        name=letter.name,
        deadline=letter.deadline,
        currency=newest.currency,
        claims=tuple(claims),
        missing_rate=missing,
    )


def _claim(books: Books, row: Receivable, step: Step) -> tuple[ClaimView, date | None]:
    interest, missing = 0, None
    since = books.default_since(row)
    # The friendly reminder asks for nothing but the invoice.
    if step.level > 1 and since is not None and since <= books.today:
        try:
            interest = default_interest(
                row.due_cents,
                since,
                books.today,
                business=row.is_business,
                country=books.country,
                told=books.rates,
                payments=books.payments.get(row.invoice_id, ()),
            ).cents
        except Invalid as error:
            missing = date.fromisoformat(error.params["half_year"])
    view = ClaimView(
        invoice_id=row.invoice_id,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        days_late=(books.today - row.due_on).days,
        level=step.level,
        name=step.reason,
        open_cents=receivables.open_cents(row),
        fee_cents=step.fee_cents,
        earlier_fee_cents=sum(fee for _, fee in books.sent.get(row.invoice_id, ())),
        interest_cents=interest,
    )
    return view, missing


def _held(row: Receivable, reason: str) -> HeldView:
    return HeldView(
        row.invoice_id,
        row.number,
        row.buyer_name,
        receivables.open_cents(row),
        row.currency,
        row.due_on,
        row.dunning_level,
        reason,
        can_resume=bool(row.dunning_stop),
    )


def _chunks(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[at : at + 500] for at in range(0, len(ids), 500)]


def _languages(session: Session, rows: Sequence[Receivable]) -> dict[UUID, str]:
    of_customers: dict[Any, str] = {}
    for ids in _chunks(list({row.customer_id for row in rows if row.customer_id})):
        found = select(Customer.id, Customer.language).where(col(Customer.id).in_(ids))
        of_customers |= dict(session.exec(found).all())
    of_invoices: dict[UUID, str] = {}
    for ids in _chunks([row.invoice_id for row in rows]):
        of_invoices |= dict(
            session.exec(select(Invoice.id, Invoice.language).where(col(Invoice.id).in_(ids))).all()
        )
    return {
        row.invoice_id: of_customers.get(row.customer_id) or of_invoices.get(row.invoice_id, "de")
        for row in rows
    }


def _payments(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[tuple[date, int]]]:
    found: dict[UUID, list[tuple[date, int]]] = {}
    for part in _chunks(ids):
        query = select(Payment.invoice_id, col(Payment.received_on), Payment.amount_cents).where(
            col(Payment.invoice_id).in_(part)
        )
        for invoice_id, day, cents in session.exec(query):
            found.setdefault(invoice_id, []).append((day, cents))
    return found


def _sent(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[tuple[date, int]]]:
    found: dict[UUID, list[tuple[date, int]]] = {}
    for part in _chunks(ids):
        query = (
            select(DunningClaim.invoice_id, col(DunningNotice.sent_on), DunningClaim.fee_cents)
            .join(DunningNotice, col(DunningNotice.id) == DunningClaim.notice_id)
            .where(col(DunningClaim.invoice_id).in_(part))
        )
        for invoice_id, day, fee in session.exec(query):
            found.setdefault(invoice_id, []).append((day, fee))
    return found


def _cancelling(session: Session, ids: Sequence[UUID]) -> frozenset[UUID]:
    found: set[UUID] = set()
    for part in _chunks(ids):
        query = (
            select(Invoice.original_id)
            .join(Receivable, col(Receivable.invoice_id) == Invoice.id)
            .where(
                col(Invoice.original_id).in_(part),
                col(Receivable.state).in_((receivables.OPEN, receivables.PARTIAL)),
            )
        )
        found |= {original for original in session.exec(query) if original}
    return frozenset(found)
