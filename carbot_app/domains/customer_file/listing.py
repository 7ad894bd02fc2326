"""Finding customers: by name, phone, mail or plate, in three orders."""

from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_
from sqlmodel import Session, col, select

from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.customer_file.worth import worth_by_customer
from carbot_app.domains.customers.models import Customer, Vehicle

SORTS = ("recent", "name", "worth")
_MAX_WORDS = 5


def find_page(session: Session, *, search: str, sort: str, offset: int, limit: int) -> tuple[list[Any], int]:
    """Rows of (customer, last contact, visits, cents) and how many there are in all."""
    worth = worth_by_customer()
    talks, visits = _latest_of(Conversation, "last_message_at"), _latest_of(Appointment, "created_at")
    since = col(Customer.created_at)
    last = _later(func.coalesce(talks.c.at, since), func.coalesce(visits.c.at, since))
    cents = func.coalesce(worth.c.done + worth.c.booked, 0)
    lives = col(Customer.merged_into_id).is_(None)
    conditions = [lives, *(_matches(word) for word in _words(search))]
    query: Any = (
        select(Customer, last.label("last"), func.coalesce(worth.c.visits, 0), cents)
        .outerjoin(talks, talks.c.customer_id == Customer.id)
        .outerjoin(visits, visits.c.customer_id == Customer.id)
        .outerjoin(worth, worth.c.customer_id == Customer.id)
        .where(*conditions)
    )
    name = func.lower(Customer.name)
    order = {"name": (case((name == "", 1), else_=0), name), "worth": (cents.desc(),)}
    query = query.order_by(*order.get(sort, (last.desc(),)), col(Customer.id).desc())
    total = session.exec(select(func.count(col(Customer.id))).where(*conditions)).one()
    return list(session.execute(query.offset(offset).limit(limit))), total


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


def _latest_of(table: Any, column: str) -> Any:
    query: Any = select(table.customer_id, func.max(getattr(table, column)).label("at"))
    return query.where(col(table.customer_id).is_not(None)).group_by(table.customer_id).subquery()


def _later(first: Any, second: Any) -> Any:
    # Scalar max() is SQLite's alone, greatest() PostgreSQL's
    return case((first > second, first), else_=second)
