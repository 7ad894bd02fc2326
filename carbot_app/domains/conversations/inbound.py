"""What comes in from outside the chat: stored once, in the one thread of the person who wrote."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.db.outbox import OutboxEvent, emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.conversations.caller_language import language_of_number
from carbot_app.domains.conversations.dialogue import DialogueState
from carbot_app.domains.conversations.inbound_schemas import InboundMessage
from carbot_app.domains.conversations.models import Conversation, Message, MessageFile
from carbot_app.domains.conversations.ports import FileKeeper, KeptFile
from carbot_app.domains.conversations.threads import CALL, append_message, preview
from carbot_app.domains.customers.contact_points import EMAIL, find_or_open, kind_of
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import fingerprint, new_secret
from carbot_app.kit.text import single_line

TEXT_LIMIT = 100_000
"""Characters; a mail may be long, but not without end."""
STILL_THE_SAME = timedelta(days=3)
"""Whoever writes so soon after a thread was done goes on in it: mostly to say thanks."""
ANSWER_WANTED = "answer.wanted"
"""Event apart from message.received: what takes seconds has a worker of its own."""
QUIET = timedelta(seconds=0.3)
"""Without a message, after which what takes the processor may begin."""
_ID_LENGTH = 255
_NAME_LENGTH = 120


class InboundService:
    """Nobody is signed in here: whoever calls has checked that the provider really sent the message."""

    def __init__(self, *, db: Database, clock: Clock, files: FileKeeper) -> None:
        self._db = db
        self._clock = clock
        self._files = files
        self._quiet_at = self._asked_at = clock()

    def is_pouring(self) -> bool:
        """Whether messages follow each other so closely that showing them must go before answering them.

        Other processes receive too, so what waits for an answer is looked at, a few times a second.
        """
        now = self._clock()
        if now >= self._quiet_at and now >= self._asked_at + QUIET:
            self._asked_at = now
            came = select(OutboxEvent.created_at).where(
                OutboxEvent.kind == ANSWER_WANTED,
                col(OutboxEvent.delivered_at).is_(None),
                col(OutboxEvent.created_at).between(now - QUIET, now + QUIET),
            )
            with self._db.reading(SYSTEM) as session:
                if session.exec(came.limit(1)).first() is not None:
                    # Longer than until it is looked at again
                    self._quiet_at = now + 2 * QUIET
        return now < self._quiet_at

    def receive(self, workshop_id: UUID, message: InboundMessage) -> UUID | None:
        """Store a message in the sender's thread; its id, or None when it was there already.

        Never twice per provider and provider_id, whatever runs in parallel. Raises Unavailable when a file
        cannot be kept; the provider then delivers again.
        """
        self._quiet_at = self._clock() + QUIET
        # Whether it is new is asked below again; here it saves keeping its files
        if message.attachments and self._is_known(workshop_id, message):
            return None
        kept = self._files.keep(workshop_id, message.attachments)
        stored = None
        try:
            with self._db.writing(workshop_id) as session:
                stored = self._store(session, workshop_id, message, kept)
        finally:
            if stored is None:
                self._files.forget(workshop_id, kept)
        return stored

    def _store(
        self, session: Session, workshop_id: UUID, message: InboundMessage, kept: Sequence[KeptFile]
    ) -> UUID | None:
        now = self._clock()
        customer = find_or_open(
            session,
            workshop_id,
            message.from_address,
            name=_name(message.from_name),
            language=lambda: self._language(session, workshop_id, message.from_address),
            now=now,
        )
        # Only now nobody else writes for this person
        if _find(session, message) is not None:
            return None
        conversation = self._thread_of(session, customer, message, now)
        conversation.state = "open"
        row = append_message(
            session,
            conversation,
            author="customer",
            text=message.text.replace("\x00", "").strip()[:TEXT_LIMIT],
            now=now,
            parts=[{"type": "missed_call"}] if message.channel == CALL else None,
            channel=message.channel,
            address=message.from_address,
        )
        if not row.text:
            conversation.last_text = preview(self._wordless(session, workshop_id, message, kept))
        row.provider, row.provider_id = message.provider, _short(message.provider_id)
        row.subject, row.references = message.subject[:200], list(message.references)[-50:]
        if kept:
            session.flush()  # files refer to their message
            session.add_all(_file_row(row, place, file) for place, file in enumerate(kept))
        if message.channel != CALL:
            emit(
                session,
                workshop_id,
                ANSWER_WANTED,
                conversation_id=conversation.id,
                message_id=row.id,
                channel=message.channel,
            )
        return row.id

    def _thread_of(
        self, session: Session, customer: Customer, message: InboundMessage, now: datetime
    ) -> Conversation:
        query = (
            select(Conversation)
            .where(
                Conversation.customer_id == customer.id,
                col(Conversation.contact_verified).is_(True),
                or_(Conversation.state == "open", col(Conversation.last_message_at) > now - STILL_THE_SAME),
            )
            .order_by(col(Conversation.state).desc(), col(Conversation.last_message_at).desc())
        )
        # Locked at once, so that seq stays gapless
        if (known := session.exec(query.limit(1).with_for_update()).first()) is not None:
            return known
        is_mail = kind_of(message.from_address) == EMAIL
        state = DialogueState(
            language=customer.language,
            name=customer.name,
            phone="" if is_mail else message.from_address,
            email=message.from_address if is_mail else "",
        )
        thread = Conversation(
            workshop_id=customer.workshop_id,
            channel=message.channel,
            customer_id=customer.id,
            contact_verified=True,
            language=customer.language,
            token_fingerprint=fingerprint(new_secret()),
            last_message_at=now,
            created_at=now,
            dialogue=state.to_json(),
        )
        session.add(thread)
        session.flush()
        return thread

    @staticmethod
    def _wordless(
        session: Session, workshop_id: UUID, message: InboundMessage, kept: Sequence[KeptFile]
    ) -> str:
        """What stands in lists for a message without words, in the workshop's language."""
        if message.channel != CALL:
            return ", ".join(file.name for file in kept)
        return translate(session.get_one(Workshop, workshop_id).language, "inbox.message.missed_call")

    @staticmethod
    def _language(session: Session, workshop_id: UUID, address: str) -> str:
        usual = session.get_one(Workshop, workshop_id).language
        return usual if kind_of(address) == EMAIL else language_of_number(address, usual)

    def _is_known(self, workshop_id: UUID, message: InboundMessage) -> bool:
        with self._db.reading(workshop_id) as session:
            return _find(session, message) is not None


def _find(session: Session, message: InboundMessage) -> UUID | None:
    query = select(Message.id).where(
        Message.provider == message.provider, Message.provider_id == _short(message.provider_id)
    )
    return session.exec(query).first()


def _short(provider_id: str) -> str:
    return provider_id if len(provider_id) <= _ID_LENGTH else fingerprint(provider_id)


def _name(text: str) -> str:
    return single_line(text[:_NAME_LENGTH], field="name", limit=_NAME_LENGTH)


def _file_row(message: Message, place: int, file: KeptFile) -> MessageFile:
    return MessageFile(
        id=file.id,
        workshop_id=message.workshop_id,
        message_id=message.id,
        position=place,
        kind=file.kind,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        reason=file.reason,
    )
