"""Signing in, sessions and passwords.

Hashing takes a quarter of a second and never happens inside a transaction: SQLite has one writer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.team.contacts import address_key
from carbot_app.domains.team.links import (
    RESET_LIFETIME,
    PasswordLinks,
    count_links_since,
    get_usable_link,
    use_up_links,
)
from carbot_app.domains.team.models import LoginSession, Membership, Person
from carbot_app.domains.team.onboarding import clean_sign_up, create_workshop
from carbot_app.domains.team.passwords import MAX_LENGTH, check_password
from carbot_app.domains.team.ports import MailQueue, PasswordHasher, WorkshopSetup
from carbot_app.domains.team.schemas import LoginSessionView, SignedIn, SignUp
from carbot_app.domains.team.sessions import (
    TOUCH_INTERVAL,
    SessionRules,
    end_sessions,
    find_membership,
    find_session,
    list_living,
    open_session,
    open_to,
    person_actor,
    require_person,
    session_view,
)
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Unauthenticated
from carbot_app.kit.ids import fingerprint

MAX_FAILURES = 5
LOCKOUT = timedelta(minutes=15)
MAX_LINKS_PER_HOUR = 3


class IdentityService:
    """Who is it, and are they still signed in?"""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        settings: Settings,
        hasher: PasswordHasher,
        mails: MailQueue,
        setups: Sequence[WorkshopSetup] = (),
    ) -> None:
        self._db = db
        self._clock = clock
        self._hasher = hasher
        self._setups = tuple(setups)
        self._signup_open = settings.signup_open
        self._links = PasswordLinks(mails=mails, public_url=settings.effective_public_url)
        self._rules = SessionRules(
            absolute=timedelta(hours=settings.session_hours),
            idle=timedelta(minutes=settings.session_idle_minutes),
        )

    def sign_up(self, wish: SignUp, *, user_agent: str = "") -> SignedIn:
        """Create a workshop with catalogue, hours and resources, and its owner, and sign the owner in.

        Raises:
            Forbidden: ``signup_closed``. Invalid: a field or the password. Conflict: ``email_taken``.
        """
        if not self._signup_open:
            raise Forbidden("signup_closed")
        wish = clean_sign_up(wish)
        check_password(wish.password, email=wish.email)
        password_hash = self._hasher.hash(wish.password)
        try:
            with self._db.writing(SYSTEM) as session:
                workshop, person, membership = create_workshop(session, wish, password_hash)
                for setup in self._setups:
                    setup.prepare(session, workshop)
                now = self._clock()
                return open_session(session, person, membership, now=now, rules=self._rules, agent=user_agent)
        except IntegrityError:
            raise Conflict from None

    def sign_in(self, email: str, password: str, *, user_agent: str = "") -> SignedIn:
        """Open a session in the workshop the person used last, at first the one they joined first.

        After five failures in a row the account is locked for 15 minutes, for the right password too. Unknown
        address, wrong password and locked account look and take the same from outside.

        Raises:
            Unauthenticated: ``sign_in_failed``.
        """
        with self._db.reading(SYSTEM) as session:
            by_email = select(Person).where(Person.email == address_key(email))
            person = session.exec(by_email).first()
        matches = self._matches(person, password)
        if person is None:
            raise Unauthenticated("sign_in_failed")
        fresh_hash = self._refreshed_hash(person, password) if matches else None
        with self._db.writing(SYSTEM) as session:
            row = session.get_one(Person, person.id, with_for_update=True)
            matches = matches and row.password_hash == person.password_hash
            signed_in = self._settle(session, row, matches, fresh_hash, user_agent)
        if signed_in is None:
            raise Unauthenticated("sign_in_failed")
        return signed_in

    def resolve_session(self, token: str, *, touch: bool = True) -> tuple[Actor, LoginSessionView] | None:
        """The person behind a cookie; None when it is forged, revoked, idle or expired.

        ``touch`` False only looks: an open tab alone does not keep a session alive.
        """
        now = self._clock()
        with self._db.reading(SYSTEM) as session:
            found = find_session(session, token, now=now, rules=self._rules)
        if found is None:
            return None
        row, person, membership = found
        if touch and now - row.last_seen_at >= TOUCH_INTERVAL:
            with self._db.writing(SYSTEM) as session:
                seen = update(LoginSession).where(col(LoginSession.id) == row.id).values(last_seen_at=now)
                session.execute(seen)
            row.last_seen_at = now
        return person_actor(person, membership), session_view(row, current=True)

    def switch_workshop(self, token: str, workshop_id: UUID, *, user_agent: str = "") -> SignedIn:
        """Go on in another workshop of the same person; the new session expires when the old one would have.

        The token changes, so pages and sockets that are still open on the old workshop act in none.

        Raises:
            Unauthenticated: no living session. NotFound: ``workshop_unknown``, also for one that exists and
                where the person has no access.
        """
        now = self._clock()
        with self._db.writing(SYSTEM) as session:
            found = find_session(session, token, now=now, rules=self._rules)
            if found is None:
                raise Unauthenticated
            row, person, _ = found
            there = select(Membership).where(*open_to(person.id), Membership.workshop_id == workshop_id)
            membership = session.exec(there).first()
            if membership is None:
                raise NotFound("workshop_unknown")
            row.revoked_at = now
            return open_session(
                session,
                person,
                membership,
                now=now,
                rules=self._rules,
                agent=user_agent,
                expires_at=row.expires_at,
            )

    def sign_out(self, token: str) -> None:
        """End the session of a cookie; an unknown one is fine."""
        with self._db.writing(SYSTEM) as session:
            session.execute(
                update(LoginSession)
                .where(
                    col(LoginSession.token_fingerprint) == fingerprint(token),
                    col(LoginSession.revoked_at).is_(None),
                )
                .values(revoked_at=self._clock())
            )

    def list_sessions(self, actor: Actor, *, current_token: str) -> list[LoginSessionView]:
        """The actor's own signed-in browsers, last used first."""
        person_id = require_person(actor)
        with self._db.reading(SYSTEM) as session:
            rows = list_living(session, person_id, now=self._clock(), rules=self._rules)
        current = fingerprint(current_token)
        return [session_view(row, current=row.token_fingerprint == current) for row in rows]

    def revoke_session(self, actor: Actor, session_id: UUID) -> None:
        """End one of the actor's own sessions.

        Raises:
            NotFound: unknown, or somebody else's.
        """
        person_id = require_person(actor)
        with self._db.writing(SYSTEM) as session:
            row = session.get(LoginSession, session_id)
            if row is None or row.person_id != person_id:
                raise NotFound
            row.revoked_at = row.revoked_at or self._clock()

    def request_password_reset(self, email: str, *, language: str) -> None:
        """Mail a link that works once within an hour; says nothing about whether the address is known."""
        now = self._clock()
        with self._db.writing(SYSTEM) as session:
            person = session.exec(select(Person).where(Person.email == address_key(email))).first()
            membership = find_membership(session, person.id) if person else None
            if person is None or membership is None or _asked_too_often(session, person.id, now):
                return
            self._links.mail_reset(
                session, person, workshop_id=membership.workshop_id, language=language, now=now
            )

    def reset_password(self, token: str, new_password: str, *, user_agent: str = "") -> SignedIn:
        """Set the password through a reset or invitation link, end all sessions and open a new one.

        Raises:
            NotFound: ``link_unknown``. Gone: ``link_over`` when used or too old. Invalid: the password.
        """
        with self._db.reading(SYSTEM) as session:
            person = session.get_one(Person, get_usable_link(session, token, now=self._clock()).person_id)
        check_password(new_password, email=person.email)
        password_hash = self._hasher.hash(new_password)
        now = self._clock()
        with self._db.writing(SYSTEM) as session:
            person = session.get_one(Person, person.id, with_for_update=True)
            get_usable_link(session, token, now=now)
            membership = find_membership(session, person.id)
            if membership is None:
                raise Gone("link_over")
            use_up_links(session, person.id, now=now)
            end_sessions(session, person.id, now=now)
            person.password_hash = password_hash
            person.failed_sign_ins, person.locked_until = 0, None
            return open_session(session, person, membership, now=now, rules=self._rules, agent=user_agent)

    def change_password(self, actor: Actor, old: str, new: str, *, current_token: str = "") -> None:
        """Replace the actor's password and end their other sessions (all, without ``current_token``).

        Raises:
            Invalid: ``password_wrong`` (field ``old``; counts towards the lock-out) or the new password.
        """
        person_id = require_person(actor)
        with self._db.reading(SYSTEM) as session:
            person = session.get_one(Person, person_id)
        check_password(new, email=person.email)
        matches = self._matches(person, old)
        password_hash = self._hasher.hash(new) if matches else ""
        now = self._clock()
        with self._db.writing(SYSTEM) as session:
            row = session.get_one(Person, person_id, with_for_update=True)
            accepted = self._count(row, matches and row.password_hash == person.password_hash)
            if accepted:
                row.password_hash = password_hash
                use_up_links(session, person_id, now=now)
                end_sessions(session, person_id, now=now, except_token=current_token)
        if not accepted:
            raise Invalid("password_wrong", field="old")

    def _matches(self, person: Person | None, password: str) -> bool:
        stored = person.password_hash if person else ""
        return self._hasher.verify(stored, password[: MAX_LENGTH + 1])

    def _refreshed_hash(self, person: Person, password: str) -> str | None:
        outdated = self._hasher.is_outdated(person.password_hash)
        return self._hasher.hash(password) if outdated else None

    def _settle(
        self, session: Session, person: Person, matches: bool, fresh_hash: str | None, agent: str
    ) -> SignedIn | None:
        membership = find_membership(session, person.id)
        if not self._count(person, matches) or membership is None:
            return None
        person.password_hash = fresh_hash or person.password_hash
        return open_session(session, person, membership, now=self._clock(), rules=self._rules, agent=agent)

    def _count(self, person: Person, matches: bool) -> bool:
        """Book the attempt on the locked row; True when it is accepted."""
        now = self._clock()
        if person.locked_until and person.locked_until > now:
            return False
        if matches:
            person.failed_sign_ins, person.locked_until = 0, None
            return True
        person.failed_sign_ins += 1
        if person.failed_sign_ins >= MAX_FAILURES:
            person.failed_sign_ins, person.locked_until = 0, now + LOCKOUT
        return False


def _asked_too_often(session: Session, person_id: UUID, now: datetime) -> bool:
    return count_links_since(session, person_id, now - RESET_LIFETIME) >= MAX_LINKS_PER_HOUR
