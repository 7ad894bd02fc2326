"""Every payment that came or went back: pages, figures per way, and one payment with what belongs to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, or_, tuple_
from sqlmodel import Session, col, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.billing.receivables import (
    CANCELLED,
    CARD_TERMINAL,
    CASH,
    DIRECT_DEBIT,
    DISPUTE,
    MONEY,
    PAYMENT,
    REFUND,
    RETURNED,
)
from carbot_app.domains.payments.list_schemas import (
    ALL,
    BACK,
    CASH_DESK,
    DEBITED,
    ONLINE,
    TERMINAL,
    TRANSFERRED,
    VIEWS,
    PaymentLineView,
    PaymentPage,
    PaymentQuery,
    PaymentSheet,
    WayTotal,
)
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.domains.payments.ports import PAID, PaymentProvider
from carbot_app.domains.payments.recording import UNDONE
from carbot_app.domains.payments.rows import request_view
from carbot_app.domains.payments.schemas import PROVIDER
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import NotFound

PAGE = 50
_WAY: Any = case(
    (col(Payment.provider) == PROVIDER, ONLINE),
    (col(Payment.method) == CARD_TERMINAL, TERMINAL),
    (col(Payment.method) == CASH, CASH_DESK),
    (col(Payment.method) == DIRECT_DEBIT, DEBITED),
    else_=TRANSFERRED,
)
_WENT_BACK = (REFUND, DISPUTE, RETURNED)


class PaymentList:
    """Reads need ``payments.manage`` or ``accounting.read``."""

    def __init__(self, *, db: Database, provider: PaymentProvider | None, public_url: str) -> None:
        self._db = db
        self._provider = provider
        self._public_url = public_url

    def list_payments(
        self, actor: Actor, query: PaymentQuery, *, after: str | None = None, limit: int = PAGE
    ) -> PaymentPage:
        """A page, the newest first; ``after``: the ``next_after`` of the page before."""
        _require(actor)
        wanted = _wanted(query)
        rows_of_view = (
            select(Payment, Receivable.number, Receivable.buyer_name, _WAY)
            .join(Receivable, col(Receivable.invoice_id) == col(Payment.invoice_id))
            .where(*wanted, _of_view(query.view), *_beyond(after))
            .order_by(col(Payment.received_on).desc(), col(Payment.id).desc())
            .limit(limit + 1)
        )
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(rows_of_view).all()
            totals = _totals(session, wanted)
            currency = session.get_one(Workshop, actor.workshop_id).currency
        lines = tuple(_line(*row) for row in rows[:limit])
        more = f"{lines[-1].received_on.isoformat()}_{lines[-1].id}" if len(rows) > limit else None
        return PaymentPage(lines, totals, currency, more)

    def open_payment(self, actor: Actor, payment_id: UUID) -> PaymentSheet:
        """One payment. Raises NotFound payment_unknown."""
        _require(actor)
        query = (
            select(Payment, Receivable, _WAY)
            .join(Receivable, col(Receivable.invoice_id) == col(Payment.invoice_id))
            .where(Payment.id == payment_id)
        )
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query).first()
            if found is None:
                raise NotFound("payment_unknown")
            row, owed, way = found
            request = _request_of(session, row)
            by_hand = row.kind == PAYMENT and not row.provider and owed.state != CANCELLED
            can_undo = by_hand and not _is_undone(session, row)
        left = request.amount_cents - request.refunded_cents if request and request.state == PAID else 0
        return PaymentSheet(
            line=_line(row, owed.number, owed.buyer_name, way),
            customer_id=owed.customer_id,
            order_id=owed.order_id,
            reference=row.reference,
            by=row.by,
            fee_cents=row.fee_cents,
            request=request_view(request, self._public_url) if request else None,
            can_refund_cents=left if self._provider and row.kind == PAYMENT else 0,
            can_undo=can_undo,
            url=self._provider.page_of(request.intent_id) if self._provider and request else "",
        )


def _require(actor: Actor) -> None:
    actor.require_any("payments.manage", "accounting.read")


def _wanted(query: PaymentQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [col(Payment.kind).in_(MONEY)]
    if query.since is not None:
        wanted.append(col(Payment.received_on) >= query.since)
    if text := query.search.strip().lower()[:80]:
        columns = (Receivable.number, Receivable.buyer_name, Payment.reference)
        wanted.append(or_(*(func.lower(column).contains(text, autoescape=True) for column in columns)))
    return wanted


def _of_view(view: str) -> ColumnElement[bool]:
    if view == BACK:
        return col(Payment.kind).in_(_WENT_BACK)
    return view == _WAY if view in VIEWS and view != ALL else col(Payment.kind).in_(MONEY)


def _beyond(after: str | None) -> Sequence[ColumnElement[bool]]:
    """Rows below the last one of the page before; a cursor nobody gave starts anew."""
    day, _, name = (after or "").partition("_")
    try:
        mark = (date.fromisoformat(day), UUID(name))
    except ValueError:
        return ()
    return (tuple_(col(Payment.received_on), col(Payment.id)) < tuple_(*mark),)


def _totals(session: Session, wanted: Sequence[ColumnElement[bool]]) -> Mapping[str, WayTotal]:
    went_back = col(Payment.kind).in_(_WENT_BACK)
    query: Any = (
        select(_WAY, went_back, func.count(), func.sum(col(Payment.amount_cents)))
        .join(Receivable, col(Receivable.invoice_id) == col(Payment.invoice_id))
        .where(and_(*wanted))
        .group_by(_WAY, went_back)
    )
    counts, sums = dict.fromkeys(VIEWS, 0), dict.fromkeys(VIEWS, 0)
    for way, back, count, cents in session.exec(query):
        for view in (ALL, way, *([BACK] if back else [])):
            counts[view] += count
            sums[view] += int(cents)
    return {view: WayTotal(counts[view], sums[view]) for view in VIEWS}


def _request_of(session: Session, row: Payment) -> PaymentRequest | None:
    if row.provider != PROVIDER:
        return None
    names = (col(name) == row.provider_id for name in (PaymentRequest.intent_id, PaymentRequest.checkout_id))
    paid = session.exec(select(PaymentRequest).where(or_(*names))).first()
    if paid is not None or row.kind == PAYMENT:
        return paid
    # What went back carries the refund's or dispute's own name
    settled = select(PaymentRequest).where(
        PaymentRequest.invoice_id == row.invoice_id, PaymentRequest.charge_id != ""
    )
    return session.exec(settled.order_by(col(PaymentRequest.id).desc())).first()


def _is_undone(session: Session, row: Payment) -> bool:
    counter = select(Payment.id).where(Payment.provider_id == f"{UNDONE}{row.id}")
    return session.exec(counter).first() is not None


def _line(row: Payment, number: str, buyer_name: str, way: str) -> PaymentLineView:
    return PaymentLineView(
        id=row.id,
        invoice_id=row.invoice_id,
        number=number,
        buyer_name=buyer_name,
        kind=row.kind,
        way=way,
        method=row.method,
        amount_cents=row.amount_cents,
        currency=row.currency,
        received_on=row.received_on,
    )
