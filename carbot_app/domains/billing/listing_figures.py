"""The figures over the list of invoices: what is late, owed, came in and is to come."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, inspect, select
from sqlmodel import Session

from carbot_app.domains.billing.listing_schemas import InvoiceFigures
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.billing.receivables import MONEY, OPEN, PARTIAL

EXPECTED_DAYS = 14
MONTHS = 12
AGES = (("week", 7), ("month", 30), ("quarter", 90))
"""Name → most days late; what is older is ``older``, what is not due yet ``not_due``."""
_R = inspect(Receivable).local_table
_P = inspect(Payment).local_table
_LEFT = _R.c.due_cents - _R.c.settled_cents


def head_figures(session: Session, workshop_id: UUID, today: date, currency: str) -> InvoiceFigures:
    """What the head of the page tells."""
    due = _owed_by_day(session, workshop_id)
    late = {day: each for day, each in due.items() if day < today}
    months = _income_by_month(session, workshop_id, today)
    before = _first_of_month(today, 1)
    same_day = min(before + timedelta(days=today.day - 1), today.replace(day=1) - timedelta(days=1))
    coming = [today + timedelta(days=ahead) for ahead in range(EXPECTED_DAYS)]
    return InvoiceFigures(
        today=today,
        currency=currency,
        overdue_count=sum(many for many, _ in late.values()),
        overdue_cents=sum(cents for _, cents in late.values()),
        oldest_days=(today - min(late)).days if late else 0,
        open_count=sum(many for many, _ in due.values()),
        open_cents=sum(cents for _, cents in due.values()),
        income_cents=months[-1][1],
        income_before_cents=_income(session, workshop_id, before, same_day),
        expected=tuple((day, due.get(day, (0, 0))[1]) for day in coming),
        ages=sort_by_age({day: cents for day, (_, cents) in due.items()}, today),
        months=months,
    )


def sort_by_age(owed: Mapping[date, int], today: date) -> dict[str, int]:
    """What falls due by day → the same by how late it is."""
    ages = dict.fromkeys(("not_due", *(name for name, _ in AGES), "older"), 0)
    for day, cents in owed.items():
        late = (today - day).days
        name = "not_due" if late <= 0 else next((name for name, most in AGES if late <= most), "older")
        ages[name] += cents
    return ages


def _owed_by_day(session: Session, workshop_id: UUID) -> dict[date, tuple[int, int]]:
    query = (
        select(_R.c.due_on, func.count(), func.sum(_LEFT))
        .where(_R.c.workshop_id == workshop_id, _R.c.state.in_((OPEN, PARTIAL)))
        .group_by(_R.c.due_on)
    )
    return {day: (many, int(cents)) for day, many, cents in session.connection().execute(query)}


def _income_by_month(session: Session, workshop_id: UUID, today: date) -> tuple[tuple[date, int], ...]:
    first = _first_of_month(today, MONTHS - 1)
    months = {_first_of_month(today, back): 0 for back in reversed(range(MONTHS))}
    by_day = (
        select(_P.c.received_on, func.sum(_P.c.amount_cents))
        .where(*_received(workshop_id, first, today))
        .group_by(_P.c.received_on)
    )
    for day, cents in session.connection().execute(by_day):
        months[day.replace(day=1)] += int(cents)
    return tuple(months.items())


def _income(session: Session, workshop_id: UUID, first: date, last: date) -> int:
    query = select(func.coalesce(func.sum(_P.c.amount_cents), 0))
    return int(session.connection().execute(query.where(*_received(workshop_id, first, last))).scalar_one())


def _received(workshop_id: UUID, first: date, last: date) -> list[Any]:
    ours = _P.c.workshop_id == workshop_id
    return [ours, _P.c.received_on.between(first, last), _P.c.kind.in_(MONEY)]


def _first_of_month(day: date, back: int) -> date:
    month = day.year * 12 + day.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)
