"""The workshop, its public face and the people who work in it."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.config import Settings
from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.team.contacts import parse_email
from carbot_app.domains.team.links import PasswordLinks
from carbot_app.domains.team.models import LoginSession, Membership, Person, Workshop
from carbot_app.domains.team.online_booking import BINDING, MODES, require_imprint
from carbot_app.domains.team.ports import MailQueue
from carbot_app.domains.team.roles import OWNER, PERMISSIONS, ROLES
from carbot_app.domains.team.schemas import MemberView, WorkshopSettings, WorkshopView
from carbot_app.domains.team.sessions import require_person
from carbot_app.domains.team.slugs import SLUG
from carbot_app.domains.team.workshop_rules import COUNTRIES, clean_settings, workshop_view
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.kit.text import single_line

PUBLIC_CACHE = timedelta(seconds=5)
_PUBLIC_PERMISSIONS = frozenset({"public.chat", "public.book"})
_ALL_PERMISSIONS = _PUBLIC_PERMISSIONS.union(*PERMISSIONS.values())
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class TeamService:
    """Settings of the workshop, members and roles."""

    def __init__(self, *, db: Database, clock: Clock, settings: Settings, mails: MailQueue) -> None:
        self._db = db
        self._clock = clock
        self._links = PasswordLinks(mails=mails, public_url=settings.effective_public_url)
        self._public: dict[str, tuple[datetime, WorkshopView]] = {}

    def get_workshop(self, actor: Actor) -> WorkshopView:
        """The actor's own workshop."""
        with self._db.reading(actor.workshop_id) as session:
            return workshop_view(session.get_one(Workshop, actor.workshop_id))

    def update_workshop(self, actor: Actor, settings: WorkshopSettings) -> WorkshopView:
        """Store the settings; time zone and currency follow the country.

        Raises:
            Forbidden: without ``settings.manage``. Invalid: naming the field.
        """
        actor.require("settings.manage")
        settings = clean_settings(settings)
        with self._db.writing(actor.workshop_id) as session:
            row = session.get_one(Workshop, actor.workshop_id)
            if row.online_booking == BINDING:
                require_imprint(settings, actor.language)
            for name in WorkshopSettings.__slots__:
                setattr(row, name, getattr(settings, name))
            row.timezone, row.currency = COUNTRIES[settings.country]
            emit(session, row.id, "workshop.changed")
        self._public.pop(row.slug, None)
        return workshop_view(row)

    def set_online_booking(self, actor: Actor, mode: str) -> WorkshopView:
        """Let the booking page end with a free request, or with an order that owes payment (``binding``).

        Raises:
            Forbidden: without ``settings.manage``. Invalid: ``online_booking_unknown``, or
            ``imprint_incomplete`` naming what is ``missing``.
        """
        actor.require("settings.manage")
        if mode not in MODES:
            raise Invalid("online_booking_unknown", field="online_booking")
        with self._db.writing(actor.workshop_id) as session:
            row = session.get_one(Workshop, actor.workshop_id)
            if mode == BINDING:
                require_imprint(row, actor.language)
                row.binding_since = row.binding_since or self._clock()
            row.online_booking = mode
            emit(session, row.id, "workshop.changed")
        self._public.pop(row.slug, None)
        return workshop_view(row)

    def find_public_workshop(self, slug: str) -> WorkshopView | None:
        """The workshop at a public address; at most five seconds old."""
        if not SLUG.fullmatch(slug):
            return None
        recent = self.find_recent(slug)
        if recent is not None:
            return recent
        now = self._clock()
        with self._db.reading(SYSTEM) as session:
            row = session.exec(select(Workshop).where(Workshop.slug == slug)).first()
        if row is None:
            self._public.pop(slug, None)
            return None
        view = workshop_view(row)
        self._public[slug] = (now + PUBLIC_CACHE, view)
        return view

    def find_recent(self, slug: str) -> WorkshopView | None:
        """A workshop looked up in the last five seconds; asks no database and never blocks."""
        until, view = self._public.get(slug, (None, None))
        return view if until and until > self._clock() else None

    def get_public_workshop(self, slug: str) -> WorkshopView:
        """Like ``find_public_workshop``.

        Raises:
            NotFound: ``workshop_unknown``.
        """
        view = self.find_public_workshop(slug)
        if view is None:
            raise NotFound("workshop_unknown")
        return view

    def list_public_slugs(self) -> list[str]:
        """Addresses of all workshops, for search engines."""
        with self._db.reading(SYSTEM) as session:
            return list(session.exec(select(Workshop.slug).order_by(Workshop.slug)))

    def public_actor(
        self, workshop: WorkshopView, *, language: str, conversation_id: UUID | None = None
    ) -> Actor:
        """A customer of the workshop, in their conversation if there is one."""
        return Actor(
            kind="customer",
            workshop_id=workshop.id,
            subject_id=conversation_id,
            language=language if language in LANGUAGES else DEFAULT_LANGUAGE,
            permissions=_PUBLIC_PERMISSIONS,
        )

    def system_actor(self, workshop_id: UUID) -> Actor:
        """CarBot itself, for jobs; may do everything inside the workshop."""
        return Actor(kind="system", workshop_id=workshop_id, name="CarBot", permissions=_ALL_PERMISSIONS)

    def list_members(self, actor: Actor) -> list[MemberView]:
        """Everybody who works or worked here, by name.

        Raises:
            Forbidden: without ``team.manage``.
        """
        actor.require("team.manage")
        with self._db.reading(SYSTEM) as session:
            return _member_views(session, actor.workshop_id)

    def invite_member(self, actor: Actor, *, name: str, email: str, role: str) -> MemberView:
        """Add somebody and mail them a link to choose a password (7 days); a second call sends a new link.

        Who has an account from another workshop is asked to sign in instead and belongs to the team once they
        have come here: nobody else may make their phone ring. Until then they are called as typed.

        Raises:
            Forbidden: without ``team.manage``, or ``team.owners`` for an owner. Invalid: a field.
            Conflict: ``member_exists``.
        """
        self._require_role_change(actor, role)
        name = single_line(name, field="name", limit=120, required=True)
        email = parse_email(email)
        with self._db.writing(SYSTEM) as session:
            workshop = session.get_one(Workshop, actor.workshop_id)
            person = self._invited_person(
                session, actor, name=name, email=email, role=role, language=workshop.language
            )
            told = {"workshop_id": workshop.id, "workshop": workshop.name, "inviter": actor.name}
            if person.password_hash:
                self._links.mail_membership(session, person, **told)
            else:
                self._links.mail_invitation(session, person, **told, now=self._clock())
            session.flush()
            return _member_views(session, actor.workshop_id, person.id)[0]

    def change_member(
        self, actor: Actor, person_id: UUID, *, role: str | None = None, active: bool | None = None
    ) -> MemberView:
        """Change somebody's role or end (or renew) their access, effective at once.

        Raises:
            Forbidden: without ``team.manage``, or ``team.owners`` where an owner is concerned.
            NotFound: not of this workshop. Conflict: ``last_owner``, or ``member_invited`` for letting in
                who has not accepted yet; ending their access takes the invitation back.
        """
        self._require_role_change(actor, role)
        with self._db.writing(SYSTEM) as session:
            # Locking all owners in one order keeps two owners from removing each other at the same moment.
            of_workshop = select(Membership).where(Membership.workshop_id == actor.workshop_id)
            owners = of_workshop.where(Membership.role == OWNER, col(Membership.active))
            owner_ids = {
                row.person_id for row in session.exec(owners.order_by(col(Membership.id)).with_for_update())
            }
            member = session.exec(of_workshop.where(Membership.person_id == person_id)).first()
            if member is None:
                raise NotFound
            if member.role == OWNER:
                actor.require("team.owners")
            if member.invited_as and active is not None:
                return _take_back(session, member, active=active)
            member.role = role or member.role
            member.active = member.active if active is None else active
            if owner_ids == {person_id} and (member.role != OWNER or not member.active):
                raise Conflict("last_owner")
            session.flush()
            return _member_views(session, actor.workshop_id, person_id)[0]

    def get_profile(self, actor: Actor) -> MemberView:
        """The acting person as a member of the workshop."""
        person_id = require_person(actor)
        with self._db.reading(SYSTEM) as session:
            return _member_views(session, actor.workshop_id, person_id)[0]

    def update_profile(
        self,
        actor: Actor,
        *,
        name: str,
        language: str,
        push_quiet_from: str,
        push_quiet_to: str,
        push_hot_always: bool,
    ) -> MemberView:
        """Change how the actor is called, addressed and woken; quiet hours as ``22:00`` or both empty.

        Raises:
            Invalid: naming the field.
        """
        person_id = require_person(actor)
        name = single_line(name, field="name", limit=120, required=True)
        if language not in LANGUAGES:
            raise Invalid("language_unknown", field="language")
        _check_quiet_hours(push_quiet_from, push_quiet_to)
        with self._db.writing(SYSTEM) as session:
            person = session.get_one(Person, person_id)
            person.name, person.language = name, language
            mine = select(Membership).where(
                Membership.workshop_id == actor.workshop_id, Membership.person_id == person_id
            )
            member = session.exec(mine).one()
            member.push_quiet_from, member.push_quiet_to = push_quiet_from, push_quiet_to
            member.push_hot_always = push_hot_always
            session.flush()
            return _member_views(session, actor.workshop_id, person_id)[0]

    def _require_role_change(self, actor: Actor, role: str | None) -> None:
        actor.require("team.manage")
        if role is not None and role not in ROLES:
            raise Invalid("role_unknown", field="role")
        if role == OWNER:
            actor.require("team.owners")

    def _invited_person(
        self, session: Session, actor: Actor, *, name: str, email: str, role: str, language: str
    ) -> Person:
        person = session.exec(select(Person).where(Person.email == email)).first()
        if person is None:
            person = Person(email=email, name=name, language=language)
            session.add(person)
            session.flush()
            session.add(Membership(workshop_id=actor.workshop_id, person_id=person.id, role=role))
            return person
        of_person = select(Membership).where(Membership.person_id == person.id)
        member = session.exec(of_person.where(Membership.workshop_id == actor.workshop_id)).first()
        if member is None:
            member = Membership(workshop_id=actor.workshop_id, person_id=person.id, role=role, active=False)
            member.invited_as = name
            session.add(member)
            return person
        if not member.invited_as and (person.password_hash or not member.active):
            raise Conflict("member_exists", field="email")
        if member.role == OWNER:
            actor.require("team.owners")
        member.role = role
        if member.invited_as:
            member.invited_as = name
        else:
            person.name = name
        return person


