"""Finding customers: by name, phone, mail or plate, in three orders."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_
from sqlmodel import Session, col, select

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customer_file.worth import worth_by_customer
from carbot_app.domains.customers.models import Customer, Vehicle

_MAX_WORDS = 5
_CONTACTS: tuple[tuple[Any, Any], ...] = (
    (Conversation, col(Conversation.last_message_at)),
    (Appointment, col(Appointment.created_at)),
)


def find_page(
    session: Session, *, search: str, sort: str, offset: int, limit: int
) -> tuple[list[Customer], int]:
    """Customers of the page, and how many there are in all."""
    lives = col(Customer.merged_into_id).is_(None)
    conditions = [lives, *(_matches(word) for word in _words(search))]
    query = _ORDERS[sort](select(Customer).where(*conditions)).order_by(col(Customer.id).desc())
    total = session.exec(select(func.count(col(Customer.id))).where(*conditions)).one()
    return list(session.exec(query.offset(offset).limit(limit))), total


def last_contact_of(session: Session, customers: list[Customer]) -> dict[UUID, datetime]:
    """Customer → when they were last in touch: the last message, booking, or the day they became known."""
    last = {customer.id: customer.created_at for customer in customers}
    for table, column in _CONTACTS:
        query: Any = select(table.customer_id, func.max(column)).where(col(table.customer_id).in_(last))
        for customer_id, at in session.exec(query.group_by(table.customer_id)):
            last[customer_id] = max(last[customer_id], at)
    return last


def _by_name(query: Any) -> Any:
    return query.order_by(case((col(Customer.name) == "", 1), else_=0), func.lower(Customer.name))


def _by_contact(query: Any) -> Any:
    since = last = col(Customer.created_at)
    for table, column in _CONTACTS:
        # Looked up one by one in an index: summing up everybody's would cost the same for three as for all
        latest: Any = select(func.max(column)).where(table.customer_id == Customer.id)
        last = _later(last, func.coalesce(latest.correlate(Customer).scalar_subquery(), since))
    return query.order_by(last.desc())


def _by_worth(query: Any) -> Any:
    worth = worth_by_customer()
    query = query.outerjoin(worth, worth.c.customer_id == Customer.id)
    return query.order_by(func.coalesce(worth.c.done + worth.c.booked, 0).desc())


def cars_of(session: Session, customer_ids: list[UUID]) -> dict[UUID, list[Vehicle]]:
    """Customer → cars, the oldest record first."""
    found: dict[UUID, list[Vehicle]] = {}
    query = select(Vehicle).where(col(Vehicle.customer_id).in_(customer_ids)).order_by(col(Vehicle.id))
    for car in session.exec(query):
        if car.customer_id is not None:
            found.setdefault(car.customer_id, []).append(car)
    return found


def _words(search: str) -> list[str]:
    """A name word by word; what has digits is one number or plate, spaces and all."""
    text = search.strip()[:80]
    if any(sign.isdigit() for sign in text):
        return [text]
    return text.split()[:_MAX_WORDS]


def _matches(word: str) -> Any:
    bare = "".join(sign for sign in word if sign.isalnum())
    digits = "".join(sign for sign in word if sign.isdigit()).lstrip("0")
    ways = [
        col(Customer.name).icontains(word, autoescape=True),
        col(Customer.email).icontains(word, autoescape=True),
    ]
    if len(digits) > 2 and len(digits) >= len(bare) - 2:
        ways.append(col(Customer.phone).contains(digits, autoescape=True))
    if bare:
        plate = func.replace(func.replace(Vehicle.plate, "-", ""), " ", "")
        owners = select(Vehicle.customer_id).where(plate.icontains(bare, autoescape=True))
        ways.append(col(Customer.id).in_(owners))
    return or_(*ways)


def _later(first: Any, second: Any) -> Any:
    # Scalar max() is SQLite's alone, greatest() PostgreSQL's
    return case((first > second, first), else_=second)


_ORDERS: dict[str, Callable[[Any], Any]] = {"recent": _by_contact, "name": _by_name, "worth": _by_worth}
SORTS = tuple(_ORDERS)
