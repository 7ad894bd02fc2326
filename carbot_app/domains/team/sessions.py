"""Login sessions: opening, finding and ending them inside a transaction of the platform's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, func, select

from carbot_app.domains.team.models import LoginSession, Membership, Person
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.domains.team.schemas import LoginSessionView, SignedIn
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Unauthenticated
from carbot_app.kit.ids import fingerprint, new_secret
from carbot_app.kit.text import single_line

TOUCH_INTERVAL = timedelta(minutes=1)
_USER_AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long a session lasts at most, and unused."""

    absolute: timedelta
    idle: timedelta


def person_actor(person: Person, membership: Membership) -> Actor:
    """The person acting in the workshop of the membership."""
    return Actor(
        kind="person",
        workshop_id=membership.workshop_id,
        subject_id=person.id,
        name=person.name,
        role=membership.role,
        language=person.language,
        permissions=PERMISSIONS[membership.role],
    )


def find_membership(session: Session, person_id: UUID) -> Membership | None:
    """What a sign-in opens: the membership used last, else the oldest, else an open invitation."""
    last_seen = (
        select(func.max(LoginSession.last_seen_at))
        .where(
            LoginSession.person_id == Membership.person_id,
            LoginSession.workshop_id == Membership.workshop_id,
        )
        .scalar_subquery()
    )
    order = (col(Membership.active).desc(), last_seen.desc().nulls_last(), col(Membership.id))
    return session.exec(select(Membership).where(*open_to(person_id)).order_by(*order).limit(1)).first()


def open_to(person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Conditions of the memberships a person can act in, or could accept."""
    mine = col(Membership.person_id) == person_id
    return mine, or_(col(Membership.active), col(Membership.invited_as) != "")


def open_session(
    session: Session,
    person: Person,
    membership: Membership,
    *,
    now: datetime,
    rules: SessionRules,
    agent: str,
    expires_at: datetime | None = None,
) -> SignedIn:
    """Add a session and return its token, which is stored nowhere; an open invitation is accepted by it."""
    token = new_secret()
    expires_at = expires_at or now + rules.absolute
    membership.active, membership.invited_as = True, ""
    session.add(
        LoginSession(
            person_id=person.id,
            workshop_id=membership.workshop_id,
            token_fingerprint=fingerprint(token),
            user_agent=single_line(agent[:_USER_AGENT_LENGTH], field="user_agent", limit=_USER_AGENT_LENGTH),
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
        )
    )
    return SignedIn(token, person_actor(person, membership), expires_at)


def find_session(
    session: Session, token: str, *, now: datetime, rules: SessionRules
) -> tuple[LoginSession, Person, Membership] | None:
    """The living session of a token with its person; None when ended, unknown or the person left."""
    living = (
        select(LoginSession, Person, Membership)
        .join(Person, col(Person.id) == col(LoginSession.person_id))
        .join(
            Membership,
            (col(Membership.person_id) == col(LoginSession.person_id))
            & (col(Membership.workshop_id) == col(LoginSession.workshop_id)),
        )
        .where(LoginSession.token_fingerprint == fingerprint(token), col(Membership.active))
        .where(*_alive(now, rules))
    )
    found = session.exec(living).first()
    return (found[0], found[1], found[2]) if found else None


def list_living(
    session: Session, person_id: UUID, *, now: datetime, rules: SessionRules
) -> Sequence[LoginSession]:
    """Living sessions of a person, last used first."""
    mine = select(LoginSession).where(LoginSession.person_id == person_id, *_alive(now, rules))
    return session.exec(mine.order_by(col(LoginSession.last_seen_at).desc())).all()


def end_sessions(session: Session, person_id: UUID, *, now: datetime, except_token: str = "") -> None:
    """Revoke all sessions of a person, except the one of the given token."""
    kept = fingerprint(except_token) if except_token else ""
    session.execute(
        update(LoginSession)
        .where(
            col(LoginSession.person_id) == person_id,
            col(LoginSession.revoked_at).is_(None),
            col(LoginSession.token_fingerprint) != kept,
        )
        .values(revoked_at=now)
    )


def session_view(row: LoginSession, *, current: bool) -> LoginSessionView:
    """Row to view."""
    return LoginSessionView(row.id, row.user_agent, row.created_at, row.last_seen_at, row.expires_at, current)


def require_person(actor: Actor) -> UUID:
    """The id of the acting person; keys, customers and the system have no sessions or passwords."""
    if actor.kind != "person" or actor.subject_id is None:
        raise Unauthenticated
    return actor.subject_id


def _alive(now: datetime, rules: SessionRules) -> tuple:
    return (
        col(LoginSession.revoked_at).is_(None),
        col(LoginSession.expires_at) > now,
        col(LoginSession.last_seen_at) > now - rules.idle,
    )
