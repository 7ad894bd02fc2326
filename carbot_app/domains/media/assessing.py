"""Photos of messages looked at by a model: for staff to read, and for the urgency of the lead."""

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

import structlog
from sqlmodel import Session, col, select

from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.conversations.dialogue import URGENCY_ORDER, DialogueState
from carbot_app.domains.conversations.models import Message, MessageFile
from carbot_app.domains.conversations.recording import TurnRecorder
from carbot_app.domains.conversations.service import STALE_ANSWER, customer_behind
from carbot_app.domains.conversations.threads import announce, hand_over, lock_conversation
from carbot_app.domains.conversations.warning_lamps import WarningLamp
from carbot_app.domains.media.findings import lamp_seen, learn
from carbot_app.domains.media.ports import MediaUnavailable, PhotoAssessor, PhotoFinding
from carbot_app.domains.photos.message_files import PHOTO
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.photos.rules import file_names
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import AppError

PHOTOS = 6
"""Looked at of one message."""
_log = structlog.get_logger()


class AnswerUnderWay(Exception):
    """What the photo means for the lead is noted once the answer has been written, which would undo it."""


class PhotoAssessment:
    """Consumer of message.received; does nothing without ``assessor``."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        store: FileStore,
        catalog: CatalogService,
        recorder: TurnRecorder,
        assessor: PhotoAssessor | None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._catalog = catalog
        self._recorder = recorder
        self._assessor = assessor

    def on_event(self, delivery: Delivery) -> None:
        """Look at the photos of a new message, each once, and tell the lead what is surely a warning lamp."""
        if self._assessor is None or delivery.kind != "message.received":
            return
        workshop_id, message_id = delivery.workshop_id, UUID(delivery.payload["message_id"])
        with self._db.reading(workshop_id) as session:
            photos = _photos_of(session, message_id)
            language = session.get_one(Workshop, workshop_id).language
        if not photos:
            return
        for photo in photos:
            # Whoever cannot see one sees none of them, and waiting for each would outlast the event's lease
            if not photo.finding and not self._look_at(self._assessor, photo, language):
                break
        self._tell_lead(workshop_id, message_id)

    def _look_at(self, assessor: PhotoAssessor, photo: MessageFile, language: str) -> bool:
        try:
            content = self._store.get(photo.workshop_id, file_names(photo.id)[0])
            finding = assessor.assess(photo.workshop_id, content, language)
        except (MediaUnavailable, AppError) as error:
            # Staff sees the photo itself
            _log.warning("photos.unassessed", photo=str(photo.id), reason=str(error))
            return False
        with self._db.writing(photo.workshop_id) as session:
            row = session.get(MessageFile, photo.id)
            if row is None:
                return True
            row.finding = asdict(finding)
            message = session.get_one(Message, row.message_id)
            announce(session, lock_conversation(session, message.conversation_id), reason="message")
        return True

    def _tell_lead(self, workshop_id: UUID, message_id: UUID) -> None:
        with self._db.writing(workshop_id) as session:
            lamp = _worst_lamp(_photos_of(session, message_id))
            if lamp is None:
                return
            message = session.get_one(Message, message_id)
            conversation = lock_conversation(session, message.conversation_id)
            if self._is_being_answered(session, conversation.id):
                raise AnswerUnderWay
            state = DialogueState.from_json(conversation.dialogue, language=conversation.language)
            fitting = self._catalog.match_codes(customer_behind(conversation), lamp.services)
            learn(state, lamp, fitting[:1])
            conversation.dialogue = state.to_json()
            country = session.get_one(Workshop, workshop_id).country
            self._recorder.record(session, conversation, state, country=country)
            if lamp.danger:
                hand_over(session, conversation, reason="emergency", now=self._clock())

    def _is_being_answered(self, session: Session, conversation_id: UUID) -> bool:
        query = select(Message.id).where(
            Message.conversation_id == conversation_id,
            Message.state == "streaming",
            col(Message.created_at) > self._clock() - STALE_ANSWER,
        )
        return session.exec(query.limit(1)).first() is not None


def _photos_of(session: Session, message_id: UUID) -> list[MessageFile]:
    query = select(MessageFile).where(MessageFile.message_id == message_id, MessageFile.kind == PHOTO)
    return list(session.exec(query.order_by(col(MessageFile.position)).limit(PHOTOS)))


def _worst_lamp(photos: Sequence[MessageFile]) -> WarningLamp | None:
    seen = [lamp_seen(PhotoFinding(**photo.finding)) for photo in photos if photo.finding]
    lamps = [lamp for lamp in seen if lamp is not None]
    return max(lamps, key=lambda lamp: URGENCY_ORDER.index(lamp.urgency), default=None)
