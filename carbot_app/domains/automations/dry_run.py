"""What an automation would have done in the last 30 days; reads only."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery
from carbot_app.domains.automations.actions import ActionHands
from carbot_app.domains.automations.facts import facts_of, read_scene
from carbot_app.domains.automations.occasions import Occasion, read_occasions, still_holds
from carbot_app.domains.automations.rules import matches
from carbot_app.domains.automations.schemas import AutomationDraft, DryRun, DryRunLine
from carbot_app.domains.automations.vocabulary import TRIGGERS
from carbot_app.domains.team.models import Workshop

PERIOD = timedelta(days=30)
MOST_EVENTS = 3000
SHOWN = 20


def rehearse(
    session: Session, workshop: Workshop, draft: AutomationDraft, hands: ActionHands, now: datetime
) -> DryRun:
    """Go through past events, the newest first. What is known about a customer is what is known today."""
    looked_at, matched, lines = 0, 0, []
    for occasion in _past(session, workshop.id, draft.trigger, now):
        at = occasion.at + timedelta(minutes=draft.delay_minutes)
        if at > now or not still_holds(session, occasion, at):
            continue
        looked_at += 1
        scene = read_scene(session, occasion, workshop, at)
        if not matches(draft.conditions, facts_of(scene)):
            continue
        matched += 1
        if len(lines) < SHOWN:
            lines.append(
                DryRunLine(
                    at=at,
                    customer_name=scene.customer.name if scene.customer else "",
                    conversation_id=scene.conversation.id if scene.conversation else None,
                    outcomes=tuple(hands.plan(session, scene, action) for action in draft.actions),
                )
            )
    return DryRun(looked_at, matched, tuple(lines))


def _past(session: Session, workshop_id: UUID, trigger: str, now: datetime) -> Iterator[Occasion]:
    query = select(OutboxEvent).where(
        col(OutboxEvent.kind).in_(TRIGGERS[trigger].kinds), OutboxEvent.created_at >= now - PERIOD
    )
    seen: set[str] = set()
    for event in session.exec(query.order_by(col(OutboxEvent.id).desc()).limit(MOST_EVENTS)).all():
        delivery = Delivery(event.id, workshop_id, event.kind, event.payload, event.created_at)
        for occasion in read_occasions(session, delivery, {trigger}):
            if occasion.occurrence not in seen:
                seen.add(occasion.occurrence)
                yield occasion
