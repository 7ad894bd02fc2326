"""Use cases around the model of a workshop: train it, look at it, measure it."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.leads.features import VERSION
from carbot_app.domains.leads.learned import (
    apply_score,
    newest_model,
    read_signals,
    store_weights,
)
from carbot_app.domains.leads.learning import MIN_OF_EACH, MIN_OUTCOMES, Lesson, Outcome, learn
from carbot_app.domains.leads.models import Lead, LeadModel
from carbot_app.domains.leads.outcomes import BOOKED, OPEN, WON, outcomes_of
from carbot_app.domains.leads.schemas import BinView, ModelView
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock

log = structlog.get_logger()

QUIET_AFTER = timedelta(days=21)
"""An open lead this old that nobody booked was not won."""
_MAX_OUTCOMES = 5_000
_MAX_RESCORED = 500


class LeadTraining:
    """Reads need ``inbox.read``, training ``settings.manage``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def get_model(self, actor: Actor) -> ModelView:
        """How leads are scored at present."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            return _view(newest_model(session, actor.workshop_id))

    def retrain(self, actor: Actor) -> ModelView:
        """Learn from all outcomes and score the open leads anew.

        The same outcomes make no new version, also when two ask at once.
        """
        actor.require("settings.manage")
        return self._retrain(actor.workshop_id)

    def retrain_due(self) -> int:
        """Clock job: every workshop learns from what ended since; returns how many new versions there are."""
        with self._db.reading(SYSTEM) as session:
            workshops = list(session.exec(select(Workshop.id)))
        made = 0
        for workshop_id in workshops:
            try:
                with self._db.reading(workshop_id) as session:
                    before = newest_model(session, workshop_id)
                made += self._retrain(workshop_id).version != (before.version if before else 0)
            except Exception:
                # One workshop's trouble must not keep the others from learning
                log.exception("lead_training_failed", workshop_id=str(workshop_id))
        return made

    def evaluate(self, actor: Actor) -> ModelView:
        """Measure what would be learned now; nothing is stored."""
        actor.require("inbox.read")
        _, lesson = self._learn(actor.workshop_id)
        return _view(self._row(actor.workshop_id, lesson, "", version=0))

    def _retrain(self, workshop_id: UUID) -> ModelView:
        digest, lesson = self._learn(workshop_id)
        with self._db.writing(workshop_id) as session:
            wait_for_turn(session, f"lead_model:{workshop_id}")
            newest = newest_model(session, workshop_id)
            if newest is not None and newest.outcomes_digest == digest:
                return _view(newest)
            model = self._row(workshop_id, lesson, digest, version=newest.version + 1 if newest else 1)
            session.add(model)
            session.flush()
            _rescore(session, model)
            return _view(model)

    def _learn(self, workshop_id: UUID) -> tuple[str, Lesson]:
        with self._db.reading(workshop_id) as session:
            stale_before = self._clock() - QUIET_AFTER
            leads = outcomes_of(session, stale_before=stale_before, limit=_MAX_OUTCOMES)
        return _digest(leads), learn([_outcome(lead) for lead in leads])

    def _row(self, workshop_id: UUID, lesson: Lesson, digest: str, *, version: int) -> LeadModel:
        return LeadModel(
            workshop_id=workshop_id,
            version=version,
            trained_at=self._clock(),
            decision=lesson.decision,
            outcomes_digest=digest,
            sample_size=lesson.sample_size,
            won=lesson.won,
            held_back=lesson.held_back,
            brier=lesson.brier,
            rules_brier=lesson.rules_brier,
            base_brier=lesson.base_brier,
            bins=[{"expected": b.expected, "won": b.won, "count": b.count} for b in lesson.bins],
            weights=store_weights(lesson.weights),
        )


def _rescore(session: Session, model: LeadModel) -> None:
    query = select(Lead).where(Lead.state == OPEN).order_by(col(Lead.created_at).desc())
    for lead in session.exec(query.limit(_MAX_RESCORED)).all():
        if lead.signals:
            apply_score(session, lead, read_signals(lead.signals), model)


def _outcome(lead: Lead) -> Outcome:
    return Outcome(read_signals(lead.signals), lead.state in {BOOKED, WON}, lead.created_at)


def _digest(leads: Sequence[Lead]) -> str:
    ends = sorted(f"{lead.id}{lead.state in {BOOKED, WON}}" for lead in leads)
    return hashlib.sha256(f"{VERSION} {' '.join(ends)}".encode()).hexdigest()


def _view(model: LeadModel | None) -> ModelView:
    shown = model or LeadModel(version=0, decision="few_outcomes", sample_size=0, won=0)  # pyright: ignore[reportCallIssue]
    return ModelView(
        version=shown.version,
        trained_at=model.trained_at if model else None,
        decision=shown.decision,
        sample_size=shown.sample_size,
        won=shown.won,
        held_back=shown.held_back,
        brier=shown.brier,
        rules_brier=shown.rules_brier,
        base_brier=shown.base_brier,
        bins=tuple(BinView(**stored) for stored in shown.bins),
        min_outcomes=MIN_OUTCOMES,
        min_of_each=MIN_OF_EACH,
    )
