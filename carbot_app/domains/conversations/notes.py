"""Notes among colleagues about a thread; customers never see them."""

from uuid import UUID

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.conversations.desk import describe_note
from carbot_app.domains.conversations.desk_models import ThreadNote
from carbot_app.domains.conversations.desk_reading import colleagues
from carbot_app.domains.conversations.desk_schemas import NoteView
from carbot_app.domains.conversations.mentions import mentioned
from carbot_app.domains.conversations.threads import lock_conversation
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import several_lines

NOTE_LIMIT = 4000


class NoteService:
    """Use cases of notes."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def write_note(self, actor: Actor, conversation_id: UUID, text: str) -> NoteView:
        """Add a note; colleagues named with ``@`` are told on their devices.

        Raises:
            Invalid: ``note_empty`` or ``too_long``.
        """
        actor.require("inbox.reply")
        text = several_lines(text, field="text", limit=NOTE_LIMIT)
        if not text:
            raise Invalid("note_empty", field="text")
        with self._db.writing(actor.workshop_id) as session:
            thread = lock_conversation(session, conversation_id)
            called = mentioned(text, colleagues(session, actor.workshop_id))
            note = ThreadNote(
                workshop_id=actor.workshop_id,
                conversation_id=thread.id,
                author_id=actor.subject_id if actor.kind == "person" else None,
                author_name=actor.name,
                text=text,
                mentions=[str(person) for person in called],
                created_at=self._clock(),
            )
            session.add(note)
            emit(
                session,
                actor.workshop_id,
                "note.written",
                conversation_id=thread.id,
                note_id=note.id,
                mentions=[str(person) for person in called if person != actor.subject_id],
            )
            return describe_note(note)
