"""What customers bring. Invoices will answer this once there are any; callers need not change."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, case, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import CANCELLED, DONE, NO_SHOW
from carbot_app.domains.customer_file.schemas import Worth

_PRICE = (col(Appointment.price_min_cents) + col(Appointment.price_max_cents)) / 2
"""The middle of a price range."""
_STATE = col(Appointment.state)


def worth_of(session: Session, customer_ids: Collection[UUID]) -> dict[UUID, Worth]:
    """Customer → worth, inside the caller's transaction; who never booked is missing."""
    query = _figures().where(col(Appointment.customer_id).in_(customer_ids))
    return {
        row.customer_id: Worth(int(row.done), int(row.booked), row.visits, row.missed)
        for row in session.execute(query)
    }


def worth_by_customer() -> Subquery:
    """One row per customer: ``done`` and ``booked`` in cents, ``visits`` and ``missed``."""
    return _figures().subquery("worth")


def _figures() -> Any:
    lives = _STATE.not_in((DONE, CANCELLED, NO_SHOW))
    query: Any = sa_select(
        col(Appointment.customer_id),
        _total(_STATE == DONE, _PRICE).label("done"),
        _total(lives, _PRICE).label("booked"),
        _total(_STATE == DONE, 1).label("visits"),
        _total(_STATE == NO_SHOW, 1).label("missed"),
    )
    return query.group_by(Appointment.customer_id)


def _total(condition: Any, amount: Any) -> Any:
    return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)
