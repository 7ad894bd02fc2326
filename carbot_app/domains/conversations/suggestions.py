"""Answers prepared for a person who has taken over; what becomes of them is counted."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.conversations.guard import unsupported_claims
from carbot_app.domains.conversations.local.assistant import decide
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.service import MESSAGE_LIMIT, customer_behind
from carbot_app.domains.conversations.suggestion_models import SuggestedReply
from carbot_app.domains.conversations.suggestion_tools import WouldAct
from carbot_app.domains.conversations.threads import CALL, announce, lock_conversation, messages_after
from carbot_app.domains.conversations.understanding import MessageReader
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound

OPEN, TAKEN, SENT, EDITED, DISCARDED, REPLACED = "open", "taken", "sent", "edited", "discarded", "replaced"
_WAITING = (OPEN, TAKEN)
COUNTED_DAYS = 30


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggestion above the composer."""

    id: UUID
    text: str
    sources: tuple[str, ...]
    """Price, time or article it relies on, in the workshop's language."""
    taken: bool
    """It stands in somebody's composer."""


@dataclass(frozen=True, slots=True)
class SuggestionUse:
    """What became of the suggestions of the last 30 days."""

    sent: int = 0
    edited: int = 0
    discarded: int = 0

    @property
    def accepted_percent(self) -> int:
        """Share of what was sent, unchanged or not, of all that were decided on."""
        total = self.sent + self.edited + self.discarded
        return round(100 * (self.sent + self.edited) / total) if total else 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the customer wrote since staff answered last."""

    actor: Actor
    text: str
    seq: int


class SuggestionService:
    """Consumer of message.received; people need ``inbox.read`` to see and ``inbox.reply`` to decide."""

    def __init__(self, *, db: Database, clock: Clock, reader: MessageReader) -> None:
        self._db = db
        self._clock = clock
        self._reader = reader

    def on_event(self, delivery: Delivery) -> None:
        """Prepare an answer where a person answers; nothing leaves by itself."""
        if delivery.kind != "message.received" or delivery.payload.get("channel") == CALL:
            return
        conversation_id = UUID(delivery.payload["conversation_id"])
        asked = self._asked(delivery.workshop_id, conversation_id)
        if asked is None:
            return
        found = self._think(asked)
        with self._db.writing(delivery.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            if _newest(session, conversation) != asked.seq or conversation.mode != "human":
                return
            if _of_message(session, conversation_id, asked.seq) is not None:
                return
            replaced = _waiting(session, conversation_id)
            for row in replaced:
                row.state, row.settled_at = REPLACED, self._clock()
            if found is not None:
                text, facts = found
                session.add(
                    SuggestedReply(
                        workshop_id=delivery.workshop_id,
                        conversation_id=conversation_id,
                        seq=asked.seq,
                        text=text,
                        facts=facts,
                        created_at=self._clock(),
                    )
                )
            if found is not None or replaced:
                announce(session, conversation, reason="state")

    def find(self, actor: Actor, conversation_id: UUID) -> SuggestionView | None:
        """The suggestion for what the customer wrote last, while nobody has answered it."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None or conversation.mode != "human":
                return None
            rows = _waiting(session, conversation_id)
            row = rows[-1] if rows else None
            if row is None or _newest(session, conversation) != row.seq:
                return None
            return _view(row)

    def take(self, actor: Actor, suggestion_id: UUID) -> SuggestionView:
        """It goes into the composer; NotFound when it is not there any more."""
        actor.require("inbox.reply")
        with self._db.writing(actor.workshop_id) as session:
            row = self._row(session, suggestion_id)
            row.state, row.settled_by = TAKEN, _person(actor)
            return _view(row)

    def discard(self, actor: Actor, suggestion_id: UUID) -> None:
        """It is of no use; other browsers lose it, too. NotFound when it is not there any more."""
        actor.require("inbox.reply")
        with self._db.writing(actor.workshop_id) as session:
            row = self._row(session, suggestion_id)
            self._settle(row, DISCARDED, actor)
            announce(session, lock_conversation(session, row.conversation_id), reason="state")

    def settle_reply(self, actor: Actor, conversation_id: UUID, text: str) -> None:
        """Count what became of the suggestion once a person has answered with ``text``."""
        actor.require("inbox.reply")
        with self._db.writing(actor.workshop_id) as session:
            for row in _waiting(session, conversation_id):
                same = " ".join(row.text.split()) == " ".join(text.split())
                state = SENT if same else EDITED if row.state == TAKEN else DISCARDED
                self._settle(row, state, actor)

    def count_use(self, actor: Actor) -> SuggestionUse:
        """What became of the suggestions of the last 30 days."""
        actor.require("settings.manage")
        since = self._clock() - timedelta(days=COUNTED_DAYS)
        query = (
            select(SuggestedReply.state, func.count(col(SuggestedReply.id)))
            .where(
                SuggestedReply.workshop_id == actor.workshop_id,
                col(SuggestedReply.settled_at) >= since,
                col(SuggestedReply.state).in_((SENT, EDITED, DISCARDED)),
            )
            .group_by(SuggestedReply.state)
        )
        with self._db.reading(actor.workshop_id) as session:
            counts = dict(session.exec(query).all())
        return SuggestionUse(counts.get(SENT, 0), counts.get(EDITED, 0), counts.get(DISCARDED, 0))

    def _asked(self, workshop_id: UUID, conversation_id: UUID) -> _Asked | None:
        with self._db.reading(workshop_id) as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None or conversation.mode != "human":
                return None
            unanswered: list[Message] = []
            for message in messages_after(session, conversation_id, 0):
                if message.author in ("staff", "assistant"):
                    unanswered = []
                elif message.author == "customer":
                    unanswered.append(message)
            text = "\n".join(message.text for message in unanswered if message.text.strip())
            if not text:
                return None
            return _Asked(customer_behind(conversation), text[:MESSAGE_LIMIT], unanswered[-1].seq)

    def _think(self, asked: _Asked) -> tuple[str, list[dict[str, str]]] | None:
        """Text and facts; None where the assistant has nothing of its own to say, or would have to act."""
        understood = self._reader.read(asked.actor, asked.text, None)
        if understood.rule_reply is not None:
            return None
        turn = understood.turn
        puzzled = turn.state.misunderstood
        try:
            reply = decide(turn)
        except WouldAct:
            return None
        sheet = turn.tools.sheet
        if reply.handover or not reply.text or turn.state.misunderstood > puzzled:
            return None
        if unsupported_claims(reply.text, sheet, turn.tools.now):
            return None
        return reply.text, [fact.to_json() for fact in sheet.facts]

    def _row(self, session: Session, suggestion_id: UUID) -> SuggestedReply:
        query = select(SuggestedReply).where(
            SuggestedReply.id == suggestion_id, col(SuggestedReply.state).in_(_WAITING)
        )
        row = session.exec(query.with_for_update()).first()
        if row is None:
            raise NotFound("suggestion_gone")
        return row

    def _settle(self, row: SuggestedReply, state: str, actor: Actor) -> None:
        row.state, row.settled_at, row.settled_by = state, self._clock(), _person(actor)


