"""Gives a thread to a person; the assistant goes on answering until somebody writes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from carbot_app.db.outbox import emit
from carbot_app.domains.conversations.threads import announce, lock_conversation


class TakenByAssigner:
    """Writes who is responsible into the thread itself."""

    def assign(
        self, session: Session, *, workshop_id: UUID, conversation_id: UUID, person_id: UUID, now: datetime
    ) -> None:
        """See Assigner."""
        conversation = lock_conversation(session, conversation_id)
        if conversation.taken_by == person_id:
            return
        conversation.taken_by, conversation.taken_at = person_id, now
        announce(session, conversation, reason="state")
        emit(
            session,
            workshop_id,
            "conversation.assigned",
            conversation_id=conversation_id,
            person_id=person_id,
        )
