"""Outbound mail: queued in the transaction that causes it, sent by a job, visible in the outbox."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.messaging.models import OutgoingMail
from carbot_app.domains.messaging.ports import DeliveryError, Letter, MailTransport
from carbot_app.domains.messaging.schemas import MailView
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import NotFound

LEASE = timedelta(minutes=2)
GIVE_UP_AFTER = 8
PASSWORD_KINDS = frozenset({"password_reset", "invitation"})
"""Letters whose link sets a password."""


class MessagingService:
    """Use cases of outbound mail; ``transport`` None keeps mails visible as held."""

    def __init__(self, *, db: Database, clock: Clock, transport: MailTransport | None) -> None:
        self._db = db
        self._clock = clock
        self._transport = transport

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
    ) -> None:
        """Queue a mail inside the caller's transaction; the same ``dedupe_key`` is queued once."""
        known = select(OutgoingMail.id).where(
            OutgoingMail.workshop_id == workshop_id, OutgoingMail.dedupe_key == dedupe_key
        )
        if session.exec(known).first() is not None:
            return
        mail = OutgoingMail(
            workshop_id=workshop_id,
            kind=kind,
            to_address=to_address,
            subject=subject[:200],
            text=text,
            html=html,
            calendar=calendar,
            language=language,
            dedupe_key=dedupe_key,
            state="queued" if self._transport else "held",
            created_at=self._clock(),
        )
        session.add(mail)
        emit(session, workshop_id, "mail.queued", mail_id=mail.id)

    def send_due_mails(self, limit: int = 50) -> int:
        """Send what is due; returns how many were sent.

        A mail is claimed before it is handed over and released when the server refuses. A worker that dies in
        between leaves the claim to expire; the stable Message-ID lets the receiver drop the duplicate.
        """
        if self._transport is None:
            return 0
        sent = 0
        for mail in self._claim(limit):
            try:
                self._transport.send(_letter(mail))
            except DeliveryError as error:
                self._note_failure(mail.id, error)
            else:
                self._note_success(mail.id)
                sent += 1
        return sent

    def list_mails(self, actor: Actor, *, before: UUID | None = None, limit: int = 50) -> list[MailView]:
        """The outbox, newest first; texts as in get_mail."""
        actor.require("messages.read")
        query = select(OutgoingMail).order_by(col(OutgoingMail.id).desc()).limit(min(limit, 200))
        if before is not None:
            query = query.where(OutgoingMail.id < before)
        with self._db.reading(actor.workshop_id) as session:
            return [_describe(mail, actor) for mail in session.exec(query)]

    def get_mail(self, actor: Actor, mail_id: UUID) -> MailView:
        """One mail of the outbox.

        The text of letters that sign their reader in (PASSWORD_KINDS) is shown to owners only: with it,
        anybody at the front desk could become the person it is meant for. For others it is empty.

        Raises:
            NotFound: unknown, or another workshop's.
        """
        actor.require("messages.read")
        with self._db.reading(actor.workshop_id) as session:
            mail = session.exec(select(OutgoingMail).where(OutgoingMail.id == mail_id)).first()
        if mail is None:
            raise NotFound
        return _describe(mail, actor)

    def _claim(self, limit: int) -> list[OutgoingMail]:
        now = self._clock()
        due = or_(col(OutgoingMail.next_attempt_at).is_(None), col(OutgoingMail.next_attempt_at) <= now)
        query = select(OutgoingMail).where(col(OutgoingMail.state).in_(("queued", "sending")), due)
        with self._db.writing(SYSTEM) as session:
            batch = query.order_by(col(OutgoingMail.id)).limit(limit).with_for_update(skip_locked=True)
            mails = list(session.exec(batch))
            for mail in mails:
                mail.state = "sending"
                mail.attempts += 1
                mail.next_attempt_at = now + LEASE
        return mails

    def _note_success(self, mail_id: UUID) -> None:
        with self._db.writing(SYSTEM) as session:
            mail = session.get_one(OutgoingMail, mail_id)
            mail.state, mail.sent_at, mail.error = "sent", self._clock(), ""

    def _note_failure(self, mail_id: UUID, error: DeliveryError) -> None:
        with self._db.writing(SYSTEM) as session:
            mail = session.get_one(OutgoingMail, mail_id)
            mail.error = str(error)[:300]
            if error.permanent or mail.attempts >= GIVE_UP_AFTER:
                mail.state = "failed"
            else:
                mail.state = "queued"
                mail.next_attempt_at = self._clock() + timedelta(seconds=30 * 2**mail.attempts)


def _letter(mail: OutgoingMail) -> Letter:
    return Letter(
        to_address=mail.to_address,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        calendar=mail.calendar,
        message_id=f"<{mail.id}@carbot>",
    )


def _describe(mail: OutgoingMail, actor: Actor) -> MailView:
    hidden = mail.kind in PASSWORD_KINDS and not actor.can("team.owners")
    return MailView(
        id=mail.id,
        kind=mail.kind,
        to_address=mail.to_address,
        subject=mail.subject,
        text="" if hidden else mail.text,
        state=mail.state,
        created_at=mail.created_at,
        sent_at=mail.sent_at,
        error=mail.error,
    )
