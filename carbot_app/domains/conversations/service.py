"""A customer's side of a conversation."""

import hmac
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.schemas import CustomerThread, MessageView
from carbot_app.domains.conversations.threads import (
    announce,
    announce_sent,
    append_message,
    files_of,
    hand_over,
    last_answered,
    lock_conversation,
    messages_after,
    note_answer,
    preview,
)
from carbot_app.domains.conversations.views import describe_message
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.leads.service import LeadService
from carbot_app.domains.team.models import Person
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, TooLarge, Unauthenticated
from carbot_app.kit.ids import fingerprint, new_secret

MESSAGE_LIMIT = 4000
"""Characters a customer may send at once."""
STALE_ANSWER = timedelta(seconds=90)
"""An answer still marked as streaming after this was cut off by a crash."""
LANGUAGES = ("de", "en", "tr", "pl")


class ConversationService:
    """Use cases of the chat widget and the hosted chat page."""

    def __init__(self, *, db: Database, clock: Clock, leads: LeadService) -> None:
        self._db = db
        self._clock = clock
        self._leads = leads

    def start(self, actor: Actor, *, language: str, page_url: str = "") -> tuple[CustomerThread, str]:
        """Open a thread; returns it with the secret the customer's browser keeps."""
        actor.require("public.chat")
        token = new_secret()
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            conversation = Conversation(
                workshop_id=actor.workshop_id,
                channel="chat",
                language=language if language in LANGUAGES else "de",
                token_fingerprint=fingerprint(token),
                page_url=page_url[:300],
                last_message_at=now,
                created_at=now,
            )
            session.add(conversation)
        return self._thread(conversation, (), None), token

    def resolve_token(self, conversation_id: UUID, token: str) -> Actor:
        """The customer behind a thread's secret.

        Raises:
            Unauthenticated: unknown thread or wrong secret; the two look the same.
        """
        with self._db.reading(SYSTEM) as session:
            conversation = session.get(Conversation, conversation_id)
        if conversation is None or not hmac.compare_digest(
            conversation.token_fingerprint, fingerprint(token)
        ):
            raise Unauthenticated("chat_session_ended")
        return customer_behind(conversation)

    def thread_for_customer(self, actor: Actor, after_seq: int = 0) -> CustomerThread:
        """The thread from ``after_seq`` on, answers cut off by a crash marked as failed."""
        conversation_id = self._own_conversation(actor)
        with self._db.reading(actor.workshop_id) as session:
            conversation = session.get_one(Conversation, conversation_id)
            messages = messages_after(session, conversation_id, after_seq)
            views = self._described(session, messages)
            agent = session.get(Person, conversation.taken_by) if conversation.taken_by else None
        stale = self._clock() - STALE_ANSWER
        cut_off = [m for m in messages if m.state == "streaming" and m.created_at < stale]
        if cut_off:
            self._mark_failed(actor.workshop_id, [message.id for message in cut_off])
            return self.thread_for_customer(actor, after_seq)
        return self._thread(conversation, views, agent)

    def add_customer_message(
        self,
        actor: Actor,
        *,
        text: str,
        client_id: str,
        parts: list[dict[str, Any]] | None = None,
        enclose: Callable[[Session, Message], str] | None = None,
    ) -> tuple[MessageView, bool]:
        """Store what the customer wrote; a repeated ``client_id`` returns the first and False.

        ``enclose`` writes what comes beside the words into the same transaction and tells how lists call it
        where there are no words.

        Raises:
            Invalid: nothing but blanks, and nothing beside them.
            TooLarge: more than MESSAGE_LIMIT characters.
        """
        text = text.replace("\x00", "").strip()
        if not text and enclose is None:
            raise Invalid("message_empty", field="text")
        if len(text) > MESSAGE_LIMIT:
            raise TooLarge("message_too_long", field="text", limit=MESSAGE_LIMIT)
        conversation_id = self._own_conversation(actor)
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            if (known := _sent_before(session, conversation_id, client_id)) is not None:
                return self._described(session, [known])[0], False
            conversation.state = "open"
            now = self._clock()
            words: dict[str, Any] = {"text": text, "now": now, "client_id": client_id, "parts": parts}
            message = append_message(session, conversation, author="customer", **words)
            if enclose is not None:
                session.flush()
                name = enclose(session, message)
                conversation.last_text = conversation.last_text or preview(name)
                session.flush()
            return self._described(session, [message])[0], True

    def begin_answer(
        self, actor: Actor, *, urgent: bool = False, only_after: int | None = None
    ) -> MessageView | None:
        """Reserve the assistant's message; None while a person answers, unless a danger is ``urgent``.

        ``only_after``: None too when somebody has answered after this message already.
        """
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, self._own_conversation(actor))
            if conversation.mode == "human" and not urgent:
                return None
            if only_after is not None and last_answered(session, conversation.id) > only_after:
                return None
            message = append_message(
                session,
                conversation,
                author="assistant",
                text="",
                now=self._clock(),
                state="streaming",
                channel=conversation.last_channel,
                address=conversation.last_address,
            )
            return describe_message(message)

    def finish_answer(
        self,
        actor: Actor,
        message_id: UUID,
        *,
        text: str,
        parts: list[dict[str, Any]],
        facts: list[dict[str, Any]],
        dialogue: dict[str, Any],
        language: str,
        within: Callable[[Session, Conversation], None],
    ) -> MessageView:
        """Complete the reserved message and keep what the dialogue knows now.

        ``within`` writes what else belongs to the turn into the same transaction.
        """
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, self._own_conversation(actor))
            message = session.get_one(Message, message_id)
            message.text, message.parts, message.facts, message.state = text, parts, facts, "complete"
            note_answer(conversation, "assistant")
            conversation.dialogue = dialogue
            conversation.language = language
            if conversation.first_answer_at is None:
                conversation.first_answer_at = now
                conversation.first_answer_by = "assistant"
            announce(session, conversation, reason="message")
            announce_sent(session, message)
            within(session, conversation)
            return describe_message(message)

    def keep_dialogue(
        self, actor: Actor, dialogue: dict[str, Any], within: Callable[[Session, Conversation], None]
    ) -> None:
        """Keep what a message revealed without answering it, because a person does."""
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, self._own_conversation(actor))
            conversation.dialogue = dialogue
            within(session, conversation)

    def dialogue_of(self, actor: Actor) -> tuple[dict[str, Any], str]:
        """What the dialogue engine stored after the last answer, and the language of the thread."""
        with self._db.reading(actor.workshop_id) as session:
            conversation = session.get_one(Conversation, self._own_conversation(actor))
            return conversation.dialogue, conversation.language

    def request_human(self, actor: Actor, reason: str = "asked") -> None:
        """Hand the thread to a person and alert staff."""
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, self._own_conversation(actor))
            hand_over(session, conversation, reason=reason, now=self._clock())

    def mark_customer_seen(self, actor: Actor, seq: int) -> None:
        """Note how far the customer has read."""
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, self._own_conversation(actor))
            seen = min(seq, conversation.last_seq)
            if seen > conversation.customer_seen_seq:
                conversation.customer_seen_seq = seen
                announce(session, conversation, reason="state")

    def record_booking(
        self,
        session: Session,
        *,
        workshop_id: UUID,
        customer: Customer,
        vehicle: Vehicle | None,
        appointment: Appointment,
        note: str,
        language: str,
    ) -> UUID:
        """Give a booking made without chat its thread and lead; returns the conversation's id."""
        now = self._clock()
        conversation = Conversation(
            workshop_id=workshop_id,
            channel="booking",
            customer_id=customer.id,
            language=language,
            token_fingerprint=fingerprint(new_secret()),
            last_message_at=now,
            created_at=now,
        )
        session.add(conversation)
        session.flush()
        card = {"type": "booked", "appointment_id": str(appointment.id), "title": appointment.title}
        append_message(
            session, conversation, author="customer", text=note or appointment.title, now=now, parts=[card]
        )
        self._leads.record_booking(
            session,
            workshop_id=workshop_id,
            conversation_id=conversation.id,
            customer=customer,
            vehicle=vehicle,
            appointment=appointment,
        )
        return conversation.id

    def _mark_failed(self, workshop_id: UUID, message_ids: list[UUID]) -> None:
        with self._db.writing(workshop_id) as session:
            for message_id in message_ids:
                session.get_one(Message, message_id).state = "failed"

    @staticmethod
    def _own_conversation(actor: Actor) -> UUID:
        actor.require("public.chat")
        if actor.subject_id is None:
            raise Unauthenticated("chat_session_ended")
        return actor.subject_id

    @staticmethod
    def _described(session: Session, messages: Sequence[Message]) -> tuple[MessageView, ...]:
        files = files_of(session, messages)
        return tuple(describe_message(message, files.get(message.id, ())) for message in messages)

    @staticmethod
    def _thread(
        conversation: Conversation, messages: tuple[MessageView, ...], agent: Person | None
    ) -> CustomerThread:
        return CustomerThread(
            conversation_id=conversation.id,
            workshop_id=conversation.workshop_id,
            mode=conversation.mode,
            agent_name=agent.name if agent and conversation.mode == "human" else None,
            language=conversation.language,
            messages=messages,
            last_seq=conversation.last_seq,
        )


def _sent_before(session: Session, conversation_id: UUID, client_id: str) -> Message | None:
    query = select(Message).where(Message.conversation_id == conversation_id, Message.client_id == client_id)
    return session.exec(query).first()


def customer_behind(conversation: Conversation) -> Actor:
    """The customer of a thread; who they are is proven where the thread's contact is."""
    return Actor(
        kind="customer",
        workshop_id=conversation.workshop_id,
        subject_id=conversation.id,
        language=conversation.language,
        permissions=frozenset({"public.chat", "public.book"}),
        customer_id=conversation.customer_id if conversation.contact_verified else None,
    )
