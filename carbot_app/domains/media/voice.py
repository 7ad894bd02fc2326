"""Voice messages: written down where somebody can, kept for staff otherwise, and deleted in either case."""

from uuid import UUID

import structlog
from sqlmodel import Session, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.conversations.inbound import ANSWER_WANTED
from carbot_app.domains.conversations.models import Conversation, Message, MessageFile
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.conversations.service import MESSAGE_LIMIT
from carbot_app.domains.conversations.threads import (
    CHAT,
    announce,
    files_of,
    lock_conversation,
    preview,
)
from carbot_app.domains.conversations.views import describe_message
from carbot_app.domains.media.chat_files import check_sound
from carbot_app.domains.media.ports import MediaUnavailable, Transcriber
from carbot_app.domains.photos.message_files import VOICE
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.photos.rules import file_names
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError, Unavailable

HEARD = "heard"
"""Why the sound of a voice message is gone."""
SPOKEN = (CHAT, "whatsapp")
"""Channels on which a sound is meant to be listened to; one in a mail may be the noise of an engine."""
_log = structlog.get_logger()


class VoiceService:
    """Without ``transcriber`` voice messages stay for staff to listen, until their time is over."""

    def __init__(
        self,
        *,
        db: Database,
        store: FileStore,
        transcriber: Transcriber | None,
    ) -> None:
        self._db = db
        self._store = store
        self._transcriber = transcriber

    @property
    def can_transcribe(self) -> bool:
        """Whether spoken words can be written down here."""
        return self._transcriber is not None

    def dictate(self, actor: Actor, content: bytes) -> str:
        """What a person of the team says, for the composer; nothing of it is kept.

        Raises:
            Invalid, TooLarge: like ChatFiles.send_voice. Unavailable: ``voice_unavailable``.
        """
        actor.require("inbox.reply")
        media_type = check_sound(content)
        if self._transcriber is None:
            raise Unavailable("voice_unavailable")
        try:
            said = self._transcriber.transcribe(actor.workshop_id, content, media_type, actor.language)
        except MediaUnavailable as error:
            _log.warning("voice.unheard", reason=error.reason)
            raise Unavailable("voice_unavailable") from error
        return said.strip()[:MESSAGE_LIMIT]

    def hear(self, workshop_id: UUID, message_id: UUID) -> MessageView:
        """Write a voice message down and delete its sound; as it was where that cannot be done now."""
        with self._db.reading(workshop_id) as session:
            message = session.get_one(Message, message_id)
            language = session.get_one(Conversation, message.conversation_id).language
            files = files_of(session, [message]).get(message.id, [])
        unheard = [file for file in files if file.kind == VOICE and not file.is_gone]
        said = "" if message.text else self._said(workshop_id, unheard, language)
        if said:
            self._write_down(workshop_id, message_id, said)
            self._delete_sounds(workshop_id, unheard)
        with self._db.reading(workshop_id) as session:
            message = session.get_one(Message, message_id)
            return describe_message(message, files_of(session, [message]).get(message.id, ()))

    def on_event(self, delivery: Delivery) -> None:
        """Before a message of another channel is answered: its words, where it was spoken."""
        if delivery.kind == ANSWER_WANTED and delivery.payload["channel"] in SPOKEN[1:]:
            self.hear(delivery.workshop_id, UUID(delivery.payload["message_id"]))

    def _said(self, workshop_id: UUID, files: list[MessageFile], language: str) -> str:
        if self._transcriber is None:
            return ""
        said: list[str] = []
        for file in files:
            try:
                content = self._store.get(workshop_id, file_names(file.id)[0])
                said.append(self._transcriber.transcribe(workshop_id, content, file.media_type, language))
            except (MediaUnavailable, AppError) as error:
                # A person is asked instead; the sound stays for them
                _log.warning("voice.unheard", reason=str(error))
                return ""
        return " ".join(filter(None, (" ".join(words.split()) for words in said)))[:MESSAGE_LIMIT]

    def _write_down(self, workshop_id: UUID, message_id: UUID, said: str) -> None:
        with self._db.writing(workshop_id) as session:
            message = session.get_one(Message, message_id)
            conversation = lock_conversation(session, message.conversation_id)
            message.text = said.replace("\x00", "")
            if conversation.last_seq == message.seq or _is_last_word(session, message):
                conversation.last_text = preview(said)
            announce(session, conversation, reason="message")

    def _delete_sounds(self, workshop_id: UUID, files: list[MessageFile]) -> None:
        for file in files:
            # The row goes first: a sound without one is found by the sweep of files
            with self._db.writing(workshop_id) as session:
                row = session.get(MessageFile, file.id)
                if row is not None:
                    row.reason = HEARD
            self._store.delete(workshop_id, file_names(file.id)[0])


def _is_last_word(session: Session, message: Message) -> bool:
    """Whether the customer wrote nothing after it."""
    later = select(Message.id).where(
        Message.conversation_id == message.conversation_id,
        Message.author == "customer",
        Message.seq > message.seq,
    )
    return session.exec(later.limit(1)).first() is None
