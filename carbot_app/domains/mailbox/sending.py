"""Mails of a workshop leave through its own server, and answers stay in their thread."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.utils import formataddr
from uuid import UUID

from sqlmodel import Session, col, func, select

from carbot_app.db.session import Database
from carbot_app.domains.conversations.models import Message
from carbot_app.domains.mailbox.characters import clean_line
from carbot_app.domains.mailbox.models import Mailbox, ReceivedMail
from carbot_app.domains.mailbox.ports import MailboxError, MailServers, Vault
from carbot_app.domains.mailbox.secrets import open_secret
from carbot_app.domains.mailbox.servers import login_for
from carbot_app.domains.messaging import states
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import DeliveryError, Letter, MailTransport
from carbot_app.domains.messaging.service import PASSWORD_KINDS
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import Clock

REPLY = "thread.reply"
AUTOMATIC_LIMIT = 6
"""Automatic answers to one address in an hour. A person who writes more often is answered by a person; two
machines that answer each other are stopped."""
AUTOMATIC_WINDOW = timedelta(hours=1)
MAX_REFERENCES = 20
_PREFIXES = ("re:", "aw:", "ynt:", "odp:", "sv:", "rif:")


class OwnMail:
    """See WorkshopMail."""

    def __init__(self, *, db: Database, clock: Clock, servers: MailServers, vault: Vault) -> None:
        self._db = db
        self._clock = clock
        self._servers = servers
        self._vault = vault

    def list_workshops(self, session: Session) -> Sequence[UUID]:
        """See WorkshopMail."""
        return session.exec(select(Mailbox.workshop_id).where(Mailbox.state != "revoked")).all()

    def prepare(
        self, message: OutgoingMessage, letter: Letter, platform: MailTransport | None
    ) -> tuple[MailTransport, Letter]:
        """See WorkshopMail."""
        with self._db.reading(message.workshop_id) as session:
            mailbox = session.exec(select(Mailbox)).first()
            if message.kind == REPLY:
                letter = self._in_thread(session, message, letter)
            name = session.get_one(Workshop, message.workshop_id).name
        # Who resets a password at our door gets the letter from us, whatever the workshop's server does.
        is_ours = message.kind in PASSWORD_KINDS and platform is not None
        if mailbox is None or is_ours or (mailbox.state == "revoked" and platform is not None):
            if platform is None:
                raise DeliveryError("no mail server", permanent=False)
            reply_to = mailbox.address if mailbox is not None and not is_ours else ""
            return platform, replace(letter, reply_to=reply_to)
        try:
            login = login_for(mailbox.outgoing, mailbox.user, open_secret(self._vault, mailbox))
        except MailboxError as error:
            raise DeliveryError(f"own server: {error.code}", permanent=False) from error
        sender = formataddr((clean_line(name, 80), mailbox.address))
        return self._servers.outgoing(login, sender), letter

    def _in_thread(self, session: Session, message: OutgoingMessage, letter: Letter) -> Letter:
        author = session.exec(select(Message.author).where(Message.id == message.message_id)).first()
        is_automatic = author == "assistant"
        if is_automatic and self._is_loop(session, message):
            raise DeliveryError("too many automatic answers", permanent=True)
        letter = replace(letter, auto_submitted="auto-replied" if is_automatic else "")
        last = _last_from(session, message.to_address)
        if last is None:
            return letter
        known = [one for one in (*last.reference_ids, last.message_id) if one]
        return replace(
            letter,
            subject=reply_subject(last.subject) or letter.subject,
            in_reply_to=last.message_id,
            references=tuple(known[-MAX_REFERENCES:]),
        )

    def _is_loop(self, session: Session, message: OutgoingMessage) -> bool:
        since = self._clock() - AUTOMATIC_WINDOW
        sent = (
            select(func.count())
            .select_from(OutgoingMessage)
            .join(Message, col(Message.id) == col(OutgoingMessage.message_id))
            .where(
                OutgoingMessage.kind == REPLY,
                OutgoingMessage.to_address == message.to_address,
                col(OutgoingMessage.state).in_((states.SENT, states.DELIVERED)),
                col(OutgoingMessage.sent_at) > since,
                Message.author == "assistant",
            )
        )
        return session.exec(sent).one() >= AUTOMATIC_LIMIT


def reply_subject(subject: str) -> str:
    """``Re: …`` once, however often it went back and forth; empty for an empty one."""
    words = clean_line(subject, 180)
    while words.lower().startswith(_PREFIXES):
        words = words.partition(":")[2].strip()
    return f"Re: {words}" if words else ""


def _last_from(session: Session, address: str) -> ReceivedMail | None:
    return session.exec(
        select(ReceivedMail)
        .where(
            ReceivedMail.from_address == address,
            col(ReceivedMail.state).in_(("taken", "taking")),
            ReceivedMail.message_id != "",
        )
        .order_by(col(ReceivedMail.id).desc())
        .limit(1)
    ).first()
