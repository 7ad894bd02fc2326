"""The workshop's model as it is stored, and scoring a stored lead with it."""

from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.domains.leads.features import VERSION
from carbot_app.domains.leads.learning import USED
from carbot_app.domains.leads.models import Lead, LeadModel
from carbot_app.domains.leads.probability import Weights, score_by
from carbot_app.domains.leads.scoring import LeadScore, LeadSignals

_SIGNALS = {field.name for field in fields(LeadSignals)}
_LISTS = ("intents", "service_codes")


def newest_model(session: Session, workshop_id: UUID) -> LeadModel | None:
    """The model trained last; None before the first time."""
    query = select(LeadModel).where(LeadModel.workshop_id == workshop_id)
    return session.exec(query.order_by(col(LeadModel.version).desc()).limit(1)).first()


def weights_in_use(model: LeadModel | None) -> Weights | None:
    """None: the rules are the better guess."""
    if model is None or model.decision != USED or model.weights.get("features") != VERSION:
        return None
    stored = model.weights
    return Weights(stored["intercept"], stored["slopes"], stored["usual"])


def store_weights(weights: Weights | None) -> dict[str, Any]:
    """What LeadModel.weights holds."""
    return {"features": VERSION, **asdict(weights)} if weights else {}


def store_signals(signals: LeadSignals) -> dict[str, Any]:
    """What Lead.signals holds."""
    return asdict(signals)


def read_signals(stored: dict[str, Any]) -> LeadSignals:
    """The signals of a lead as they were stored; fields that no longer exist are passed over."""
    known = {name: value for name, value in stored.items() if name in _SIGNALS}
    return LeadSignals(**{**known, **{name: tuple(known.get(name, ())) for name in _LISTS}})


def apply_score(session: Session, lead: Lead, signals: LeadSignals, model: LeadModel | None) -> LeadScore:
    """Score a lead with the workshop's model, or the rules, inside the caller's transaction."""
    weights, before = weights_in_use(model), (lead.score, lead.temperature)
    result = score_by(weights, signals)
    lead.score, lead.temperature = result.score, result.temperature
    lead.model_version = model.version if model and weights and not signals.booked else 0
    lead.reasons = [{"code": r.code, "points": r.points, "params": r.params} for r in result.reasons]
    session.add(lead)
    session.flush()
    if before != (lead.score, lead.temperature):
        emit(
            session,
            lead.workshop_id,
            "lead.scored",
            lead_id=lead.id,
            conversation_id=lead.conversation_id,
            score=lead.score,
            temperature=lead.temperature,
            previous_temperature=before[1],
            model_version=lead.model_version,
        )
    return result