def _person(actor: Actor) -> UUID | None:
    return actor.subject_id if actor.kind == "person" else None


def _newest(session: Session, conversation: Conversation) -> int:
    """``seq`` of the customer's last message if nobody has answered after it; else 0."""
    query = (
        select(Message.seq, Message.author)
        .where(Message.conversation_id == conversation.id, Message.author != "system")
        .order_by(col(Message.seq).desc())
        .limit(1)
    )
    seq, author = session.exec(query).first() or (0, "")
    return seq if author == "customer" else 0


def _of_message(session: Session, conversation_id: UUID, seq: int) -> SuggestedReply | None:
    query = select(SuggestedReply).where(
        SuggestedReply.conversation_id == conversation_id, SuggestedReply.seq == seq
    )
    return session.exec(query).first()


def _waiting(session: Session, conversation_id: UUID) -> list[SuggestedReply]:
    query = select(SuggestedReply).where(
        SuggestedReply.conversation_id == conversation_id, col(SuggestedReply.state).in_(_WAITING)
    )
    return list(session.exec(query.order_by(col(SuggestedReply.seq))))


def _view(row: SuggestedReply) -> SuggestionView:
    labels = dict.fromkeys(str(fact["label"]) for fact in row.facts)
    return SuggestionView(row.id, row.text, tuple(labels), row.state == TAKEN)
