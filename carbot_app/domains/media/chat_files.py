"""What customers send in the chat beside their words, in the transaction of the message."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Message, MessageFile
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.photos.file_rules import VOICE_BYTES, sound_type
from carbot_app.domains.photos.keeping import rows_of, wait_for_owner
from carbot_app.domains.photos.message_files import PHOTO, VOICE
from carbot_app.domains.photos.models import PhotoBasket
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.photos.rules import BASKET, Owner, file_names
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError, Conflict, Invalid, TooLarge
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import fingerprint, new_id

_MEGABYTE = 1024 * 1024


class ChatFiles:
    """Photos of a basket become the message's; a voice message is one of its own."""

    def __init__(self, *, db: Database, store: FileStore, conversations: ConversationService) -> None:
        self._db = db
        self._store = store
        self._conversations = conversations

    def send_photos(
        self,
        actor: Actor,
        *,
        basket: str,
        text: str,
        client_id: str,
        parts: list[dict[str, Any]] | None = None,
    ) -> tuple[MessageView, bool]:
        """A message with the photos of a basket, which is used up; a repetition returns the first and False.

        Raises:
            Conflict: ``photo_basket_over``. Invalid, TooLarge: like ``add_customer_message``.
        """

        def enclose(session: Session, message: Message) -> str:
            photos = _take_photos(session, message, basket)
            if not photos and not message.text:
                raise Invalid("message_empty", field="text")
            return _word(session, message, "photos", len(photos))

        return self._conversations.add_customer_message(
            actor, text=text, client_id=client_id, parts=parts, enclose=enclose
        )

    def send_voice(self, actor: Actor, *, content: bytes, client_id: str) -> tuple[MessageView, bool]:
        """A spoken message; a repetition returns the first and False.

        Raises:
            Invalid: ``voice_empty`` or ``voice_type``. TooLarge: ``voice_too_large``. Unavailable: FileStore.
        """
        media_type = check_sound(content)
        file_id = new_id()
        name = file_names(file_id)[0]
        self._store.put(actor.workshop_id, name, content)

        def enclose(session: Session, message: Message) -> str:
            ending = media_type.partition("/")[2]
            row = _row(message, file_id, 0, VOICE, f"{VOICE}.{ending}", media_type, len(content))
            row.sha256 = sha256(content).hexdigest()
            session.add(row)
            return _word(session, message, "voice", 1)

        try:
            sent, is_new = self._conversations.add_customer_message(
                actor, text="", client_id=client_id, enclose=enclose
            )
        except AppError:
            self._store.delete(actor.workshop_id, name)
            raise
        if not is_new:
            self._store.delete(actor.workshop_id, name)
        return sent, is_new


def check_sound(content: bytes) -> str:
    """The media type of a sound that may be sent. Raises like ``send_voice``."""
    if not content:
        raise Invalid("voice_empty")
    if len(content) > VOICE_BYTES:
        raise TooLarge("voice_too_large", limit=VOICE_BYTES // _MEGABYTE)
    media_type = sound_type(content)
    if not media_type:
        raise Invalid("voice_type")
    return media_type


def _take_photos(session: Session, message: Message, token: str) -> list[MessageFile]:
    query = select(PhotoBasket).where(PhotoBasket.token_fingerprint == fingerprint(token))
    basket = session.exec(query).first()
    if basket is None:
        raise Conflict("photo_basket_over")
    owner = Owner(BASKET, basket.id)
    wait_for_owner(session, owner)
    taken: list[MessageFile] = []
    for place, photo in enumerate(rows_of(session, owner)):
        name = f"{PHOTO}-{place + 1}.jpg"
        # The files in the store are named after the id, so they need not move
        row = _row(message, photo.id, place, PHOTO, name, photo.media_type, photo.size)
        row.sha256 = photo.sha256
        taken.append(row)
        session.delete(photo)
    session.flush()
    session.add_all(taken)
    session.delete(basket)
    session.flush()
    return taken


def _row(
    message: Message, file_id: UUID, place: int, kind: str, name: str, media_type: str, size: int
) -> MessageFile:
    return MessageFile(
        id=file_id,
        created_at=message.created_at,
        workshop_id=message.workshop_id,
        message_id=message.id,
        position=place,
        kind=kind,
        name=name,
        media_type=media_type,
        size=size,
        sha256="",
    )


def _word(session: Session, message: Message, what: str, count: int) -> str:
    language = session.get_one(Workshop, message.workshop_id).language
    return translate(language, f"inbox.file.{what}", count=count)
