"""What staff does with threads besides answering: done, whose, labels, out of the way for a while."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.desk_models import Label, ThreadDraft, ThreadLabel, ThreadNote
from carbot_app.domains.conversations.desk_reading import colleagues, response_clock
from carbot_app.domains.conversations.desk_schemas import Colleague, NoteView, ThreadDesk, ThreadMark
from carbot_app.domains.conversations.inbox_list import labels_of
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.response_clock import ResponseClock
from carbot_app.domains.conversations.threads import announce, close_thread, lock_conversation
from carbot_app.domains.team.models import Person
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound

MOST_AT_ONCE = 200
LONGEST_SNOOZE = timedelta(days=366)
Marks = tuple[ThreadMark, ...]


class DeskService:
    """Use cases on one or many threads; each returns how they were before, for ``restore``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def get_desk(self, actor: Actor, conversation_id: UUID) -> ThreadDesk:
        """What staff keeps beside a thread; NotFound when it is not this workshop's."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            thread = session.exec(select(Conversation).where(Conversation.id == conversation_id)).first()
            if thread is None:
                raise NotFound("conversation_not_found")
            person = session.get(Person, thread.assigned_to) if thread.assigned_to else None
            labels = labels_of(session, actor.workshop_id, [thread.id])
            return ThreadDesk(
                assigned_to=thread.assigned_to,
                assigned_name=person.name if person else "",
                snoozed_until=thread.snoozed_until,
                waiting_since=thread.waiting_since if thread.state == "open" else None,
                labels=labels.get(thread.id, ()),
                notes=_notes(session, thread.id),
                draft=_draft(session, thread.id, actor.subject_id),
                clock=response_clock(session, actor.workshop_id),
            )

    def get_clock(self, actor: Actor) -> ResponseClock:
        """When the workshop is open, for waiting customers and for what is put away."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return response_clock(session, actor.workshop_id)

    def list_colleagues(self, actor: Actor) -> tuple[Colleague, ...]:
        """Who may answer customers, by name."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return colleagues(session, actor.workshop_id)

    def finish(self, actor: Actor, conversation_ids: Sequence[UUID]) -> Marks:
        """Nobody has to do anything any more, until the customer writes."""

        def change(session: Session, thread: Conversation) -> None:
            close_thread(thread)
            announce(session, thread, reason="state")

        return self._change(actor, conversation_ids, change)

    def assign(self, actor: Actor, conversation_ids: Sequence[UUID], person_id: UUID | None) -> Marks:
        """Somebody sees to them from now on, or nobody; who answers does not change.

        Raises:
            NotFound: ``colleague_unknown``.
        """

        def change(session: Session, thread: Conversation) -> None:
            if person_id and all(known.id != person_id for known in colleagues(session, actor.workshop_id)):
                raise NotFound("colleague_unknown")
            assign_thread(session, thread, person_id, by=actor.subject_id)

        return self._change(actor, conversation_ids, change)

    def label(
        self, actor: Actor, conversation_ids: Sequence[UUID], label_id: UUID, *, on: bool = True
    ) -> Marks:
        """Put a label on them or take it off; doing it twice is fine.

        Raises:
            NotFound: ``label_unknown``.
        """

        def change(session: Session, thread: Conversation) -> None:
            label_thread(session, thread, label_id, on=on)

        return self._change(actor, conversation_ids, change)

    def snooze(self, actor: Actor, conversation_ids: Sequence[UUID], until: datetime | None) -> Marks:
        """Out of the way until then or until the customer writes; None: back at once.

        Raises:
            Invalid: ``snooze_invalid`` when the instant is past or more than a year ahead.
        """
        now = self._clock()
        if until is not None and not now < until <= now + LONGEST_SNOOZE:
            raise Invalid("snooze_invalid", field="until")

        def change(session: Session, thread: Conversation) -> None:
            thread.snoozed_until = until
            _tell(session, thread, "snoozed", until=until.isoformat() if until else None)

        return self._change(actor, conversation_ids, change)

    def restore(self, actor: Actor, marks: Marks) -> None:
        """Make threads what they were before a change."""
        before = {mark.conversation_id: mark for mark in marks}

        def change(session: Session, thread: Conversation) -> None:
            mark = before[thread.id]
            thread.state, thread.assigned_to = mark.state, mark.assigned_to
            thread.snoozed_until, thread.waiting_since = mark.snoozed_until, mark.waiting_since
            known = set(session.exec(select(Label.id)))
            _set_labels(session, thread, known & set(mark.label_ids))
            announce(session, thread, reason="state")

        self._change(actor, list(before), change)

    def wake_due(self) -> int:
        """Bring back what was snoozed until now; returns how many threads."""
        due = select(Conversation).where(col(Conversation.snoozed_until) <= self._clock())
        with self._db.reading(SYSTEM) as session:
            if session.exec(due.limit(1)).first() is None:
                return 0
        with self._db.writing(SYSTEM) as session:
            threads = session.exec(due.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
            for thread in threads:
                thread.snoozed_until = None
                announce(session, thread, reason="state")
            return len(threads)

    def _change(
        self,
        actor: Actor,
        conversation_ids: Sequence[UUID],
        change: Callable[[Session, Conversation], None],
    ) -> Marks:
        actor.require("inbox.reply")
        wanted = sorted(set(conversation_ids))
        if len(wanted) > MOST_AT_ONCE:
            raise Invalid("too_many_threads", limit=MOST_AT_ONCE)
        marks = []
        with self._db.writing(actor.workshop_id) as session:
            for conversation_id in wanted:
                thread = lock_conversation(session, conversation_id)
                marks.append(_mark(session, thread))
                change(session, thread)
        return tuple(marks)


def _mark(session: Session, thread: Conversation) -> ThreadMark:
    return ThreadMark(
        conversation_id=thread.id,
        state=thread.state,
        assigned_to=thread.assigned_to,
        snoozed_until=thread.snoozed_until,
        waiting_since=thread.waiting_since,
        label_ids=_label_ids(session, thread.id),
    )


def assign_thread(
    session: Session, thread: Conversation, person_id: UUID | None, *, by: UUID | None = None
) -> None:
    """Somebody sees to a locked thread from now on, or nobody; ``by`` None: no person decided it."""
    thread.assigned_to = person_id
    _tell(session, thread, "assigned", person_id=person_id, by=by)


def label_thread(session: Session, thread: Conversation, label_id: UUID, *, on: bool = True) -> None:
    """Put a label on a locked thread or take it off. Raises NotFound ``label_unknown``."""
    if session.exec(select(Label.id).where(Label.id == label_id)).first() is None:
        raise NotFound("label_unknown")
    labels = set(_label_ids(session, thread.id))
    _set_labels(session, thread, labels | {label_id} if on else labels - {label_id})
    _tell(session, thread, "labelled", label_id=label_id, on=on)


def _tell(session: Session, thread: Conversation, what: str, **payload: object) -> None:
    known = {"conversation_id": thread.id, "seq": thread.last_seq, **payload}
    emit(session, thread.workshop_id, f"conversation.{what}", **known)


def _label_ids(session: Session, conversation_id: UUID) -> tuple[UUID, ...]:
    query = select(ThreadLabel.label_id).where(ThreadLabel.conversation_id == conversation_id)
    return tuple(session.exec(query))


def _set_labels(session: Session, thread: Conversation, wanted: set[UUID]) -> None:
    rows = session.exec(select(ThreadLabel).where(ThreadLabel.conversation_id == thread.id)).all()
    for row in rows:
        if row.label_id not in wanted:
            session.delete(row)
    for label_id in sorted(wanted - {row.label_id for row in rows}):
        session.add(ThreadLabel(workshop_id=thread.workshop_id, conversation_id=thread.id, label_id=label_id))


def _notes(session: Session, conversation_id: UUID) -> tuple[NoteView, ...]:
    query = select(ThreadNote).where(ThreadNote.conversation_id == conversation_id)
    rows = session.exec(query.order_by(col(ThreadNote.created_at), col(ThreadNote.id)))
    return tuple(describe_note(row) for row in rows)


def describe_note(row: ThreadNote) -> NoteView:
    """The view of a note."""
    return NoteView(
        id=row.id,
        author_id=row.author_id,
        author_name=row.author_name,
        text=row.text,
        mentions=tuple(UUID(person) for person in row.mentions),
        created_at=row.created_at,
    )


def _draft(session: Session, conversation_id: UUID, person_id: UUID | None) -> str:
    query = select(ThreadDraft.text).where(
        ThreadDraft.conversation_id == conversation_id, ThreadDraft.person_id == person_id
    )
    return session.exec(query).first() or ""
