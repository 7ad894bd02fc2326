"""The assistant's answers to what came in from outside the chat."""

import asyncio
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.conversations.assistant import AssistantService
from carbot_app.domains.conversations.inbound import ANSWER_WANTED
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.ports import ThreadChannels
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.conversations.service import MESSAGE_LIMIT, STALE_ANSWER, customer_behind
from carbot_app.domains.conversations.threads import (
    CALL,
    CHAT,
    hand_over,
    last_answered,
    lock_conversation,
    messages_after,
)
from carbot_app.domains.conversations.views import describe_message
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock

ANSWERS = 5
"""Of the assistant in WINDOW on other channels; whoever wants more meets a person, a machine meets none."""
WINDOW = timedelta(minutes=10)
FLOOD = "flood"
PATIENCE = timedelta(seconds=30)
"""With an answer under way; most take two seconds."""


class AnswerUnderWay(Exception):
    """Whether another process still writes the answer is not known yet."""


@dataclass(frozen=True, slots=True)
class _Unanswered:
    """What the customer wrote since the last answer, as one message."""

    actor: Actor
    message: MessageView


class InboundAnswers:
    """Consumer of answer.wanted. What arrives while an answer is written is answered together."""

    def __init__(
        self, *, db: Database, clock: Clock, assistant: AssistantService, channels: ThreadChannels
    ) -> None:
        self._db = db
        self._clock = clock
        self._assistant = assistant
        self._channels = channels

    def on_event(self, delivery: Delivery) -> None:
        """Answer what is unanswered in the thread of the event; nothing is answered twice."""
        if delivery.kind != ANSWER_WANTED:
            return
        conversation_id = UUID(delivery.payload["conversation_id"])
        while (found := self._next(delivery.workshop_id, conversation_id)) is not None:
            answering = self._assistant.answer_unheard(found.actor, found.message)
            asyncio.run_coroutine_threadsafe(answering, _answering_loop()).result()
            if not self._was_answered(delivery.workshop_id, conversation_id, found.message.seq):
                return

    def _next(self, workshop_id: UUID, conversation_id: UUID) -> _Unanswered | None:
        if self._is_being_answered(workshop_id, conversation_id):
            return None
        with self._db.reading(workshop_id) as session:
            conversation = session.get(Conversation, conversation_id)
            if conversation is None:
                return None
            after = last_answered(session, conversation_id)
            written = [
                message
                for message in messages_after(session, conversation_id, after)
                if message.author == "customer" and message.channel not in (CHAT, CALL)
            ]
            ways = self._channels.list_for(session, conversation)
            can_answer = any(way.channel == conversation.last_channel and not way.refused for way in ways)
            is_human = conversation.mode == "human"
            # Beside a person the assistant only reads along, message by message
            said = "\n".join(message.text for message in written[-1 if is_human else 0 :] if message.text)
            answers = 0 if is_human else self._recent_answers(session, conversation_id)
        if not written:
            return None
        is_easy = can_answer and _has_words(said)
        reason = FLOOD if answers >= ANSWERS else "" if is_easy else "unsure"
        if reason:
            # A person is there already, or is asked now
            if not is_human:
                self._hand_over(workshop_id, conversation_id, reason)
            return None
        newest = replace(describe_message(written[-1]), text=said[:MESSAGE_LIMIT])
        return _Unanswered(customer_behind(conversation), newest)

    def _recent_answers(self, session: Session, conversation_id: UUID) -> int:
        query = select(func.count(col(Message.id))).where(
            Message.conversation_id == conversation_id,
            Message.author == "assistant",
            Message.channel != CHAT,
            col(Message.created_at) > self._clock() - WINDOW,
        )
        return session.exec(query).one()

    def _is_being_answered(self, workshop_id: UUID, conversation_id: UUID) -> bool:
        """Whether an answer is being written; whoever writes it answers what has come since.

        Raises AnswerUnderWay when that takes so long that its process may have died: the event then comes
        again, and an answer that is surely cut off gives way.
        """
        query = select(Message).where(
            Message.conversation_id == conversation_id, Message.state == "streaming"
        )
        with self._db.reading(workshop_id) as session:
            message = session.exec(query.limit(1)).first()
        if message is None:
            return False
        age = self._clock() - message.created_at
        if age < PATIENCE:
            return True
        if age < STALE_ANSWER:
            raise AnswerUnderWay
        with self._db.writing(workshop_id) as session:
            session.get_one(Message, message.id).state = "failed"
        return False

    def _was_answered(self, workshop_id: UUID, conversation_id: UUID, seq: int) -> bool:
        with self._db.reading(workshop_id) as session:
            return last_answered(session, conversation_id) > seq

    def _hand_over(self, workshop_id: UUID, conversation_id: UUID, reason: str) -> None:
        with self._db.writing(workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            hand_over(session, conversation, reason=reason, now=self._clock())


@cache
def _answering_loop() -> asyncio.AbstractEventLoop:
    """One loop for all answers of the process: an engine's connections live as long as their loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="inbound answers", daemon=True).start()
    return loop


def _has_words(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
