"""Answers in a thread leave the house on the channel the customer writes on."""

from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.threads import (
    CHAT,
    append_message,
    lock_conversation,
    preview,
)
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.channels import MAIL, WHATSAPP
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.preferences import reachable
from carbot_app.domains.messaging.schemas import NewMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.messaging.thread_channels import STOPPED, MessagingChannels
from carbot_app.domains.messaging.thread_state import THREAD_REPLY, tell_thread
from carbot_app.domains.messaging.thread_text import plain_answer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict
from carbot_app.kit.i18n import translate

REOPEN = "thread_reopen"
"""Kind of the template that asks a customer on WhatsApp to write again."""


class ThreadReplies:
    """Consumer of message.sent, and what staff can do where only a template may be sent."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        messaging: MessagingService,
        channels: MessagingChannels,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._messaging = messaging
        self._channels = channels
        self._public_url = public_url

    def on_event(self, delivery: Delivery) -> None:
        """Queue a finished answer for its channel, once."""
        if delivery.kind != "message.sent" or delivery.payload.get("channel") == CHAT:
            return
        with self._db.writing(delivery.workshop_id) as session:
            message = session.get(Message, UUID(delivery.payload["message_id"]))
            if message is None or not message.address or not (message.text or message.parts):
                return
            conversation = session.get_one(Conversation, message.conversation_id)
            workshop = session.get_one(Workshop, delivery.workshop_id)
            self._messaging.queue(
                session, workshop.id, self._letter(session, workshop, conversation, message)
            )
            row = session.exec(
                select(OutgoingMessage).where(OutgoingMessage.message_id == message.id)
            ).first()
            if row is not None:
                tell_thread(session, row)

    def ask_to_write_again(self, actor: Actor, conversation_id: UUID) -> None:
        """Send the approved template that asks a customer on WhatsApp to write, once a day at most.

        Raises NotFound, Conflict channel_stopped, whatsapp_no_consent (the customer never agreed to be
        written to there) or whatsapp_window_open (a plain answer can be sent).
        """
        actor.require("inbox.reply")
        now = self._clock()
        with self._db.writing(actor.workshop_id) as session:
            conversation = lock_conversation(session, conversation_id)
            ways = self._channels.list_for(session, conversation)
            way = next((way for way in ways if way.channel == WHATSAPP), None)
            customer = session.get(Customer, conversation.customer_id) if conversation.customer_id else None
            if way is None or customer is None or not reachable(session, customer).wants_whatsapp:
                raise Conflict("whatsapp_no_consent")
            if way.refused == STOPPED:
                raise Conflict("channel_stopped")
            if not way.refused:
                raise Conflict("whatsapp_window_open")
            workshop = session.get_one(Workshop, actor.workshop_id)
            text = translate(conversation.language, "messages.thread_reopen", workshop=workshop.name)
            letter = NewMessage(
                REOPEN,
                WHATSAPP,
                way.address,
                preview(text),
                text,
                f"reopen:{conversation_id}:{now.date()}",
                conversation.language,
                parameters=(workshop.name,),
            )
            self._messaging.queue(session, workshop.id, letter)
            line = {"type": "asked_to_write", "name": actor.name}
            append_message(session, conversation, author="system", text="", now=now, parts=[line])

    def _letter(
        self, session: Session, workshop: Workshop, conversation: Conversation, message: Message
    ) -> NewMessage:
        text = plain_answer(message.text, message.parts, message.channel, origin=self._public_url)
        return NewMessage(
            THREAD_REPLY,
            message.channel,
            message.address,
            _subject(session, conversation, workshop) if message.channel == MAIL else preview(text),
            text,
            f"thread:{message.id}",
            conversation.language,
            message_id=message.id,
        )


def _subject(session: Session, conversation: Conversation, workshop: Workshop) -> str:
    """``Re:`` and the subject of the customer's last mail; without one, who writes."""
    query = select(Message.subject).where(
        Message.conversation_id == conversation.id,
        Message.author == "customer",
        Message.channel == MAIL,
        Message.subject != "",
    )
    subject = session.exec(query.order_by(col(Message.seq).desc()).limit(1)).first()
    if not subject:
        return translate(conversation.language, "messages.thread_subject", workshop=workshop.name)
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"[:200]
