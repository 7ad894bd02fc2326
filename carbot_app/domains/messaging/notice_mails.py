"""Mails to the team: one per event for those who want it, and once a day what waits."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.calls.models import Callback
from carbot_app.domains.conversations.inbox_list import count_threads, list_rows
from carbot_app.domains.messaging.models import DigestTerms
from carbot_app.domains.messaging.notice_kinds import kind_of, may_concern_team
from carbot_app.domains.messaging.notice_wishes import read_wishes
from carbot_app.domains.messaging.notices import read_notice
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.domains.team.roles import PERMISSIONS
from carbot_app.kit.clock import Clock
from carbot_app.kit.i18n import translate

NAMED = 8
"""Conversations a digest names."""


class NoticeMails:
    """An outbox consumer and a clock job."""

    def __init__(self, *, db: Database, clock: Clock, messaging: MessagingService, public_url: str) -> None:
        self._db = db
        self._clock = clock
        self._messaging = messaging
        self._public_url = public_url

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: mail whoever wants to be told that way, each once per event."""
        if not may_concern_team(delivery.kind):
            return
        with self._db.reading(delivery.workshop_id) as session:
            wishes = read_wishes(session)
            wanted = {
                person_id
                for person_id, kind in wishes.stored
                if kind == kind_of(delivery.kind) and wishes.of(person_id, kind).mail
            }
            notice = read_notice(session, delivery, self._clock()) if wanted else None
        if notice is None:
            return
        with self._db.writing(delivery.workshop_id) as session:
            for person in _people(session, delivery.workshop_id):
                if person.id not in wanted or (notice.only and person.id not in notice.only):
                    continue
                language = person.language
                self._messaging.queue_mail(
                    session,
                    workshop_id=delivery.workshop_id,
                    kind="notice",
                    to_address=person.email,
                    subject=notice.title_in(language),
                    text=f"{notice.text_in(language)}\n\n{self._public_url}{notice.address}",
                    dedupe_key=f"notice:{delivery.id}:{person.id}",
                    language=language,
                )

    def send_digests(self) -> int:
        """Queue the digests that are due today; returns how many people's turn it was."""
        query = select(DigestTerms).where(DigestTerms.send_at != "")
        with self._db.reading(SYSTEM) as session:
            rows = session.exec(query).all()
        return sum(self._send_digest(row.workshop_id, row.id) for row in rows)

    def _send_digest(self, workshop_id: UUID, terms_id: UUID) -> int:
        with self._db.reading(workshop_id) as session:
            if self._due_on(session, workshop_id, terms_id) is None:
                return 0
        with self._db.writing(workshop_id) as session:
            wait_for_turn(session, f"digest {terms_id}")
            today = self._due_on(session, workshop_id, terms_id)
            if today is None:
                return 0
            terms = session.get_one(DigestTerms, terms_id)
            terms.sent_on = today
            person = next((one for one in _people(session, workshop_id) if one.id == terms.person_id), None)
            text = _what_waits(session, workshop_id, person, self._public_url) if person else ""
            if person and text:
                self._messaging.queue_mail(
                    session,
                    workshop_id=workshop_id,
                    kind="digest",
                    to_address=person.email,
                    subject=translate(person.language, "push.digest.subject"),
                    text=text,
                    dedupe_key=f"digest:{person.id}:{today.isoformat()}",
                    language=person.language,
                )
        return 1

    def _due_on(self, session: Session, workshop_id: UUID, terms_id: UUID) -> date | None:
        terms = session.get(DigestTerms, terms_id, populate_existing=True)
        workshop = session.get_one(Workshop, workshop_id)
        local = self._clock().astimezone(ZoneInfo(workshop.timezone))
        if terms is None or not terms.send_at or terms.sent_on == local.date():
            return None
        return local.date() if f"{local:%H:%M}" >= terms.send_at else None


def _people(session: Session, workshop_id: UUID) -> list[Person]:
    query = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.workshop_id == workshop_id, Membership.active)
        .order_by(col(Person.id))
    )
    found = session.exec(query).all()
    return [person for person, member in found if "inbox.read" in PERMISSIONS[member.role]]


def _what_waits(session: Session, workshop_id: UUID, person: Person, public_url: str) -> str:
    """The mail's text; empty when nothing waits."""
    language = person.language
    counts = count_threads(session, workshop_id, person.id)
    open_calls = select(func.count(col(Callback.id))).where(Callback.state == "open")
    open_tasks = select(func.count(col(Task.id))).where(
        col(Task.done_at).is_(None), (col(Task.assignee_id).is_(None)) | (Task.assignee_id == person.id)
    )
    figures = {
        "waiting": counts.waiting,
        "calls": session.exec(open_calls).one(),
        "tasks": session.exec(open_tasks).one(),
    }
    if not any(figures.values()):
        return ""
    lines = [
        translate(language, f"push.digest.{name}", count=count) for name, count in figures.items() if count
    ]
    rows, _ = list_rows(session, workshop_id, person.id, view="waiting", search="", before=None, limit=NAMED)
    unknown = translate(language, "push.unknown_customer")
    named = [
        f"{row.customer_name or unknown}: {row.preview}\n{public_url}/posteingang/?c={row.conversation_id}"
        for row in rows
    ]
    intro = translate(language, "push.digest.intro", name=person.name)
    return "\n\n".join([intro, "\n".join(lines), *named, f"{public_url}/heute/"])
