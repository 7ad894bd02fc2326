"""Acts on outbox events, at once or when their time has come; each occurrence once."""

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import Session, col, func, select

from carbot_app.db.outbox import CHAIN, emit
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.automations import actions as hands
from carbot_app.domains.automations.actions import ActionHands
from carbot_app.domains.automations.definitions import actions_of, conditions_of
from carbot_app.domains.automations.facts import Scene, facts_of, read_scene
from carbot_app.domains.automations.loop_guard import verdict
from carbot_app.domains.automations.models import Automation, AutomationDeadline, AutomationRun
from carbot_app.domains.automations.occasions import Occasion, read_occasions, still_holds
from carbot_app.domains.automations.rules import matches
from carbot_app.domains.automations.vocabulary import EVENT_KINDS, TRIGGERS
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock

log = structlog.get_logger()

DONE, FAILED, STOPPED = "done", "failed", "stopped"
AT_ONCE = 100
"""Deadlines one run of the job looks at."""
AGAIN_AFTER = timedelta(minutes=5)
GIVE_UP_AFTER = 5


class AutomationRunner:
    """An outbox consumer and a clock job. They may run in any number of processes."""

    def __init__(self, *, db: Database, clock: Clock, hands: ActionHands) -> None:
        self._db = db
        self._clock = clock
        self._hands = hands

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: run, or note for later, every automation the event sets off."""
        if delivery.kind not in EVENT_KINDS:
            return
        triggers = [name for name, trigger in TRIGGERS.items() if delivery.kind in trigger.kinds]
        waiting = select(Automation).where(
            Automation.enabled,
            col(Automation.trigger).in_(triggers),
            col(Automation.enabled_since) <= delivery.created_at,
        )
        with self._db.reading(delivery.workshop_id) as session:
            found = session.exec(waiting.order_by(col(Automation.id))).all()
            occasions = read_occasions(session, delivery, {row.trigger for row in found}) if found else []
        by_trigger = {occasion.trigger: occasion for occasion in occasions}
        for row in found:
            if (occasion := by_trigger.get(row.trigger)) is None:
                continue
            if row.delay_minutes:
                self._postpone(row, occasion)
            else:
                self._act(row, occasion)

    def run_due(self) -> int:
        """Look again at what has waited long enough; returns how many occurrences."""
        due = select(AutomationDeadline).where(AutomationDeadline.due_at <= self._clock())
        with self._db.reading(SYSTEM) as session:
            rows = session.exec(due.order_by(col(AutomationDeadline.due_at)).limit(AT_ONCE)).all()
        for row in rows:
            try:
                self._finish(row)
            except Exception as error:  # one broken occurrence must not hold up the others
                log.warning("automation.deadline_failed", error=type(error).__name__)
                self._try_later(row)
        return len(rows)

    def _postpone(self, row: Automation, occasion: Occasion) -> None:
        due_at = occasion.at + timedelta(minutes=row.delay_minutes)
        with self._db.writing(row.workshop_id) as session:
            wait_for_turn(session, f"automation {row.id}")
            known = select(AutomationDeadline.id).where(
                AutomationDeadline.automation_id == row.id,
                AutomationDeadline.occurrence == occasion.occurrence,
            )
            if session.exec(known).first() is None and not _has_run(session, row, occasion):
                session.add(
                    AutomationDeadline(
                        workshop_id=row.workshop_id,
                        automation_id=row.id,
                        occurrence=occasion.occurrence,
                        occasion=occasion.to_json(),
                        due_at=due_at,
                    )
                )

    def _act(self, row: Automation, occasion: Occasion) -> None:
        with self._db.writing(row.workshop_id) as session:
            wait_for_turn(session, f"automation {row.id}")
            self._execute(session, row, occasion)

    def _finish(self, deadline: AutomationDeadline) -> None:
        with self._db.writing(deadline.workshop_id) as session:
            wait_for_turn(session, f"automation {deadline.automation_id}")
            waiting = session.get(AutomationDeadline, deadline.id)
            if waiting is None:
                return
            row = session.get_one(Automation, deadline.automation_id)
            if row.enabled:
                self._execute(session, row, Occasion.from_json(waiting.occasion))
            session.delete(waiting)

    def _try_later(self, deadline: AutomationDeadline) -> None:
        with self._db.writing(deadline.workshop_id) as session:
            waiting = session.get(AutomationDeadline, deadline.id)
            if waiting is None:
                return
            waiting.attempts += 1
            waiting.due_at = self._clock() + AGAIN_AFTER
            if waiting.attempts >= GIVE_UP_AFTER:
                session.delete(waiting)

    def _execute(self, session: Session, row: Automation, occasion: Occasion) -> None:
        now = self._clock()
        if _has_run(session, row, occasion) or not still_holds(session, occasion, now):
            return
        scene = read_scene(session, occasion, session.get_one(Workshop, row.workshop_id), now)
        if not matches(conditions_of(row.conditions), facts_of(scene)):
            return
        run = AutomationRun(
            workshop_id=row.workshop_id,
            automation_id=row.id,
            occurrence=occasion.occurrence,
            event_id=occasion.event_id,
            version=row.version,
            state=DONE,
            conversation_id=scene.conversation.id if scene.conversation else None,
            customer_id=scene.customer.id if scene.customer else None,
            created_at=now,
        )
        lately = self._lately(session, run)
        if reason := verdict(occasion.chain, str(row.id), recent=lately.get(DONE, 0) + lately.get(FAILED, 0)):
            # Said once an hour: a flood must not fill the log either
            if not lately.get(STOPPED):
                run.state, run.error = STOPPED, reason
                session.add(run)
            return
        session.add(run)
        session.flush()
        self._carry_out(session, row, scene, run, occasion.chain)

    def _carry_out(
        self, session: Session, row: Automation, scene: Scene, run: AutomationRun, chain: tuple[str, ...]
    ) -> None:
        session.info[CHAIN] = [*chain, str(row.id)]
        try:
            outcomes = [
                self._hands.carry_out(session, scene, action, run, position, row.name)
                for position, action in enumerate(actions_of(row.actions))
            ]
        finally:
            del session.info[CHAIN]
        run.outcomes = [asdict(outcome) for outcome in outcomes]
        if any(outcome.state == hands.FAILED for outcome in outcomes):
            run.state = FAILED
        emit(session, row.workshop_id, "automation.ran", automation_id=row.id)

    def _lately(self, session: Session, run: AutomationRun) -> dict[str, int]:
        about = (
            AutomationRun.conversation_id == run.conversation_id
            if run.conversation_id
            else (col(AutomationRun.conversation_id).is_(None))
            & (AutomationRun.customer_id == run.customer_id)
        )
        query = (
            select(AutomationRun.state, func.count(col(AutomationRun.id)))
            .where(about, AutomationRun.created_at > run.created_at - timedelta(hours=1))
            .group_by(AutomationRun.state)
        )
        return dict(session.exec(query).all())


def _has_run(session: Session, row: Automation, occasion: Occasion) -> bool:
    query = select(AutomationRun.id).where(
        AutomationRun.automation_id == row.id, AutomationRun.occurrence == occasion.occurrence
    )
    return session.exec(query).first() is not None


def note_outcome(session: Session, run_id: UUID, position: int, *, state: str, detail: str) -> None:
    """What became of an action that ended after the run, in the caller's transaction."""
    run = session.get(AutomationRun, run_id)
    if run is None or position >= len(run.outcomes):
        return
    changed = {**run.outcomes[position], "state": state, "detail": detail[:120]}
    run.outcomes = [*run.outcomes[:position], changed, *run.outcomes[position + 1 :]]
    if state == hands.FAILED:
        run.state = FAILED
