"""From outbox events to what triggers wait for, and whether that still holds later."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import CHAIN
from carbot_app.db.outbox_worker import Delivery
from carbot_app.domains.automations.vocabulary import TRIGGERS
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.booking.states import DONE, NO_SHOW
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.orders.models import DeclinedJob

_ENDED = {"missed": NO_SHOW, "picked_up": DONE}
_TEAM = ("assistant", "staff")


@dataclass(frozen=True, slots=True)
class Occasion:
    """One occurrence of a trigger."""

    trigger: str
    occurrence: str
    """The same however often and by whatever event it is told."""
    event_id: UUID
    at: datetime
    conversation_id: UUID | None = None
    appointment_id: UUID | None = None
    seq: int = 0
    """The message it is about."""
    declined_id: UUID | None = None
    chain: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """For the table of deadlines."""
        plain = asdict(self)
        return {
            key: str(value) if isinstance(value, UUID) else value.isoformat() if key == "at" else value
            for key, value in plain.items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Occasion":
        """The inverse."""
        return cls(
            trigger=stored["trigger"],
            occurrence=stored["occurrence"],
            event_id=UUID(stored["event_id"]),
            at=datetime.fromisoformat(stored["at"]),
            conversation_id=_uuid(stored["conversation_id"]),
            appointment_id=_uuid(stored["appointment_id"]),
            seq=stored["seq"],
            declined_id=_uuid(stored.get("declined_id")),
            chain=tuple(stored["chain"]),
        )


def read_occasions(session: Session, delivery: Delivery, wanted: Collection[str]) -> list[Occasion]:
    """What of ``wanted`` (triggers) an event is; most events are nothing of it."""
    possible = [name for name in wanted if delivery.kind in TRIGGERS[name].kinds]
    if not possible:
        return []
    if delivery.kind == "conversation.changed":
        return _of_message(session, delivery, possible)
    if delivery.kind == "appointment.changed":
        return _of_visit(session, delivery, possible)
    return [_plain(delivery, name) for name in possible if name != "lead_hot" or _became_hot(delivery)]


def still_holds(session: Session, occasion: Occasion, at: datetime) -> bool:
    """Whether what the trigger is about is the case at ``at``; what comes later does not count."""
    if occasion.trigger in _ENDED:
        visit = session.get(Appointment, occasion.appointment_id) if occasion.appointment_id else None
        return visit is not None and visit.state == _ENDED[occasion.trigger]
    if occasion.trigger == "declined_due":
        declined = session.get(DeclinedJob, occasion.declined_id) if occasion.declined_id else None
        return declined is not None and declined.state == "due"
    if occasion.trigger == "lead_lost":
        of_thread = select(Lead.state).where(Lead.conversation_id == occasion.conversation_id)
        return session.exec(of_thread).first() == "lost"
    if occasion.trigger not in {"unanswered", "quiet_customer"}:
        return True
    conversation = session.get(Conversation, occasion.conversation_id)
    if conversation is None or conversation.state == "done":
        return False
    query = select(Message.seq, Message.author).where(
        Message.conversation_id == occasion.conversation_id,
        Message.author != "system",
        Message.created_at <= at,
    )
    said = list(session.exec(query.order_by(col(Message.seq))))
    before = [author for seq, author in said if seq < occasion.seq]
    after = [author for seq, author in said if seq > occasion.seq]
    if occasion.trigger == "quiet_customer":
        return not after
    # Of several messages in a row only the first counts: one wait, one run
    first_of_row = not before or before[-1] != "customer"
    return first_of_row and not any(author in _TEAM for author in after)


def _of_message(session: Session, delivery: Delivery, possible: list[str]) -> list[Occasion]:
    payload = delivery.payload
    if payload.get("reason") != "message":
        return []
    conversation_id, seq = UUID(payload["conversation_id"]), int(payload["seq"])
    query = select(Message.author).where(Message.conversation_id == conversation_id, Message.seq == seq)
    author = session.exec(query).first()
    fitting = {"customer": {"message", "unanswered"}, "assistant": {"quiet_customer"}}
    fitting["staff"] = fitting["assistant"]
    key = f"message:{conversation_id}:{seq}"
    return [
        _plain(delivery, name, occurrence=key, seq=seq)
        for name in possible
        if name in fitting.get(author or "", ())
    ]


def _of_visit(session: Session, delivery: Delivery, possible: list[str]) -> list[Occasion]:
    visit = session.get(Appointment, UUID(delivery.payload["appointment_id"]))
    if visit is None:
        return []
    return [
        _plain(delivery, name, occurrence=f"{name}:{visit.id}")
        for name in possible
        if visit.state == _ENDED[name]
    ]


def _plain(delivery: Delivery, trigger: str, *, occurrence: str = "", seq: int = 0) -> Occasion:
    payload = delivery.payload
    return Occasion(
        trigger=trigger,
        occurrence=occurrence or f"event:{delivery.id}",
        event_id=delivery.id,
        at=delivery.created_at,
        conversation_id=_uuid(payload.get("conversation_id")),
        appointment_id=_uuid(payload.get("appointment_id")),
        seq=seq,
        declined_id=_uuid(payload.get("declined_id")),
        chain=tuple(payload.get(CHAIN, ())),
    )


def _became_hot(delivery: Delivery) -> bool:
    return bool(delivery.payload.get("became_hot"))


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
