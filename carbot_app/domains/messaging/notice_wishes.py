"""How each person wants to be told: ways per kind, digest, and who is rung when nobody answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.session import Database
from carbot_app.domains.messaging.models import DigestTerms, EscalationTerms, NoticePreference
from carbot_app.domains.messaging.notice_kinds import DEFAULTS, KINDS, SOUNDING, Ways
from carbot_app.domains.team.models import Membership, Person
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Invalid

LONGEST_WAIT = 8 * 60
"""Minutes."""
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
WAYS = ("push", "mail", "sound")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Wishes of everybody in a workshop."""

    stored: Mapping[tuple[UUID, str], Ways]

    def of(self, person_id: UUID, kind: str) -> Ways:
        """A person's ways for a kind; kinds nobody can choose are always pushed."""
        return self.stored.get((person_id, kind)) or DEFAULTS.get(kind, Ways())


@dataclass(frozen=True, slots=True)
class NoticeWishes:
    """What one person has chosen."""

    ways: Mapping[str, Ways]
    digest_at: str
    """``07:30`` or empty: none."""


@dataclass(frozen=True, slots=True)
class EscalationView:
    """Of the whole workshop."""

    minutes: int
    """0: never."""
    person_id: UUID | None
    people: tuple[tuple[UUID, str], ...]
    """Who can be rung first."""


class NoticeService:
    """One's own wishes need ``inbox.read``, the workshop's escalation ``settings.manage``."""

    def __init__(self, *, db: Database) -> None:
        self._db = db

    def get_wishes(self, actor: Actor) -> NoticeWishes:
        """The signed-in person's."""
        person_id = _person(actor)
        with self._db.reading(actor.workshop_id) as session:
            wishes = read_wishes(session)
            digest = session.exec(select(DigestTerms).where(DigestTerms.person_id == person_id)).first()
        ways = {kind: wishes.of(person_id, kind) for kind in KINDS}
        return NoticeWishes(ways, digest.send_at if digest else "")

    def set_way(self, actor: Actor, kind: str, way: str, on: bool) -> None:
        """Turn one way of one kind on or off. Raises Invalid ``notice_kind_unknown``."""
        person_id = _person(actor)
        if kind not in KINDS or way not in WAYS:
            raise Invalid("notice_kind_unknown", field="kind")
        query = select(NoticePreference).where(
            NoticePreference.person_id == person_id, NoticePreference.kind == kind
        )
        first = DEFAULTS[kind]
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(query).first() or NoticePreference(
                workshop_id=actor.workshop_id,
                person_id=person_id,
                kind=kind,
                push=first.push,
                mail=first.mail,
                sound=first.sound,
            )
            setattr(row, way, on)
            session.add(row)

    def set_digest(self, actor: Actor, send_at: str) -> None:
        """Once a day at ``07:30``, or never when empty. Raises Invalid ``digest_time_invalid``."""
        person_id = _person(actor)
        if send_at and not _CLOCK.fullmatch(send_at):
            raise Invalid("digest_time_invalid", field="digest_at")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(DigestTerms).where(DigestTerms.person_id == person_id)).first()
            row = row or DigestTerms(workshop_id=actor.workshop_id, person_id=person_id)
            row.send_at = send_at
            session.add(row)

    def list_sounds(self, actor: Actor) -> list[str]:
        """Live hints at which the open app makes a sound."""
        wishes = self.get_wishes(actor)
        return [event for kind in KINDS if wishes.ways[kind].sound for event in SOUNDING[kind]]

    def get_escalation(self, actor: Actor) -> EscalationView:
        """When somebody else is rung."""
        actor.require("settings.manage")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(EscalationTerms)).first()
            people = tuple((person.id, person.name) for person in _readers(session))
        return EscalationView(row.minutes if row else 0, row.person_id if row else None, people)

    def set_escalation(self, actor: Actor, *, minutes: int, person_id: UUID | None) -> None:
        """Ring ``person_id``, then everybody. Raises Invalid ``escalation_minutes_invalid``, or
        ``automation_person_missing`` for somebody who does not read the inbox here."""
        actor.require("settings.manage")
        if not 0 <= minutes <= LONGEST_WAIT:
            raise Invalid("escalation_minutes_invalid", field="minutes", limit=LONGEST_WAIT)
        with self._db.writing(actor.workshop_id) as session:
            if person_id and person_id not in {person.id for person in _readers(session)}:
                raise Invalid("automation_person_missing", field="person")
            row = session.exec(select(EscalationTerms)).first()
            row = row or EscalationTerms(workshop_id=actor.workshop_id)
            row.minutes, row.person_id = minutes, person_id
            session.add(row)


def read_wishes(session: Session) -> Wishes:
    """Everybody's, inside another use case of the workshop."""
    rows = session.exec(select(NoticePreference))
    return Wishes({(row.person_id, row.kind): Ways(row.push, row.mail, row.sound) for row in rows})


def _readers(session: Session) -> list[Person]:
    query = (
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)  # pyright: ignore[reportArgumentType]
        .where(Membership.active)
        .order_by(Person.name)
    )
    return [
        person for person, membership in session.exec(query) if "inbox.read" in PERMISSIONS[membership.role]
    ]


def _person(actor: Actor) -> UUID:
    actor.require("inbox.read")
    if actor.subject_id is None:
        raise Invalid("push_needs_person")
    return actor.subject_id
