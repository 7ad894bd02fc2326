"""Tasks: made by automations, worked off on Heute and beside the thread."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.tasks.models import Task
from carbot_app.domains.tasks.schemas import TaskView
from carbot_app.domains.team.models import Person
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound

TITLE_LIMIT = 200
AT_ONCE = 100
"""Tasks a list shows, and reminders one run of the job rings."""


class TaskService:
    """Reads need ``inbox.read``, changes ``leads.manage``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def list_open(self, actor: Actor) -> list[TaskView]:
        """The actor's tasks and those of nobody, the most urgent first."""
        actor.require("inbox.read")
        mine = or_(col(Task.assignee_id).is_(None), col(Task.assignee_id) == actor.subject_id)
        with self._db.reading(actor.workshop_id) as session:
            return self._list(session, mine)

    def list_for_thread(self, actor: Actor, conversation_id: UUID) -> list[TaskView]:
        """Open tasks of a conversation, whoever has them."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return self._list(session, Task.conversation_id == conversation_id)

    def mark_done(self, actor: Actor, task_id: UUID) -> TaskView:
        """It is done; again, nothing changes. Raises NotFound."""
        return self._set_done(actor, task_id, done=True)

    def reopen(self, actor: Actor, task_id: UUID) -> TaskView:
        """It was not done after all. Raises NotFound."""
        return self._set_done(actor, task_id, done=False)

    def remind_due(self) -> int:
        """Announce tasks that are due and want to ring, each once; returns how many."""
        now = self._clock()
        due = select(Task).where(
            Task.remind,
            col(Task.reminded_at).is_(None),
            col(Task.done_at).is_(None),
            Task.due_at <= now,
        )
        with self._db.reading(SYSTEM) as session:  # an idle look must not take SQLite's write lock
            if session.exec(due.limit(1)).first() is None:
                return 0
        with self._db.writing(SYSTEM) as session:
            rows = session.exec(due.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
            for row in rows:
                row.reminded_at = now
                emit(
                    session,
                    row.workshop_id,
                    "task.due",
                    task_id=row.id,
                    conversation_id=row.conversation_id,
                )
        return len(rows)

    def _set_done(self, actor: Actor, task_id: UUID, *, done: bool) -> TaskView:
        actor.require("leads.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(Task).where(Task.id == task_id)).first()
            if row is None:
                raise NotFound("task_unknown")
            row.done_at = (row.done_at or self._clock()) if done else None
            announce(session, row)
            session.flush()
            return self._describe(session, row)

    def _list(self, session: Session, condition: object) -> list[TaskView]:
        query = select(Task).where(col(Task.done_at).is_(None), condition)  # pyright: ignore[reportArgumentType]
        rows = session.exec(query.order_by(col(Task.due_at), col(Task.id)).limit(AT_ONCE))
        return [self._describe(session, row) for row in rows]

    def _describe(self, session: Session, row: Task) -> TaskView:
        assignee = session.get(Person, row.assignee_id) if row.assignee_id else None
        customer = session.get(Customer, row.customer_id) if row.customer_id else None
        return TaskView(
            id=row.id,
            title=row.title,
            due_at=row.due_at,
            overdue=row.due_at < self._clock(),
            assignee_id=row.assignee_id,
            assignee_name=assignee.name if assignee else "",
            customer_name=customer.name if customer else "",
            conversation_id=row.conversation_id,
            made_by=row.made_by,
            done=row.done_at is not None,
        )


def add_task(
    session: Session,
    *,
    workshop_id: UUID,
    title: str,
    due_at: datetime,
    assignee_id: UUID | None,
    remind: bool,
    conversation_id: UUID | None,
    customer_id: UUID | None,
    made_by: str,
    now: datetime,
) -> Task:
    """Write down a task inside the caller's transaction."""
    row = Task(
        workshop_id=workshop_id,
        title=title[:TITLE_LIMIT],
        due_at=due_at,
        assignee_id=assignee_id,
        remind=remind,
        conversation_id=conversation_id,
        customer_id=customer_id,
        made_by=made_by[:120],
        created_at=now,
    )
    session.add(row)
    announce(session, row)
    return row


def announce(session: Session, row: Task) -> None:
    """Emit that a task was made, done or reopened."""
    emit(session, row.workshop_id, "task.changed", task_id=row.id, conversation_id=row.conversation_id)
