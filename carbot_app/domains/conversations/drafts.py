"""What somebody has begun to answer and not sent; each person has their own."""

from uuid import UUID

from sqlmodel import select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.desk_models import ThreadDraft
from carbot_app.domains.conversations.service import MESSAGE_LIMIT
from carbot_app.domains.conversations.threads import lock_conversation
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid


class DraftService:
    """The use case of drafts; they are read with the thread (see DeskService.get_desk)."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def keep(self, actor: Actor, conversation_id: UUID, text: str) -> None:
        """Remember the text, or forget it when it is blank.

        Raises:
            Invalid: ``draft_needs_person`` for whoever is no person.
        """
        actor.require("inbox.reply")
        if actor.kind != "person" or actor.subject_id is None:
            raise Invalid("draft_needs_person")
        text = text.replace("\x00", "")[:MESSAGE_LIMIT]
        with self._db.writing(actor.workshop_id) as session:
            # Two tabs of one person may save at once
            lock_conversation(session, conversation_id)
            query = select(ThreadDraft).where(
                ThreadDraft.conversation_id == conversation_id, ThreadDraft.person_id == actor.subject_id
            )
            draft = session.exec(query).first()
            if not text.strip():
                if draft is not None:
                    session.delete(draft)
                return
            draft = draft or ThreadDraft(
                workshop_id=actor.workshop_id,
                conversation_id=conversation_id,
                person_id=actor.subject_id,
                written_at=self._clock(),
            )
            draft.text, draft.written_at = text, self._clock()
            session.add(draft)
