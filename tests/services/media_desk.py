"""A chat whose customers send photos and speak, wired as in production."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image
from sqlmodel import select

from carbot_app.adapters.ai.openai_media import OpenAIPhotoAssessor, OpenAITranscriber
from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.models import MessageFile
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.recording import TurnRecorder
from carbot_app.domains.conversations.usage import UsageLedger
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.media.assessing import PhotoAssessment
from carbot_app.domains.media.chat_files import ChatFiles
from carbot_app.domains.media.voice import VoiceService
from carbot_app.domains.photos.baskets import PhotoBaskets
from carbot_app.domains.photos.message_files import MessageFiles
from carbot_app.domains.photos.service import PhotoService
from carbot_app.kit.clock import ManualClock
from tests.peers.openai_server import OpenAIStandIn
from tests.services.assistant_desk import AssistantDesk, Chat, open_assistant_desk


@dataclass
class MediaDesk:
    """Everything a photo and a voice pass on their way."""

    desk: AssistantDesk
    folder: Path
    baskets: PhotoBaskets
    chat_files: ChatFiles
    files: MessageFiles
    voice: VoiceService
    assessment: PhotoAssessment
    photos: PhotoService

    @property
    def database(self) -> Database:
        """Of the test."""
        return self.desk.database

    def basket(self, chat: Chat, *pictures: bytes) -> str:
        """The secret of a basket with these photos."""
        token = self.baskets.open(chat.actor)
        for picture in pictures:
            self.baskets.add(token, picture)
        return token

    def send_photos(self, chat: Chat, *pictures: bytes, text: str = "", client_id: str = "c1") -> Any:
        """A message with photos."""
        basket = self.basket(chat, *pictures)
        return self.chat_files.send_photos(chat.actor, basket=basket, text=text, client_id=client_id)

    def speak(self, chat: Chat, said: str, client_id: str = "c1") -> Any:
        """A spoken message, written down where somebody listens."""
        sent, is_new = self.chat_files.send_voice(
            chat.actor, content=b"OggS" + said.encode(), client_id=client_id
        )
        return self.voice.hear(chat.actor.workshop_id, sent.id), is_new

    def look(self) -> None:
        """What the worker does with new photos."""
        slow = {"photo_assessment": self.assessment.on_event}
        OutboxWorker(self.database, self.desk.clock, quick={}, slow=slow).drain()

    def rows(self) -> list[MessageFile]:
        """All files of messages, oldest first."""
        with self.database.reading(SYSTEM) as session:
            return sorted(session.exec(select(MessageFile)), key=lambda row: (row.message_id, row.position))

    def kept(self) -> set[str]:
        """Names of the files on disk."""
        return {path.name for path in self.folder.rglob("*") if path.is_file()}


def open_media_desk(
    database: Database,
    clock: ManualClock,
    analyser: MessageAnalyser,
    folder: Path,
    *,
    peer: OpenAIStandIn | None = None,
    slug: str = "mueller-dortmund",
    limit_cents: int = 100,
) -> MediaDesk:
    """``peer`` looks and listens; without it nobody does."""
    desk = open_assistant_desk(database, clock, analyser, slug=slug)
    store = FolderFileStore(folder)
    parts: dict[str, Any] = {"db": database, "clock": clock, "store": store, "maker": PillowPictureMaker()}
    ledger = UsageLedger(
        db=database,
        clock=clock,
        limit_cents=limit_cents,
        input_cents_per_million=15,
        output_cents_per_million=60,
    )
    endpoint: dict[str, Any] = {"api_key": "", "model": "m", "timeout_seconds": 1, "ledger": ledger}
    if peer:
        endpoint["base_url"] = peer.base_url
    customers = CustomerService(db=database)
    return MediaDesk(
        desk,
        folder,
        PhotoBaskets(**parts),
        ChatFiles(db=database, store=store, conversations=desk.conversations),
        MessageFiles(db=database, store=store, maker=parts["maker"]),
        VoiceService(
            db=database,
            store=store,
            transcriber=OpenAITranscriber(**endpoint) if peer else None,
        ),
        PhotoAssessment(
            db=database,
            clock=clock,
            store=store,
            catalog=desk.catalog,
            recorder=TurnRecorder(customers=customers, leads=desk.leads),
            assessor=OpenAIPhotoAssessor(**endpoint) if peer else None,
        ),
        PhotoService(**parts),
    )


def plain(colour: str, size: int = 300) -> bytes:
    """A photo of nothing but a colour, which the stand-in sees something in."""
    target = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(target, "JPEG")
    return target.getvalue()


def file_ids(message: Any) -> list[UUID]:
    """Of a message."""
    return [file.id for file in message.files]