def _take_back(session: Session, member: Membership, *, active: bool) -> MemberView:
    if active:
        raise Conflict("member_invited")
    view = _member_views(session, member.workshop_id, member.person_id)[0]
    session.delete(member)
    return view


def _member_views(session: Session, workshop_id: UUID, person_id: UUID | None = None) -> list[MemberView]:
    last_seen = (
        select(func.max(LoginSession.last_seen_at))
        .where(LoginSession.person_id == Person.id, LoginSession.workshop_id == workshop_id)
        .scalar_subquery()
    )
    members = (
        select(Person, Membership, last_seen)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.workshop_id == workshop_id)
        .order_by(func.lower(Person.name), col(Person.id))
    )
    if person_id:
        members = members.where(Person.id == person_id)
    return [_member_view(person, member, seen) for person, member, seen in session.exec(members)]


def _member_view(person: Person, member: Membership, last_seen_at: datetime | None) -> MemberView:
    return MemberView(
        person_id=person.id,
        name=member.invited_as or person.name,
        email=person.email,
        role=member.role,
        active=member.active,
        language=person.language,
        push_quiet_from=member.push_quiet_from,
        push_quiet_to=member.push_quiet_to,
        push_hot_always=member.push_hot_always,
        last_seen_at=last_seen_at,
        invited=member.invited_as != "",
    )


def _check_quiet_hours(start: str, end: str) -> None:
    for field, value in (("push_quiet_from", start), ("push_quiet_to", end)):
        if not _TIME_OF_DAY.fullmatch(value) and (start or end):
            raise Invalid("time_invalid", field=field)
