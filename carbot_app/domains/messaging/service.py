"""Outbound messages: queued in the transaction that causes them, sent by a job, visible in the outbox."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, and_, col, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.health import note_outage, note_taken, outages
from carbot_app.domains.messaging.mail_ids import mail_id
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import (
    Attached,
    AttachmentSource,
    DeliveryError,
    DeliveryReport,
    Letter,
    MailTransport,
    ShortMessage,
    ShortMessageProvider,
    WorkshopMail,
)
from carbot_app.domains.messaging.schemas import MessageView, NewMessage, Outage
from carbot_app.domains.messaging.thread_state import THREAD_REPLY, tell_thread
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import AppError, Conflict, NotFound

LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = 8
PASSWORD_KINDS = frozenset({"password_reset", "invitation"})
"""Letters whose link sets a password."""
MAIL = "mail"


class MessagingService:
    """Use cases of outbound messages; what no provider is there for stays visible as held."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        transport: MailTransport | None,
        providers: Sequence[ShortMessageProvider] = (),
        public_url: str = "",
        own_mail: WorkshopMail | None = None,
    ) -> None:
        """``providers``: of several for one channel the first sends. ``own_mail``: accounts of workshops."""
        self._db = db
        self._clock = clock
        self._transport = transport
        self._providers = {provider.channel: provider for provider in reversed(providers)}
        self._public_url = public_url
        self._own_mail = own_mail
        self._sources: dict[str, AttachmentSource] = {}
        self._followers: dict[str, Callable[[Session, OutgoingMessage], None]] = {}

    def add_source(self, name: str, source: AttachmentSource) -> None:
        """Where attachments with this ``source`` come from."""
        self._sources[name] = source

    def follow(self, kind: str, told: Callable[[Session, OutgoingMessage], None]) -> None:
        """``told`` hears in the same transaction of every message of the kind that was sent or was not."""
        self._followers[kind] = told

    @property
    def channels(self) -> frozenset[str]:
        """Channels something can leave on."""
        return frozenset(self._providers) | ({MAIL} if self._transport else set())

    def queue_mail(
        self,
        session: Session,
        *,
        workshop_id: UUID,
        kind: str,
        to_address: str,
        subject: str,
        text: str,
        dedupe_key: str,
        language: str = "de",
        html: str = "",
        calendar: str = "",
        attachments: Sequence[dict[str, str]] = (),
    ) -> None:
        """Queue a mail inside the caller's transaction; the same ``dedupe_key`` is queued once."""
        mail = NewMessage(kind, MAIL, to_address, subject, text, dedupe_key, language, html, calendar)
        mail = replace(mail, attachments=tuple(attachments))
        self.queue(session, workshop_id, mail)

    def queue(self, session: Session, workshop_id: UUID, message: NewMessage) -> None:
        """Queue a message inside the caller's transaction; the same ``dedupe_key`` is queued once."""
        if self.is_queued(session, workshop_id, message.dedupe_key):
            return
        row = OutgoingMessage(
            workshop_id=workshop_id,
            kind=message.kind,
            channel=message.channel,
            to_address=message.to_address,
            subject=message.subject[:200],
            text=message.text,
            html=message.html,
            calendar=message.calendar,
            attachments=list(message.attachments),
            parameters=list(message.parameters),
            language=message.language,
            dedupe_key=message.dedupe_key,
            state=states.QUEUED if self.can_leave(session, workshop_id, message.channel) else states.HELD,
            created_at=self._clock(),
            next_attempt_at=message.send_at,
            appointment_id=message.appointment_id,
            message_id=message.message_id,
        )
        session.add(row)
        emit(session, workshop_id, "mail.queued", mail_id=row.id)

    @staticmethod
    def is_queued(session: Session, workshop_id: UUID, dedupe_key: str) -> bool:
        """Whether a message with this key was queued before."""
        known = select(OutgoingMessage.id).where(
            OutgoingMessage.workshop_id == workshop_id, OutgoingMessage.dedupe_key == dedupe_key
        )
        return session.exec(known).first() is not None

    def send_due(self, limit: int = 50) -> int:
        """Send what is due; returns how many were sent.

        A message is claimed before it is handed over and released when the provider refuses. A worker that
        dies in between leaves the claim to expire. A mail is then sent again: its stable Message-ID lets the
        receiver drop the duplicate. SMS and WhatsApp have no such key, so those become unsure instead.
        """
        self._give_up_unanswered()
        sent = 0
        for message in self._claim(limit):
            try:
                provider, provider_id = self._hand_over(message)
            except DeliveryError as error:
                self._note_failure(message.id, error)
            else:
                self._note_success(message.id, provider, provider_id)
                sent += 1
        return sent

    def note_report(self, provider: str, report: DeliveryReport) -> None:
        """Take over what a provider says became of a message; reports of unknown messages are ignored."""
        with self._db.writing(SYSTEM) as session:
            row = session.exec(
                select(OutgoingMessage).where(
                    OutgoingMessage.provider_id == report.provider_id, OutgoingMessage.provider == provider
                )
            ).first()
            if row is not None and states.is_news(row.state, report.state):
                row.state, row.error = report.state, report.error[:300]
                tell_thread(session, row)

    def note_bounce(self, session: Session, message_id: UUID, reason: str) -> None:
        """A mail of the session's workshop came back for good; within the caller's transaction."""
        row = session.exec(select(OutgoingMessage).where(OutgoingMessage.id == message_id)).first()
        if row is not None and row.state in (states.SENT, states.DELIVERED, states.UNSURE):
            row.state, row.error = states.FAILED, reason[:300]
            tell_thread(session, row)

    def retry(self, actor: Actor, message_id: UUID) -> MessageView:
        """Send a held, failed or unsure message again.

        Raises NotFound, Conflict message_not_repeatable, or Conflict channel_without_provider.
        """
        actor.require("bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(OutgoingMessage).where(OutgoingMessage.id == message_id)).first()
            if row is None:
                raise NotFound
            if row.state not in states.REPEATABLE:
                raise Conflict("message_not_repeatable")
            if not self.can_leave(session, actor.workshop_id, row.channel):
                raise Conflict("channel_without_provider")
            row.state, row.attempts, row.next_attempt_at, row.error = states.QUEUED, 0, None, ""
            tell_thread(session, row)
            session.flush()
            return _describe(row, actor)

    def list_messages(
        self, actor: Actor, *, before: UUID | None = None, limit: int = 50
    ) -> list[MessageView]:
        """The outbox, newest first; texts as in get_message."""
        actor.require("messages.read")
        query = select(OutgoingMessage).order_by(col(OutgoingMessage.id).desc()).limit(min(limit, 200))
        if before is not None:
            query = query.where(OutgoingMessage.id < before)
        with self._db.reading(actor.workshop_id) as session:
            return [_describe(message, actor) for message in session.exec(query)]

    def list_outages(self, actor: Actor) -> tuple[Outage, ...]:
        """Channels whose provider has taken nothing for a while; what waits leaves when it is back."""
        actor.require_any("messages.read", "inbox.read")
        with self._db.reading(SYSTEM) as session:
            return outages(session, self.channels)

    def get_message(self, actor: Actor, message_id: UUID) -> MessageView:
        """One message of the outbox.

        The text of letters that sign their reader in (PASSWORD_KINDS) is shown to owners only: with it,
        anybody at the front desk could become the person it is meant for. For others it is empty.

        Raises:
            NotFound: unknown, or another workshop's.
        """
        actor.require("messages.read")
        with self._db.reading(actor.workshop_id) as session:
            message = session.exec(select(OutgoingMessage).where(OutgoingMessage.id == message_id)).first()
        if message is None:
            raise NotFound
        return _describe(message, actor)

    def _hand_over(self, message: OutgoingMessage) -> tuple[str, str]:
        if message.channel == MAIL:
            transport, letter = self._transport, _letter(message)
            letter = replace(letter, attachments=self._fetch(message))
            if self._own_mail is not None:
                transport, letter = self._own_mail.prepare(message, letter, transport)
            assert transport is not None
            transport.send(letter)
            return "smtp", ""
        provider = self._providers[message.channel]
        report_url = f"{self._public_url}/api/webhooks/{provider.name}" if self._public_url else ""
        return provider.name, provider.send(_short_message(message, report_url))

    def _fetch(self, message: OutgoingMessage) -> tuple[Attached, ...]:
        try:
            return tuple(
                self._sources[name["source"]](message.workshop_id, name) for name in message.attachments
            )
        except NotFound as error:
            raise DeliveryError("attachment is gone", permanent=True) from error
        except AppError as error:
            raise DeliveryError(f"attachment: {error.code}", permanent=False) from error

    def can_leave(self, session: Session, workshop_id: UUID, channel: str) -> bool:
        """Whether somebody sends what a workshop writes on the channel."""
        if channel in self.channels:
            return True
        own = self._own_mail.list_workshops(session) if self._own_mail and channel == MAIL else ()
        return workshop_id in own

    def _workshops_with_mail(self) -> Sequence[UUID]:
        if self._own_mail is None or MAIL in self.channels:
            return ()
        with self._db.reading(SYSTEM) as session:
            return self._own_mail.list_workshops(session)

    def _give_up_unanswered(self) -> None:
        abandoned = select(OutgoingMessage).where(
            OutgoingMessage.state == states.SENDING,
            OutgoingMessage.channel != MAIL,
            col(OutgoingMessage.next_attempt_at) <= self._clock(),
        )
        with self._db.reading(SYSTEM) as session:  # the usual case must not take SQLite's write lock
            if session.exec(abandoned.limit(1)).first() is None:
                return
        with self._db.writing(SYSTEM) as session:
            for row in session.exec(abandoned.with_for_update(skip_locked=True)):
                row.state, row.error = states.UNSURE, "no answer"
                tell_thread(session, row)

    def _claim(self, limit: int) -> list[OutgoingMessage]:
        now = self._clock()
        due = or_(col(OutgoingMessage.next_attempt_at).is_(None), col(OutgoingMessage.next_attempt_at) <= now)
        waiting = or_(
            OutgoingMessage.state == states.QUEUED,
            (col(OutgoingMessage.state) == states.SENDING) & (col(OutgoingMessage.channel) == MAIL),
        )
        leaves = col(OutgoingMessage.channel).in_(sorted(self.channels))
        if own := self._workshops_with_mail():
            by_own = and_(OutgoingMessage.channel == MAIL, col(OutgoingMessage.workshop_id).in_(own))
            leaves = or_(leaves, by_own)
        elif not self.channels:
            return []
        query = select(OutgoingMessage).where(waiting, due, leaves)
        with self._db.writing(SYSTEM) as session:
            batch = query.order_by(col(OutgoingMessage.id)).limit(limit).with_for_update(skip_locked=True)
            messages = list(session.exec(batch))
            for message in messages:
                message.state = states.SENDING
                message.attempts += 1
                message.next_attempt_at = now + LEASE
        return messages

    def _tell(self, session: Session, row: OutgoingMessage) -> None:
        tell_thread(session, row)
        if follower := self._followers.get(row.kind):
            follower(session, row)

    def _note_success(self, message_id: UUID, provider: str, provider_id: str) -> None:
        with self._db.writing(SYSTEM) as session:
            row = session.get_one(OutgoingMessage, message_id)
            row.state, row.sent_at, row.error = states.SENT, self._clock(), ""
            row.provider, row.provider_id = provider, provider_id[:128]
            self._tell(session, row)
            note_taken(session, row.channel)

    def _note_failure(self, message_id: UUID, error: DeliveryError) -> None:
        with self._db.writing(SYSTEM) as session:
            row = session.get_one(OutgoingMessage, message_id)
            row.error = str(error)[:300]
            if error.unsure:
                row.state = states.UNSURE
            elif error.permanent or row.attempts >= GIVE_UP_AFTER:
                row.state = states.FAILED
            else:
                row.state = states.QUEUED
                row.next_attempt_at = self._clock() + timedelta(seconds=30 * 2**row.attempts)
            self._tell(session, row)
            if not error.permanent:
                note_outage(session, row.channel, row.error, self._clock())


def _letter(message: OutgoingMessage) -> Letter:
    return Letter(
        to_address=message.to_address,
        subject=message.subject,
        text=message.text,
        html=message.html,
        calendar=message.calendar,
        message_id=mail_id(message.id),
    )


def _short_message(message: OutgoingMessage, report_url: str) -> ShortMessage:
    return ShortMessage(
        to_number=message.to_address,
        text=message.text,
        template="" if message.kind == THREAD_REPLY else f"carbot_{message.kind}",
        parameters=tuple(message.parameters),
        language=message.language,
        report_url=report_url,
    )


def _describe(message: OutgoingMessage, actor: Actor) -> MessageView:
    hidden = message.kind in PASSWORD_KINDS and not actor.can("team.owners")
    return MessageView(
        id=message.id,
        kind=message.kind,
        channel=message.channel,
        to_address=message.to_address,
        subject=message.subject,
        text="" if hidden else message.text,
        state=message.state,
        created_at=message.created_at,
        sent_at=message.sent_at,
        error=message.error,
        can_retry=message.state in states.REPEATABLE and actor.can("bookings.manage"),
    )
