"""Numbers and addresses known to be a customer's; functions for the session of another use case.

What somebody types may be anybody's. Only a verified contact point says who a message is from.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.db.session import wait_for_turn
from carbot_app.domains.customers.models import ContactPoint, Customer
from carbot_app.kit.errors import Conflict

PHONE = "phone"
EMAIL = "email"
WROTE_FROM = "wrote_from"
STAFF = "staff"
RESEMBLING = 5
"""Customers that are offered as perhaps the same."""


def kind_of(address: str) -> str:
    """Whether an address is a phone number or an e-mail address."""
    return EMAIL if "@" in address else PHONE


def wait_for_address(session: Session, workshop_id: UUID, address: str) -> None:
    """Whoever writes from an address is looked up by one at a time, so that nobody is made twice."""
    wait_for_turn(session, f"customer:{workshop_id}:{address}")


def find_verified(session: Session, workshop_id: UUID, address: str) -> Customer | None:
    """Whose verified number or address it is."""
    query = (
        select(Customer)
        .join(ContactPoint, col(ContactPoint.customer_id) == Customer.id)
        .where(
            ContactPoint.workshop_id == workshop_id,
            ContactPoint.kind == kind_of(address),
            ContactPoint.value == address,
            col(ContactPoint.verified_at).is_not(None),
        )
    )
    return session.exec(query).first()


def verify(session: Session, customer: Customer, address: str, *, by: str, now: datetime) -> None:
    """Note that an address is the customer's; it fills an empty field of the record.

    Raises Conflict contact_of_another when it is verified as somebody else's.
    """
    known = find_verified(session, customer.workshop_id, address)
    if known is not None and known.id != customer.id:
        raise Conflict("contact_of_another")
    if known is None:
        kind = kind_of(address)
        mine = select(ContactPoint).where(
            ContactPoint.customer_id == customer.id, ContactPoint.kind == kind, ContactPoint.value == address
        )
        point = session.exec(mine).first() or ContactPoint(
            workshop_id=customer.workshop_id, customer_id=customer.id, kind=kind, value=address
        )
        point.verified_at, point.verified_by = now, by
        session.add(point)
    _fill_in(customer, address)
    session.flush()


def _fill_in(customer: Customer, address: str) -> None:
    if kind_of(address) == EMAIL:
        customer.email = customer.email or address
    else:
        customer.phone = customer.phone or address


def find_or_open(
    session: Session,
    workshop_id: UUID,
    address: str,
    *,
    name: str,
    language: Callable[[], str],
    now: datetime,
) -> Customer:
    """Whoever is known to write from an address, else a new customer who is known by it from now on.

    A customer who merely typed the address stays a customer of their own: see ``list_resembling``.
    ``language`` is asked for a new customer only.
    """
    wait_for_address(session, workshop_id, address)
    known = find_verified(session, workshop_id, address)
    if known is None:
        known = Customer(workshop_id=workshop_id, language=language())
        _fill_in(known, address)
        session.add(known)
        session.flush()
        session.add(
            ContactPoint(
                workshop_id=workshop_id,
                customer_id=known.id,
                kind=kind_of(address),
                value=address,
                verified_at=now,
                verified_by=WROTE_FROM,
            )
        )
    known.name = known.name or name
    return known


def addresses_of(session: Session, customer: Customer) -> tuple[str, ...]:
    """Verified numbers and addresses, the oldest first."""
    query = select(ContactPoint.value).where(
        ContactPoint.customer_id == customer.id, col(ContactPoint.verified_at).is_not(None)
    )
    return tuple(session.exec(query.order_by(col(ContactPoint.id))))


def list_resembling(session: Session, customer: Customer) -> Sequence[Customer]:
    """Customers with the same number or address, who may be the same person or not."""
    own = {*addresses_of(session, customer), customer.phone, customer.email} - {""}
    if not own:
        return ()
    verified = select(ContactPoint.customer_id).where(
        ContactPoint.workshop_id == customer.workshop_id,
        col(ContactPoint.value).in_(sorted(own)),
        col(ContactPoint.verified_at).is_not(None),
    )
    query = select(Customer).where(
        Customer.workshop_id == customer.workshop_id,
        Customer.id != customer.id,
        col(Customer.merged_into_id).is_(None),
        or_(
            col(Customer.phone).in_(sorted(own)),
            col(Customer.email).in_(sorted(own)),
            col(Customer.id).in_(verified),
        ),
    )
    return session.exec(query.order_by(col(Customer.id)).limit(RESEMBLING)).all()
