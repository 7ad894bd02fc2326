"""Writing into a thread: the operations every use case of conversations shares, inside its transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.domains.conversations.models import Conversation, Message, MessageFile
from carbot_app.kit.errors import NotFound

PREVIEW_LENGTH = 200
CHAT = "chat"
CALL = "call"
QUEUED = "queued"
"""Delivery of an answer that is to leave the house."""
_ANSWERING = ("assistant", "staff")


def preview(text: str) -> str:
    """The beginning of a message for lists, without the marks of bold text."""
    return text.replace("**", "")[:PREVIEW_LENGTH]


def lock_conversation(session: Session, conversation_id: UUID) -> Conversation:
    """The conversation, locked so that ``seq`` stays gapless; NotFound when it is not this workshop's."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    conversation = session.exec(query).first()
    if conversation is None:
        raise NotFound("conversation_not_found")
    return conversation


def append_message(
    session: Session,
    conversation: Conversation,
    *,
    author: str,
    text: str,
    now: datetime,
    author_id: UUID | None = None,
    author_name: str = "",
    parts: list[dict[str, Any]] | None = None,
    facts: list[dict[str, Any]] | None = None,
    state: str = "complete",
    client_id: str | None = None,
    channel: str = CHAT,
    address: str = "",
) -> Message:
    """Add a message to a locked conversation and tell everybody who cares.

    A finished answer on another ``channel`` than the chat leaves for ``address`` by the event message.sent.
    """
    conversation.last_seq += 1
    conversation.last_message_at = now
    if author != "system":
        conversation.last_author = author
    # Staff decides in the list by what is wanted; every answer begins alike.
    if author == "customer":
        conversation.last_text = preview(text)
        conversation.last_channel, conversation.last_address = channel, address
        conversation.snoozed_until = None
        if conversation.channel != "booking":
            conversation.waiting_since = conversation.waiting_since or now
    elif state == "complete":
        note_answer(conversation, author)
    if author in {"assistant", "staff"} and conversation.first_answer_at is None and state == "complete":
        conversation.first_answer_at = now
        conversation.first_answer_by = author
    message = Message(
        workshop_id=conversation.workshop_id,
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        author=author,
        author_id=author_id,
        author_name=author_name,
        text=text,
        parts=parts or [],
        facts=facts or [],
        state=state,
        client_id=client_id,
        channel=channel,
        address=address,
        delivery=QUEUED if author in _ANSWERING and channel != CHAT else "",
        created_at=now,
    )
    session.add(message)
    announce(session, conversation, reason="message")
    if author == "customer":
        _emit_message(session, message, "message.received")
    elif author in _ANSWERING and state == "complete":
        announce_sent(session, message)
    return message


def announce_sent(session: Session, message: Message) -> None:
    """Emit that a finished answer is on its way."""
    _emit_message(session, message, "message.sent")


def _emit_message(session: Session, message: Message, kind: str) -> None:
    emit(
        session,
        message.workshop_id,
        kind,
        conversation_id=message.conversation_id,
        message_id=message.id,
        channel=message.channel,
    )


def note_answer(conversation: Conversation, author: str) -> None:
    """The customer waits no longer; once a person is asked for, only a person's answer counts."""
    if author == "staff" or (author == "assistant" and conversation.mode == "assistant"):
        conversation.waiting_since = None


def close_thread(conversation: Conversation) -> None:
    """Nobody has to do anything any more, until the customer writes."""
    conversation.state = "done"
    conversation.staff_seen_seq = conversation.last_seq
    conversation.snoozed_until = conversation.waiting_since = None


def announce(session: Session, conversation: Conversation, *, reason: str) -> None:
    """Emit that the thread changed; ``reason`` is created, message, mode or state."""
    emit(
        session,
        conversation.workshop_id,
        "conversation.changed",
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        reason=reason,
    )


def hand_over(session: Session, conversation: Conversation, *, reason: str, now: datetime) -> None:
    """Silence the assistant and alert staff; ``reason`` as in Conversation.handover_reason."""
    if conversation.mode == "human":
        return
    conversation.mode = "human"
    conversation.handover_reason = reason
    conversation.waiting_since = conversation.waiting_since or now
    append_message(
        session,
        conversation,
        author="system",
        text="",
        now=now,
        parts=[{"type": "handover", "reason": reason}],
    )
    announce(session, conversation, reason="mode")
    emit(
        session,
        conversation.workshop_id,
        "handover.requested",
        conversation_id=conversation.id,
        reason=reason,
    )


def messages_after(session: Session, conversation_id: UUID, seq: int) -> list[Message]:
    """Messages with a higher ``seq``, oldest first."""
    query = select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq)
    return list(session.exec(query.order_by(col(Message.seq))))


def files_of(session: Session, messages: Sequence[Message]) -> dict[UUID, list[MessageFile]]:
    """Files by the message they came with, in order."""
    found: dict[UUID, list[MessageFile]] = {}
    incoming = [message.id for message in messages if message.author == "customer"]
    if incoming:
        query = select(MessageFile).where(col(MessageFile.message_id).in_(incoming))
        for file in session.exec(query.order_by(col(MessageFile.position))):
            found.setdefault(file.message_id, []).append(file)
    return found


def last_answered(session: Session, conversation_id: UUID) -> int:
    """``seq`` of the last message of assistant or staff, also of one still being written; 0: none.

    An answer that was cut off is none.
    """
    query = select(Message.seq).where(
        Message.conversation_id == conversation_id,
        col(Message.author).in_(_ANSWERING),
        Message.state != "failed",
    )
    return session.exec(query.order_by(col(Message.seq).desc()).limit(1)).first() or 0
