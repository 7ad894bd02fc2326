"""Reads that the list, the thread and the desk share, inside their transactions."""

from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.domains.booking.availability import get_workshop, opening_rules
from carbot_app.domains.conversations.desk_schemas import Colleague
from carbot_app.domains.conversations.response_clock import ResponseClock
from carbot_app.domains.team.models import Membership, Person
from carbot_app.domains.team.roles import PERMISSIONS

_ANSWERING = tuple(role for role, granted in PERMISSIONS.items() if "inbox.reply" in granted)


def response_clock(session: Session, workshop_id: UUID) -> ResponseClock:
    """The workshop's clock for waiting customers."""
    return ResponseClock(opening_rules(session, get_workshop(session, workshop_id)))


def colleagues(session: Session, workshop_id: UUID) -> tuple[Colleague, ...]:
    """Who may answer customers of the workshop, by name."""
    query = (
        select(Person.id, Person.name)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.workshop_id == workshop_id, Membership.active, col(Membership.role).in_(_ANSWERING))
        .order_by(col(Person.name))
    )
    return tuple(Colleague(*row) for row in session.exec(query))
