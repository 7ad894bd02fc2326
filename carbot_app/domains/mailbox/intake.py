"""What becomes of a mail that arrived: a message in a thread, a note about one of ours, or kept aside."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlmodel import Session, col, func, select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.inbound_schemas import InboundFile, InboundMessage
from carbot_app.domains.mailbox import kinds
from carbot_app.domains.mailbox.models import Mailbox, ReceivedMail
from carbot_app.domains.mailbox.ports import InboundMessages
from carbot_app.domains.mailbox.reading import ReadMail, read_mail
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock
from carbot_app.kit.i18n import translate

log = structlog.get_logger()

PROVIDER = "imap"
HELD = ("held", "failed")
"""States that wait for a person."""
FLOOD_LIMIT = 20
"""Mails of one sender in an hour that become messages; more than a person writes."""
FLOOD_WINDOW = timedelta(hours=1)
GIVE_UP_AFTER = 3
OLDEST = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as it was fetched; ``size`` is that of the whole."""

    raw: bytes
    uid_validity: int
    uid: int
    size: int
    arrived_at: datetime


class MailIntake:
    """Takes mails in once each, however often they are handed over."""

    def __init__(
        self, *, db: Database, clock: Clock, inbound: InboundMessages, messaging: MessagingService
    ) -> None:
        self._db = db
        self._clock = clock
        self._inbound = inbound
        self._messaging = messaging

    def take(self, mailbox: Mailbox, arrived: Arrived) -> None:
        """Take in a mail; raises whatever the thread raises, at most GIVE_UP_AFTER times for one mail."""
        read = read_mail(
            arrived.raw, own=frozenset({mailbox.address}), is_complete=len(arrived.raw) >= arrived.size
        )
        mail = self._note(mailbox, read, arrived)
        if mail is not None and mail.state == "taking":
            self._pass_on(mailbox, mail.id, read, mail.sent_at)

    def take_after_all(self, mailbox: Mailbox, mail_id: UUID, raw: bytes, *, size: int) -> None:
        """A person decided that a kept mail is one for a thread."""
        read = read_mail(raw, own=frozenset({mailbox.address}), is_complete=len(raw) >= size)
        with self._db.writing(mailbox.workshop_id) as session:
            mail = session.get_one(ReceivedMail, mail_id)
            mail.state, mail.attempts = "taking", GIVE_UP_AFTER - 1
            sent_at = mail.sent_at
        self._pass_on(mailbox, mail_id, read, sent_at)

    def _note(self, mailbox: Mailbox, read: ReadMail, arrived: Arrived) -> ReceivedMail | None:
        """The row of the mail, new or not done with; None: it is done with."""
        now = self._clock()
        with self._db.writing(mailbox.workshop_id) as session:
            known = session.exec(
                select(ReceivedMail).where(ReceivedMail.fingerprint == read.fingerprint)
            ).first()
            if known is not None:
                return known if known.state == "taking" else None
            state, reason = _judge(session, read, now)
            mail = ReceivedMail(
                workshop_id=mailbox.workshop_id,
                created_at=now,
                fingerprint=read.fingerprint,
                message_id=read.message_id,
                reference_ids=list(read.references),
                from_address=read.sender.mail,
                from_name=read.sender.name,
                subject=read.subject,
                sent_at=_sent_at(read, arrived),
                original=read.original,
                kind=read.kind,
                state=state,
                reason=reason,
                uid_validity=arrived.uid_validity,
                uid=arrived.uid,
                size=arrived.size,
                outgoing_id=read.bounce.outgoing_id if read.bounce else None,
            )
            session.add(mail)
            if read.bounce and read.bounce.outgoing_id and read.bounce.is_final:
                self._messaging.note_bounce(session, read.bounce.outgoing_id, read.bounce.reason)
            return mail

    def _pass_on(self, mailbox: Mailbox, mail_id: UUID, read: ReadMail, sent_at: datetime) -> None:
        with self._db.reading(mailbox.workshop_id) as session:
            language = session.get_one(Workshop, mailbox.workshop_id).language
            provider_id = _provider_id(session, mail_id, read)
        message = InboundMessage(
            channel="mail",
            provider=PROVIDER,
            provider_id=provider_id,
            from_address=read.sender.mail,
            from_name=read.sender.name,
            to_address=read.to_address or mailbox.address,
            text=read.text or read.subject,
            sent_at=sent_at,
            subject=read.subject,
            references=read.references,
            attachments=read.files + _notes(read, language),
        )
        try:
            thread_message_id = self._inbound.receive(mailbox.workshop_id, message)
        except Exception:
            if self._note_failure(mailbox.workshop_id, mail_id):
                log.exception("mailbox.mail_not_taken", mail=str(mail_id))
                return
            raise
        with self._db.writing(mailbox.workshop_id) as session:
            mail = session.get_one(ReceivedMail, mail_id)
            mail.state, mail.reason = "taken", ""
            mail.thread_message_id = thread_message_id or mail.thread_message_id

    def _note_failure(self, workshop_id: UUID, mail_id: UUID) -> bool:
        """Whether the mail has been tried often enough; then it waits for a person and holds up no other."""
        with self._db.writing(workshop_id) as session:
            mail = session.get_one(ReceivedMail, mail_id)
            mail.attempts += 1
            if mail.attempts < GIVE_UP_AFTER:
                return False
            mail.state, mail.reason = "failed", "error"
            return True


def _judge(session: Session, read: ReadMail, now: datetime) -> tuple[str, str]:
    """State and reason of a new mail."""
    if read.kind != kinds.LETTER:
        return "aside", read.kind
    if not read.sender.mail:
        return "held", "no_sender"
    recent = select(func.count()).where(
        ReceivedMail.from_address == read.sender.mail,
        col(ReceivedMail.state).in_(("taken", "taking")),
        ReceivedMail.created_at > now - FLOOD_WINDOW,
    )
    return ("held", "flood") if session.exec(recent).one() >= FLOOD_LIMIT else ("taking", "")


def _provider_id(session: Session, mail_id: UUID, read: ReadMail) -> str:
    """The mail's own id, unless it is missing, too long, or was used for another mail before."""
    same = select(ReceivedMail.id).where(
        ReceivedMail.message_id == read.message_id, ReceivedMail.id != mail_id
    )
    is_own = bool(read.message_id) and len(read.message_id) <= 250 and session.exec(same).first() is None
    return read.message_id if is_own else hashlib.sha256(read.fingerprint.encode()).hexdigest()


def _sent_at(read: ReadMail, arrived: Arrived) -> datetime:
    """When its sender says, unless that cannot be."""
    claimed = read.sent_at
    if claimed is None or not arrived.arrived_at - OLDEST < claimed <= arrived.arrived_at + timedelta(
        hours=1
    ):
        return arrived.arrived_at
    return claimed


def _notes(read: ReadMail, language: str) -> tuple[InboundFile, ...]:
    """A note in the place of each file that was not taken in, so that nobody misses it unknowingly."""
    return tuple(
        InboundFile(
            name=f"{one.name}.txt",
            media_type="text/plain",
            content=translate(
                language,
                "mailbox.left_out" if one.size else "mailbox.left_out_unread",
                name=one.name,
                megabytes=max(1, round(one.size / 1024 / 1024)),
                subject=read.subject,
            ).encode(),
        )
        for one in read.left_out
    )
