"""Doing what an automation says, one action at a time; ``plan`` says what would happen and does nothing."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from carbot_app.db.outbox import emit
from carbot_app.domains.automations import vocabulary as words
from carbot_app.domains.automations.facts import Scene
from carbot_app.domains.automations.models import AutomationRun
from carbot_app.domains.automations.replies import compose, fill, find_way
from carbot_app.domains.automations.schemas import Action, Outcome
from carbot_app.domains.conversations.desk import assign_thread, label_thread
from carbot_app.domains.conversations.desk_models import Label
from carbot_app.domains.conversations.threads import lock_conversation
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.tasks.service import add_task
from carbot_app.domains.team.models import Membership
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import AppError

log = structlog.get_logger()

DONE, QUEUED, SKIPPED, FAILED = "done", "queued", "skipped", "failed"
NO_THREAD, PERSON_GONE, LABEL_GONE = "no_thread", "person_gone", "label_gone"


@dataclass(frozen=True, slots=True)
class ActionHands:
    """Plans and carries out actions inside the caller's transaction."""

    clock: Clock
    messaging: MessagingService
    public_url: str

    def plan(self, session: Session, scene: Scene, action: Action) -> Outcome:
        """What carrying it out would come to; nothing is written."""
        if action.kind == words.REPLY:
            way = find_way(session, scene, action, self.messaging)
            return _skipped(action, way.obstacle) if way.obstacle else _queued(action, way.channel)
        if action.person_id and not _works_here(session, scene, action):
            return _skipped(action, PERSON_GONE)
        if action.kind in {words.ASSIGN, words.LABEL} and scene.conversation is None:
            return _skipped(action, NO_THREAD)
        if action.kind == words.LABEL and not _label_exists(session, action):
            return _skipped(action, LABEL_GONE)
        if action.kind in {words.PUSH, words.WEBHOOK}:
            return _queued(action, action.url)
        return Outcome(action.kind, DONE)

    def carry_out(
        self, session: Session, scene: Scene, action: Action, run: AutomationRun, position: int, name: str
    ) -> Outcome:
        """Do it; an action that fails takes back what it wrote and lets the others go on."""
        planned = self.plan(session, scene, action)
        if planned.state == SKIPPED:
            return planned
        try:
            with session.begin_nested():
                self._do(session, scene, action, run, position, name)
        except AppError as error:
            return Outcome(action.kind, FAILED, error.code)
        except SQLAlchemyError as error:
            log.warning("automation.action_failed", kind=action.kind, error=type(error).__name__)
            return Outcome(action.kind, FAILED, type(error).__name__)
        return planned

    def _do(
        self, session: Session, scene: Scene, action: Action, run: AutomationRun, position: int, name: str
    ) -> None:
        workshop_id = scene.workshop.id
        person_id = UUID(action.person_id) if action.person_id else None
        thread_id = scene.conversation.id if scene.conversation else None
        if action.kind == words.REPLY:
            way = find_way(session, scene, action, self.messaging)
            key = f"automation:{run.id}:{position}"
            message = compose(session, scene, action, way, public_url=self.public_url, dedupe_key=key)
            self.messaging.queue(session, workshop_id, message)
        elif action.kind in {words.TASK, words.REMINDER}:
            now = self.clock()
            add_task(
                session,
                workshop_id=workshop_id,
                title=fill(action.text, scene),
                due_at=now + timedelta(hours=action.hours),
                assignee_id=person_id,
                remind=action.kind == words.REMINDER,
                conversation_id=thread_id,
                customer_id=scene.customer.id if scene.customer else None,
                made_by=name,
                now=now,
            )
        elif action.kind == words.ASSIGN:
            assert person_id, "checked when it was saved"
            assert thread_id, "planned"
            assign_thread(session, lock_conversation(session, thread_id), person_id)
        elif action.kind == words.LABEL:
            assert thread_id, "planned"
            label_thread(session, lock_conversation(session, thread_id), UUID(action.label_id))
        elif action.kind == words.PUSH:
            emit(
                session,
                workshop_id,
                "automation.push",
                conversation_id=thread_id,
                person_id=person_id,
                text=action.text,
                urgent=action.urgent,
            )
        elif action.kind == words.WEBHOOK:
            emit(session, workshop_id, "automation.webhook", run_id=run.id, position=position, url=action.url)


def _works_here(session: Session, scene: Scene, action: Action) -> bool:
    query = select(Membership.id).where(
        Membership.workshop_id == scene.workshop.id,
        Membership.person_id == UUID(action.person_id),
        Membership.active,
    )
    return session.exec(query).first() is not None


def _label_exists(session: Session, action: Action) -> bool:
    return session.exec(select(Label.id).where(Label.id == UUID(action.label_id))).first() is not None


def _skipped(action: Action, why: str) -> Outcome:
    return Outcome(action.kind, SKIPPED, why)


def _queued(action: Action, where: str) -> Outcome:
    return Outcome(action.kind, QUEUED, where)
