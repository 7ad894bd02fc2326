"""Files that come with messages: photos are made anew, other files kept as they are, programs refused."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.inbound_schemas import InboundFile
from carbot_app.domains.conversations.models import Message, MessageFile
from carbot_app.domains.conversations.ports import KeptFile
from carbot_app.domains.photos.file_rules import (
    FILE_BYTES,
    is_dangerous,
    plain_media_type,
    safe_name,
    sound_type,
)
from carbot_app.domains.photos.ports import FileStore, PictureMaker
from carbot_app.domains.photos.rules import file_names
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Invalid, NotFound, TooLarge, Unavailable
from carbot_app.kit.ids import new_id

PHOTO, VOICE, FILE, REFUSED = "photo", "voice", "file", "refused"
_SHOWN = {PHOTO, VOICE}
FILE_LIMIT = 20
"""Files kept of one message."""
_UNCHECKED = {"photo_type"}
"""What the picture maker says of something that is no picture at all."""


@dataclass(frozen=True, slots=True)
class MessageFileContent:
    """A file to hand out; what ``is_shown`` may be seen or heard in the page, anything else is only saved."""

    content: bytes
    name: str
    media_type: str
    sha256: str
    is_shown: bool


class MessageFiles:
    """A FileKeeper over the store of photos, and how staff reads what was kept."""

    def __init__(self, *, db: Database, store: FileStore, maker: PictureMaker) -> None:
        self._db = db
        self._store = store
        self._maker = maker

    def keep(self, workshop_id: UUID, files: Sequence[InboundFile]) -> tuple[KeptFile, ...]:
        """See FileKeeper.keep."""
        kept: list[KeptFile] = []
        try:
            for file in files[:FILE_LIMIT]:
                kept.append(self._keep(workshop_id, file))
        except Unavailable:
            self.forget(workshop_id, kept)
            raise
        if beyond := files[FILE_LIMIT:]:
            kept.append(_left_out(beyond))
        return tuple(kept)

    def forget(self, workshop_id: UUID, kept: Sequence[KeptFile]) -> None:
        """See FileKeeper.forget; what cannot be removed now is left to the sweep."""
        for file in kept:
            with suppress(Unavailable):
                for name in file_names(file.id):
                    self._store.delete(workshop_id, name)

    def read(self, actor: Actor, file_id: UUID, *, small: bool = False) -> MessageFileContent:
        """A file's content. NotFound: unknown, refused, deleted, or another workshop's."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(MessageFile).where(MessageFile.id == file_id)).first()
        return self._content(row, small=small)

    def read_own(self, actor: Actor, file_id: UUID) -> MessageFileContent:
        """The small picture of a photo the customer of a thread sent. NotFound: anything else."""
        actor.require("public.chat")
        query = (
            select(MessageFile)
            .join(Message)
            .where(
                MessageFile.id == file_id,
                MessageFile.kind == PHOTO,
                Message.conversation_id == actor.subject_id,
                Message.author == "customer",
            )
        )
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(query).first()
        return self._content(row, small=True)

    def _content(self, row: MessageFile | None, *, small: bool) -> MessageFileContent:
        if row is None or row.is_gone:
            raise NotFound
        content = self._store.get(row.workshop_id, file_names(row.id)[small and row.kind == PHOTO])
        return MessageFileContent(content, row.name, row.media_type, row.sha256, row.kind in _SHOWN)

    def _keep(self, workshop_id: UUID, file: InboundFile) -> KeptFile:
        if not file.content:
            return _refused(file, "gone")
        if is_dangerous(file.name, file.content):
            return _refused(file, "dangerous")
        if file.media_type.startswith("audio/") and (sound := sound_type(file.content)):
            return self._keep_as_it_is(workshop_id, file, VOICE, sound)
        try:
            picture = self._maker.make(file.content)
        except (Invalid, TooLarge) as error:
            if error.code not in _UNCHECKED and not isinstance(error, TooLarge):
                return _refused(file, "broken")
            return self._keep_as_it_is(workshop_id, file)
        file_id = new_id()
        large, small = file_names(file_id)
        self._store.put(workshop_id, small, picture.thumbnail)
        self._store.put(workshop_id, large, picture.content)
        digest = sha256(picture.content).hexdigest()
        name = safe_name(file.name)
        return KeptFile(file_id, PHOTO, name, picture.media_type, len(picture.content), digest)

    def _keep_as_it_is(
        self, workshop_id: UUID, file: InboundFile, kind: str = FILE, media_type: str = ""
    ) -> KeptFile:
        if len(file.content) > FILE_BYTES:
            return _refused(file, "too_large")
        file_id = new_id()
        self._store.put(workshop_id, file_names(file_id)[0], file.content)
        digest = sha256(file.content).hexdigest()
        media_type = media_type or plain_media_type(file.media_type)
        return KeptFile(file_id, kind, safe_name(file.name), media_type, len(file.content), digest)


def _refused(file: InboundFile, reason: str) -> KeptFile:
    media_type = plain_media_type(file.media_type)
    return KeptFile(new_id(), REFUSED, safe_name(file.name), media_type, len(file.content), "", reason)


def _left_out(files: Sequence[InboundFile]) -> KeptFile:
    """One line for all that are too many, so that staff can ask for them."""
    name = safe_name(files[0].name) if len(files) == 1 else f"{len(files)} \N{MULTIPLICATION SIGN}"
    return KeptFile(new_id(), REFUSED, name, "", sum(len(file.content) for file in files), "", "over_limit")
