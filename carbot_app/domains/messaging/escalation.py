"""Rings somebody else when nobody answers a hot request or an emergency in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.booking.availability import opening_rules
from carbot_app.domains.booking.opening import OpeningRules
from carbot_app.domains.booking.slots import instant_of
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.messaging.models import Escalation, EscalationTerms
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock

LOOK_BACK = timedelta(days=5)
"""What has waited longer is no news any more."""


@dataclass(frozen=True, slots=True)
class Said:
    """An entry of a thread, as far as it matters for who has to answer."""

    seq: int
    author: str
    at: datetime
    hands_over: bool = False


def waiting_since(said: Sequence[Said], *, human: bool) -> Said | None:
    """What has waited for an answer the longest; None when nothing does (pure).

    ``human``: only a person can answer, the assistant is silent or has asked for help.
    """
    answering = {"staff"} if human else {"staff", "assistant"}
    last_answer = max((one.seq for one in said if one.author in answering), default=0)
    after = [one for one in said if one.seq > last_answer]
    handed_over = [one for one in after if one.hands_over]
    if human and handed_over:
        return handed_over[-1]
    return next((one for one in after if one.author == "customer"), None)


def open_minutes(rules: OpeningRules, start: datetime, end: datetime) -> float:
    """Minutes of opening hours between two instants (pure)."""
    day, last, total = rules.local_date(start), rules.local_date(end), timedelta()
    while day <= last:
        for opens, closes in rules.windows_on(day):
            inside = min(instant_of(closes), end) - max(instant_of(opens), start)
            total += max(inside, timedelta())
        day += timedelta(days=1)
    return total.total_seconds() / 60


class EscalationService:
    """The clock job behind EscalationTerms."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def escalate_due(self) -> int:
        """Ring where it is time, each step once; returns how many steps were taken."""
        query = select(EscalationTerms).where(EscalationTerms.minutes > 0)
        with self._db.reading(SYSTEM) as session:
            terms = session.exec(query).all()
        return sum(self._escalate(one) for one in terms)

    def _escalate(self, terms: EscalationTerms) -> int:
        now = self._clock()
        with self._db.reading(terms.workshop_id) as session:
            due = self._due(session, terms, now)
        if not due:
            return 0
        with self._db.writing(terms.workshop_id) as session:
            wait_for_turn(session, f"escalation {terms.workshop_id}")
            return sum(_take_step(session, terms, *step) for step in self._due(session, terms, now))

    def _due(self, session: Session, terms: EscalationTerms, now: datetime) -> list[tuple[UUID, int, int]]:
        rules = opening_rules(session, session.get_one(Workshop, terms.workshop_id))
        steps = []
        for conversation in session.exec(_pressing(now)):
            waits = waiting_since(_said(session, conversation.id), human=conversation.mode == "human")
            if waits is None:
                continue
            taken = set(
                session.exec(
                    select(Escalation.step).where(
                        Escalation.conversation_id == conversation.id, Escalation.seq == waits.seq
                    )
                )
            )
            waited = open_minutes(rules, waits.at, now)
            wanted = [1, 2] if terms.person_id else [1]
            steps += [
                (conversation.id, waits.seq, step)
                for step in wanted
                if step not in taken and waited >= step * terms.minutes
            ]
        return steps


def _pressing(now: datetime) -> SelectOfScalar[Conversation]:
    return (
        select(Conversation)
        .join(Lead, col(Lead.conversation_id) == Conversation.id)
        .where(
            Conversation.state == "open",
            Conversation.last_message_at > now - LOOK_BACK,
            or_(Lead.temperature == "hot", Lead.urgency == "emergency"),
            or_(Conversation.last_author == "customer", Conversation.mode == "human"),
        )
    )


def _said(session: Session, conversation_id: UUID) -> list[Said]:
    query = select(Message).where(Message.conversation_id == conversation_id).order_by(col(Message.seq))
    return [
        Said(
            row.seq,
            row.author,
            row.created_at,
            any(part.get("type") == "handover" for part in row.parts),
        )
        for row in session.exec(query)
    ]


def _take_step(session: Session, terms: EscalationTerms, conversation_id: UUID, seq: int, step: int) -> int:
    session.add(
        Escalation(workshop_id=terms.workshop_id, conversation_id=conversation_id, seq=seq, step=step)
    )
    emit(
        session,
        terms.workshop_id,
        "escalation.due",
        conversation_id=conversation_id,
        person_id=terms.person_id if step == 1 else None,
    )
    return 1
